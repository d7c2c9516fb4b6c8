"""The life of a patent, on tracks of their own: its filing, its publication, the right, preservations, challenges."""

from __future__ import annotations

from typing import ClassVar

from ledger.posting.cells import Kind, Lines
from ledger.posting.life import START, Life, Moves, NoEffect, Step, Track, in_turn, missing, never
from ledger.posting.pool import single
from schemas.events import CEASED, FILED, GRANTED, INVALIDATED, PUBLISHED, RESTORED

FILING = Track("filing", {START: {"patent.filed": "filed"}, "filed": {"patent.filed": never("second_filing")}})
PUBLICATION = Track(
    "publication",
    {START: {"patent.published": "published"}, "published": {"patent.published": never("second_publication")}},
)

_UNTIL_GRANTED = missing("grant")
_TWICE = never("second_grant")
_AFTER = never("after_invalidation")
RIGHT = Track(
    "right",
    {
        START: {
            "patent.granted": "in force",
            "patent.ceased": _UNTIL_GRANTED,
            "patent.restored": _UNTIL_GRANTED,
            "patent.invalidated partial": _UNTIL_GRANTED,
            "patent.invalidated full": _UNTIL_GRANTED,
            "patent.term_adjusted": _UNTIL_GRANTED,
        },
        "in force": {
            "patent.granted": _TWICE,
            "patent.ceased": "ceased",
            "patent.restored": missing("cessation"),
            "patent.invalidated partial": "in force",
            "patent.invalidated full": "invalid",
            "patent.term_adjusted": "in force",
        },
        "ceased": {
            "patent.granted": _TWICE,
            "patent.ceased": never("already_ceased"),
            "patent.restored": "restored",
            "patent.invalidated partial": "ceased",
            "patent.invalidated full": "invalid",
            "patent.term_adjusted": "ceased",
        },
        # Not "in force" again: a restoration said twice must not wait and undo the next cessation.
        "restored": {
            "patent.granted": _TWICE,
            "patent.ceased": "ceased",
            "patent.restored": never("already_restored"),
            "patent.invalidated partial": "restored",
            "patent.invalidated full": "invalid",
            "patent.term_adjusted": "restored",
        },
        "invalid": {
            "patent.granted": _TWICE,
            "patent.ceased": _AFTER,
            "patent.restored": _AFTER,
            "patent.invalidated partial": _AFTER,
            "patent.invalidated full": _AFTER,
            "patent.term_adjusted": _AFTER,
        },
    },
)
PRESERVATION = Track(
    "preservation",
    {
        START: {"patent.preserved": "preserved", "patent.discharged": missing("preservation")},
        # Courts preserve one after the other: the second preservation holds when the first is discharged.
        "preserved": {"patent.preserved": in_turn("already_preserved"), "patent.discharged": "discharged"},
        "discharged": {"patent.preserved": "preserved", "patent.discharged": never("already_discharged")},
    },
)
CHALLENGE = Track(
    "challenge",
    {
        START: {"patent.challenged": "challenged", "patent.upheld": missing("challenge")},
        "challenged": {"patent.challenged": "challenged", "patent.upheld": "upheld"},
        "upheld": {"patent.challenged": "challenged", "patent.upheld": never("already_upheld")},
    },
)
RECORD = Track("record", {START: {"patent.fee_paid": START, "patent.awarded": START, "patent.tagged": START}})

_DOCUMENTS = {GRANTED: Kind.GRANTS, FILED: Kind.FILINGS, PUBLISHED: Kind.PUBLICATIONS}


class PatentLife(Life):
    """A patent on one basis. A cessation that was restored never was; a full invalidation ends the right for good.

    What cannot be known of one patent alone (who owns it, its family, its pledges) is a matter of views.
    """

    tracks = (FILING, PUBLICATION, RIGHT, PRESERVATION, CHALLENGE, RECORD)
    besides: ClassVar = {"restored": "a `patent.ceased` that had effect was restored: it never was"}

    def __init__(self) -> None:
        super().__init__()
        self._grant: Step | None = None
        self._cessation: tuple[Step, Lines] | None = None

    def event(self, step: Step) -> str:
        """What the step is called; a partial invalidation is another event than a full one."""
        called = super().event(step)
        return f"{called} {step.facts['extent']}" if step.family == INVALIDATED else called

    def effect(self, step: Step) -> Moves | NoEffect:
        """What one more filing, publication, grant, cessation, ... moves."""
        family, facts = step.family, step.facts
        if family == GRANTED:
            self._grant = step
        if family in _DOCUMENTS:
            return Moves(single(_DOCUMENTS[family], facts, facts["right"]))
        if family == CEASED:
            lines = self._ended(step)
            self._cessation = (step, lines)
            return Moves(lines)
        if family == INVALIDATED and facts["extent"] == "full":
            return Moves({} if self._cessation else self._ended(step))  # it does not end twice
        if family == RESTORED:
            return self._take_back()
        return Moves()

    def _ended(self, step: Step) -> Lines:
        assert self._grant is not None, "what was not granted does not end"
        return single(Kind.CESSATIONS, {**self._grant.facts, **step.facts}, self._grant.facts["right"])

    def _take_back(self) -> Moves:
        assert self._cessation is not None, "what has not ceased is not restored"
        step, lines = self._cessation
        self._cessation = None
        return Moves(
            {cell: (-events, -known, -amount) for cell, (events, known, amount) in lines.items()},
            waiting={step.offset: "restored"},
        )
