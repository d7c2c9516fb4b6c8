"""An entity: the accepted events of one subject, and what one more event changes.

The postings of a record are what the entity contributes after it minus what it contributed before. Corrections,
voids, late and out-of-order events need no other rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ledger.posting.cells import Basis, Cell, Lines, Measure, difference
from ledger.posting.facts import Facts
from ledger.posting.life import Contribution, Step
from ledger.posting.patent import fold_patent
from ledger.posting.pledge import fold_pledge
from schemas.events import CANCELLED, EVENT_TYPES, GRANTED, MODIFIED, REGISTERED, Role

FOLDS: dict[int, Callable[[Sequence[Step]], Contribution]] = {
    GRANTED: fold_patent,
    REGISTERED: fold_pledge,
    MODIFIED: fold_pledge,
    CANCELLED: fold_pledge,
}
_FAMILY_AND_ROLE = {t.number: (t.family, t.role) for t in EVENT_TYPES.values()}


_Key = tuple[int, str, str]  # family, source, id: what a follow-up names


class Accepted(NamedTuple):
    """An accepted event, as the journal keeps it. `id` is the key that ids are compared by."""

    offset: int
    type: int
    source: str
    id: str
    hash: bytes
    facts: Facts


Posting = tuple[int, Cell, Measure]
"""(basis, cell, measure): one signed line that a record adds to a total, on one basis or on both."""


class Waiting(NamedTuple):
    """An event without effect on one basis, and why."""

    offset: int
    basis: int
    reason: str


class Effect(NamedTuple):
    """What one more event does: signed lines to totals and to the stock, events that wait now and that no longer do."""

    postings: list[Posting]
    stock: list[Posting]
    waiting: list[Waiting]
    released: list[Waiting]


class _Both(NamedTuple):
    recorded: Contribution
    corrected: Contribution


_NOTHING = _Both(*[Contribution()] * 2)


class Entity:
    """The events of one subject in log order. Both bases are folded anew after each event."""

    def __init__(self, events: Sequence[Accepted] = ()) -> None:
        self._events = {(event.source, event.id): event for event in events}
        self._contributed = _contribution(events) if events else _NOTHING

    def namesake(self, source: str, id_key: str) -> Accepted | None:
        """The accepted event with this source and id, if there is one."""
        return self._events.get((source, id_key))

    def accept(self, event: Accepted) -> Effect:
        """Take one more event in; its offset is above all before it."""
        before = self._contributed
        self._events[event.source, event.id] = event
        after = self._contributed = _contribution(self._events.values())
        (was, was_corrected), (is_now, is_now_corrected) = before, after
        if was is was_corrected and is_now is is_now_corrected:
            postings = _on_both(difference(is_now.lines, was.lines))
            stock = _on_both(difference(is_now.stock, was.stock))
        else:
            postings = _on_each(
                difference(is_now.lines, was.lines), difference(is_now_corrected.lines, was_corrected.lines)
            )
            stock = _on_each(
                difference(is_now.stock, was.stock), difference(is_now_corrected.stock, was_corrected.stock)
            )
        return Effect(postings, stock, *_waiting(before, after))


def _contribution(events: Iterable[Accepted]) -> _Both:
    originals: dict[_Key, Step] = {}
    follow_ups: dict[_Key, Accepted] = {}  # the last in the log wins
    targets: dict[int, _Key] = {}
    for event in events:
        family, role = _FAMILY_AND_ROLE[event.type]
        if role == Role.ORIGINAL:
            originals[family, event.source, event.id] = Step(event.offset, family, event.facts)
        else:
            target = targets[event.offset] = (family, event.source, event.facts[0])
            follow_ups[target] = event
    recorded = _fold(list(originals.values()))
    if not follow_ups:
        return _Both(recorded, recorded)
    remaining = []
    for key, step in originals.items():
        follow_up = follow_ups.get(key)
        if follow_up is None:
            remaining.append(step)
        elif _FAMILY_AND_ROLE[follow_up.type][1] == Role.CORRECTED:
            remaining.append(step._replace(facts=follow_up.facts[1]))
    corrected = _fold(remaining)
    lost = {offset: "target_missing" for offset, target in targets.items() if target not in originals}
    return _Both(recorded, corrected._replace(unmatched=corrected.unmatched | lost))


def _fold(steps: Sequence[Step]) -> Contribution:
    return FOLDS[steps[0].family](steps) if steps else Contribution()


def _on_both(moved: Lines) -> list[Posting]:
    return [(Basis.BOTH, cell, measure) for cell, measure in moved.items()]


def _on_each(recorded: Lines, corrected: Lines) -> list[Posting]:
    """One posting where both bases moved by the same, else one for each that moved."""
    postings: list[Posting] = []
    for cell in sorted(recorded.keys() | corrected.keys()):
        as_recorded, as_corrected = recorded.get(cell), corrected.get(cell)
        if as_recorded == as_corrected and as_recorded is not None:
            postings.append((Basis.BOTH, cell, as_recorded))
            continue
        if as_recorded is not None:
            postings.append((Basis.RECORDED, cell, as_recorded))
        if as_corrected is not None:
            postings.append((Basis.CORRECTED, cell, as_corrected))
    return postings


def _waiting(before: _Both, after: _Both) -> tuple[list[Waiting], list[Waiting]]:
    then, now = _reasons(before), _reasons(after)
    if then == now:
        return [], []
    return sorted(now - then), sorted(then - now)


def _reasons(both: _Both) -> set[Waiting]:
    if not (both.recorded.unmatched or both.corrected.unmatched):
        return set()
    return {
        Waiting(offset, basis, reason)
        for basis, contribution in ((Basis.RECORDED, both.recorded), (Basis.CORRECTED, both.corrected))
        for offset, reason in contribution.unmatched.items()
    }
