"""Industries: the matrix of industry and year, one industry, and the events behind a cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from ledger import queries
from ledger.place import place_of
from ledger.proof.audit_file import audit_path
from ledger.queries import Answer, Book
from ledger.views import VIEWS
from ledger.web.pages import labels
from ledger.web.pages.address import SOME_ROWS, Address, BadAddress
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import (
    COUNTED,
    KINDS_SHOWN,
    basis_filter,
    currency_filter,
    industry_filter,
    kind_filter,
    region_filter,
    right_filter,
)
from ledger.web.pages.drawing import change, series, sparkline, step
from ledger.web.pages.event_words import event_label
from ledger.web.pages.parts import (
    Chart,
    FigureCard,
    FilterField,
    HeaderCell,
    Heat,
    KeyFigures,
    Link,
    Table,
    TableCell,
    WebPage,
)
from ledger.web.pages.regions import region_label
from ledger.web.pages.tables import more, saves, table
from ledger.web.pages.tracing import moved_totals
from ledger.web.pages.translator import Translator
from schemas.industry import INDUSTRIES

_YEARS = 16
SHOWN = [code for code in INDUSTRIES if code != "ALL"]
Cells = dict[tuple[str, int], Any]


def _kind_of(at: Address) -> str:
    """Return the kind of total that the address names; pledges unless it does. Raise BadAddress."""
    kind = at["kind"] or "pledges"
    if kind not in KINDS_SHOWN:
        raise BadAddress(name="kind", value=kind, hint=f"It is one of {', '.join(KINDS_SHOWN)}.")
    return kind


def industries_page(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the matrix of industry and year for a kind of total: an amount in one currency, or a count."""
    kind = _kind_of(at)
    found, whole = _totals(book, at, kind, ("industry", "year")), _totals(book, at, kind, ("year",))
    currencies = _currencies(whole)
    counted = kind in COUNTED or not currencies
    currency = None if counted else at["currency"] or currencies[0]
    cells = _cells(found, currency)
    total = {year: value for (_, year), value in _cells(whole, currency).items()}
    return WebPage(
        name="industries",
        title=t("Industry × year"),
        lede=t("{kind} by industry and year. Open a cell to see the events behind it.", kind=labels.value(kind, t)),
        blocks=[_matrix(at, t, kind, currency, cells, total), _stacked(at, t, kind, currency, cells)],
        filters=[
            kind_filter(at, t, kind),
            *([] if counted else [currency_filter(at, t, currency, [code for code in currencies if code != currency])]),
            region_filter(slow, at, t),
            right_filter(at, t),
            basis_filter(at, t),
        ],
        live=True,
    )


def _totals(book: Book, at: Address, kind: str, by: tuple[str, ...]) -> Answer:
    filters = at.filters(region="region", right="right")
    return queries.totals(book, kind, by, basis=at.basis, filters=filters)


def _currencies(whole: Answer) -> list[str]:
    """Return the currencies of the amounts, most events first."""
    counts: dict[str, int] = defaultdict(int)
    for row in whole.shown_as_dicts():
        if row["currency"] and row["with_amount"]:
            counts[row["currency"]] += row["with_amount"]
    return sorted(counts, key=lambda code: (-counts[code], code))


def _cells(answer: Answer, currency: str | None) -> Cells:
    """Return (industry, year) -> amount in the currency; without one, the count over all currencies."""
    cells: Cells = {}
    for row in answer.rows_as_dicts():
        key = (row.get("industry", "ALL"), row["year"])
        if currency is None:
            cells[key] = cells.get(key, 0) + row["events"]
        elif row["currency"] == currency:
            cells[key] = row["amount"]
    return cells


