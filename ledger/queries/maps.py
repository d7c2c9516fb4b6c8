"""Differences between two classifications of the same patents: whole counts by the first symbol, year by year.

Patents without a symbol are left out: they have no class by any map.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product

import orjson

from ledger.book.book import Book
from ledger.queries.answer import Answer, AnswerRow
from ledger.queries.fields import DOCUMENTS, documents, require_known
from ledger.queries.snapshot import read_snapshot
from ledger.views.view import Column
from schemas.classification import Classification

_YEAR = Column("year", "year", "year of the document")
_TOTALS = (
    Column("field", "code", "code of a class; null for none"),
    _YEAR,
    Column("a_patents", "count", "patents by the first map"),
    Column("b_patents", "count", "patents by the second map"),
    Column("difference", "count", "b_patents - a_patents"),
)
MOVES = (
    Column("a_field", "code", "class by the first map; null for none"),
    Column("b_field", "code", "class by the second map; null for none"),
    _YEAR,
    Column("patents", "count", "patents in both"),
)
Codes = tuple[str | None, ...]
Counted = Counter[tuple[Codes, Codes, int]]
"""(classes by the first map, by the second, year) -> patents."""


def compare_maps(
    book: Book,
    first: Classification,
    second: Classification,
    kind: str = "grants",
    *,
    moves: bool = False,
    basis: str = "corrected",
) -> Answer:
    """Return the classes and years whose count of patents differs between two maps; with `moves` from which class to
    which other one patents move. Raise UnknownName."""
    require_known(kind, "the kind of document", DOCUMENTS)
    with read_snapshot(book) as state:
        found = documents(book, kind, basis, ["year"])
    counted: Counter[tuple[Codes, Codes, int]] = Counter()
    for group in found:
        if group.ipc is not None:
            symbol = orjson.loads(group.ipc)[0]
            classes = (one.classes_of(symbol) or (None,) for one in (first, second))
            counted[*classes, group.cell[0]] += group.documents
    order = {code: place for place, code in enumerate((*first.classes, *second.classes, None))}
    rows = [*(_moves if moves else _totals)(counted, order)]
    terms = {"a": first.cited, "b": second.cited, "basis": basis, "kind": kind}
    return Answer(state, MOVES if moves else _TOTALS, rows, terms)


def _totals(counted: Counted, order: Mapping[str | None, int]) -> Iterator[AnswerRow]:
    sides: tuple[Counter[tuple[str | None, int]], ...] = (Counter(), Counter())
    for (*classes, year), number in counted.items():
        for side, codes in zip(sides, classes, strict=True):
            for code in codes:
                side[code, year] += number
    a, b = sides
    for code, year in sorted({*a, *b}, key=lambda key: (order[key[0]], key[1])):
        if a[code, year] != b[code, year]:
            yield code, year, a[code, year], b[code, year], b[code, year] - a[code, year]


def _moves(counted: Counted, order: Mapping[str | None, int]) -> Iterator[AnswerRow]:
    found: Counter[tuple[str | None, str | None, int]] = Counter()
    for (a, b, year), number in counted.items():
        if a != b:
            for was, is_ in product(a, b):
                found[was, is_, year] += number
    for was, is_, year in sorted(found, key=lambda key: (order[key[0]], order[key[1]], key[2])):
        yield was, is_, year, found[was, is_, year]
