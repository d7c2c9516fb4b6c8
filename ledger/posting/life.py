"""A life: what has effect when. Its tracks are state tables; the rest of it says what an effective event moves.

A step that needs something that was not said yet waits until it is said; then those that waited are taken in the order
of the log. A step that comes too late has no effect, and never will on this basis. Business dates never order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, NamedTuple

from ledger.posting.cells import Lines, add_all, moved
from ledger.posting.facts import Facts
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

    lines: to the totals. stock: to what is in force, as differences by date: what is in force on day d is the sum of
    the lines dated up to d (their kind is PLEDGES). waiting: offsets of steps without effect, each with the reason;
    None where a step that waited has effect now.
    """

    lines: Lines = {}  # noqa: RUF012 - never changed in place
    stock: Lines = {}  # noqa: RUF012
    waiting: dict[int, str | None] = {}  # noqa: RUF012


class NoEffect(NamedTuple):
    """A step has no effect in a state: for this reason, until another state if it waits, else never."""

    reason: str
    waits: bool


def missing(what: str) -> NoEffect:
    """The step waits until this is said."""
    return NoEffect(f"{what}_missing", waits=True)


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
    track_of: ClassVar[dict[str, Track]] = {}

    def __init_subclass__(cls) -> None:
        cls.track_of = {event: track for track in cls.tracks for turns in track.table.values() for event in turns}

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self._early: dict[str, list[Step]] = {}

    def event(self, step: Step) -> str:
        """What the step is called in the state tables."""
        return _CALLED[step.family]

    def effect(self, step: Step) -> Moves | NoEffect:
        """What a step moves that has effect; or, where that takes more than a state to know, why it has none."""
        raise NotImplementedError

    def take(self, step: Step) -> Moves:
        """Take one more step; what it moves."""
        event = self.event(step)
        track = self.track_of[event]
        before = self.states.get(track.name, START)
        moves = self._try(track, before, event, step)
        if isinstance(moves, NoEffect):
            if moves.waits:
                self._early.setdefault(track.name, []).append(step)
            return Moves(waiting={step.offset: moves.reason})
        if self._early and track.name in self._early and self.states[track.name] != before:
            return self._settle(track, moves)
        return moves

    def _try(self, track: Track, state: str, event: str, step: Step) -> Moves | NoEffect:
        turn = track.table[state][event]
        if isinstance(turn, NoEffect):
            return turn
        moves = self.effect(step)
        if isinstance(moves, Moves):
            self.states[track.name] = turn
        return moves

    def _settle(self, track: Track, first: Moves) -> Moves:
        """Those that waited have their turn, the earliest first, again after each change of state."""
        lines, stock, waiting = dict(first.lines), dict(first.stock), dict(first.waiting)
        early, place = self._early[track.name], 0
        while place < len(early):
            step, before = early[place], self.states[track.name]
            moves = self._try(track, before, self.event(step), step)
            if isinstance(moves, NoEffect):
                waiting[step.offset] = moves.reason  # it may wait for something else now
                if moves.waits:
                    place += 1
                else:
                    del early[place]
                continue
            del early[place]
            add_all(lines, moves.lines)
            add_all(stock, moves.stock)
            waiting |= {step.offset: None, **moves.waiting}
            if self.states[track.name] != before:
                place = 0
        return Moves(lines, moved(stock), waiting)


def lived(life: Life, steps: Iterable[Step]) -> Moves:
    """Take all these steps; what they moved together. Steps that wait are left with their last reason."""
    lines: Lines = {}
    stock: Lines = {}
    waiting: dict[int, str | None] = {}
    for step in steps:
        moves = life.take(step)
        add_all(lines, moves.lines)
        add_all(stock, moves.stock)
        waiting.update(moves.waiting)
    return Moves(lines, moved(stock), {offset: reason for offset, reason in waiting.items() if reason})
