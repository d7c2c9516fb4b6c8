"""Commercialization: the funnel, contracts, prices and royalties."""

from __future__ import annotations

from collections import defaultdict

from ledger import queries
from ledger.queries import Book
from ledger.views import VIEWS
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import basis_filter, industry_filter, purpose_filter, region_filter
from ledger.web.pages.drawing import series
from ledger.web.pages.industries import comparables_page
from ledger.web.pages.parts import Block, Chart, HeaderCell, Table, TableCell, WebPage
from ledger.web.pages.tables import first_rows, saves
from ledger.web.pages.translator import Translator

_KINDS = ("licences", "assignments", "mergers", "open_licences", "open_licence_acceptances")


def commercialization(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the funnel from valuation to contract, licences and assignments by year, and prices."""
    return WebPage(
        name="commercialization",
        title=t("Commercialization"),
        lede=t(
            "From valuation to licence, assignment or pledge; contracts by year of record; prices of comparable rights."
        ),
        blocks=[
            slow.block("stages", t("Funnel"), lambda book: _stages(book, at, t), span=6),
            slow.block("funnel", t("What followed a valuation"), lambda book: _funnel(book, at, t), span=6),
            slow.block("contracts", t("Contracts by year"), lambda book: _contracts(book, at, t)),
            slow.block("transactions", t("Licences and assignments"), lambda book: _transactions(book, at, t)),
            slow.block("comparables", t("Prices of comparable rights"), lambda book: comparables_page(book, at, t)),
            slow.block("royalties", t("Running royalties"), lambda book: _royalties(book, at, t)),
        ],
        filters=[
            purpose_filter(at, t),
            industry_filter(at, t),
            region_filter(slow, at, t),
            basis_filter(at, t),
        ],
        live=True,
    )


def _stages(book: Book, at: Address, t: Translator) -> Block:
    """Return how many assets reached each stage, over all regions and sorts of owners of the selection."""
    filters = at.filters(industry="industry", region="region")
    answer = queries.view(book, "funnel", basis=at.basis, as_of=at.day, filters=filters)
    whole: dict[str, int] = defaultdict(int)
    reached: dict[str, int] = defaultdict(int)
    days: dict[str, float] = defaultdict(float)
    for row in answer.rows_as_dicts():
        stage = row["stage"]
        whole[stage] += row["assets"]
        reached[stage] += row["reached"]
        days[stage] += (row["days"] or 0) * row["reached"]
    return Table(
        id="stages",
        title=t("Funnel"),
        note=t("Assets for which a valuation was requested or completed, and the stages that they reached afterwards."),
        span=6,
        heads=[
            HeaderCell(t("Stage")),
            *(HeaderCell(word, True) for word in (t("Assets"), t("Share"), t("Days, on average"))),
        ],
        rows=[
            [
                TableCell(labels.value(f"stage_{stage}", t)),
                TableCell(t.number(reached[stage]), share=reached[stage] / count if count else 0.0),
                TableCell(t.percent(reached[stage] / count if count else None)),
                TableCell(t.number(str(days[stage] / reached[stage]), 0) if reached[stage] else "–"),
            ]
            for stage, count in whole.items()
        ],
        empty=t("No valuation was requested or completed for this selection."),
        formula=VIEWS["funnel"].formula,
        saves=saves(at, "views/funnel", industry=at["industry"], region=at["region"], as_of=at["day"]),
    )


def _royalties(book: Book, at: Address, t: Translator) -> Block:
    return first_rows(
        book,
        "royalties",
        ["kind", "industry", "base", "contracts", "lower_quartile_bp", "median_bp", "upper_quartile_bp"],
        at,
        t,
        id="royalties",
        title=t("Running royalties"),
        basis=at.basis,
        filters=at.filters(industry="industry"),
        sort=["-contracts"],
        note=t("Of the last three years, by what they are a percentage of; bases are never mixed."),
        empty=t("No contract of the last three years has a running royalty."),
        saves=saves(at, "views/royalties", industry=at["industry"], as_of=at["day"]),
    )


def _funnel(book: Book, at: Address, t: Translator) -> Block:
    answer = queries.view(book, "conversion", basis=at.basis, as_of=at.day, filters=at.filters(purpose="purpose"))
    sums: dict[str, int] = defaultdict(int)
    names = ("patents", "converted", "pledged", "licensed", "assigned")
    for row in answer.rows_as_dicts():
        for name in names:
            sums[name] += row[name]
    words = {
        "patents": t("Valued"),
        "converted": t("Converted in any way"),
        "pledged": t("Pledged"),
        "licensed": t("Licensed"),
        "assigned": t("Assigned"),
    }
    whole = sums["patents"]
    return Table(
        id="funnel",
        title=t("What followed a valuation"),
        note=t("Patents valued for a purpose, and what followed on or after that day. Later years have had less time."),
        span=6,
        heads=[HeaderCell(t("Step")), HeaderCell(t("Patents"), True), HeaderCell(t("Share"), True)],
        rows=[
            [
                TableCell(words[name]),
                TableCell(t.number(sums[name]), share=sums[name] / whole),
                TableCell(t.percent(sums[name] / whole)),
            ]
            for name in names
        ]
        if whole
        else [],
        empty=t("No valued patent for this selection."),
        formula=VIEWS["conversion"].formula,
        saves=saves(at, "views/conversion", purpose=at["purpose"]),
    )


def _contracts(book: Book, at: Address, t: Translator) -> Block:
    industry = at["industry"] or "ALL"
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for kind in ("licences", "assignments", "open_licences"):
        for row in queries.totals(book, kind, ("year", "industry"), filters=[f"industry={industry}"]).rows_as_dicts():
            counts[kind, row["year"]] += row["events"]
    years = sorted({year for _, year in counts})[-16:]
    kinds = [kind for kind in _KINDS if any(key[0] == kind for key in counts)]
    lines = [
        series(
            labels.value(kind, t),
            [counts.get((kind, year), 0) for year in years],
            [t.number(counts.get((kind, year), 0)) for year in years],
        )
        for kind in kinds
    ]
    return Table(
        id="contracts",
        title=t("Contracts by year"),
        note=t("By year of record, in any currency."),
        heads=[HeaderCell(t("Year")), *(HeaderCell(labels.value(kind, t), True) for kind in kinds)],
        rows=[
            [TableCell(str(year)), *(TableCell(t.number(counts.get((kind, year), 0))) for kind in kinds)]
            for year in reversed(years)
        ],
        empty=t("Nothing here for this selection."),
        chart=Chart("contracts-chart", "line", t("Contracts by year"), [str(year) for year in years], lines),
        folded=True,
        saves=saves(at, "views/transactions", industry=industry),
    )


def _transactions(book: Book, at: Address, t: Translator) -> Block:
    filters = [f"industry={at['industry'] or 'ALL'}", *at.filters(region="region", currency="currency", year="year")]
    return first_rows(
        book,
        "transactions",
        ["kind", "year", "region", "contracts", "with_amount", "amount", "currency", "fixed", "royalty", "free"],
        at,
        t,
        id="transactions",
        title=t("Licences and assignments"),
        basis=at.basis,
        filters=filters,
        sort=["-year", "-contracts"],
        note=t("Fixed fees and prices as first recorded; running royalties are in no amount."),
        saves=saves(at, "views/transactions", industry=at["industry"] or "ALL"),
    )
