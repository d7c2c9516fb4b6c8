"""One patent: its score, life, family, citations, burdens, valuations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ledger import queries
from ledger.place import place_of
from ledger.queries import Book, EntityAnswer, NoSuchEntity
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import basis_filter
from ledger.web.pages.lives import life, party_names
from ledger.web.pages.matching import matches_table
from ledger.web.pages.parts import Block, FactList, FigureCard, HeaderCell, KeyFigures, Link, Table, TableCell, WebPage
from ledger.web.pages.readings import readings_table
from ledger.web.pages.regions import region_label
from ledger.web.pages.tables import saves, table
from ledger.web.pages.translator import Translator

WEIGHTS = "ipl-equal-2"
"""The weights of the score that the page takes apart: the ledger's own."""
_FEW = 3
"""Matches of each sort."""
POINT = 10_000
"""Millionths of a point."""


def patent(book: Book, at: Address, t: Translator, slow: Slow, subject: str) -> WebPage:
    """Return one patent. Raise NoSuchEntity."""
    found = queries.entity(book, subject, basis=at.basis)
    if not any(row[0] in ("ip.patent.v1", "ip.valuation.v1") for row in found.events.shown):
        raise NoSuchEntity(subject=subject)
    state, document = _row(found, "patent", -1), _row(found, "document", 0)
    family_id = state.get("family_id") or document.get("family_id")
    return WebPage(
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
            slow.block("readings", t("Readings"), lambda book: readings_table(book, at, t, subject)),
            slow.block("matches", t("Matches"), lambda book: matches_table(book, at, t, subject, most=_FEW)),
        ],
        filters=[basis_filter(at, t)],
        live=True,
    )


def _row(found: EntityAnswer, name: str, index: int) -> Mapping[str, Any]:
    answer = found.tables.get(name)
    return answer.shown_as_dicts()[index] if answer else {}


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
        FigureCard(
            t("State"),
            t("ended") if ended else t("in force") if in_force else t("not in force"),
            detail=t("on {day}", day=t.day(ended)) if ended else t("term ends on {day}", day=t.day(term)),
            tone="good" if in_force else "warn",
        )
    ]
    answer = queries.view(book, "patent_score", basis=at.basis, as_of=at.day, filters=[f"patent={subject}"])
    for row in answer.rows_as_dicts()[:1]:
        figures += [
            _interval(t("Score"), row["low"], row["high"], t, t("A score orders patents; it is not a price.")),
            _interval(t("Legal"), row["legal_low"], row["legal_high"], t, ""),
            _interval(t("Technical"), row["technical_low"], row["technical_high"], t, ""),
            _interval(t("Economic"), row["economic_low"], row["economic_high"], t, ""),
        ]
    return KeyFigures(id="figures", title=t("Score"), figures=figures)


def _interval(label: str, low: int | None, high: int | None, t: Translator, detail: str) -> FigureCard:
    """Return a figure of an interval of millionths, in points of 100."""
    if low is None or high is None:
        return FigureCard(label, "–", detail=detail)
    ends = [t.number(Decimal(end) / POINT, 0) for end in (low, high)]
    return FigureCard(label, "–".join(dict.fromkeys(ends)), t("of 100"), detail=detail)


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
        note=t("Each term is an interval: its ends assume the worst and the best for everything that is not known."),
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
) -> FactList:
    industry = state.get("industry") or document.get("industry")
    return FactList(
        id="bibliography",
        title=t("Bibliography"),
        span=5,
        facts=[
            (t("Applicants"), TableCell(party_names(document.get("applicants"), t))),
            (t("Assignees"), TableCell(party_names(document.get("assignees"), t))),
            (t("Office"), TableCell(state.get("office") or document.get("office") or "–")),
            (
                t("Industry"),
                TableCell(labels.industry_label(industry, t), at.link(f"/industries/{industry}") if industry else ""),
            ),
            (t("Region"), TableCell(region_label(state.get("region") or document.get("region"), t))),
            (t("Filed on"), TableCell(t.day(state.get("filed_on") or document.get("filed_on")))),
            (t("Claims"), TableCell(str(document.get("claims") or "–"))),
            (t("Family"), TableCell(family or "–", code=True)),
            (
                t("Documents"),
                TableCell(t.number(len(found.tables["document"].shown) if "document" in found.tables else 0)),
            ),
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
            TableCell(row["subject"], at.link(f"/patents/{row['subject']}"), code=True),
            TableCell(t("cites this")),
            TableCell(place_of(row), code=True),
        ]
        for row in answer.shown_as_dicts()
        if row["subject"] != subject
    ]
    rows += [
        [TableCell(str(one), code=True), TableCell(t("cited by this")), TableCell("–")] for one in dict.fromkeys(cited)
    ][:50]
    return Table(
        id="citations",
        title=t("Citations"),
        note=t("Patents of the book that cite it within five years of its grant, and what it cites."),
        span=6,
        heads=[HeaderCell(t("Patent")), HeaderCell(t("Relation")), HeaderCell(t("Event"))],
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
