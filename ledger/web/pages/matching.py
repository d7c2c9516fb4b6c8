"""Supply and demand: needs and patents on offer, and the matches of one need, one offer or one patent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ledger import queries
from ledger.place import place_of
from ledger.queries import Answer, Book
from ledger.valuations.matching import matches
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import dated, day_filter, region_filter
from ledger.web.pages.lives import life
from ledger.web.pages.parts import Block, FactList, HeaderCell, Link, Table, TableCell, WebPage
from ledger.web.pages.regions import region_label
from ledger.web.pages.tables import NONE, first_rows, saves, spelled_codes
from ledger.web.pages.translator import N, Translator

_MILLION = 1_000_000
MOST = 20
"""Matches of each sort on a page of their own, as in the API."""


def supply_and_demand(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return needs, patents on offer, and the owners of grants that cite those."""
    day = queries.view(book, "needs", as_of=at.day, limit=0).terms["as_of"]
    return WebPage(
        name="matches",
        title=t("Supply and demand"),
        lede=dated(t, N("Needs and patents on offer on {day}. Open one to see its matches, with their evidence."), day),
        blocks=[
            slow.block("needs", t("Needs"), lambda book: _needs(book, at, t)),
            slow.block("offers", t("Patents on offer"), lambda book: _offers(book, at, t)),
            slow.block("prospects", t("Prospects"), lambda book: _prospects(book, at, t)),
        ],
        filters=[region_filter(slow, at, t), day_filter(at, t, day)],
        live=True,
    )


def _needs(book: Book, at: Address, t: Translator) -> Block:
    return first_rows(
        book,
        "needs",
        ["need", "seeker", "text", "codes", "region", "published_on", "valid_to"],
        at,
        t,
        id="needs",
        title=t("Needs"),
        filters=at.filters(region="region"),
        sort=["-published_on"],
        note=t("What somebody looks for, in words and subject codes. The newest first."),
        empty=t("Nobody looks for anything on this day."),
        saves=saves(at, "views/needs", region=at["region"], as_of=at["day"]),
    )


def _offers(book: Book, at: Address, t: Translator) -> Block:
    return first_rows(
        book,
        "offers",
        ["offer", "patent", "patentee", "region", "declared_on", "fee", "amount", "currency", "royalty_bp"],
        at,
        t,
        id="offers",
        title=t("Patents on offer"),
        filters=at.filters(region="region"),
        sort=["-declared_on"],
        note=t("Open licences in force, a patent each. The newest first."),
        empty=t("No patent is open for a licence on this day."),
        saves=saves(at, "views/offers", region=at["region"], as_of=at["day"]),
    )


def _prospects(book: Book, at: Address, t: Translator) -> Block:
    return first_rows(
        book,
        "prospects",
        ["prospect", "patent", "offer", "grant_id", "cited_on"],
        at,
        t,
        id="prospects",
        title=t("Prospects"),
        note=t("Owners of grants that cite a patent on offer. A citation is not a wish for a licence."),
        empty=t("No grant of the book cites a patent on offer."),
        saves=saves(at, "views/prospects", as_of=at["day"]),
    )


def match_page(book: Book, at: Address, t: Translator, slow: Slow, subject: str) -> WebPage:
    """Return the matches of one need, one offer or one patent, and what it is. Raise NoSuchEntity."""
    found = queries.entity(book, subject)
    day = queries.view(book, "needs", as_of=at.day, limit=0).terms["as_of"]
    sought = _first(book, at, "needs", f"need={subject}")
    offered = None if sought else _first(book, at, "offers", f"offer={subject}")
    blocks: list[Block] = []
    lede = t("Who may want it: owners of grants that cite it, needs and grants near to it.")
    if sought:
        lede = t("What somebody looks for, and the patents on offer that are nearest to it.")
        blocks.append(_need_facts(sought, t))
    elif offered:
        blocks.append(_offer_facts(offered, at, t))
    else:
        blocks.append(_patent_facts(found.events, subject, at, t))
    blocks.append(life(found.events, at, t, span=7))
    blocks.append(
        slow.block("matches", t("Matches"), lambda book: matches_table(book, at, t, subject, sought=bool(sought)))
    )
    return WebPage(
        name="match",
        title=subject,
        lede=lede,
        trail=[Link(t("Supply and demand"), at.link("/matches"))],
        blocks=blocks,
        filters=[day_filter(at, t, day)],
        live=True,
    )


