"""A timeline: one attribute of an entity over the days, where of several events the last in the log counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from ledger.posting.rows import END

Value = TypeVar("Value")


class Timeline(list[tuple[int, Value]]):
    """(the first day, the value from then on), in the order of the days. A value set later in the log overrides all
    that hold from its day on."""

    def set(self, day: int, value: Value) -> None:
        """Let a value hold from a day on, whatever held then."""
        while self and self[-1][0] >= day:
            self.pop()
        self.append((day, value))

    def spans(self) -> Iterator[tuple[int, int, Value]]:
        """Yield (since, until, value) of each value."""
        ends = [*(day for day, _ in self[1:]), END]
        for (since, value), until in zip(self, ends, strict=False):
            yield since, until, value


def merged(
    start: int, timelines: Sequence[Timeline[Any]], state: Callable[..., tuple[Any, ...]] = lambda *values: values
) -> Iterator[tuple[int, int, tuple[Any, ...]]]:
    """Yield (since, until, state of the values of all timelines) from a day on, a span for each different state.

    A timeline has None before its first value; what it has before `start` holds at `start`. The first span begins at
    `start`.
    """
    values: list[Any] = []
    for timeline in timelines:
        day, value = timeline[-1] if timeline else (start, None)
        if day > start:
            break
        values.append(value)
    else:  # most never change
        yield start, END, state(*values)
        return
    values = [None] * len(timelines)
    changes = [
        (max(start, day), number, place, value)
        for number, timeline in enumerate(timelines)
        for place, (day, value) in enumerate(timeline)
    ]
    changes.sort(key=_BY_DAY)
    since, last = start, None
    for place, (day, number, _, value) in enumerate(changes):
        if day > since and last is None:
            last = state(*values)
        values[number] = value
        if place + 1 < len(changes) and changes[place + 1][0] == day:
            continue
        now = state(*values)
        if now != last:
            if last is not None:
                yield since, day, last
                since = day
            last = now
    yield since, END, state(*values) if last is None else last


_BY_DAY = itemgetter(0, 1, 2)
