"""Valuations, and generative AI."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ledger import queries
from ledger.queries import Answer, Book
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.calibration import kept_promises, requests_table
from ledger.web.pages.choosing import basis_filter, currency_filter, dated, day_filter, industry_filter, purpose_filter
from ledger.web.pages.drawing import change, series, sparkline, step
from ledger.web.pages.parts import (
    Block,
    Chart,
    FigureCard,
    Heat,
    KeyFigures,
    Table,
    TableCell,
    WebPage,
)
from ledger.web.pages.regions import region_label
from ledger.web.pages.tables import first_rows, saves, table
from ledger.web.pages.translator import N, Translator

COUNTRIES = 12


def valuations(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the valuations that count, their sums, and models compared with other methods."""
    to_date = queries.year_to_date(book, "valuations", at.day, basis=at.basis, filters=["industry=ALL"])
    day = to_date.terms["as_of"]
    yearly = queries.by_year(book, "valuations", basis=at.basis)
    found = [row["currency"] for row in sorted(to_date.rows_as_dicts(), key=lambda row: -row["with_amount"])]
    codes = [code for code in found if code]
    currency = at["currency"] or (codes[0] if codes else "")
    return WebPage(
        name="valuations",
        title=t("Valuations"),
        lede=dated(t, N("Appraised values up to {day}. Of one subject and purpose, the latest counts."), day),
        blocks=[
            KeyFigures(id="figures", title=t("Year to date"), figures=_valued(at, t, to_date, yearly)),
            _by_year(at, t, yearly, currency),
            slow.block("models", t("Models compared with other methods"), lambda book: _models(book, at, t), span=6),
            slow.block("requests", t("Requests and answers"), lambda book: requests_table(book, at, t)),
            slow.block("calibration", t("Valuations and realised prices"), lambda book: kept_promises(book, at, t)),
            slow.block("list", t("Newest valuations"), lambda book: _newest(book, at, t)),
        ],
        filters=[
            currency_filter(at, t, currency, [code for code in codes if code != currency]),
            purpose_filter(at, t),
            industry_filter(at, t),
            day_filter(at, t, day),
            basis_filter(at, t),
        ],
        live=True,
    )


def _valued(at: Address, t: Translator, to_date: Answer, yearly: Answer) -> list[FigureCard]:
    rows = to_date.rows_as_dicts()
    counts = {row["year"]: row["events"] for row in yearly.rows_as_dicts()}
    years = sorted(counts)[-11:-1]
    nothing: dict[str, Any] = {"events": 0, "events_before": 0, "events_growth": None}
    first = rows[0] if rows else nothing
    figures = [
        FigureCard(
            t("Valuations completed"),
            t.number(first["events"]),
            change=change(first["events_growth"], t),
            detail=t("{count} in the same period", count=t.number(first["events_before"])),
            spark=sparkline(
                [counts[year] for year in years], t("{first} to {last}, by year", first=years[0], last=years[-1])
            )
            if years
            else None,
        )
    ]
    for row in sorted(rows, key=lambda row: -row["with_amount"])[:3]:
        if row["currency"] and row["amount"] is not None:
            digits, unit = t.compact(row["amount"])
            figures.append(
                FigureCard(
                    t("Appraised in {currency}", currency=row["currency"]),
                    digits,
                    unit,
                    exact=f"{t.number(row['amount'])} {row['currency']}",
                    change=change(row["growth"], t),
                    detail=t("{count} valuations", count=t.number(row["with_amount"])),
                )
            )
    return figures


def _by_year(at: Address, t: Translator, yearly: Answer, currency: str) -> Table:
    rows = [row for row in yearly.shown if row[1] == (currency or None)][-16:]
    found = Answer(yearly.state, yearly.columns, rows[::-1], yearly.terms)
    dicts = [dict(zip(yearly.names, row, strict=True)) for row in rows]
    texts = [f"{t.number(row['amount'] or 0)} {currency}" for row in dicts]
    return table(
        found,
        ["year", "events", "with_amount", "amount"],
        at,
        t,
        id="years",
        title=t("Appraised by year"),
        note=t("The middle values of all valuations completed in a year, in {currency}.", currency=currency)
        if currency
        else "",
        span=6,
        chart=Chart(
            "years-chart",
            "bar",
            t("Appraised by year"),
            [str(row["year"]) for row in dicts],
            [series(t("Appraised"), [row["amount"] for row in dicts], texts)],
        ),
        saves=saves(at, "totals", kind="valuations", by="year", currency=currency),
    )


