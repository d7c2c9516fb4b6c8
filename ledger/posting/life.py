"""A life: which event has an effect in which state. Its tracks are state tables; `effect` computes the changes.

A step whose precondition is missing waits for it; when it arrives, the waiting steps are taken in log order. A step
that comes too late never has an effect on this basis. Business dates never determine the order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, NamedTuple

from ledger.posting.cells import Lines, add_all, negative, nonzero
from ledger.posting.facts import Facts
from ledger.posting.packed import Packed, unpacked
from ledger.posting.rows import Row
from schemas.events import EVENT_TYPES, Role

INITIAL = ""
"""The state of an entity before its first event."""


class Step(NamedTuple):
    """An original event that counts on a basis, with its corrected facts if it was corrected; they may be packed."""

    offset: int
    family: int
    facts: Facts


class Moves(NamedTuple):
    """The changes by one more step at the end of the log, or by a whole life.

    lines: added to totals. no_effect: offset -> why that step has no effect; None if a waiting step now has one.
    """

    lines: Lines = {}  # noqa: RUF012 - never changed in place
    no_effect: dict[int, str | None] = {}  # noqa: RUF012


class NoEffect(NamedTuple):
    """The reason why a step has no effect in a state. It waits for another state, or never has an effect."""

    reason: str
    waits: bool


def missing(what: str) -> NoEffect:
    """Return why there is no effect: the step waits until this arrives."""
    return NoEffect(f"{what}_missing", waits=True)


def in_turn(reason: str) -> NoEffect:
    """Return why there is no effect: the step waits until the present state ends."""
    return NoEffect(reason, waits=True)


def never(reason: str) -> NoEffect:
    """Return why there is no effect: the step comes too late."""
    return NoEffect(reason, waits=False)


NextState = str | NoEffect
"""The result of a step in a state: the next state, or why it has no effect."""


class Track(NamedTuple):
    """One state table of a life: state -> event -> next state. The tracks of a life are independent.

    The name of an event is its type's stem without `ip.`: `pledge.registered`. If a field matters too, its value
    follows (`patent.invalidated full`).
    """

    name: str
    table: Mapping[str, Mapping[str, NextState]]


_CALLED = {
    t.family: t.name.removeprefix("ip.").removesuffix(".v1") for t in EVENT_TYPES.values() if t.role == Role.ORIGINAL
}


class Life:
    """An entity on one basis. It takes steps in log order; the cost of a step does not depend on earlier steps."""

    tracks: ClassVar[tuple[Track, ...]] = ()
    besides: ClassVar[Mapping[str, str]] = {}
    """Reasons that depend on more than the state -> when they apply."""
    track_of: ClassVar[dict[str, Track]] = {}
    loose_events: ClassVar[frozenset[str]] = frozenset()
    """The events of tracks with one state: such a step always has an effect, and no other step depends on it."""

    def __init_subclass__(cls) -> None:
        cls.track_of = {
            event: track for track in cls.tracks for next_states in track.table.values() for event in next_states
        }
        cls.loose_events = frozenset(event for event, track in cls.track_of.items() if len(track.table) == 1)

    def __init__(self) -> None:
        self.subject = ""
        """The id of the entity, which `Entity` sets before the first step."""
        self.states: dict[str, str] = {}
        self._early: dict[str, dict[str, deque[Step]]] = {}
        """Track -> event -> waiting steps, in log order."""
        self.loose: dict[int, Step] = {}
        """Offset -> step of an event of `loose_events`, in any order."""

    def event(self, step: Step) -> str:
        """Return the step's event name in the state tables."""
        return _CALLED[step.family]

    def effect(self, step: Step) -> Moves | NoEffect:
        """Apply a step that its state allows, and return its changes; or why it has no effect. `loose` steps are
        stored instead."""
        raise NotImplementedError

    def loose_lines(self, step: Step) -> Lines:
        """Return the lines that a loose step adds to totals."""
        return {}

    def state_rows(self) -> Iterator[Row]:
        """Yield the rows of the entity's present state, each once, in any order."""
        raise NotImplementedError

    def stock(self, state_rows: Iterable[Row]) -> Lines:
        """Return the entity's stock by these rows, as differences by date (kinds of `Stock`)."""
        return {}

    def take(self, step: Step) -> Moves:
        """Take one more step and return its changes."""
        kept, step = step, _opened(step)
        event = self.event(step)
        if event in self.loose_events:
            self.loose[step.offset] = step
            return Moves(self.loose_lines(step))
        track = self.track_of[event]
        before = self.states.get(track.name, INITIAL)
        moves = self._try(track, before, event, step)
        if isinstance(moves, NoEffect):
            if moves.waits:
                self._early.setdefault(track.name, {}).setdefault(event, deque()).append(kept)
            return Moves(no_effect={step.offset: moves.reason})
        if self._early and track.name in self._early and self.states[track.name] != before:
            return self._settle(track, before, moves)
        return moves

    def replace(self, was: Step | None, now: Step | None) -> Moves | None:
        """Take a step instead of one that was taken; None stands for a void. Return the changes, or None if
        other steps may depend on it."""
        if was == now:
            return Moves()
        lines: Lines = {}
        for step, taken in ((was, False), (now, True)):
            if step is not None:
                opened = _opened(step)
                if self.event(opened) not in self.loose_events:
                    return None
                if taken:
                    self.loose[step.offset] = opened
                    add_all(lines, self.loose_lines(opened))
                else:
                    add_all(lines, negative(self.loose_lines(self.loose.pop(step.offset))))
        return Moves(nonzero(lines))

    def _try(self, track: Track, state: str, event: str, step: Step) -> Moves | NoEffect:
        next_state = track.table[state][event]
        if isinstance(next_state, NoEffect):
            return next_state
        moves = self.effect(step)
        if isinstance(moves, Moves):
            self.states[track.name] = next_state
        return moves

    def _settle(self, track: Track, before: str, first: Moves) -> Moves:
        """Take the waiting steps that can now have an effect, earliest first, again after each change of state."""
        lines, no_effect = dict(first.lines), dict(first.no_effect)
        early = self._early[track.name]
        while ready := self._ready(track, early):
            event = min(ready)[1]
            step = _opened(early[event].popleft())
            moves = self._try(track, self.states[track.name], event, step)
            if isinstance(moves, NoEffect):
                no_effect[step.offset] = moves.reason
                continue
            add_all(lines, moves.lines)
            no_effect |= {step.offset: None, **moves.no_effect}
        was, now = track.table[before], track.table[self.states[track.name]]
        for event, steps in early.items():
            if now[event] != was[event]:  # they now wait for another event
                no_effect |= dict.fromkeys((step.offset for step in steps), _reason(now[event]))
        return Moves(nonzero(lines), no_effect)

    def _ready(self, track: Track, early: Mapping[str, deque[Step]]) -> list[tuple[int, str]]:
        """Return (offset, event) of the first step of each event that no longer waits."""
        now = track.table[self.states[track.name]]
        return [(steps[0].offset, event) for event, steps in early.items() if steps and _reason(now[event]) is None]


def _opened(step: Step) -> Step:
    return Step(step.offset, step.family, unpacked(step.facts)) if type(step.facts) is Packed else step


def _reason(next_state: NextState) -> str | None:
    """Return why a step waits in a state, or None if it does not wait."""
    return next_state.reason if isinstance(next_state, NoEffect) and next_state.waits else None


def take_all(life: Life, steps: Iterable[Step]) -> Moves:
    """Take all steps and return their merged changes. A waiting step keeps its last reason."""
    return merge_moves(map(life.take, steps))


def merge_moves(each: Iterable[Moves]) -> Moves:
    """Return the sum of several moves."""
    lines: Lines = {}
    no_effect: dict[int, str | None] = {}
    for moves in each:
        add_all(lines, moves.lines)
        no_effect.update(moves.no_effect)
    return Moves(lines, {offset: reason for offset, reason in no_effect.items() if reason})
