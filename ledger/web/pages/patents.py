"""Patents: granted ones and what is high value; and one patent: family, citations, burdens, valuations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ledger import queries
from ledger.queries import Answer, Book, EntityAnswer, NoSuchEntity
from ledger.web.pages import labels
from ledger.web.pages.address import SOME_ROWS, Address
from ledger.web.pages.beside import Slow
from ledger.web.pages.choosing import (
    basis_filter,
    choices,
    day_filter,
    industry_filter,
    region_filter,
    right_filter,
)
from ledger.web.pages.drawing import change, series, sparkline
from ledger.web.pages.lives import life, parties
from ledger.web.pages.parts import Block, Cell, Chart, Choice, Facts, Figure, Figures, Head, Link, Page, Table
from ledger.web.pages.regions import region
from ledger.web.pages.tables import saves, table
from ledger.web.pages.translator import Translator

WEIGHTS = "ipl-equal-2"
"""The weights of the score that the page takes apart: the ledger's own."""
POINT = 10_000
"""Millionths of a point."""


def patents(book: Book, at: Address, t: Translator, slow: Slow) -> Page:
    """Return grants to date, grants by year, high-value inventions, and the patents of a selection."""
    granted = queries.year_to_date(book, "grants", at.day, basis=at.basis, filters=["industry=ALL"])
    day = granted.terms["as_of"]
    return Page(
        name="patents",
        title=t("Patents"),
        lede=t("Granted patents, their state on {day}, and what makes an invention high value.", day=t.day(day)),
        blocks=[
            Figures(id="figures", title=t("Grants"), figures=_figures(book, at, t, granted)),
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
                "in_force", t("State"), at, [Choice("", t("any")), Choice("1", t("in force")), Choice("0", t("ended"))]
            ),
            day_filter(at, t, day),
            basis_filter(at, t),
        ],
        live=True,
    )