def _models(book: Book, at: Address, t: Translator) -> Block:
    answer = queries.view(
        book, "valuation_dispersion", basis=at.basis, filters=["deviation>=-1"], sort=["-as_of"], limit=12
    )
    return table(
        answer,
        ["subject", "model_id", "mid", "other_mid", "deviation", "currency"],
        at,
        t,
        id="models",
        title=t("Models compared with other methods"),
        note=t("A model's latest value and the latest by another method. Values of models are never recomputed."),
        span=6,
        empty=t("No model and other method valued the same."),
        saves=saves(at, "views/valuation_dispersion"),
    )


def _newest(book: Book, at: Address, t: Translator) -> Block:
    filters = at.filters(purpose="purpose", industry="industry", currency="currency")
    return first_rows(
        book,
        "valuations",
        ["completed_on", "subject", "purpose", "method", "industry", "low", "mid", "high", "currency"],
        at,
        t,
        id="list",
        title=t("Newest valuations"),
        basis=at.basis,
        filters=filters,
        sort=["-completed_on"],
        saves=saves(
            at,
            "views/valuations",
            purpose=at["purpose"],
            industry=at["industry"],
            currency=at["currency"],
            as_of=at["day"],
        ),
    )


def generative_ai(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return patent families about generative AI, by year and country of the inventors."""
    return WebPage(
        name="genai",
        title=t("Generative AI"),
        lede=t("Patent families tagged by symbol, producer or model, in the year of their first publication."),
        blocks=[
            slow.block("families", t("Families by year"), lambda book: _families(book, at, t)),
            slow.block("countries", t("Families by year and country"), lambda book: _countries(book, at, t)),
        ],
        filters=[basis_filter(at, t)],
        live=True,
    )


def _families(book: Book, at: Address, t: Translator) -> Block:
    found = queries.view(book, "genai", basis=at.basis, filters=["country=ALL"])
    answer = Answer(found.state, found.columns, found.shown[::-1], found.terms, found.view)
    rows = found.rows_as_dicts()
    names = [str(row["year"]) for row in rows]
    lines = [
        series(words, [row[name] for row in rows], [t.number(row[name]) for row in rows])
        for name, words in (("families", t("Families")), ("decade", t("Families of ten years")))
    ]
    return table(
        answer,
        ["year", "families", "ipc", "declared", "model", "decade", "share"],
        at,
        t,
        id="families",
        title=t("Families by year"),
        note=t("Each family once; the ways of tagging overlap."),
        chart=Chart("families-chart", "line", t("Families by year"), names, lines[:1]),
        empty=t("No family is tagged as generative AI."),
        saves=saves(at, "views/genai"),
    )


def _countries(book: Book, at: Address, t: Translator) -> Block:
    answer = queries.view(book, "genai", basis=at.basis)
    counts = {
        (row["country"], row["year"]): row["families"]
        for row in answer.rows_as_dicts()
        if row["country"] not in (None, "ALL")
    }
    years = sorted({year for _, year in counts})[-16:]
    sums: dict[str, int] = defaultdict(int)
    for (code, _), count in counts.items():
        sums[code] += count
    first = sorted(sums, key=lambda code: (-sums[code], code))[:COUNTRIES]
    largest = max((counts.get((code, year), 0) for code in first for year in years), default=0)
    return Heat(
        id="countries",
        title=t("Families by year and country"),
        note=t("By country of the inventors: a family counts once in each. The {count} largest.", count=COUNTRIES),
        corner=t("Country"),
        columns=[str(year) for year in years],
        rows=[
            (
                TableCell(region_label(code, t)),
                [
                    (
                        TableCell(t.number(count) if (count := counts.get((code, year), 0)) else "·"),
                        step(count, largest),
                    )
                    for year in years
                ],
            )
            for code in first
        ],
        legend=(t("less"), t("more")),
        saves=saves(at, "views/genai"),
    )