def _matrix(
    at: Address, t: Translator, kind: str, currency: str | None, cells: Cells, total: Mapping[int, Any]
) -> Heat:
    years = sorted(total)[-_YEARS:]
    largest = max((cells.get((code, year)) or 0 for code in SHOWN for year in years), default=Decimal(0))

    def one(code: str, year: int) -> tuple[TableCell, int]:
        value = cells.get((code, year))
        if value is None:
            return TableCell("·"), 0
        link = at.link("/events", kind=kind, industry=code, year=year, region=at["region"] or None)
        return TableCell(t.short(value), link), step(value, largest)

    def sum_of(year: int) -> tuple[TableCell, int]:
        if total[year] is None:
            return TableCell("·"), 0
        link = at.link("/events", kind=kind, industry="ALL", year=year, region=at["region"] or None)
        return TableCell(t.short(total[year]), link), 0

    rows = [
        (
            TableCell(labels.industry_label(code, t), at.link(f"/industries/{code}", kind=kind)),
            [one(code, year) for year in years],
        )
        for code in SHOWN
        if any((code, year) in cells for year in years)
    ]
    if rows:
        rows.append((TableCell(t("All industries"), tone="total"), [sum_of(year) for year in years]))
    note = (
        t("Counts of events. An event counts once in each industry that it touches.")
        if currency is None
        else t("Amounts in {currency}; an industry has its share of each event.", currency=currency)
    )
    return Heat(
        id="matrix",
        title=labels.value(kind, t),
        note=note,
        corner=t("Industry"),
        columns=[str(year) for year in years],
        rows=rows,
        legend=(t("less"), t("more")),
        formula=VIEWS["industry_year"].formula,
        saves=saves(at, "views/industry_year", kind=kind, currency=currency),
    )


def _stacked(at: Address, t: Translator, kind: str, currency: str | None, cells: Cells) -> Table:
    years = sorted({year for _, year in cells})[-_YEARS:]
    sums = {code: sum(cells.get((code, year)) or 0 for year in years) for code in SHOWN}
    first = sorted((code for code in SHOWN if sums[code]), key=lambda code: -sums[code])[:7]
    lines = []
    for code in first:
        values = [cells.get((code, year)) for year in years]
        texts = ["–" if value is None else f"{t.number(value)} {currency or ''}".strip() for value in values]
        lines.append(series(labels.industry_label(code, t), values, texts))
    names = [str(year) for year in years]

    return Table(
        id="lines",
        title=t("The seven largest industries"),
        note=t("Side by side, not added: an event may touch several."),
        heads=[HeaderCell(t("Industry")), *(HeaderCell(name, True) for name in names)],
        rows=[
            [
                TableCell(labels.industry_label(code, t), at.link(f"/industries/{code}", kind=kind)),
                *(TableCell("–" if (value := cells.get((code, year))) is None else t.short(value)) for year in years),
            ]
            for code in first
        ],
        empty=t("Nothing here for this selection."),
        chart=Chart("lines-chart", "line", t("The seven largest industries"), names, lines, currency or "", tall=True),
        folded=True,
    )


def industry_page(book: Book, at: Address, t: Translator, slow: Slow, code: str) -> WebPage:
    """Return one industry: its kinds of totals by year. Raise BadAddress."""
    if code not in INDUSTRIES:
        raise BadAddress(name="industry", value=code, hint=f"It is one of {', '.join(INDUSTRIES)}.")
    kind = _kind_of(at)
    grown = queries.growth(book, kind, basis=at.basis, filters=[f"industry={code}"])
    currencies = list(dict.fromkeys(row["currency"] for row in grown.shown_as_dicts() if row["currency"]))
    preferred = "CNY" if "CNY" in currencies else next(iter(currencies), None)
    currency = at["currency"] if at["currency"] in currencies else preferred
    return WebPage(
        name="industry",
        title=labels.industry_label(code, t),
        lede=t("Code {code} of the industry map: derived from the first IPC symbol of each right.", code=code),
        trail=[Link(t("Industry × year"), at.link("/industries", kind=kind))],
        blocks=[
            KeyFigures(id="figures", title=t("Year to date"), figures=_kinds(book, at, t, code)),
            _years(at, t, grown, kind, code, currency),
            _regions(book, at, t, kind, code),
            comparables_page(book, at, t, code),
        ],
        filters=[
            kind_filter(at, t, kind),
            *([currency_filter(at, t, currency, [one for one in currencies if one != currency])] if currency else []),
            basis_filter(at, t),
        ],
        live=True,
    )


