"""A timeline: one attribute of an entity by day; among several events the last in the log counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from ledger.posting.rows import END

_Value = TypeVar("_Value")


class Timeline(list[tuple[int, _Value]]):
    """(first day, value from then on), by day. A value set later in the log overrides all values from its day on."""

    def set(self, day: int, value: _Value) -> None:
        """Set the value from a day on, overriding all later days."""
        while self and self[-1][0] >= day:
            self.pop()
        self.append((day, value))

    def spans(self) -> Iterator[tuple[int, int, _Value]]:
        """Yield (since, until, value) of each value."""
        ends = [*(day for day, _ in self[1:]), END]
        for (since, value), until in zip(self, ends, strict=False):
            yield since, until, value


def merged(
    start: int, timelines: Sequence[Timeline[Any]], state: Callable[..., tuple[Any, ...]] = lambda *values: values
) -> Iterator[tuple[int, int, tuple[Any, ...]]]:
    """Yield (since, until, state of the values of all timelines), one span for each different state.

    The first span begins at `start`, with the values set up to then. A timeline is None before its first value.
    """
    values: list[Any] = []
    for timeline in timelines:
        day, value = timeline[-1] if timeline else (start, None)
        if day > start:
            break
        values.append(value)
    else:  # the usual case: nothing changes after `start`
        yield start, END, state(*values)
        return
    values = [None] * len(timelines)
    changes = [
        (max(start, day), number, index, value)
        for number, timeline in enumerate(timelines)
        for index, (day, value) in enumerate(timeline)
    ]
    changes.sort(key=_BY_DAY)
    since, last = start, None
    for index, (day, number, _, value) in enumerate(changes):
        if day > since and last is None:
            last = state(*values)
        values[number] = value
        if index + 1 < len(changes) and changes[index + 1][0] == day:
            continue
        now = state(*values)
        if now != last:
            if last is not None:
                yield since, day, last
                since = day
            last = now
    yield since, END, state(*values) if last is None else last


_BY_DAY = itemgetter(0, 1, 2)
