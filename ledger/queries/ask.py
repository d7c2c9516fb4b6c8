"""Execution of a query: its SQL with filters, columns, order and limit, on one state of a book."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, TypedDict

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.nearest import UnknownName, hint
from ledger.place import spell_out
from ledger.posting.cells import BASES, KINDS, TOPIC_OF_KIND
from ledger.queries.answer import AnswerRow
from ledger.queries.filters import Filter, condition, parse_filter, sort_keys
from ledger.queries.masking import require_plain
from ledger.queries.paging import Cursor, Key, behind, by_place, cursor_of, paged, total_order
from ledger.views.view import Column
from schemas.errors import UsageError
from schemas.topics import TOPICS

PAGE_ROWS = 1_000
"""Rows of a page, if no limit is given."""


class NoSuchColumn(UsageError):
    """{relation} has no column {column!r}. {hint}"""


class BadLimit(UsageError):
    """A limit is a number of rows from 0 to 2^63 - 1, not {limit}. Correct the limit."""


class Relation(NamedTuple):
    """A SELECT of raw values, and the columns that render them. Messages use `name`, and suggest names of `filtered`:
    other names that filters may use."""

    name: str
    columns: tuple[Column, ...]
    sql: str
    filtered: Collection[str] = ()


class Choice(TypedDict, total=False):
    """The options of every query: `filters`, such as `year>=2020` or `industry=AI,SEMI`; `columns`; `sort`, by column
    names (`-name`: descending); and `limit`, the maximum number of rows. With `after`, the answer is a page of `limit`
    rows in a total order: "" for the first page, then the `next` of the page before."""

    filters: Iterable[str | Filter]
    columns: Sequence[str]
    sort: Sequence[str]
    limit: int | None
    after: str


@cache
def query_sql(name: str) -> str:
    """Return the SQL of `sql/<name>.sql`."""
    return files("ledger.queries").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def blocks_sql() -> str:
    """Return the relation `block` of a WITH RECURSIVE: the blocks of postings of a topic, `:topic`."""
    return f"block AS (\n{query_sql('blocks_of_topic')})"


def relation_of_rows(name: str, columns: tuple[Column, ...]) -> Relation:
    """Return a relation of raw rows that are given as a JSON array of arrays, `:rows`, in their order."""
    return Relation(name, columns, rows_sql(column.name for column in columns))


def rows_sql(names: Iterable[str]) -> str:
    """Return the SQL of the rows in `:rows` with these columns, and with the `ordinal` of each row, in that order."""
    values = ", ".join(f"json_extract(value, '$[{ordinal}]') AS \"{name}\"" for ordinal, name in enumerate(names))
    return f"SELECT key AS ordinal, {values} FROM json_each(:rows) ORDER BY key"


def known_kind(kind: str) -> int:
    """Return the number of a kind of total. Raise UnknownName."""
    if kind not in KINDS:
        raise UnknownName(what="the kind", given=kind, known=KINDS)
    return int(KINDS[kind])


def topic_of(kind: int) -> int:
    """Return the number of the topic whose events count for a kind."""
    return TOPICS[TOPIC_OF_KIND[kind]].number


def basis_number(basis: str) -> int:
    """Return the number of `recorded` or `corrected`. Raise UnknownName."""
    if basis not in BASES:
        raise UnknownName(what="the basis", given=basis, known=BASES)
    return BASES[basis]


def parse_filters(filters: Iterable[str | Filter]) -> list[Filter]:
    """Return filters, parsed if they are texts. Raise BadFilter."""
    return [parse_filter(asked) if isinstance(asked, str) else asked for asked in filters]


def chosen_columns(relation: Relation, choice: Choice) -> tuple[Column, ...]:
    """Return the columns of the answer. Raise NoSuchColumn."""
    return tuple(_column(relation, name) for name in _spelled(relation, choice.get("columns"))) or relation.columns


def ask(book: Book, relation: Relation, values: Mapping[str, Any], choice: Choice) -> list[AnswerRow]:
    """Return the rendered rows of a relation. `values` are the parameters of its SQL.

    Raise NoSuchColumn, BadFilter, BadValue, NotOrdered, UnknownName, BadLimit.
    """
    if book.mask is not None:
        asked = [one.column for one in parse_filters(choice.get("filters", ()))]
        asked += [name.removeprefix("-") for name in _spelled(relation, choice.get("sort"))]
        require_plain([_column(relation, name) for name in asked])
    in_pages = "after" in choice
    rows = _page(book, relation, values, choice) if in_pages else _rows(book, select(relation, choice), values)
    if book.mask is not None:
        book.mask.rows(chosen_columns(relation, choice), rows)
    return rows


def _rows(book: Book, selected: tuple[str, dict[str, Any]], values: Mapping[str, Any]) -> list[AnswerRow]:
    sql, bound = selected
    with translated_errors(book.path):
        rows: list[AnswerRow] = book.connection.execute(sql, {**values, **bound}).fetchall()
    return rows


def _page(book: Book, relation: Relation, values: Mapping[str, Any], choice: Choice) -> list[AnswerRow]:
    size, after = choice.get("limit"), choice.get("after")
    _require_limit(size := PAGE_ROWS if size is None else size)
    keys = total_order(relation.columns, _keys(relation, choice.get("sort")))
    cursor = cursor_of(after, keys) if after else None
    selected = select(relation, Choice(**{**choice, "limit": size + 1}), keys, cursor)
    rows = _rows(book, selected, values)
    return paged(rows, len(chosen_columns(relation, choice)), size, cursor, keys)


def select(
    relation: Relation, choice: Choice, page_keys: Sequence[Key] = (), cursor: Cursor | None = None
) -> tuple[str, dict[str, Any]]:
    """Return the SELECT of the chosen part of a relation, and its parameters; on a page, with the keys of each row.
    User input never becomes SQL text, except for the names of the relation's own columns."""
    bound: dict[str, Any] = {}

    def bind(value: object) -> str:
        bound[f"f{len(bound)}"] = value
        return f":f{len(bound) - 1}"

    columns = chosen_columns(relation, choice)
    shown = [column.shown for column in columns]
    named = [f'{sql} AS "{column.name}"' for sql, column in zip(shown, columns, strict=True)]
    sql = f"SELECT {', '.join([*named, *(key.sql for key in page_keys)])}\nFROM (\n{relation.sql}) AS v"
    filters = parse_filters(choice.get("filters", ()))
    conditions = [condition(_column(relation, asked.column), asked, bind) for asked in filters]
    if cursor is not None:
        conditions.append(behind(page_keys, cursor, bind))
    elif first := by_place(page_keys):
        conditions.append(first)
    if conditions:
        sql += f"\nWHERE {' AND '.join(conditions)}"
    if keys := page_keys or list(_keys(relation, choice.get("sort"))):
        # by the number of a column that is shown alike: SQLite would compute an expression twice
        numbered = (key._replace(sql=str(shown.index(key.sql) + 1)) if key.sql in shown else key for key in keys)
        sql += f"\nORDER BY {', '.join(key.order for key in numbered)}"
    limit = choice.get("limit")
    if limit is not None:
        _require_limit(limit)
        sql += f"\nLIMIT {bind(limit)}"
        sql += f" OFFSET {bind(cursor.seen)}" if cursor is not None else ""
    return sql, bound


def _require_limit(limit: int) -> None:
    if not 0 <= limit < 2**63:
        raise BadLimit(limit=limit)


def _spelled(relation: Relation, asked: Sequence[str] | None) -> tuple[str, ...]:
    return spell_out(asked or (), (column.name for column in relation.columns))


def _keys(relation: Relation, asked: Sequence[str] | None) -> Iterator[Key]:
    for name in _spelled(relation, asked):
        for sql in sort_keys(_column(relation, name.removeprefix("-"))):
            yield Key(sql, name.startswith("-"))


def _column(relation: Relation, name: str) -> Column:
    by_name = {column.name: column for column in relation.columns}
    if name not in by_name:
        known = f"It has: {', '.join(by_name)}."
        raise NoSuchColumn(relation=relation.name, column=name, hint=hint(name, [*by_name, *relation.filtered], known))
    return by_name[name]