def _kinds(book: Book, at: Address, t: Translator, code: str) -> list[FigureCard]:
    figures = []
    for kind in ("pledges", "grants", "valuations", "licences"):
        found = queries.year_to_date(book, kind, at.day, basis=at.basis, filters=[f"industry={code}"])
        row = next(iter(found.rows_as_dicts()), None)
        yearly = queries.growth(book, kind, basis=at.basis, filters=[f"industry={code}"]).rows_as_dicts()
        counts = {one["year"]: one["events"] for one in yearly}
        years = [year for year in sorted(counts) if year < max(counts)][-10:]
        figures.append(
            FigureCard(
                label=labels.value(kind, t),
                value=t.number(row["events"] if row else 0),
                change=change(row["events_growth"], t) if row else None,
                detail=t("{count} in the same period", count=t.number(row["events_before"] if row else 0)),
                spark=sparkline(
                    [counts[year] for year in years],
                    t("{first} to {last}, by year", first=years[0], last=years[-1]),
                )
                if len(years) > 1
                else None,
                href=at.link(kind=kind),
            )
        )
    return figures


def _years(at: Address, t: Translator, grown: Answer, kind: str, code: str, currency: str | None) -> Table:
    rows = [row for row in grown.shown if row[4] == currency]
    found = Answer(grown.state, grown.columns, rows[::-1], grown.terms)
    measure = "amount" if currency else "events"
    dicts = [dict(zip(grown.names, row, strict=True)) for row in rows][-_YEARS:]
    names = [str(row["year"]) for row in dicts]
    texts = [f"{t.number(str(row[measure] or 0))} {currency or ''}".strip() for row in dicts]
    columns = ["year", "events", "events_growth"]
    columns += ["with_amount", "amount", "amount_before", "growth"] if currency else []
    return table(
        found,
        columns,
        at,
        t,
        id="years",
        title=t("{kind} by year", kind=labels.value(kind, t)),
        note=t("Amounts in {currency}.", currency=currency) if currency else "",
        span=8,
        chart=Chart(
            "years-chart",
            "bar",
            labels.value(kind, t),
            names,
            [series(labels.value(kind, t), [row[measure] for row in dicts], texts)],
        ),
        saves=saves(at, "views/industry_year", kind=kind, industry=code),
    )


def _regions(book: Book, at: Address, t: Translator, kind: str, code: str) -> Table:
    answer = queries.totals(
        book, kind, ("region",), basis=at.basis, filters=[f"industry={code}"], sort=["-events"], limit=12
    )
    return table(
        answer,
        ["region", "currency", "events", "amount"],
        at,
        t,
        id="regions",
        title=t("Regions"),
        note=t("All years, by region of the first applicant or pledgor."),
        span=4,
        shares=("events",),
        saves=saves(at, "totals", kind=kind, by="region", industry=code),
    )


def comparables_page(book: Book, at: Address, t: Translator, code: str = "") -> Table:
    """Return the prices of comparable rights, of one industry or all."""
    filters = [f"industry={code}"] if code else at.filters(industry="industry")
    filters += at.filters(currency="currency")
    most = at.most(SOME_ROWS)
    answer = queries.view(
        book, "comparables", basis=at.basis, as_of=at.day, filters=filters, sort=["-contracts"], limit=most + 1
    )
    return table(
        answer,
        [
            "kind",
            *([] if code else ["industry"]),
            "currency",
            "contracts",
            "lower_quartile",
            "median",
            "upper_quartile",
        ],
        at,
        t,
        id="comparables",
        title=t("Prices of comparable rights"),
        note=t("Fixed fees and prices of the last three years, by quartiles."),
        most=most,
        saves=saves(at, "views/comparables", industry=code or at["industry"], as_of=at["day"]),
    )


