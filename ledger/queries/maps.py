"""Differences between two classifications of the same patents: whole counts by the first symbol, year by year.

Patents without a symbol are left out: they have no class by any map.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Unpack

import orjson

from ledger.book.book import Book
from ledger.queries.answer import Answer, AnswerRow
from ledger.queries.ask import Choice, ask, chosen_columns, relation_of_rows
from ledger.queries.fields import DOCUMENTS, documents, require_known
from ledger.queries.snapshot import read_snapshot
from ledger.views.view import Column
from schemas.classification import WIPO35, Classification, of_industries

NAMED_MAPS = ("wipo35", "book")
"""The maps that have a name: WIPO's, and the industry map of the book."""
_YEAR = Column("year", "year", "year of the document")
DIFFERENCES = (
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


def named_map(book: Book, name: str) -> Classification:
    """Return the map with this name. Raise UnknownName."""
    require_known(name, "the map", NAMED_MAPS)
    return WIPO35 if name == "wipo35" else of_industries(book.industry_map)


def compare_maps(
    book: Book,
    first: Classification,
    second: Classification,
    kind: str = "grants",
    *,
    moves: bool = False,
    basis: str = "corrected",
    **choice: Unpack[Choice],
) -> Answer:
    """Return the classes and years whose count of patents differs between two maps; with `moves` from which class to
    which other one patents move. Raise UnknownName, and the errors of `ask`."""
    require_known(kind, "the kind of document", DOCUMENTS)
    relation = relation_of_rows("The answer of compare_maps", MOVES if moves else DIFFERENCES)
    order = {code: number for number, code in enumerate((*first.classes, *second.classes, None))}
    with read_snapshot(book) as state:
        counted = _counted(book, (first, second), kind, basis)
        found = [*(_moves if moves else _differences)(counted, order)]
        rows = ask(book, relation, {"rows": orjson.dumps(found).decode()}, choice)
    terms = {"a": first.cited, "b": second.cited, "basis": basis, "kind": kind}
    return Answer(state, chosen_columns(relation, choice), rows, terms)


def _counted(book: Book, maps: tuple[Classification, Classification], kind: str, basis: str) -> Counted:
    counted: Counted = Counter()
    for group in documents(book, kind, basis, ["year"]):
        if group.ipc is not None:
            symbol = orjson.loads(group.ipc)[0]
            first, second = (one.classes_of(symbol) or (None,) for one in maps)
            counted[first, second, group.cell[0]] += group.documents
    return counted


def _differences(counted: Counted, order: Mapping[str | None, int]) -> Iterator[AnswerRow]:
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
