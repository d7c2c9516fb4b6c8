"""A life: what has effect when. Its tracks are state tables; the rest of it says what an effective event moves.

A step that needs something that was not said yet waits until it is said; then those that waited are taken in the order
of the log. A step that comes too late has no effect, and never will on this basis. Business dates never order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, NamedTuple

from ledger.posting.cells import Lines, add_all, nonzero
from ledger.posting.facts import Facts
from ledger.posting.rows import Row
from schemas.events import EVENT_TYPES, Role

START = ""
"""The state of an entity of which nothing was said."""


class Step(NamedTuple):
    """An original event that remains in the basis; its facts are the replacement's where it was corrected."""

    offset: int
    family: int
    facts: Facts


class Moves(NamedTuple):
    """What one more step at the end of the log moves, or what a whole life has moved.

    lines: to the totals. no_effect: offsets of steps without effect, with the reason; None where a step that waited
    has effect now.
    """

    lines: Lines = {}  # noqa: RUF012 - never changed in place
    no_effect: dict[int, str | None] = {}  # noqa: RUF012


class NoEffect(NamedTuple):
    """A step has no effect in a state: for this reason, until another state if it waits, else never."""

    reason: str
    waits: bool


def missing(what: str) -> NoEffect:
    """The step waits until this is said."""
    return NoEffect(f"{what}_missing", waits=True)


def in_turn(reason: str) -> NoEffect:
    """The step waits until what has effect now has ended."""
    return NoEffect(reason, waits=True)


def never(reason: str) -> NoEffect:
    """The step comes too late."""
    return NoEffect(reason, waits=False)


Turn = str | NoEffect
"""What a step does in a state: the state after it, or why it has no effect."""


class Track(NamedTuple):
    """One line of a life: state -> event -> turn. Tracks of one life go on independently of each other.

    An event is called by its type's stem without `ip.`: `pledge.registered`; where a field decides too, its value
    follows (`patent.invalidated full`).
    """

    name: str
    table: Mapping[str, Mapping[str, Turn]]


_CALLED = {
    t.family: t.name.removeprefix("ip.").removesuffix(".v1") for t in EVENT_TYPES.values() if t.role == Role.ORIGINAL
}


class Life:
    """An entity on one basis. It takes steps in log order, and one more costs the same however many came before."""

    tracks: ClassVar[tuple[Track, ...]] = ()
    besides: ClassVar[Mapping[str, str]] = {}
    """Reasons that take more than a state to know -> when they hold."""
    track_of: ClassVar[dict[str, Track]] = {}

    def __init_subclass__(cls) -> None:
        cls.track_of = {event: track for track in cls.tracks for turns in track.table.values() for event in turns}

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self._early: dict[str, dict[str, deque[Step]]] = {}
        """Track -> event -> those that wait, in the order of the log."""

    def event(self, step: Step) -> str:
        """What the step is called in the state tables."""
        return _CALLED[step.family]

    def effect(self, step: Step) -> Moves | NoEffect:
        """What a step moves that has effect; or, where that takes more than a state to know, why it has none."""
        raise NotImplementedError

    def state_rows(self) -> Iterator[Row]:
        """Yield what stands of the entity, each row once, in any order."""
        raise NotImplementedError

    def stock(self, state_rows: Iterable[Row]) -> Lines:
        """Return what is in force of the entity whose rows stand, as differences by date (kinds of `Stock`)."""
        return {}

    def take(self, step: Step) -> Moves:
        """Take one more step; what it moves."""
        event = self.event(step)
        track = self.track_of[event]
        before = self.states.get(track.name, START)
        moves = self._try(track, before, event, step)
        if isinstance(moves, NoEffect):
            if moves.waits:
                self._early.setdefault(track.name, {}).setdefault(event, deque()).append(step)
            return Moves(no_effect={step.offset: moves.reason})
        if self._early and track.name in self._early and self.states[track.name] != before:
            return self._settle(track, before, moves)
        return moves

    def _try(self, track: Track, state: str, event: str, step: Step) -> Moves | NoEffect:
        turn = track.table[state][event]
        if isinstance(turn, NoEffect):
            return turn
        moves = self.effect(step)
        if isinstance(moves, Moves):
            self.states[track.name] = turn
        return moves

    def _settle(self, track: Track, before: str, first: Moves) -> Moves:
        """Those that waited have their turn, the earliest first, again after each change of state."""
        lines, no_effect = dict(first.lines), dict(first.no_effect)
        early = self._early[track.name]
        while ready := self._ready(track, early):
            event = min(ready)[1]
            step = early[event].popleft()
            moves = self._try(track, self.states[track.name], event, step)
            if isinstance(moves, NoEffect):
                no_effect[step.offset] = moves.reason
                continue
            add_all(lines, moves.lines)
            no_effect |= {step.offset: None, **moves.no_effect}
        was, now = track.table[before], track.table[self.states[track.name]]
        for event, steps in early.items():
            if now[event] != was[event]:  # they wait for something else
                no_effect |= dict.fromkeys((step.offset for step in steps), _reason(now[event]))
        return Moves(nonzero(lines), no_effect)

    def _ready(self, track: Track, early: Mapping[str, deque[Step]]) -> list[tuple[int, str]]:
        """Of those that need not wait any more the first of each event, with its offset."""
        now = track.table[self.states[track.name]]
        return [(steps[0].offset, event) for event, steps in early.items() if steps and _reason(now[event]) is None]


def _reason(turn: Turn) -> str | None:
    """Why a step waits in a state; None where it does not."""
    return turn.reason if isinstance(turn, NoEffect) and turn.waits else None


def take_all(life: Life, steps: Iterable[Step]) -> Moves:
    """Take all these steps; what they moved together. Steps that wait are left with their last reason."""
    return merge_moves(map(life.take, steps))


def merge_moves(each: Iterable[Moves]) -> Moves:
    """Return what several moves are together."""
    lines: Lines = {}
    no_effect: dict[int, str | None] = {}
    for moves in each:
        add_all(lines, moves.lines)
        no_effect.update(moves.no_effect)
    return Moves(lines, {offset: reason for offset, reason in no_effect.items() if reason})
