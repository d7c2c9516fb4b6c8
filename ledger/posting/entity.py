"""An entity: the accepted events of one subject, and what one more event changes.

The postings of a record are the entity's contribution after it minus its contribution before. Corrections, voids,
late and out-of-order events need no other rule. An original is one more step of the life; only a revision, which
changes an earlier event, replays the corrected life.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ledger.posting.cells import BASES, Basis, Lines, difference
from ledger.posting.deal import DealLife
from ledger.posting.facts import Facts
from ledger.posting.life import Life, Moves, Step, merge_moves, take_all
from ledger.posting.loan import LoanLife
from ledger.posting.packed import is_long, replacement, unpacked
from ledger.posting.patent import PatentLife
from ledger.posting.pct import PctLife
from ledger.posting.pledge import PledgeLife
from ledger.posting.reference import ReferenceLife
from ledger.posting.rows import TABLE_OF, Row
from ledger.posting.sums import Posting
from ledger.posting.trademark import TrademarkLife
from ledger.posting.valuation import ValuationLife
from schemas.events import EVENT_TYPES, Role
from schemas.id_keys import IdKey, id_key

LIVES: dict[str, type[Life]] = {
    "ip.pledge.v1": PledgeLife,
    "ip.patent.v1": PatentLife,
    "ip.valuation.v1": ValuationLife,
    "ip.deal.v1": DealLife,
    "ip.loan.v1": LoanLife,
    "ip.trademark.v1": TrademarkLife,
    "ip.pct.v1": PctLife,
    "ip.reference.v1": ReferenceLife,
}
"""The life cycle of each topic's subjects."""

_FAMILY_AND_ROLE = {t.number: (t.family, int(t.role)) for t in EVENT_TYPES.values()}
_BOTH = Basis.BOTH
_ORIGINAL, _CORRECTED = int(Role.ORIGINAL), int(Role.CORRECTED)

MOST_PARSED = 20_000
"""The most events of a subject whose facts stay parsed while several revisions take them again."""
_Key = tuple[int, str, IdKey]  # family, source, id of an original


class Accepted(NamedTuple):
    """An accepted event, as in the journal; its facts may be packed."""

    offset: int
    type: int
    source: str
    id: IdKey
    hash: bytes
    facts: Facts


Namesake = tuple[int, bytes]
"""(offset, hash) of an accepted event."""


class Amendment(NamedTuple):
    """A corrected original: its day, and the offset of the correction that has its facts."""

    occurred_on: int
    corrected_by: int


class Effect(NamedTuple):
    """The effect of one more event: signed lines to totals, events without effect, and revised originals.

    no_effect: (offset, basis) -> why that event has no effect on that basis, None if it now has.
    revised: offset of an original with a revision -> its amendment, None if it is voided.
    """

    postings: list[Posting]
    no_effect: dict[tuple[int, int], str | None]
    revised: dict[int, Amendment | None] = {}  # noqa: RUF012 - never changed in place


class EntityState(NamedTuple):
    """The state of an entity: its rows, each as (table, basis, row), and its stock on each basis."""

    rows: list[tuple[str, int, Row]]
    stock: list[Posting]


