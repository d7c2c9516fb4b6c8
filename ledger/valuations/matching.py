"""Matches of supply and demand: who may want a patent, and which patents on offer a need may be about.

Each match has its evidence: the citing grant, or the words and symbols that both texts share. Nearness is bm25
(`nearness`); it orders matches, and says nothing about a wish to buy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import cached_property
from typing import Any, Unpack

import orjson

from ledger.book.book import Book
from ledger.posting.cells import NO_RIGHT
from ledger.posting.days import day_number
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice, Relation, ask, chosen_columns, query_sql, relation_of_rows
from ledger.queries.snapshot import read_snapshot
from ledger.queries.view import view
from ledger.valuations.documents import Bibliography, Documents, party_names
from ledger.valuations.journal import Journal
from ledger.valuations.nearness import Index, words_of
from ledger.views.columns import PLACE
from ledger.views.view import Column
from schemas.errors import UsageError
from schemas.ipc import common_spelling

MOST_GRANTS = 5_000
"""The most grants that are compared with a patent: the newest of its first main group."""
MOST_NEEDS = 100
"""The most needs that are matched at once: the newest."""
_SHARED = 12
"""The most shared words that a match names."""
_SYMBOL = re.compile("[a-hy][0-9]{2}[a-z](?:[0-9]{4}(?:[0-9]{6})?)?").fullmatch
"""A symbol of the IPC or CPC, its main group or its subclass, as a word of an index."""
_COMMON = frozenset(("a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"))
"""Words that are not evidence of a common subject."""
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
    Column("shared", "text", "symbols and words that both share, the most specific first, separated by commas"),
    Column("day", "date", "day of the grant, the need or the offer"),
    *(column._replace(form="") for column in PLACE),
)
"""Their values are rendered, and names of parties hidden, before they are joined."""
_MATCHES = relation_of_rows("The answer of match", MATCH_COLUMNS)


class NothingToMatch(UsageError):
    """{subject!r} is not a patent in the book, nor a need or open licence on {day}. `ip-ledger view needs` and
    `ip-ledger view offers` list those."""


class _Texts:
    """Texts to compare, by the rows that they stand for: their words, in one index."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], words: Iterable[Sequence[str]]) -> None:
        self._rows, self._words = rows, [*words]
        self._index = Index(self._words, padded=True)

    def nearest(self, words: Sequence[str], most: int | None = None) -> Iterator[tuple[Mapping[str, Any], int, str]]:
        """Yield the nearest rows, with score and shared words; of equally near ones the first."""
        asked = [word for word in words if word not in _COMMON]
        scores = self._index.scores(asked)
        for number in sorted(scores, key=lambda number: (-scores[number], number))[:most]:
            yield self._rows[number], scores[number], _evidence({*asked} & {*self._words[number]})

    def close(self) -> None:
        """Free the memory of the index."""
        self._index.close()


def matches(book: Book, subject: str, *, as_of: date | None = None, most: int = 20, **choice: Unpack[Choice]) -> Answer:
    """Return the matches of a need (without a subject: of the newest MOST_NEEDS), of an open licence or of a patent:
    the citing owners first, then the nearest, of each sort at most `most`. Raise NothingToMatch, and the errors of
    `view` and `ask`."""
    with read_snapshot(book) as state, closing(_Market(book, as_of, most)) as market:
        asked = [row for row in market.needs if subject in ("", row["need"])]
        if asked or not subject:
            newest = sorted(asked, key=lambda row: row["published_on"], reverse=True)[:MOST_NEEDS]
            rows = [row for need in newest for row in market.offers_for(need)]
        else:
            offered = [row["patent"] for row in market.offers if subject in (row["offer"], row["patent"])]
            patents = [*dict.fromkeys(offered)] or [subject]
            rows = [row for patent in patents for row in market.wanting(patent)]
            if not rows and not offered and not market.words_of(subject):
                raise NothingToMatch(subject=subject, day=market.day)
        shown = ask(book, _MATCHES, {"rows": orjson.dumps(rows).decode()}, choice)
    return Answer(state, chosen_columns(_MATCHES, choice), shown, {"as_of": market.as_of})