def _figures(book: Book, at: Address, t: Translator, granted: Answer) -> list[Figure]:
    nothing: dict[str, Any] = {"events": 0, "events_before": 0, "events_growth": None}
    row = next(iter(granted.rows_as_dicts()), nothing)
    years = queries.by_year(book, "grants", basis=at.basis).rows_as_dicts()[-11:-1]
    stock = queries.stock_by_industry(book, "patents", at.day, basis=at.basis, filters=["industry=ALL"])
    in_force = sum(one["in_force"] for one in stock.rows_as_dicts())
    ended = queries.year_to_date(book, "cessations", at.day, basis=at.basis, filters=["industry=ALL"]).rows_as_dicts()
    filed = queries.year_to_date(book, "filings", at.day, basis=at.basis, filters=["industry=ALL"]).rows_as_dicts()
    label = t("{first} to {last}, by year", first=years[0]["year"], last=years[-1]["year"]) if years else ""
    figures = [
        Figure(
            t("Granted in the year to date"),
            t.number(row["events"]),
            change=change(row["events_growth"], t),
            beside=t("{count} in the same period", count=t.number(row["events_before"])),
            spark=sparkline([one["events"] for one in years], label),
        ),
        Figure(t("In force"), t.number(in_force), beside=t("all offices and rights")),
    ]
    for name, found in ((t("Applications filed"), filed), (t("Ceased or invalid"), ended)):
        if found:
            figures.append(
                Figure(
                    name,
                    t.number(found[0]["events"]),
                    change=change(found[0]["events_growth"], t),
                    beside=t("{count} in the same period", count=t.number(found[0]["events_before"])),
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
        heads=[Head(t("Year")), *(Head(labels.value(name, t), True) for name in rights)],
        rows=[
            [Cell(str(year)), *(Cell(t.number(counts.get((year, name), 0))) for name in rights)]
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
    answer = queries.view(
        book,
        "patents",
        basis=at.basis,
        as_of=at.day,
        filters=filters,
        sort=[at["sort"] or "-granted_on"],
        limit=at.most(SOME_ROWS) + 1,
    )
    return table(
        answer,
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
        note=t("Newest grants first, unless you choose another order."),
        most=at.most(SOME_ROWS),
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


def patent(book: Book, at: Address, t: Translator, slow: Slow, subject: str) -> Page:
    """Return one patent. Raises NoSuchEntity."""
    found = queries.entity(book, subject, basis=at.basis)
    if not any(row[0] in ("ip.patent.v1", "ip.valuation.v1") for row in found.events.shown):
        raise NoSuchEntity(subject=subject)
    state, document = _row(found, "patent", -1), _row(found, "document", 0)
    family_id = state.get("family_id") or document.get("family_id")
    return Page(
        name="patent",
        title=subject,
        lede=_lede(t, state, document),
        trail=[Link(t("Patents"), at.link("/patents"))],
        blocks=[
            slow.block("figures", t("Score"), lambda book: _score(book, at, t, subject, state)),
            life(found.events, at, t, span=7),
            _bibliography(at, t, found, state, document, family_id),
            *(
                [slow.block("family", t("Family"), lambda book: _family(book, at, t, family_id), span=6)]
                if family_id
                else []
            ),
            slow.block("citations", t("Citations"), lambda book: _citations(book, at, t, found, subject), span=6),
            slow.block("burdens", t("Burdens"), lambda book: _burdens(book, at, t, subject), span=6),
            _valuations(book, at, t, subject),
            slow.block("points", t("Score, point by point"), lambda book: _points(book, at, t, subject), span=6),
        ],
        filters=[basis_filter(at, t)],
        live=True,
    )


def _row(found: EntityAnswer, name: str, place: int) -> Mapping[str, Any]:
    answer = found.tables.get(name)
    return answer.shown_as_dicts()[place] if answer else {}


def _lede(t: Translator, state: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    if not state:
        return t("Not granted on this basis.")
    right = labels.value(state.get("right") or document.get("right") or "–", t)
    return t("{right}, granted on {day}", right=right.capitalize(), day=t.day(state.get("granted_on")))


def _score(book: Book, at: Address, t: Translator, subject: str, state: Mapping[str, Any]) -> Block:
    now = queries.view(book, "patents", basis=at.basis, as_of=at.day, filters=[f"patent={subject}"]).rows_as_dicts()
    in_force = bool(now and now[0]["in_force"])
    ended = now[0]["ended_on"] if now else state.get("ended_on")
    term = now[0]["term_ends_on"] if now else state.get("term_end")
    figures = [
        Figure(
            t("State"),
            t("ended") if ended else t("in force") if in_force else t("not in force"),
            beside=t("on {day}", day=t.day(ended)) if ended else t("term ends on {day}", day=t.day(term)),
            tone="good" if in_force else "warn",
        )
    ]
    answer = queries.view(book, "patent_score", basis=at.basis, as_of=at.day, filters=[f"patent={subject}"])
    for row in answer.rows_as_dicts()[:1]:
        cohort = t("{count} patents in the cohort", count=t.number(row["cohort"] or 0))
        figures += [
            _interval(t("Score"), row["low"], row["high"], t, t("A score orders patents; it is not a price.")),
            _interval(t("Legal"), row["legal_low"], row["legal_high"], t, ""),
            _interval(t("Technical"), row["technical_low"], row["technical_high"], t, cohort),
            _interval(t("Economic"), row["economic_low"], row["economic_high"], t, ""),
        ]
    return Figures(id="figures", title=t("Score"), figures=figures)


def _interval(label: str, low: int | None, high: int | None, t: Translator, beside: str) -> Figure:
    """Return a figure of an interval of millionths, in points of 100."""
    if low is None or high is None:
        return Figure(label, "–", beside=beside)
    ends = [t.number(Decimal(end) / POINT, 0) for end in (low, high)]
    return Figure(label, "–".join(dict.fromkeys(ends)), t("of 100"), beside=beside)


def _points(book: Book, at: Address, t: Translator, subject: str) -> Block:
    answer = queries.view(
        book, "score_points", basis=at.basis, as_of=at.day, filters=[f"patent={subject}", f"weights={WEIGHTS}"]
    )
    return table(
        answer,
        ["term", "sub_index", "value", "weight", "points_low", "points_high"],
        at,
        t,
        id="points",
        title=t("Score, point by point"),
        note=t(
            "Each term gives an interval: its ends are what it would be if all that is not known were worst or best."
        ),
        span=6,
        empty=t("Not granted on this basis."),
        saves=saves(at, "views/score_points", patent=subject, weights=WEIGHTS),
    )


def _bibliography(
    at: Address,
    t: Translator,
    found: EntityAnswer,
    state: Mapping[str, Any],
    document: Mapping[str, Any],
    family: str | None,
) -> Facts:
    industry = state.get("industry") or document.get("industry")
    return Facts(
        id="bibliography",
        title=t("Bibliography"),
        span=5,
        facts=[
            (t("Applicants"), Cell(parties(document.get("applicants"), t))),
            (t("Assignees"), Cell(parties(document.get("assignees"), t))),
            (t("Office"), Cell(state.get("office") or document.get("office") or "–")),
            (t("Industry"), Cell(labels.industry(industry, t), at.link(f"/industries/{industry}") if industry else "")),
            (t("Region"), Cell(region(state.get("region") or document.get("region"), t))),
            (t("Filed on"), Cell(t.day(state.get("filed_on") or document.get("filed_on")))),
            (t("Claims"), Cell(str(document.get("claims") or "–"))),
            (t("Family"), Cell(family or "–", code=True)),
            (t("Documents"), Cell(t.number(len(found.tables["document"].shown) if "document" in found.tables else 0))),
        ],
    )


def _family(book: Book, at: Address, t: Translator, family: str | None) -> Block:
    answer = queries.view(book, "patents", basis=at.basis, as_of=at.day, filters=[f"family_id={family}"], limit=50)
    return table(
        answer,
        ["patent", "office", "granted_on", "in_force"],
        at,
        t,
        id="family",
        title=t("Family"),
        note=t("Granted patents of the same invention, {family}.", family=family or ""),
        span=6,
        saves=saves(at, "views/patents", family_id=family),
    )


def _citations(book: Book, at: Address, t: Translator, found: EntityAnswer, subject: str) -> Block:
    answer = queries.view(
        book, "score_evidence", basis=at.basis, filters=[f"patent={subject}", "term=forward_cites"], limit=50
    )
    citations = found.tables.get("citation")
    cited = [row["id"] for row in citations.shown_as_dicts()] if citations else []
    rows = [
        [
            Cell(row["subject"], at.link(f"/patents/{row['subject']}"), code=True),
            Cell(t("cites this")),
            Cell(f"{row['topic']}:{row['partition']}={row['offset']}", code=True),
        ]
        for row in answer.shown_as_dicts()
        if row["subject"] != subject
    ]
    rows += [[Cell(str(one), code=True), Cell(t("cited by this")), Cell("–")] for one in dict.fromkeys(cited)][:50]
    return Table(
        id="citations",
        title=t("Citations"),
        note=t("Patents of the book that cite it within five years of its grant, and what it cites."),
        span=6,
        heads=[Head(t("Patent")), Head(t("Relation")), Head(t("Event"))],
        rows=rows,
        empty=t("The book knows no citation."),
        saves=saves(at, "views/score_evidence", patent=subject),
    )


def _burdens(book: Book, at: Address, t: Translator, subject: str) -> Block:
    answer = queries.view(book, "encumbered", basis=at.basis, as_of=at.day, filters=[f"id={subject}"])
    return table(
        answer,
        ["pledge", "since", "debt_to", "pledges"],
        at,
        t,
        id="burdens",
        title=t("Burdens"),
        note=t("Pledges in force with this right. More than one: a registration should have been refused (R9)."),
        span=6,
        empty=t("No pledge in force has this right."),
        saves=saves(at, "views/encumbered", id=subject),
    )


def _valuations(book: Book, at: Address, t: Translator, subject: str) -> Table:
    answer = queries.view(
        book, "valuations", basis=at.basis, as_of=at.day, filters=[f"subject={subject}"], sort=["-as_of"], limit=50
    )
    return table(
        answer,
        ["as_of", "purpose", "method", "low", "mid", "high", "currency"],
        at,
        t,
        id="valuations",
        title=t("Valuations"),
        note=t("An appraised value is neither a debt nor a loan."),
        span=6,
        empty=t("Nobody published a valuation of this right."),
        saves=saves(at, "views/valuations", subject=subject),
    )
