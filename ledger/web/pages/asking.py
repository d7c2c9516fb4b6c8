"""Ask: SQL of the reader's own on the sandboxed connection, within limits (docs/decisions/0020-asking-by-sql.md)."""

from __future__ import annotations

import re

from ledger.book.union import UnionBook
from ledger.queries import Book
from ledger.queries.sql import MOST_ROWS, SECONDS, SqlAnswer, run_select
from ledger.views.guide import GROUPS
from ledger.web.book_files import OneBookOnly
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.parts import Block, Field, HeaderCell, Notice, Table, TableCell, WebPage
from ledger.web.pages.tables import more
from ledger.web.pages.translator import N, Translator, catalogue
from schemas.errors import LedgerError

_STOCK = "SELECT industry, pledges, amount FROM pledge_stock WHERE currency = 'CNY' ORDER BY amount_minor DESC"
_GROWTH = """SELECT year, amount, growth FROM pledge_yoy
WHERE region = 'ALL' AND right = 'ALL' AND industry = 'ALL' AND currency = 'CNY' ORDER BY year DESC"""
_OUTCOMES = """SELECT topic, sum("next" - first) AS offsets, sum(accepted) AS accepted, sum(rejected) AS rejected
FROM positions GROUP BY topic ORDER BY topic"""
_EXAMPLES = (
    (N("Pledges in force, by industry"), _STOCK),
    (N("Growth of pledge financing"), _GROWTH),
    (N("Outcomes by topic"), _OUTCOMES),
)
_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?").fullmatch
_LONGEST = 400
"""Characters of a cell that the page shows."""


def ask_page(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the form, the answer to its statement, examples, and the views."""
    blocks: list[Block] = [
        Field(
            id="statement",
            title=t("Your statement"),
            note=t(
                "One SELECT, on a connection that can only read this book: at most {seconds} s and {rows} rows.",
                seconds=int(SECONDS),
                rows=t.number(MOST_ROWS),
            ),
            name="sql",
            value=at["sql"] or _EXAMPLES[0][1],
            hint=t("SQL"),
            button=t("Run"),
            tall=True,
        )
    ]
    if at["sql"]:
        blocks.append(_answered(book, at, t))
    return WebPage(
        name="ask",
        title=t("Ask"),
        lede=t("Ask the book in SQL. Every view of this page, and every table behind it, has the same figures."),
        blocks=[*blocks, _examples(at, t), _views(at, t)],
    )


def _answered(book: Book, at: Address, t: Translator) -> Block:
    try:
        if isinstance(book, UnionBook):
            raise OneBookOnly(what="SQL of your own")
        answer = run_select(book.path, at["sql"], at.rows)
    except LedgerError as error:
        return Notice(id="answer", title=t("No answer"), tone="bad", text=t.error(error))
    numeric = [
        bool(answer.rows) and all(value is None or _NUMBER(str(value)) for value in column)
        for column in zip(*answer.rows, strict=True)
    ] or [False] * len(answer.names)
    return Table(
        id="answer",
        title=t("Answer"),
        note=t("{count} rows", count=t.number(len(answer.rows))) + ("+" if answer.more else ""),
        heads=[HeaderCell(name, number) for name, number in zip(answer.names, numeric, strict=True)],
        rows=_cells(answer),
        empty=t("The statement has no rows."),
        more=more(at, t, answer.more),
    )


def _cells(answer: SqlAnswer) -> list[list[TableCell]]:
    return [
        [TableCell("–", tone="quiet") if value is None else TableCell(_text(value)) for value in row]
        for row in answer.rows
    ]


def _text(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _examples(at: Address, t: Translator) -> Table:
    return Table(
        id="examples",
        title=t("Examples"),
        heads=[HeaderCell(t("Question"))],
        rows=[[TableCell(t(words), at.link(sql=sql), note=" ".join(sql.split()))] for words, sql in _EXAMPLES],
        span=5,
    )


def _views(at: Address, t: Translator) -> Table:
    words = catalogue(t.lang, "views.")
    rows = [
        [
            TableCell(name, at.link(sql=f"SELECT *\nFROM {name}\nLIMIT 20"), code=True),
            TableCell(words.get(name, summary)),
        ]
        for group in GROUPS.values()
        for name, summary in group.items()
    ]
    return Table(
        id="views", title=t("Views"), heads=[HeaderCell(t("View")), HeaderCell(t("Content"))], rows=rows, span=7
    )