class _Market:
    """The needs and offers of a day. Patents that several of them are compared with are read once."""

    def __init__(self, book: Book, as_of: date | None, most: int) -> None:
        self._book, self._most = book, most
        needs = view(book, "needs", as_of=as_of)
        self.day, self.as_of = needs.as_of, needs.terms["as_of"]
        self.needs = needs.shown_as_dicts()
        self.offers = view(book, "offers", as_of=self.day).shown_as_dicts()
        journal = Journal(book)
        journal.move(book.next_offsets(), ())
        self._documents = Documents(journal)
        self._groups: dict[str, Sequence[Mapping[str, Any]]] = {}

    def close(self) -> None:
        """Free the memory of its indexes."""
        for name in ("_sought", "_offered"):
            if name in self.__dict__:
                self.__dict__[name].close()

    def words_of(self, patent: str) -> tuple[str, ...]:
        """Return the words of a patent; none if the book does not know it."""
        return self._documents.of(patent, NO_RIGHT).words

    def offers_for(self, need: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Yield the patents on offer that are nearest to a need."""
        for offer, score, shared in self._offered.nearest(_words_of_need(need), self._most):
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

    def wanting(self, patent: str) -> Iterator[tuple[Any, ...]]:
        """Yield owners of grants that cite a patent, needs near to it, and owners of grants near to it."""
        cited = view(self._book, "prospects", as_of=self.day, filters=[f"patent={patent}"], limit=self._most)
        for row in cited.shown_as_dicts():
            yield ("citation", row["prospect"], patent, row["grant_id"], None, None, row["cited_on"], *_place(row))
        document = self._documents.of(patent, NO_RIGHT)
        for need, score, shared in self._sought.nearest(document.words, self._most):
            yield ("need", need["seeker"], patent, need["need"], score, shared, need["published_on"], *_place(need))
        if document.ipc:
            yield from self._near_owners(patent, document)

    def _near_owners(self, patent: str, document: Bibliography) -> Iterator[tuple[Any, ...]]:
        """Yield the owners of the grants that are nearest to a patent, each once, among the newest of its first main
        group."""
        found, known = 0, document.owners
        rows = [row for row in self._group(document.ipc[0][:8]) if row["grant_id"] != patent]
        with closing(_Texts(rows, (self.words_of(row["grant_id"]) for row in rows))) as texts:
            for grant, score, shared in texts.nearest(document.words):
                for party in json.loads(grant["owners"]):
                    names = party_names([party])
                    if found < self._most and not names & known:
                        found, known = found + 1, known | names
                        name = self._book.mask.pseudonym(party["name"]) if self._book.mask else party["name"]
                        yield ("grant", name, patent, grant["grant_id"], score, shared, grant["day"], *_place(grant))

    def _group(self, group: str) -> Sequence[Mapping[str, Any]]:
        if group not in self._groups:
            values = {"group": group, "as_of": self.day and day_number(self.day), "most": MOST_GRANTS}
            rows = ask(self._book, _GRANTS, values, {})
            self._groups[group] = [dict(zip(_NAMES, row, strict=True)) for row in rows]
        return self._groups[group]

    @cached_property
    def _sought(self) -> _Texts:
        return _Texts(self.needs, map(_words_of_need, self.needs))

    @cached_property
    def _offered(self) -> _Texts:
        return _Texts(self.offers, (self.words_of(row["patent"]) for row in self.offers))


def _evidence(words: Iterable[str]) -> str:
    """Return shared words as people write them: symbols in their common spelling, without the groups above them."""
    symbols = sorted(filter(_SYMBOL, words), reverse=True)
    specific = [one for one in symbols if not any(other != one and other.startswith(one) for other in symbols)]
    plain = sorted({*words} - {*symbols}, key=lambda word: (-len(word), word))
    return ", ".join([*map(_spelled, specific), *plain][:_SHARED])


def _spelled(symbol: str) -> str:
    subclass, group = symbol[:4].upper(), symbol[4:8].lstrip("0")
    return common_spelling(symbol.upper()) if len(symbol) > len("h01m0010") else f"{subclass} {group}".rstrip()


def _words_of_need(need: Mapping[str, Any]) -> tuple[str, ...]:
    return words_of(need["text"], (need["codes"] or "").split())


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["topic"], row["partition"], row["offset"]
