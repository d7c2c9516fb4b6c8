"""The overview: the year to date and the same period of last year, new records, and printed figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledger import queries
from ledger.figures.reconcile import Reconciliation, compared
from ledger.place import place_of
from ledger.queries import Answer, Book
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import basis_filter, currency_filter, dated, day_filter, region_filter
from ledger.web.pages.drawing import change, series, sparkline
from ledger.web.pages.event_words import event_label
from ledger.web.pages.parts import (
    Block,
    Change,
    Chart,
    FigureCard,
    HeaderCell,
    KeyFigures,
    Link,
    Sparkline,
    Table,
    TableCell,
    WebPage,
)
from ledger.web.pages.tables import saves, table
from ledger.web.pages.translator import N, Translator

MONTHS = 35
_YEARS = 10
VERDICT_ORDER = (
    "equal",
    "equal_after_rounding",
    "holds",
    "partial",
    "precision_unknown",
    "differs",
    "no_data",
    "not_comparable",
)
SLIDES = ("figures", "months", "industries", "newest", "verdicts")
"""The blocks that a wall screen shows in turn."""


def overview(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the overview; its verdicts may still be on their way."""
    pledged = queries.growth_to_date(
        book, "pledges", at.day, region=at["region"] or None, currency=at["currency"] or None, basis=at.basis
    )
    currency, day = pledged.terms["currency"], pledged.terms["as_of"]
    blocks: list[Block] = [
        KeyFigures(id="figures", title=t("Year to date"), figures=_figures(book, at, t, pledged)),
        _months(book, at, t, currency),
        slow.block(
            "verdicts",
            t("What newspapers printed"),
            lambda book: verdicts(compared(book, at.basis), at, t),
            span=4,
            link=Link(t("All figures"), at.link("/reconcile")),
        ),
        _industries(at, t, pledged),
        newest_table(book, at, t, span=5),
    ]
    return WebPage(
        name="overview",
        title=t("Overview"),
        lede=dated(t, N("1 January to {day}, compared with the same days of the year before."), day),
        blocks=_on_the_wall(blocks, at) if at["wall"] else blocks,
        filters=[
            currency_filter(at, t, currency, (pledged.terms["other_currencies"] or "").split(",")),
            region_filter(slow, at, t),
            day_filter(at, t, day),
            basis_filter(at, t),
        ],
        live=True,
    )


def _on_the_wall(blocks: Sequence[Block], at: Address) -> list[Block]:
    name = SLIDES[slide(at)]
    return [block for block in blocks if block.id == name]


def slide(at: Address) -> int:
    """Return the number of the slide on a wall screen."""
    given = at["slide"]
    return int(given) % len(SLIDES) if given.isascii() and given.isdecimal() and len(given) < 6 else 0


def _figures(book: Book, at: Address, t: Translator, pledged: Answer) -> list[FigureCard]:
    money = next((row for row in pledged.rows_as_dicts() if row["industry"] == "ALL"), None)
    currency = pledged.terms["currency"]
    figures = [] if currency is None or money is None else [_money(book, at, t, money, currency)]
    names = (("pledges", t("Pledges registered")), ("grants", t("Patents granted")))
    figures += [_count(book, at, t, kind, label) for kind, label in names]
    stock = queries.stock_by_industry(book, "pledges", at.day, basis=at.basis, filters=["industry=ALL"])
    in_force = sum(row["in_force"] for row in stock.rows_as_dicts())
    secured = next((row["amount"] for row in stock.rows_as_dicts() if row["currency"] == currency), None)
    note = "" if secured is None else t("secure {amount} {currency}", amount=t.short(secured), currency=currency)
    figures.append(
        FigureCard(
            t("Pledges in force"), t.number(in_force), note=note, href=at.link("/pledges"), detail=t("all regions")
        )
    )
    return figures


def _money(book: Book, at: Address, t: Translator, row: dict[str, Any], currency: str) -> FigureCard:
    now, before = row["this_period"], row["same_period"]
    digits, unit = t.compact(now or 0)
    return FigureCard(
        label=t("Pledge financing"),
        value=digits if now is not None else "–",
        unit=f"{unit} {currency}".strip(),
        exact="" if now is None else f"{t.number(now)} {currency}",
        change=change(row["change"], t),
        detail="" if before is None else t("{amount} in the same period", amount=" ".join((t.short(before), currency))),
        spark=_history(book, at, t, "pledges", "amount", currency),
        badge=t("Record high") if row["record_high"] else "",
        note=""
        if row["coverage"] is None
        else t("{share} of the events give an amount", share=t.percent(row["coverage"], 0)),
        href=at.link("/industries", kind="pledges"),
    )


def _count(book: Book, at: Address, t: Translator, kind: str, label: str) -> FigureCard:
    if at["region"]:
        filters = [f"region={at['region']}", f"metric={kind}", "industry=ALL", "right=ALL"]
        found = queries.view(book, "ytd_vs_same_period", as_of=at.day, basis=at.basis, filters=filters)
    else:
        found = queries.year_to_date(book, kind, at.day, basis=at.basis, filters=["industry=ALL"])
    nothing = {"events": 0, "events_before": 0, "events_growth": None}
    row: dict[str, Any] = next(iter(found.rows_as_dicts()), nothing)
    return FigureCard(
        label=label,
        value=t.number(row["events"]),
        change=change(row["events_growth"], t) or Change("–", "flat"),
        detail=t("{count} in the same period", count=t.number(row["events_before"])),
        spark=_history(book, at, t, kind, "events", None),
        href=at.link("/industries", kind=kind),
    )


