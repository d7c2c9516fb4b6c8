"""The view grows: the postings of further records are appended to the trees of their figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from ledger.book.book import Book
from ledger.merkle.frontier import Frontier
from ledger.posting.cells import BLOCK, LOW, Basis
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import FigureDiffers
from ledger.proof.figure import FigureKey, FigurePosting, FigureSums, PartitionNumbers, add_up, entry_of
from schemas.topics import TOPICS, TopicPartition

_AT_ONCE = 16
"""Blocks of postings that are in memory at once."""
_POSTINGS = """SELECT kind, date / 10000, industry, "offset", date, region, "right", currency, basis,
  events, with_amount, high, low FROM posting
  WHERE topic = ? AND partition = ? AND block >= ? AND block < ? AND "offset" >= ? AND "offset" < ?
  ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9"""
_TOTALS = """SELECT currency, recorded_events, recorded_with_amount, recorded_high, recorded_low,
  corrected_events, corrected_with_amount, corrected_high, corrected_low
  FROM summary WHERE kind = ? AND period = ? AND industry = ?"""


class _Growing(NamedTuple):
    """A figure that grows: its sums, all its trees, and the partitions whose trees changed."""

    sums: FigureSums
    trees: dict[PartitionNumbers, Frontier]
    changed: set[PartitionNumbers]


def grow_figures(
    book: Book, file: AuditFile, spans: Mapping[TopicPartition, tuple[int, int]]
) -> dict[FigureKey, FigureSums]:
    """Add the postings of the records in [start, end) of each partition to the figures in a file of checkpoints. Return
    the sums of those that changed."""
    growing: dict[FigureKey, _Growing] = {}
    for (topic, partition), span in spans.items():
        place = (TOPICS[topic].number, partition)
        for key, postings in _posted(book.connection, place, *span):
            figure = growing.get(key)
            if figure is None:
                figure = growing[key] = _Growing(file.sums(key), file.trees(key), set())
            add_up(figure.sums, postings)
            figure.trees.setdefault(place, Frontier()).add(one.line.encode() for one in postings)
            figure.changed.add(place)
    for key, figure in growing.items():
        entry = entry_of(key, figure.sums, figure.trees.items())
        file.put_figure(key, figure.sums, entry, [(place, figure.trees[place]) for place in figure.changed])
    return {key: figure.sums for key, figure in growing.items()}


def require_totals(book: Book, key: FigureKey, sums: FigureSums) -> None:
    """Raise FigureDiffers if the sums of a figure are not those of the book's totals."""
    totals: FigureSums = {}
    for currency, *measures in book.connection.execute(_TOTALS, key):
        for basis, at in ((Basis.RECORDED, 0), (Basis.CORRECTED, 4)):
            events, known, high, low = measures[at : at + 4]
            totals[currency, basis] = (events, known, high * LOW + low)
    nothing = (0, 0, 0)
    if any(sums.get(where, nothing) != totals.get(where, nothing) for where in {*sums, *totals}):
        kind, year, industry = key.text.split()
        raise FigureDiffers(kind=kind, year=year, industry=industry)


def _posted(
    connection: Any, place: PartitionNumbers, start: int, end: int
) -> Iterator[tuple[FigureKey, list[FigurePosting]]]:
    """Yield the postings of the records in [start, end), by figure, each in log order."""
    for block in range(start // BLOCK, -(-end // BLOCK), _AT_ONCE):
        rows = connection.execute(_POSTINGS, (*place, block, block + _AT_ONCE, start, end))
        for key, group in groupby(rows, lambda row: FigureKey(*row[:3])):
            yield key, [FigurePosting(*row[3:]) for row in group]
