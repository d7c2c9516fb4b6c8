"""Tables from answers: words for columns and codes, numbers in the reader's language, links to the subjects of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypedDict, Unpack
from urllib.parse import urlencode

from ledger import queries
from ledger.queries import Answer, Book
from ledger.queries.kinds import kind_of
from ledger.views import VIEWS
from ledger.views.view import Column
from ledger.web.pages import labels
from ledger.web.pages.address import MOST_PAGE_ROWS, SOME_ROWS, Address
from ledger.web.pages.parts import Chart, HeaderCell, Link, Table, TableCell
from ledger.web.pages.regions import region_label
from ledger.web.pages.translator import Translator
from schemas.ipc import common_spelling

NONE = TableCell("–", tone="quiet")
_SYMBOL_LENGTH = 14
"""Characters of a symbol of the IPC or CPC; shorter codes are subclasses."""
_LINKED: Final = {
    "pledge": "/pledges/",
    "patent": "/patents/",
    "industry": "/industries/",
    "grant_id": "/patents/",
    "need": "/matches/",
    "offer": "/matches/",
}
"""Column -> the pages of its values."""
_CODED: Final = frozenset(
    (
        "among",
        "due",
        "reason",
        "approach",
        "state",
        "promise",
        "outcome",
        "right",
        "method",
        "purpose",
        "metric",
        "kind",
        "verdict",
        "finding",
        "basis",
        "base",
        "detail",
        "fee",
        "stage",
        "term",
        "sub_index",
    )
)
_FORMS = ("csv", "xlsx", "json")


def table(
    answer: Answer,
    columns: Sequence[str],
    at: Address,
    t: Translator,
    *,
    id: str,  # noqa: A002
    title: str,
    note: str = "",
    span: int = 12,
    empty: str = "",
    chart: Chart | None = None,
    saves: Sequence[Link] = (),
    shares: Sequence[str] = (),
    most: int | None = None,
    folded: bool = False,
    sortable: bool = False,
) -> Table:
    """Return a table with these columns of an answer. Columns in `shares` have bars, scaled to their largest value.
    `most` is the limit of the query; one row more than shown means that there are more."""
    known = {column.name: column for column in answer.columns}
    rows = answer.shown_as_dicts()
    shown = rows[:most]
    largest = {name: max((abs(float(row[name] or 0)) for row in shown), default=0.0) for name in shares}
    view = VIEWS.get(answer.view or "")
    return Table(
        id=id,
        title=title,
        note=note,
        span=span,
        heads=[head(known[name], at, t, sortable) for name in columns],
        rows=[[cell(known[name], row, at, t, largest.get(name, 0.0)) for name in columns] for row in shown],
        empty=empty or t("Nothing here for this selection."),
        chart=chart,
        formula=view.formula if view else "",
        more=more(at, t, len(rows) > len(shown), f"#{id}"),
        saves=saves,
        folded=folded,
    )


class TableOptions(TypedDict, total=False):
    """Options of `table`."""

    note: str
    empty: str
    saves: Sequence[Link]
    shares: Sequence[str]
    sortable: bool


def first_rows(
    book: Book,
    name: str,
    columns: Sequence[str],
    at: Address,
    t: Translator,
    *,
    id: str,  # noqa: A002
    title: str,
    sort: Sequence[str] = (),
    filters: Sequence[str] = (),
    basis: str = "corrected",
    **shown: Unpack[TableOptions],
) -> Table:
    """Return the first rows of a view on the day of the address, with a link to more."""
    most, as_of = at.most(SOME_ROWS), at.day if VIEWS[name].takes_a_day else None
    answer = queries.view(book, name, basis=basis, as_of=as_of, filters=filters, sort=sort, limit=most + 1)
    return table(answer, columns, at, t, id=id, title=title, most=most, **shown)


def more(at: Address, t: Translator, there: bool, anchor: str = "") -> Link | None:
    """Return the link to more rows of a long table; None if there are no more, or no longer table."""
    if not there or at.rows >= MOST_PAGE_ROWS:
        return None
    return Link(t("Show more rows"), at.link(rows=min(at.rows * 4, MOST_PAGE_ROWS)) + anchor)


def head(column: Column, at: Address, t: Translator, sortable: bool = False) -> HeaderCell:
    """Return the head of a column; a link that sorts by it, if it can be sorted."""
    numeric = kind_of(column) in ("integer", "decimal", "real") and column.unit != "0 or 1"
    text = labels.column(column.name, t)
    if not sortable:
        return HeaderCell(text, numeric)
    key = at["sort"]
    sorted_by = {column.name: "ascending", f"-{column.name}": "descending"}.get(key, "")
    descending = f"-{column.name}"
    other = column.name if key == descending or (key != column.name and not numeric) else descending
    return HeaderCell(text, numeric, at.link(sort=other), sorted_by)


def cell(column: Column, row: Mapping[str, Any], at: Address, t: Translator, largest: float = 0.0) -> TableCell:
    """Return the cell of a column in a row."""
    name, value = column.name, row[column.name]
    if value is None or value == "":
        return NONE
    if name == "industry":
        return TableCell(labels.industry_label(value, t), at.link(f"/industries/{value}"), tone="")
    if name in _LINKED:
        return TableCell(str(value), at.link(_LINKED[name] + str(value)), code=True)
    if name in ("subject", "asset", "deal"):
        return TableCell(str(value), at.link("/find", q=value), code=True)
    if name == "event":
        return TableCell(str(value), at.link(f"/events/{value}"), code=True)
    if name in ("region", "country"):
        return TableCell(region_label(str(value), t))
    if name == "codes":
        return TableCell(spelled_codes(value.split()))
    if column.unit == "0 or 1":
        return _flag(name, bool(value), t)
    if name in _CODED:
        return TableCell(labels.value(value, t), tone=labels.TONES.get(str(value), ""))
    return _number(column, value, t, largest)


def spelled_codes(codes: Iterable[str]) -> str:
    """Return subject codes in their common spelling, with commas; a subclass such as `H01M` as it is."""
    return ", ".join(common_spelling(code) if len(code) == _SYMBOL_LENGTH else code for code in codes)


def _flag(name: str, value: bool, t: Translator) -> TableCell:
    if name == "record_high":
        return TableCell(t("yes"), tone="badge") if value else TableCell("")
    if name in ("breach", "loan_breach"):
        return TableCell(t("yes") if value else t("no"), tone="bad" if value else "quiet")
    return TableCell(t("yes"), tone="good" if name == "in_force" else "") if value else TableCell(t("no"), tone="quiet")


def _number(column: Column, value: Any, t: Translator, largest: float) -> TableCell:
    share = abs(float(value)) / largest if largest else None
    kind = kind_of(column)
    if column.unit == "millionths":
        return TableCell(t.number(Decimal(value) / 10_000, 1), share=share)
    if column.unit == "ratio" and column.name in ("growth", "change", "events_growth", "deviation", "bias"):
        return TableCell(
            t.percent(value, signed=True), tone="up" if value > 0 else "down" if value < 0 else "", share=share
        )
    if column.unit == "ratio":
        return TableCell(t.percent(value) if column.name != "hhi" else t.number(str(value), 3), share=share)
    if column.unit == "basis points":
        return TableCell(t.percent(Decimal(value) / 10_000, 2))
    if column.unit in ("year", "month", "offset") or column.name in ("partition", "offset"):
        return TableCell(str(value))
    if kind == "date":
        return TableCell(t.day(value))
    if kind in ("integer", "decimal"):
        return TableCell(t.number(str(value)), share=share)
    if kind == "real":
        return TableCell(t.number(str(value), 1), share=share)
    return TableCell(
        t.sentence(str(value)) if column.name == "explanation" else str(value),
        code=column.name in ("subject", "id", "asset", "topic", "type", "path", "source", "deal"),
    )


def saves(at: Address, question: str, forms: Sequence[str] = _FORMS, /, **terms: object) -> list[Link]:
    """Return the links that download the answer to a question of the API, in each form. What is not made of rows has
    JSON alone."""
    given = {name: value for name, value in terms.items() if value not in (None, "", [])}
    if at.basis != "corrected":
        given["basis"] = at.basis
    query = urlencode(given, doseq=True)
    suffixes = {form: "" if forms == ("json",) else f".{form}" for form in forms}
    tail = f"?{query}" if query else ""
    return [Link(form.upper(), f"/api/v1/{question}{suffix}{tail}") for form, suffix in suffixes.items()]