class Entity:
    """The events of one subject in log order, and its life on both bases: one shared life until the first revision.

    It holds the facts of each original and of its last revision only, so memory grows with originals; those of earlier
    events stay packed.
    """

    def __init__(self, topic: str, subject: str, events: Iterable[Accepted] = ()) -> None:
        self._topic, self._subject = topic, subject
        self._known: dict[tuple[str, IdKey], Namesake] = {}
        self._originals: dict[_Key, Step] = {}
        self._revisions: dict[_Key, list[Accepted]] = {}
        self.first = -1
        """The offset of its first accepted event, its key in the book; -1 before the first event."""
        self.long_facts = False
        """True if an event has facts of more than `packed.LONG` bytes."""
        self._parsed = False
        self.retaken = 0
        """The number of steps taken again because of revisions."""
        for event in events:
            key, step = self._note(event)
            if step is None:
                self._add_revision(key, event)
        self._recorded = self._corrected = self._new_life()
        self._moves: list[Moves] = []
        """The moves of the corrected life so far."""
        if self._originals:
            self._moves = [take_all(self._recorded, self._originals.values())]
        if self._revisions:
            self._replay_corrected()

    def existing(self, source: str, event_id: IdKey) -> Namesake | None:
        """Return the accepted event with this source and id, or None."""
        return self._known.get((source, event_id))

    def accept(self, event: Accepted) -> Effect:
        """Add one event, with a higher offset than all before it, and return its effect."""
        key, step = self._note(event)
        if step is None:
            return self._revise(key, event)
        moves = self._recorded.take(step)
        if not self._revisions:
            self._moves.append(moves)
            return _on_both(moves)
        revisions = self._revisions.get(key, [])
        remaining = _corrected(step, revisions)
        corrected = self._corrected.take(remaining) if remaining else Moves()
        self._moves.append(corrected)
        effect = _on_each(moves, corrected)
        if not revisions:
            return effect
        effect.no_effect.update({(revision.offset, Basis.CORRECTED): None for revision in revisions})
        return effect._replace(revised={step.offset: _amendment(remaining, revisions)})

    def state(self) -> EntityState:
        """Return the entity's present state, each row once."""
        if not self._revisions:
            shared = [*self._recorded.state_rows()]
            stock = self._recorded.stock(shared)
            return EntityState([(TABLE_OF[type(row)], _BOTH, row) for row in shared], _on(_BOTH, stock))
        recorded, corrected = ([*life.state_rows()] for life in (self._recorded, self._corrected))
        both = {(type(row), row) for row in recorded}.intersection((type(row), row) for row in corrected)
        rows = [(TABLE_OF[type(row)], _BOTH, row) for row in recorded if (type(row), row) in both]
        for basis, on_one in ((Basis.RECORDED, recorded), (Basis.CORRECTED, corrected)):
            rows += [(TABLE_OF[type(row)], basis, row) for row in on_one if (type(row), row) not in both]
        return EntityState(rows, _merged(self._recorded.stock(recorded), self._corrected.stock(corrected)))

    def remaining(self) -> Iterator[Step]:
        """Yield the originals that count as corrected, in log order, with their facts."""
        return (step._replace(facts=unpacked(step.facts)) for step in self._remaining())

    def _remaining(self) -> Iterator[Step]:
        for key, step in self._originals.items():
            remaining = _corrected(step, self._revisions.get(key, []))
            if remaining:
                yield remaining

    def _new_life(self) -> Life:
        life = LIVES[self._topic]()
        life.subject = self._subject
        return life

    def _note(self, event: Accepted) -> tuple[_Key, Step | None]:
        """Register an event. Return the key of the original concerned, and its step; None for a revision."""
        offset, number, source, event_id, hashed, facts = event
        if self.first < 0:
            self.first = offset
        self._known[source, event_id] = (offset, hashed)
        if is_long(facts):
            self.long_facts = True
        family, role = _FAMILY_AND_ROLE[number]
        if role != _ORIGINAL:
            return (family, source, id_key(unpacked(facts)[0])), None
        key = (family, source, event_id)
        step = self._originals[key] = Step(offset, family, facts)
        return key, step

    def _revise(self, key: _Key, event: Accepted) -> Effect:
        """Apply a revision: the recorded life stays, the corrected life is replayed if other events may depend on what
        is revised."""
        parted, original = bool(self._revisions), self._originals.get(key)
        before = original and _corrected(original, self._revisions.get(key, ()))
        self._add_revision(key, event)
        if original is None:
            if not parted:
                self._replay_corrected()
            return Effect([], {(event.offset, Basis.CORRECTED): "target_missing"})
        remaining = _corrected(original, self._revisions[key])
        revised = {original.offset: _amendment(remaining, self._revisions[key])}
        if parted and (moves := self._corrected.replace(before, remaining)) is not None:
            self._moves.append(moves)
            return Effect(_on(Basis.CORRECTED, moves.lines), {}, revised)
        was = merge_moves(self._moves)
        is_now = self._replay_corrected()
        changed = sorted(set(is_now.no_effect.items()) ^ set(was.no_effect.items()))
        return Effect(
            _on(Basis.CORRECTED, difference(is_now.lines, was.lines)),
            {(offset, Basis.CORRECTED): is_now.no_effect.get(offset) for offset, _ in changed},
            revised,
        )

    def _add_revision(self, key: _Key, event: Accepted) -> None:
        revisions = self._revisions.setdefault(key, [])
        if revisions:  # the last one wins
            revisions[-1] = revisions[-1]._replace(facts=None)
        revisions.append(event)

    def _replay_corrected(self) -> Moves:
        self._corrected = self._new_life()
        if not self._parsed and self.retaken and len(self._originals) <= MOST_PARSED:  # this is not the only time
            self._parsed = True
            for key, (offset, family, facts) in self._originals.items():
                if not is_long(facts):
                    self._originals[key] = Step(offset, family, unpacked(facts))
        self.retaken += len(self._originals)
        moves = take_all(self._corrected, self._remaining())
        self._moves = [moves]
        return moves


def _corrected(step: Step, revisions: Sequence[Accepted]) -> Step | None:
    """Return the step after its last revision in the log, or None if that voids it."""
    if not revisions:
        return step
    last = revisions[-1]
    return step._replace(facts=replacement(last.facts)) if _FAMILY_AND_ROLE[last.type][1] == _CORRECTED else None


def _amendment(remaining: Step | None, revisions: Sequence[Accepted]) -> Amendment | None:
    """Return the amendment of an original by its last revision, whose facts remain; None if that voids it."""
    return remaining and Amendment(unpacked(remaining.facts)["occurred_on"], revisions[-1].offset)


def _on(basis: int, lines: Lines) -> list[Posting]:
    return [(basis, cell, amounts) for cell, amounts in lines.items()]


def _on_both(moves: Moves) -> Effect:
    lines, no_effect = moves
    return Effect(
        _on(Basis.BOTH, lines),
        {(offset, basis): reason for offset, reason in no_effect.items() for basis in BASES.values()}
        if no_effect
        else {},
    )


def _on_each(recorded: Moves, corrected: Moves) -> Effect:
    no_effect = {(offset, Basis.RECORDED): reason for offset, reason in recorded.no_effect.items()}
    no_effect |= {(offset, Basis.CORRECTED): reason for offset, reason in corrected.no_effect.items()}
    return Effect(_merged(recorded.lines, corrected.lines), no_effect)


def _merged(recorded: Lines, corrected: Lines) -> list[Posting]:
    """Return one posting where both bases change by the same amounts, else one for each basis that changes."""
    same = {cell: amounts for cell, amounts in recorded.items() if corrected.get(cell) == amounts}
    return [
        *_on(Basis.BOTH, same),
        *_on(Basis.RECORDED, {cell: amounts for cell, amounts in recorded.items() if cell not in same}),
        *_on(Basis.CORRECTED, {cell: amounts for cell, amounts in corrected.items() if cell not in same}),
    ]