def events_page(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the events behind a figure: the postings whose sum it is."""
    kind = _kind_of(at)
    filters = [f"kind={kind}", *at.filters(industry="industry", year="year", right="right", currency="currency")]
    filters += at.filters(region="region")
    limit, since = at.rows + 1, at["since"]
    if since:
        answer = queries.moved_by(book, since, basis=at.basis, filters=filters, limit=limit)
    else:
        answer = queries.view(book, "lineage", basis=at.basis, filters=filters, limit=limit)
    parts = [labels.value(kind, t), labels.industry_label(at["industry"] or "ALL", t), at["year"]]
    terms = {name: at[name] for name in ("industry", "year", "region")}
    words = (t("Date"), t("Subject"), t("Event"), t("Region"), t("Right"), t("Events"), t("Amount"))
    return WebPage(
        name="events",
        title=" · ".join(part for part in parts if part),
        lede=t("What moved this figure since then: the sum of these rows, one for each currency.")
        if since
        else t("The events behind this figure. The figure is the sum of these rows, one for each currency."),
        trail=[Link(t("Industry × year"), at.link("/industries", kind=kind))],
        blocks=[
            *([moved_totals(book, at, t, filters)] if since else []),
            Table(
                id="events",
                title=t("Events behind the figure"),
                heads=[HeaderCell(word, index > 4) for index, word in enumerate(words)],
                rows=[_posting(row, at, t) for row in answer.shown_as_dicts()[: at.rows]],
                empty=t("Nothing here for this selection."),
                formula=VIEWS["lineage"].formula,
                more=more(at, t, len(answer.shown) > at.rows),
                saves=[
                    *saves(at, "views/lineage", kind=kind, **terms),
                    *(link._replace(text=t("Trace")) for link in saves(at, "trace", ("json",), kind=kind, **terms)),
                    *_proofs(book, at, t, kind),
                ],
            ),
        ],
        filters=[
            kind_filter(at, t, kind),
            industry_filter(at, t),
            region_filter(slow, at, t),
            right_filter(at, t),
            basis_filter(at, t),
            FilterField("since", t("Moved since"), since),
        ],
    )


def _posting(row: Mapping[str, Any], at: Address, t: Translator) -> list[TableCell]:
    place = place_of(row)
    return [
        TableCell(t.day(row["date"]), at.link(f"/events/{place}")),
        TableCell(row["subject"], subject_link(at, row["topic"], row["subject"]), note=row["source"], code=True),
        TableCell(event_label(row["type"], t), note=t("restated") if row["restated"] else ""),
        TableCell(region_label(row["region"], t)),
        TableCell(labels.value(row["right"] or "–", t)),
        TableCell(t.number(row["events"])),
        TableCell("–" if row["amount"] is None else t.number(row["amount"]), note=row["currency"] or ""),
    ]


def subject_link(at: Address, topic: str, subject: str | None) -> str:
    """Return the link to the page of an entity; empty if it has none of its own."""
    if not subject:
        return ""
    pages = {"ip.pledge.v1": "/pledges/", "ip.patent.v1": "/patents/", "ip.valuation.v1": "/patents/"}
    return at.link(pages.get(topic, "/entities/") + subject)


def _proofs(book: Book, at: Address, t: Translator, kind: str) -> list[Link]:
    """Return the links that download what proves the figure of a page, if there are checkpoints, and it is one that
    they commit to: of a kind and a year, in all regions, for all rights and currencies."""
    asked = {"kind": kind, "year": at["year"], "industry": at["industry"] or "ALL"}
    single = str(asked["year"]).isdigit() and "," not in asked["industry"]
    if not single or any(at[name] for name in ("region", "right", "currency")) or not audit_path(book.path).is_file():
        return []
    query = urlencode(asked)
    return [
        Link(t("Proof"), f"/api/v1/proof?{query}"),
        Link(t("Proof that checks itself"), f"/api/v1/proof.html?{query}"),
    ]
