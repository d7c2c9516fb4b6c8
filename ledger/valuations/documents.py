"""Facts about a patent before a position of the log: right, office, family, owners, words, whether it is in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.posting import rows
from ledger.posting.cells import Basis
from ledger.posting.entity import Entity
from ledger.posting.facts import Facts
from ledger.posting.life import Step
from ledger.valuations.journal import Journal
from ledger.valuations.nearness import words_of
from schemas.events import FILED, GRANTED, PUBLISHED

PATENT_TOPIC = "ip.patent.v1"
_BEST = (GRANTED, PUBLISHED, FILED)


class Bibliography(NamedTuple):
    """The bibliography of an asset. `right` is 0 if neither the log nor the caller knows it."""

    right: int
    office: str
    family: str | None = None
    owners: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()


class Documents:
    """The patents of a journal, at its position."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: dict[str, Bibliography | None] = {}

    def forget(self, patents: set[str]) -> None:
        """Read these patents again, after the journal has moved."""
        for patent in patents & self._known.keys():
            del self._known[patent]

    def of(self, asset: str, right: int) -> Bibliography:
        """Return the log's knowledge of an asset; if it has none, the given right, and the office that its id begins
        with."""
        if asset not in self._known:
            self._known[asset] = _document([*self.entity(asset).remaining()])
        return self._known[asset] or Bibliography(right, asset[:2])

    def entity(self, asset: str) -> Entity:
        """Return a patent as it was."""
        return self._journal.entity(PATENT_TOPIC, asset)

    def in_force(self, asset: str, day: int) -> bool:
        """Return False if a grant has ceased, was invalidated or has expired on a day. An application, and an asset
        that the log does not know, may be in force."""
        for _, basis, row in self.entity(asset).state().rows:
            if isinstance(row, rows.PatentRow) and basis & Basis.CORRECTED and row.since <= day < row.until:
                return all(end is None or day < end for end in (row.ended_on, row.term_end))
        return True


def _document(steps: list[Step]) -> Bibliography | None:
    first = {step.family: step for step in reversed(steps)}  # a second grant has no effect
    found = [first[family].facts for family in _BEST if family in first]
    if not found:
        return None
    best = found[0]
    title, family = (next((facts[name] for facts in found if name in facts), None) for name in ("title", "family_id"))
    ipc, cpc = (next((tuple(facts[name]) for facts in found if name in facts), ()) for name in ("ipc", "cpc"))
    parties = [party for facts in found for name in ("applicants", "assignees") for party in facts.get(name, ())]
    return Bibliography(best["right"], best["office"], family, party_names(parties), words_of(title, (*ipc, *cpc)), ipc)


def party_names(parties: Iterable[Facts]) -> frozenset[str]:
    """Return the names of parties, without case and superfluous spaces, and their ids."""
    named = [(" ".join(party["name"].upper().split()), party.get("id")) for party in parties]
    return frozenset(name for names in named for name in names if name)
