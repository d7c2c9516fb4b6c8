"""Patents: grants by year, high-value inventions, inventions per 10,000 residents, and all granted ones."""

from __future__ import annotations

from typing import Any

from ledger import queries
from ledger.queries import Answer, Book
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import (
    basis_filter,
    choices,
    dated,
    day_filter,
    industry_filter,
    region_filter,
    right_filter,
)
from ledger.web.pages.drawing import change, series, sparkline
from ledger.web.pages.parts import (
    Block,
    Chart,
    FigureCard,
    HeaderCell,
    KeyFigures,
    SelectOption,
    Table,
    TableCell,
    WebPage,
)
from ledger.web.pages.tables import first_rows, saves, table
from ledger.web.pages.translator import N, Translator


def patents(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return grants to date, grants by year, high-value inventions, and the patents of a selection."""
    granted = queries.year_to_date(book, "grants", at.day, basis=at.basis, filters=["industry=ALL"])
    day = granted.terms["as_of"]
    return WebPage(
        name="patents",
        title=t("Patents"),
        lede=dated(t, N("Granted patents, their state on {day}, and what makes an invention high value."), day),
        blocks=[
            KeyFigures(id="figures", title=t("Grants"), figures=_figures(book, at, t, granted)),
            _by_year(book, at, t),
            slow.block("per10k", t("Per 10,000 residents"), lambda book: _per_10k(book, at, t), span=4),
            slow.block("high", t("High-value inventions"), lambda book: _high_value(book, at, t)),
            slow.block("list", t("Granted patents"), lambda book: _list(book, at, t)),
        ],
        filters=[
            industry_filter(at, t),
            region_filter(slow, at, t),
            right_filter(at, t),
            choices(
                "in_force",
                t("State"),
                at,
                [SelectOption("", t("any")), SelectOption("1", t("in force")), SelectOption("0", t("ended"))],
            ),
            day_filter(at, t, day),
            basis_filter(at, t),
        ],
        live=True,
    )


def _figures(book: Book, at: Address, t: Translator, granted: Answer) -> list[FigureCard]:
    nothing: dict[str, Any] = {"events": 0, "events_before": 0, "events_growth": None}
    row = next(iter(granted.rows_as_dicts()), nothing)
    years = queries.by_year(book, "grants", basis=at.basis).rows_as_dicts()[-11:-1]
    stock = queries.stock_by_industry(book, "patents", at.day, basis=at.basis, filters=["industry=ALL"])
    in_force = sum(one["in_force"] for one in stock.rows_as_dicts())
    ended = queries.year_to_date(book, "cessations", at.day, basis=at.basis, filters=["industry=ALL"]).rows_as_dicts()
    filed = queries.year_to_date(book, "filings", at.day, basis=at.basis, filters=["industry=ALL"]).rows_as_dicts()
    label = t("{first} to {last}, by year", first=years[0]["year"], last=years[-1]["year"]) if years else ""
    figures = [
        FigureCard(
            t("Granted in the year to date"),
            t.number(row["events"]),
            change=change(row["events_growth"], t),
            detail=t("{count} in the same period", count=t.number(row["events_before"])),
            spark=sparkline([one["events"] for one in years], label),
        ),
        FigureCard(t("In force"), t.number(in_force), detail=t("all offices and rights")),
    ]
    for name, found in ((t("Applications filed"), filed), (t("Ceased or invalid"), ended)):
        if found:
            figures.append(
                FigureCard(
                    name,
                    t.number(found[0]["events"]),
                    change=change(found[0]["events_growth"], t),
                    detail=t("{count} in the same period", count=t.number(found[0]["events_before"])),
                )
            )
    return figures


def _by_year(book: Book, at: Address, t: Translator) -> Table:
    filters = at.filters(industry="industry", region="region", right="right")
    answer = queries.totals(book, "grants", ("year", "right"), basis=at.basis, filters=filters)
    rows = answer.rows_as_dicts()
    years = sorted({row["year"] for row in rows})[-20:]
    counts = {(row["year"], row["right"]): row["events"] for row in rows}
    rights = [
        name for name in ("invention", "utility_model", "design", "plant") if any(r["right"] == name for r in rows)
    ]
    names = [str(year) for year in years]
    lines = []
    for name in rights:
        values = [counts.get((year, name), 0) for year in years]
        lines.append(series(labels.value(name, t), values, [t.number(value) for value in values]))
    return Table(
        id="years",
        title=t("Grants by year"),
        note=t("Each patent once, in the year of its grant."),
        span=8,
        heads=[HeaderCell(t("Year")), *(HeaderCell(labels.value(name, t), True) for name in rights)],
        rows=[
            [TableCell(str(year)), *(TableCell(t.number(counts.get((year, name), 0))) for name in rights)]
            for year in reversed(years)
        ],
        empty=t("Nothing here for this selection."),
        chart=Chart("years-chart", "bar", t("Grants by year"), names, lines, stacked=True),
        folded=True,
        saves=saves(at, "views/grants", industry=at["industry"], region=at["region"], right=at["right"]),
    )


def _per_10k(book: Book, at: Address, t: Translator) -> Block:
    answer = queries.view(
        book, "per_10k", basis=at.basis, as_of=at.day, filters=["metric=high_value", *at.filters(region="region")]
    )
    found = Answer(answer.state, answer.columns, answer.shown[:12], answer.terms, answer.view)
    return table(
        found,
        ["region", "count", "population", "per_10k"],
        at,
        t,
        id="per10k",
        title=t("Per 10,000 residents"),
        note=t("High-value inventions in force."),
        span=4,
        empty=t("The book has no population of this region."),
        saves=saves(at, "views/per_10k", metric="high_value", region=at["region"], as_of=at["day"]),
    )


def _high_value(book: Book, at: Address, t: Translator) -> Block:
    filters = at.filters(region="region") or ["high_value>0"]
    answer = queries.view(
        book, "high_value", basis=at.basis, as_of=at.day, filters=filters, sort=["-high_value"], limit=12
    )
    return table(
        answer,
        ["region", "in_force", "high_value", "share", "c1", "c2", "c3", "c4", "c5"],
        at,
        t,
        id="high",
        title=t("High-value inventions"),
        note=t("CNIPA's five criteria. An invention may meet several and counts once."),
        shares=("high_value",),
        saves=saves(at, "views/high_value", region=at["region"], as_of=at["day"]),
    )


def _list(book: Book, at: Address, t: Translator) -> Block:
    filters = at.filters(industry="industry", region="region", right="right", in_force="in_force", office="office")
    return first_rows(
        book,
        "patents",
        [
            "patent",
            "right",
            "industry",
            "region",
            "office",
            "filed_on",
            "granted_on",
            "term_ends_on",
            "in_force",
            "encumbered",
        ],
        at,
        t,
        id="list",
        title=t("Granted patents"),
        basis=at.basis,
        filters=filters,
        sort=[at["sort"] or "-granted_on"],
        note=t("Newest grants first, unless you choose another order."),
        sortable=True,
        saves=saves(
            at,
            "views/patents",
            industry=at["industry"],
            region=at["region"],
            right=at["right"],
            in_force=at["in_force"],
            as_of=at["day"],
        ),
    )
