"""Secured amounts of pledges by the classes of any classification, allocated when they are asked for.

The fold allocates amounts to the industries of the book's own map. Here each pledge, as registered, is allocated in the
same way (by appraised value if all assets have one, else equally, by largest remainder) to the classes of the first
symbols of its assets, which the documents of the patents in the book give. So another map needs no replay, and its
classes add up to the whole, to the minor unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple, Unpack

import orjson

from ledger.book.book import Book
from ledger.posting.allocation import allocate
from ledger.posting.cells import INDUSTRY_NUMBERS, LOW
from ledger.posting.pool import weights
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice, Relation, ask, basis_number, chosen_columns, parse_filters, query_sql, rows_sql
from ledger.queries.fields import require_known
from ledger.queries.filters import Filter, condition
from ledger.queries.parts import NO_CLASS, NO_SYMBOL, classes_and_rest
from ledger.queries.snapshot import read_snapshot
from ledger.views.columns import CURRENCY, amount_columns
from ledger.views.view import Column
from schemas.classification import WIPO35, Classification, of_industries
from schemas.events import FILED, GRANTED, PUBLISHED

_KEYS: Final = {
    "year": Column("year", "year", "year of the registration"),
    "region": Column("region", "ISO 3166", "region of the first pledgor", "region"),
    "right": Column("right", "text", "kind of right; `mixed` for several", "right"),
    "currency": CURRENCY,
}
PLEDGE_KEYS: Final = ("field", "year", "region", "right")
"""Columns to group by."""
_FIELD: Final = (
    Column("field", "code", "code of the class; null for none"),
    Column("name_en", "text", "English name; `no symbol` or `no class` without a code"),
    Column("name_zh", "text", "Chinese name"),
)
_SUMS: Final = (
    Column("pledges", "count", "pledges with an asset in the class: they do not add up over classes"),
    Column("with_amount", "count", "those with an amount"),
    *amount_columns("amount", "exact sum of the shares of the class; null if no pledge has an amount"),
)
PLEDGE_FILTERS: Final = tuple(_KEYS.values())
"""The columns that filters may use."""
PLEDGE_COLUMNS: Final = (*_FIELD, *PLEDGE_FILTERS, *_SUMS)
"""All columns of answers; which of them an answer has depends on what it is grouped by."""
_CODES = {number: code for code, number in INDUSTRY_NUMBERS.items()}

_Cell = tuple[Any, ...]


class _Sum(NamedTuple):
    """Pledges, those with an amount, and their amount in minor units."""

    pledges: int = 0
    with_amount: int = 0
    minor: int = 0

    def plus(self, amount: int | None, share: int) -> _Sum:
        """Return this sum and a pledge with a share of its amount."""
        return _Sum(self.pledges + 1, self.with_amount + (amount is not None), self.minor + share)


class _Asset(NamedTuple):
    """An asset: the number of its industry, its appraised value and its symbols, as JSON."""

    industry: int
    appraised: str | None
    ipc: str | None


class _Pledge(NamedTuple):
    """A pledge as registered: the values of its cell, its amount, its assets in order."""

    cell: _Cell
    minor: int | None
    assets: list[_Asset]


def pledge_amounts(
    book: Book,
    by: Sequence[str] = ("field", "year"),
    *,
    classification: Classification = WIPO35,
    basis: str = "corrected",
    **choice: Unpack[Choice],
) -> Answer:
    """Return pledges registered and their secured amounts by class, any of BY, and currency. Filters may use year,
    region, right and currency, grouped by or not. By the book's own industries the amounts are those of `totals`.

    Raise UnknownName, and the errors of `ask`.
    """
    for name in by:
        require_known(name, "the column", PLEDGE_KEYS)
    keys = (*(name for name in _KEYS if name in by), *(() if "currency" in by else ("currency",)))
    filters = parse_filters(choice.get("filters", ()))
    columns = tuple(column for name in (*by, "currency") for column in (_FIELD if name == "field" else (_KEYS[name],)))
    relation = Relation("The answer of pledge_amounts", (*columns, *_SUMS), _sql(columns), filtered=_KEYS)
    outside = choice.copy()
    outside["filters"] = [asked for asked in filters if asked.column not in _KEYS]
    with read_snapshot(book) as state:
        inside = [asked for asked in filters if asked.column in _KEYS]
        found = _pledges(book, basis, keys, inside)
        own = classification.cited == of_industries(book.industry_map).cited
        sums = _sums(found, classification, own=own) if "field" in by else _wholes(found)
        cells = list(_rows(sums, by, keys, classification))
        rows = ask(book, relation, {"rows": orjson.dumps(cells).decode()}, outside)
    return Answer(
        state, chosen_columns(relation, outside), rows, {"classification": classification.cited, "basis": basis}
    )


def _pledges(book: Book, basis: str, keys: Sequence[str], filters: Sequence[Filter]) -> Iterator[_Pledge]:
    """Yield the pledges that the filters choose."""
    values: dict[str, Any] = {"basis": basis_number(basis), "granted": GRANTED, "published": PUBLISHED, "filed": FILED}

    def bind(value: object) -> str:
        values[f"t{len(values)}"] = value
        return f":t{len(values) - 1}"

    where = " AND ".join([condition(_KEYS[asked.column], asked, bind) for asked in filters] or ["true"])
    listed = ", ".join(f'v."{name}"' for name in keys)
    sql = f"""SELECT v.partition, v.entity, v.minor, v.industry, v.appraised, v.ipc, {listed} FROM (
{query_sql("pledged_assets")}) AS v
WHERE {where}
ORDER BY v.partition, v.entity, v.ordinal"""
    for _, rows in groupby(book.connection.execute(sql, values), key=itemgetter(0, 1)):
        assets = list(rows)
        yield _Pledge(assets[0][6:], assets[0][2], [_Asset(*row[3:6]) for row in assets])


def _wholes(pledges: Iterable[_Pledge]) -> dict[tuple[_Cell, str], _Sum]:
    """Return cell -> its sum over all classes, in which each pledge counts once."""
    sums: dict[tuple[_Cell, str], _Sum] = defaultdict(_Sum)
    for pledge in pledges:
        sums[pledge.cell, NO_CLASS] = sums[pledge.cell, NO_CLASS].plus(pledge.minor, pledge.minor or 0)
    return sums


def _sums(pledges: Iterable[_Pledge], classification: Classification, *, own: bool) -> dict[tuple[_Cell, str], _Sum]:
    """Return (cell, class) -> its sum. With the book's own map (`own`) an asset has the industry that the fold gave
    it."""
    sums: dict[tuple[_Cell, str], _Sum] = defaultdict(_Sum)
    for pledge in pledges:
        shares: dict[str, int] = {}
        appraised = [{"appraised": orjson.loads(one.appraised)} if one.appraised else {} for one in pledge.assets]
        for asset, part in zip(pledge.assets, allocate(pledge.minor or 0, weights(appraised)), strict=True):
            codes = (_CODES[asset.industry],) if own else _classes(classification, asset.ipc)
            for code, share in zip(codes, allocate(part, [1] * len(codes)), strict=True):
                shares[code] = shares.get(code, 0) + share
        for code, share in shares.items():
            sums[pledge.cell, code] = sums[pledge.cell, code].plus(pledge.minor, share)
    return sums


def _classes(classification: Classification, ipc: str | None) -> tuple[str, ...]:
    if ipc is None:
        return (NO_SYMBOL,)
    return classification.classes_of(orjson.loads(ipc)[0]) or (NO_CLASS,)


def _rows(
    sums: dict[tuple[_Cell, str], _Sum], by: Sequence[str], keys: Sequence[str], classification: Classification
) -> Iterator[list[Any]]:
    """Yield the rows, ordered by the columns in `by` and currency, classes as in their file."""
    classes = classes_and_rest(classification)
    indexes = {code: index for index, code in enumerate(classes)}
    by_row: dict[tuple[Any, ...], list[tuple[list[Any], _Sum]]] = defaultdict(list)
    for (cell, code), found in sums.items():
        of = dict(zip(keys, cell, strict=True))
        one = classes[code]
        row: list[Any] = []
        order: list[Any] = []
        for name in (*by, "currency"):
            order.append(indexes[code] if name == "field" else (of[name] is not None, of[name] or 0))
            row += [one.code or None, one.name_en, one.name_zh] if name == "field" else [of[name]]
        by_row[tuple(order)].append((row, found))
    for _, parts in sorted(by_row.items()):
        row, _ = parts[0]
        pledges, known, minor = map(sum, zip(*(found for _, found in parts), strict=True))
        yield [*row, pledges, known, *(divmod(minor, LOW) if known else (None, None))]


def _sql(columns: Sequence[Column]) -> str:
    """Return the SQL of the rows in `:rows`, with the decimals of their currencies."""
    names = (*(column.name for column in columns), "pledges", "with_amount", "amount_high", "amount_low")
    return f"""SELECT v.*, c.decimals
FROM ({rows_sql(names)}) AS v LEFT JOIN currency AS c ON c.number = v.currency
ORDER BY v.ordinal"""
