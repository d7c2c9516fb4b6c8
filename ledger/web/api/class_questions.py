"""The questions about classes of patents: WIPO's fields, the industries of the book, or a map of the client's own."""

from __future__ import annotations

from dataclasses import replace

from ledger import queries
from ledger.book.book import Book
from ledger.queries.answer import Answer
from ledger.queries.fields import (
    APPLICANTS,
    DOCUMENTS,
    FIELD_COLUMNS,
    FIELD_FILTERS,
    FIELD_KEYS,
    FRACTIONAL_COLUMNS,
    SYMBOLS,
)
from ledger.queries.maps import DIFFERENCES, MOVES, NAMED_MAPS, named_map
from ledger.queries.pledge_amounts import PLEDGE_COLUMNS, PLEDGE_FILTERS, PLEDGE_KEYS
from ledger.web.api.parameters import some_of
from ledger.web.api.question import Option, Question, Terms
from ledger.web.scopes import TOTALS_READ
from schemas.classification import Classification, classification_of
from schemas.errors import InputUnusable


class BadMapSent(InputUnusable):
    """The map in the body of the request cannot be used: {reason}. Correct it and send it again;
    docs/classifications.md describes the format."""


_DOCUMENTS = Option("kind", "kind of document", {"type": "string", "enum": list(DOCUMENTS)})
_NAMED = {"type": "string", "enum": list(NAMED_MAPS)}
_MAP = Option("map", "`wipo35` (default), or `book`: the industry map of the book", _NAMED)


def _fields(book: Book, terms: Terms) -> Answer:
    return queries.fields(
        book,
        terms.options.get("kind", "grants"),
        terms.names("by") or ("field", "year"),
        classification=named_map(book, terms.options.get("map", "wipo35")),
        symbols=terms.options.get("symbols", "first"),
        applicants=terms.options.get("applicants", "each"),
        basis=terms.basis,
        **terms.choice,
    )


def _pledge_amounts(book: Book, terms: Terms) -> Answer:
    by, by_map = terms.names("by") or ("field", "year"), named_map(book, terms.options.get("map", "wipo35"))
    return queries.pledge_amounts(book, by, classification=by_map, basis=terms.basis, **terms.choice)


def _compare_maps(book: Book, terms: Terms) -> Answer:
    first, second = terms.options.get("a", "wipo35"), terms.options.get("b", "book")
    return _compared(book, named_map(book, first), named_map(book, second), terms)


def compare_sent_map(book: Book, terms: Terms, content: bytes) -> Answer:
    """Compare a map with the one in the body of a request, a file as the command line takes it. Raise BadMapSent."""
    first = named_map(book, terms.options.get("map", "book"))
    try:
        second = classification_of(content.decode("utf-8-sig"))
    except ValueError as error:
        raise BadMapSent(reason=error) from error
    return _compared(book, first, second, terms)


def _compared(book: Book, first: Classification, second: Classification, terms: Terms) -> Answer:
    kind, moves = terms.options.get("kind", "grants"), terms.flag("moves")
    return queries.compare_maps(book, first, second, kind, moves=moves, basis=terms.basis, **terms.choice)


_COMPARED = tuple({column.name: column for column in (*DIFFERENCES, *MOVES)}.values())
_MOVES = Option("moves", "show from which class to which patents move", {"type": "boolean"})
FIELDS = Question(
    "/fields",
    "Patents by WIPO's 35 fields of technology, or by the industries of the book",
    FIELD_COLUMNS,
    _fields,
    TOTALS_READ,
    "Whole counts by the first symbol of the IPC, or fractional ones. Filters: "
    + ", ".join(f"`{column.name}`" for column in FIELD_FILTERS)
    + ".",
    (
        _DOCUMENTS,
        Option("by", "any of field, group, year, office, right, region, country", some_of(FIELD_KEYS, "field,year")),
        _MAP,
        Option("symbols", "how to count by symbols", {"type": "string", "enum": list(SYMBOLS)}),
        Option("applicants", "how to count by applicants", {"type": "string", "enum": list(APPLICANTS)}),
    ),
    terms=("classification", "basis", "kind", "count", "symbols_without_class"),
    optional=frozenset(column.name for column in FIELD_COLUMNS) - {"patents"},
    either=FRACTIONAL_COLUMNS,
    filtered=FIELD_FILTERS,
)
PLEDGE_AMOUNTS = Question(
    "/pledge-amounts",
    "Pledges registered and their secured amounts, by WIPO's 35 fields or by the industries of the book",
    PLEDGE_COLUMNS,
    _pledge_amounts,
    TOTALS_READ,
    "Each amount is allocated to the first symbols of its patents. With `map=book` the amounts are those of `/totals`.",
    (
        Option("by", "any of field, year, region, right", some_of(PLEDGE_KEYS, "field,year")),
        _MAP,
    ),
    terms=("classification", "basis"),
    optional=frozenset(column.name for column in PLEDGE_COLUMNS),
    filtered=PLEDGE_FILTERS,
)
COMPARE_MAPS = Question(
    "/compare-maps",
    "Counts of patents by class and year that differ between two maps",
    _COMPARED,
    _compare_maps,
    TOTALS_READ,
    "Whole counts by the first symbol. POST compares with a map of your own.",
    (
        Option("a", "the first map: `wipo35` (default) or `book`", _NAMED),
        Option("b", "the second map: `wipo35` or `book` (default)", _NAMED),
        _DOCUMENTS,
        _MOVES,
    ),
    terms=("a", "b", "basis", "kind"),
    optional=frozenset(column.name for column in _COMPARED),
)
SENT_MAP = replace(
    COMPARE_MAPS,
    summary="Counts of patents by class and year that would differ under a map of your own",
    details="The body is the map, as `ip-ledger compare-maps` takes it from a file: CSV with the columns `prefix` and "
    "`class`, or an industry map. The book stays as it is. For the next page, send it again to `next`.",
    options=(
        Option("map", "the map to compare it with: `wipo35`, or `book` (default)", _NAMED),
        _DOCUMENTS,
        _MOVES,
    ),
)
"""The same with a map that the client sends."""