def _first(book: Book, at: Address, view: str, only: str) -> Mapping[str, Any] | None:
    return next(iter(queries.view(book, view, as_of=at.day, filters=[only], limit=1).shown_as_dicts()), None)


def _need_facts(need: Mapping[str, Any], t: Translator) -> FactList:
    return FactList(
        id="about",
        title=t("Need"),
        span=5,
        facts=[
            (t("Sought"), TableCell(need["text"])),
            (t("Subject codes"), TableCell(spelled_codes((need["codes"] or "").split()) or "–")),
            (t("Seeker"), TableCell(need["seeker"] or t("not named"))),
            (t("Region"), TableCell(region_label(need["region"], t))),
            (t("Published on"), TableCell(t.day(need["published_on"]))),
            (t("Valid to"), TableCell(t.day(need["valid_to"]) if need["valid_to"] else t("open-ended"))),
        ],
    )


def _offer_facts(offer: Mapping[str, Any], at: Address, t: Translator) -> FactList:
    amount = f"{t.number(offer['amount'])} {offer['currency']}" if offer["amount"] is not None else "–"
    royalty = t.percent(Decimal(offer["royalty_bp"]) / 10_000, 2) if offer["royalty_bp"] is not None else "–"
    return FactList(
        id="about",
        title=t("Open licence"),
        span=5,
        facts=[
            (t("Patent"), TableCell(offer["patent"], at.link(f"/patents/{offer['patent']}"), code=True)),
            (t("Patentee"), TableCell(offer["patentee"] or "–")),
            (t("Region"), TableCell(region_label(offer["region"], t))),
            (t("Declared on"), TableCell(t.day(offer["declared_on"]))),
            (t("Payment"), TableCell(labels.value(offer["fee"] or "–", t))),
            (t("Fixed fee"), TableCell(amount)),
            (t("Running royalty"), TableCell(royalty)),
        ],
    )


def _patent_facts(events: Answer, subject: str, at: Address, t: Translator) -> FactList:
    stated: dict[str, Any] = {}
    for row in events.shown_as_dicts():
        facts = json.loads(row["facts"]) if row["facts"] else {}
        stated = {name: facts[name] for name in ("title", "ipc") if facts.get(name)} | stated
    symbols = spelled_codes(stated.get("ipc", ()))
    return FactList(
        id="about",
        title=t("Patent"),
        span=5,
        facts=[
            (t("Patent"), TableCell(subject, at.link(f"/patents/{subject}"), code=True)),
            (t("Title"), TableCell(stated.get("title", "–"))),
            (t("Subject codes"), TableCell(symbols or "–")),
        ],
    )


def matches_table(
    book: Book, at: Address, t: Translator, subject: str, *, sought: bool = False, most: int = MOST, span: int = 12
) -> Block:
    """Return the matches of a subject, with the evidence of each. Raise NothingToMatch."""
    answer = matches(book, subject, as_of=at.day, most=most)
    rows = answer.shown_as_dicts()
    best = max((row["score"] for row in rows if row["score"] is not None), default=0)
    words = (t("Evidence"), t("Patentee") if sought else t("Who"), t("Patent"), t("Found in"), t("Nearness"), t("Day"))
    return Table(
        id="matches",
        title=t("Matches"),
        note=t("Nearness orders matches; it is not a wish to buy. Words and symbols that both share are its evidence."),
        span=span,
        heads=[HeaderCell(word, index == 4) for index, word in enumerate(words)],
        rows=[_match(row, best, at, t) for row in rows],
        empty=t("Nothing matches on this day."),
        link=Link(t("All matches"), at.link(f"/matches/{subject}")) if most < MOST else None,
        saves=saves(at, "matches", id=subject, as_of=at["day"]),
    )


def _match(row: Mapping[str, Any], best: int, at: Address, t: Translator) -> list[TableCell]:
    page = "/matches/" if row["how"] in ("need", "offer") else "/patents/"
    score = row["score"]
    nearness = NONE if score is None else TableCell(t.number(Decimal(score) / _MILLION, 1), share=score / best)
    return [
        TableCell(labels.value(f"match_{row['how']}", t), note=row["shared"] or ""),
        TableCell(row["party"] or t("not named")),
        TableCell(row["patent"], at.link(f"/patents/{row['patent']}"), code=True),
        TableCell(row["found"], at.link(page + row["found"]), code=True),
        nearness,
        TableCell(t.day(row["day"]), at.link(f"/events/{place_of(row)}")),
    ]