def _history(book: Book, at: Address, t: Translator, kind: str, measure: str, currency: str | None) -> Sparkline | None:
    """Return the line of whole years; the current one is not over and is left out."""
    if at["region"]:
        return None
    answer = queries.by_year(book, kind, basis=at.basis, filters=[f"currency={currency}"] if currency else [])
    by_year = {row["year"]: row[measure] for row in answer.rows_as_dicts()}
    last = at.day.year if at.day else max(by_year, default=0)
    years = [year for year in sorted(by_year) if last - _YEARS <= year < last]
    if len(years) < 2:
        return None
    label = t("{first} to {last}, by year", first=years[0], last=years[-1])
    return sparkline([by_year[year] for year in years], label)


def _months(book: Book, at: Address, t: Translator, currency: str | None) -> Table:
    filters = [f"currency={currency}"] if currency else []
    answer = queries.by_month(book, "pledges", at.day, months=MONTHS, basis=at.basis, filters=filters)
    rows = {f"{row['year']}-{row['month']:02}": row for row in answer.rows_as_dicts()}
    measure = "amount" if currency else "events"
    texts = [f"{t.short(row[measure] or 0)} {currency or ''}".strip() for row in rows.values()]
    line = series(t("Pledge financing") if currency else t("Pledges"), [row[measure] for row in rows.values()], texts)
    return Table(
        id="months",
        title=t("Pledge financing by month"),
        note=t("Secured amounts, as first registered; the last month ends with the day. All regions."),
        span=8,
        heads=[
            HeaderCell(t("Month")),
            HeaderCell(t("Events"), True),
            HeaderCell(t("With amount"), True),
            HeaderCell(t("Amount"), True),
        ],
        rows=[
            [
                TableCell(month),
                TableCell(t.number(row["events"])),
                TableCell(t.number(row["with_amount"])),
                TableCell("–" if row["amount"] is None else t.number(row["amount"])),
            ]
            for month, row in reversed(rows.items())
        ],
        empty=t("No pledge in these months."),
        chart=Chart("months-chart", "bar", t("Pledge financing by month"), list(rows), [line], currency or ""),
        folded=True,
        saves=saves(at, "views/pledge_flow", industry="ALL", region="ALL", right="ALL", currency=currency),
    )


def _industries(at: Address, t: Translator, pledged: Answer) -> Table:
    columns = ["industry", "this_period", "same_period", "change", "record_high"]
    currency = pledged.terms["currency"]
    found = Answer(
        pledged.state,
        pledged.columns,
        [row for row in pledged.shown if row[0] != "ALL"],
        pledged.terms,
    )
    return table(
        found,
        columns,
        at,
        t,
        id="industries",
        title=t("Pledge financing by industry"),
        note=t("An industry has its share of each pledge. Amounts in {currency}.", currency=currency)
        if currency
        else "",
        span=7,
        shares=("this_period",),
        saves=saves(at, "growth", kind="pledges", as_of=at["day"], region=at["region"], currency=currency),
    )


def newest_table(book: Book, at: Address, t: Translator, span: int, most: int = 12) -> Table:
    """Return the newest records of the log, whatever their outcome."""
    answer = queries.newest_events(book, most)
    rows = []
    for row in answer.shown_as_dicts():
        place = place_of(row)
        what = event_label(row["type"], t) if row["type"] else labels.value(row["rule"] or "–", t)
        rows.append(
            [
                TableCell(
                    what,
                    at.link(f"/events/{place}"),
                    note=labels.value(row["topic"].removeprefix("ip.").removesuffix(".v1"), t),
                ),
                TableCell(
                    row["subject"] or "–", code=True, note=t.day(row["occurred_on"]) if row["occurred_on"] else ""
                ),
                TableCell(labels.value(row["outcome"], t), tone=labels.TONES.get(row["outcome"], "")),
            ]
        )
    return Table(
        id="newest",
        title=t("Just in"),
        note=t("The newest records of the log, of any outcome."),
        span=span,
        heads=[HeaderCell(t("Event")), HeaderCell(t("Subject")), HeaderCell(t("Outcome"))],
        rows=rows,
        empty=t("No record yet. Publish one: `ip-ledger publish FILE`."),
        link=Link(t("Operations"), at.link("/operations")),
    )


def verdicts(found: Reconciliation, at: Address, t: Translator) -> Table:
    """Return how many published figures have each verdict."""
    counts = Counter(row["verdict"] for row in found.rows)
    total = len(found.rows)
    return Table(
        id="verdicts",
        title=t("What newspapers printed"),
        note=t("{count} printed figures, each computed again from the events.", count=t.number(total)),
        span=4,
        heads=[HeaderCell(t("Verdict")), HeaderCell(t("Figures"), True)],
        rows=[
            [
                TableCell(labels.value(name, t), at.link("/reconcile", verdict=name), tone=labels.TONES.get(name, "")),
                TableCell(t.number(counts[name]), share=float(Decimal(counts[name]) / total)),
            ]
            for name in VERDICT_ORDER
            if counts[name]
        ],
        empty=t("The book has no published figure. `ip.reference.published_figure.v1` brings one."),
        link=Link(t("All figures"), at.link("/reconcile")),
    )
