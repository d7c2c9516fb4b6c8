"""Answers of models that read texts of patents: question, answer, and the words that it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger import queries
from ledger.place import place_of
from ledger.queries import Book
from ledger.views import VIEWS
from ledger.web.pages import labels
from ledger.web.pages.address import ROWS, Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import basis_filter, dated, day_filter
from ledger.web.pages.parts import Block, FilterField, HeaderCell, Link, Table, TableCell, WebPage
from ledger.web.pages.tables import more, saves
from ledger.web.pages.translator import N, Translator


def readings_page(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the answers that models read in texts of patents."""
    day = queries.view(book, "readings", basis=at.basis, as_of=at.day, limit=0).terms["as_of"]
    return WebPage(
        name="readings",
        title=t("Readings"),
        lede=dated(t, N("What models read in texts of patents up to {day}: every answer quotes the text."), day),
        blocks=[slow.block("readings", t("Readings"), lambda book: readings_table(book, at, t))],
        filters=[
            FilterField("question", t("Question"), at["question"]),
            FilterField("answer", t("Answer"), at["answer"]),
            FilterField("model", t("Model"), at["model"]),
            day_filter(at, t, day),
            basis_filter(at, t),
        ],
        live=True,
    )


def readings_table(book: Book, at: Address, t: Translator, patent: str = "") -> Block:
    """Return the newest readings, of one patent or of all."""
    filters = at.filters(question="question", answer="answer", model_id="model")
    answer = queries.view(
        book,
        "readings",
        basis=at.basis,
        as_of=at.day,
        filters=[f"patent={patent}"] if patent else filters,
        sort=["-read_on"],
        limit=at.most(ROWS) + 1,
    )
    rows = answer.shown_as_dicts()
    shown = rows[: at.most(ROWS)]
    words = [t("Read on"), t("Patent"), t("Question"), t("Answer"), t("Quote"), t("Model")]
    asked = (
        {"patent": patent} if patent else {"question": at["question"], "answer": at["answer"], "model_id": at["model"]}
    )
    return Table(
        id="readings",
        title=t("Readings"),
        note=t("The ledger refuses a quote that is not in the text at its index. Nobody asks a model again."),
        heads=[HeaderCell(word) for word in words if not patent or word != t("Patent")],
        rows=[_reading(row, at, t, with_patent=not patent) for row in shown],
        empty=t("No model has read a text of this patent.") if patent else t("No model has read a text yet."),
        formula=VIEWS["readings"].formula,
        more=more(at, t, len(rows) > len(shown), "#readings"),
        link=Link(t("All readings"), at.link("/readings")) if patent else None,
        saves=saves(at, "views/readings", **asked, as_of=at["day"]),
    )


def _reading(row: Mapping[str, Any], at: Address, t: Translator, *, with_patent: bool) -> list[TableCell]:
    passage = t("{part}, character {number}", part=labels.value(row["part"], t), number=t.number(row["quote_at"] or 0))
    unknown = row["quote"] is None
    model = TableCell(
        f"{row['model_id']} {row['model_version']}",
        at.link("/readings", model=row["model_id"]),
        note="" if row["registered"] else t("not registered"),
    )
    return [
        TableCell(t.day(row["read_on"]), at.link(f"/events/{place_of(row)}")),
        *([TableCell(row["patent"], at.link(f"/patents/{row['patent']}"), code=True)] if with_patent else []),
        TableCell(row["question"].replace("_", " "), at.link("/readings", question=row["question"])),
        TableCell(t("the text does not say"), tone="quiet") if unknown else TableCell(labels.value(row["answer"], t)),
        TableCell("–", tone="quiet") if unknown else TableCell(t("“{quote}”", quote=row["quote"]), note=passage),
        model,
    ]
