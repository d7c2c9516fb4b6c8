"""Matches of supply and demand: who may want a patent, and which patents on offer a need may be about.

Each match has its evidence: the citing grant, or the words and symbols that both texts share. Nearness is bm25
(`nearness`); it orders matches, and says nothing about a wish to buy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Unpack

import orjson

from ledger.book.book import Book
from ledger.posting.cells import NO_RIGHT
from ledger.posting.days import day_number
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice, Relation, ask, chosen_columns, query_sql, relation_of_rows
from ledger.queries.snapshot import read_snapshot
from ledger.queries.view import view
from ledger.valuations.documents import Bibliography, Documents, names_of
from ledger.valuations.journal import Journal
from ledger.valuations.nearness import Index, words_of
from ledger.views.columns import PLACE
from ledger.views.view import Column
from schemas.errors import UsageError

MOST_GRANTS = 5_000
"""The most grants that are compared with a patent: the newest of its first main group."""
_SHARED = 12
"""The most shared words that a match names."""
_COMMON = frozenset(("a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"))
"""Words that are no evidence of a common subject."""
_GRANTS = Relation(
    "Near grants",
    (
        Column("grant_id", "text", "a near grant"),
        Column("owners", "text", "its owners, as JSON"),
        Column("day", "date", "its day", "day"),
        *PLACE,
    ),
    query_sql("near_grants"),
)
_NAMES = tuple(column.name for column in _GRANTS.columns)
MATCH_COLUMNS = (
    Column("how", "text", "`citation`: cites the patent; `need`, `grant`, `offer`: shares words and symbols with it"),
    Column("party", "text", "who may want it: owner of the grant, seeker of the need, or patentee of the offer"),
    Column("patent", "text", "the patent of the question, or the patent on offer"),
    Column("found", "text", "the citing or near grant, the need, or the open licence"),
    Column("score", "count", "nearness in millionths; null for a citation"),
    Column("shared", "text", "words and symbols that both share, the longest first"),
    Column("day", "date", "day of the grant, the need or the offer"),
    *PLACE,
)


_MATCHES = relation_of_rows("The answer of match", tuple(column._replace(form="") for column in MATCH_COLUMNS))
"""Its rows are rendered, and names of parties hidden, before they are put together."""


class NothingToMatch(UsageError):
    """{subject!r} is no patent that the book knows, and no need or open licence on {day}. `ip-ledger view needs` and
    `ip-ledger view offers` list those."""


class _Text(NamedTuple):
    """A text to compare: its words, and the row that it stands for."""

    words: tuple[str, ...]
    row: Mapping[str, Any]


def matches(book: Book, subject: str, *, as_of: date | None = None, most: int = 20, **choice: Unpack[Choice]) -> Answer:
    """Return the matches of a need (without a subject: of all), of an open licence or of a patent, the citing owners
    first, then the nearest; of each sort at most `most`. Raise NothingToMatch and the errors of `view` and `ask`."""
    with read_snapshot(book) as state:
        needs = view(book, "needs", as_of=as_of)
        day = needs.as_of
        offers = view(book, "offers", as_of=day)
        documents = _documents(book)
        asked = [row for row in needs.shown_as_dicts() if subject in ("", row["need"])]
        offered = [row for row in offers.shown_as_dicts() if subject in (row["offer"], row["patent"])]
        if asked or not subject:
            on_offer = offers.shown_as_dicts()
            rows = [row for need in asked for row in _offers_for(need, on_offer, documents, most)]
        else:
            patents = [*dict.fromkeys(row["patent"] for row in offered)] or [subject]
            rows = [row for patent in patents for row in _of_patent(book, patent, needs, documents, most)]
            if not rows and not offered and not documents.of(subject, NO_RIGHT).words:
                raise NothingToMatch(subject=subject, day=day)
        shown = ask(book, _MATCHES, {"rows": orjson.dumps(rows).decode()}, choice)
    return Answer(state, chosen_columns(_MATCHES, choice), shown, {"as_of": needs.terms["as_of"]})


def _documents(book: Book) -> Documents:
    journal = Journal(book)
    journal.move(book.next_offsets(), ())
    return Documents(journal)


def _offers_for(
    need: Mapping[str, Any], offers: Sequence[Mapping[str, Any]], documents: Documents, most: int
) -> Iterator[tuple[Any, ...]]:
    """Yield the patents on offer that are nearest to a need."""
    texts = [_Text(documents.of(row["patent"], NO_RIGHT).words, row) for row in offers]
    for text, score, shared in _nearest(_words_of_need(need), texts, most):
        offer = text.row
        yield (
            "offer",
            offer["patentee"],
            offer["patent"],
            offer["offer"],
            score,
            shared,
            offer["declared_on"],
            *_place(offer),
        )


def _of_patent(book: Book, patent: str, needs: Answer, documents: Documents, most: int) -> Iterator[tuple[Any, ...]]:
    """Yield owners of grants that cite a patent, needs near to it, and owners of grants near to it."""
    day = needs.as_of
    cited = view(book, "prospects", as_of=day, filters=[f"patent={patent}"], limit=most)
    for row in cited.shown_as_dicts():
        yield ("citation", row["prospect"], patent, row["grant_id"], None, None, row["cited_on"], *_place(row))
    document = documents.of(patent, NO_RIGHT)
    texts = [_Text(_words_of_need(row), row) for row in needs.shown_as_dicts()]
    for text, score, shared in _nearest(document.words, texts, most):
        need = text.row
        yield ("need", need["seeker"], patent, need["need"], score, shared, need["published_on"], *_place(need))
    if document.ipc:
        yield from _near_owners(book, patent, document, documents, most, day)


def _near_owners(
    book: Book, patent: str, document: Bibliography, documents: Documents, most: int, day: date | None
) -> Iterator[tuple[Any, ...]]:
    """Yield the owners of the grants that are nearest to a patent, each once, among the newest of its first main
    group."""
    values = {"group": document.ipc[0][:8], "as_of": day and day_number(day), "most": MOST_GRANTS, "patent": patent}
    grants = ask(book, _GRANTS, values, {})
    texts = [_Text(documents.of(row[0], NO_RIGHT).words, dict(zip(_NAMES, row, strict=True))) for row in grants]
    found, known = 0, document.owners
    for text, score, shared in _nearest(document.words, texts, len(texts)):
        for party in json.loads(text.row["owners"]):
            names = names_of([party])
            if found < most and not names & known:
                found, known = found + 1, known | names
                grant, on = text.row["grant_id"], text.row["day"]
                name = book.mask.pseudonym(party["name"]) if book.mask else party["name"]
                yield ("grant", name, patent, grant, score, shared, on, *_place(text.row))


def _words_of_need(need: Mapping[str, Any]) -> tuple[str, ...]:
    return words_of(need["text"], (need["codes"] or "").split())


def _nearest(words: Sequence[str], texts: Sequence[_Text], most: int) -> Iterator[tuple[_Text, int, str]]:
    """Yield the nearest texts, with their score and the words that they share; of equally near ones the first."""
    asked = [word for word in words if word not in _COMMON]
    index = Index(text.words for text in texts)
    try:
        scores = index.scores(asked)
    finally:
        index.close()
    for number in sorted(scores, key=lambda number: (-scores[number], number))[:most]:
        shared = sorted({*asked} & {*texts[number].words}, key=lambda word: (-len(word), word))
        yield texts[number], scores[number], " ".join(shared[:_SHARED])


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["topic"], row["partition"], row["offset"]
