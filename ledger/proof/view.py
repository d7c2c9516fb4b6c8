"""The view grows: the postings of further records are appended to the trees of their figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from ledger.book.book import Book
from ledger.merkle.frontier import Frontier
from ledger.posting.cells import BLOCK, KINDS, LOW, Basis
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import AuditFileDamaged, FigureDiffers
from ledger.proof.figure import FigureKey, FigurePosting, FigureSums, PartitionNumbers, add_up, entry_of
from schemas.topics import TOPICS, TopicPartition

_KINDS = frozenset(KINDS.values())
_AT_ONCE = 16
"""Blocks of postings that are in memory at once."""
_POSTINGS = """SELECT kind, date / 10000, industry, "offset", date, region, "right", currency, basis,
  events, with_amount, high, low FROM posting
  WHERE topic = ? AND partition = ? AND block >= ? AND block < ? AND "offset" >= ? AND "offset" < ?
  ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9"""
_SUMS = """SELECT kind, {}, industry, currency,
  sum(recorded_events), sum(recorded_with_amount), sum(recorded_high), sum(recorded_low),
  sum(corrected_events), sum(corrected_with_amount), sum(corrected_high), sum(corrected_low)
  FROM {} GROUP BY 1, 2, 3, 4"""
_TOTALS = (_SUMS.format("period", "summary WHERE period < 10000"), _SUMS.format("year", "total"))
"""The totals by year, and over all regions and rights: the sums of a figure, by currency."""


class _Growing(NamedTuple):
    """A figure that grows: its sums, all its trees, and the partitions whose trees changed."""

    sums: FigureSums
    trees: dict[PartitionNumbers, Frontier]
    changed: set[PartitionNumbers]


def grow_figures(book: Book, file: AuditFile, spans: Mapping[TopicPartition, tuple[int, int]]) -> None:
    """Add the postings of the records in [start, end) of each partition to the figures in a file of checkpoints.
    Raise AuditFileDamaged."""
    growing: dict[FigureKey, _Growing] = {}
    for (topic, partition), span in spans.items():
        numbers = (TOPICS[topic].number, partition)
        for key, postings in _posted(book.connection, numbers, *span):
            figure = growing.get(key)
            if figure is None:
                figure = growing[key] = _kept(file, key)
            add_up(figure.sums, postings)
            figure.trees.setdefault(numbers, Frontier()).add(one.line.encode() for one in postings)
            figure.changed.add(numbers)
    for key, figure in growing.items():
        entry = entry_of(key, figure.sums, figure.trees.items())
        file.put_figure(key, figure.sums, entry, [(numbers, figure.trees[numbers]) for numbers in figure.changed])


def _kept(file: AuditFile, key: FigureKey) -> _Growing:
    """Return a figure as it is at the last statement. Raise AuditFileDamaged if its parts contradict each other."""
    found, entry = _Growing(file.sums(key), file.trees(key), set()), file.figure(key)
    if entry is not None and entry_of(key, found.sums, found.trees.items()) != entry:
        raise AuditFileDamaged(path=file.path, reason=f"the sums and trees of {key.text} are not those of its entry")
    return found


def require_totals(book: Book, figures: Mapping[FigureKey, FigureSums]) -> None:
    """Raise FigureDiffers if the sums of a figure are not those of the book's totals."""
    nothing = (0, 0, 0)
    for sql in _TOTALS:
        totals: dict[FigureKey, FigureSums] = defaultdict(dict)
        for kind, year, industry, currency, *measures in book.connection.execute(sql):
            if kind in _KINDS:  # the others are not sums of postings
                for basis, at in ((Basis.RECORDED, 0), (Basis.CORRECTED, 4)):
                    events, known, high, low = measures[at : at + 4]
                    totals[FigureKey(kind, year, industry)][currency, basis] = (events, known, high * LOW + low)
        for key in sorted({*figures, *totals}):
            sums, its = figures.get(key, {}), totals.get(key, {})
            if any(sums.get(where, nothing) != its.get(where, nothing) for where in {*sums, *its}):
                raise FigureDiffers(figure=key.text)


def _posted(
    connection: Any, numbers: PartitionNumbers, start: int, end: int
) -> Iterator[tuple[FigureKey, list[FigurePosting]]]:
    """Yield the postings of the records in [start, end), by figure, each in log order."""
    for block in range(start // BLOCK, -(-end // BLOCK), _AT_ONCE):
        rows = connection.execute(_POSTINGS, (*numbers, block, block + _AT_ONCE, start, end))
        for key, group in groupby(rows, lambda row: FigureKey(*row[:3])):
            yield key, [FigurePosting(*row[3:]) for row in group]
