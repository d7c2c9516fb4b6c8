"""A timeline: the last value in the log counts for a day; merged timelines agree with each of them on every day."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from ledger.posting.rows import END
from ledger.posting.timeline import Timeline, merged

LAST = 12
Log = list[tuple[int, int | None]]
logs = st.lists(st.tuples(st.integers(1, LAST), st.one_of(st.none(), st.integers(0, 2))), max_size=8)
"""(day, value), in the order of the log."""


def timeline_of(log: Log) -> Timeline[int | None]:
    timeline: Timeline[int | None] = Timeline()
    for day, value in log:
        timeline.set(day, value)
    return timeline


def on(log: Log, day: int) -> int | None:
    """Return the last value in the log among those dated up to the day."""
    return next((value for since, value in reversed(log) if since <= day), None)


def test_a_value_logged_later_holds_over_all_later_days() -> None:
    timeline = timeline_of([(3, 1), (7, 2), (5, 3)])
    assert timeline == [(3, 1), (5, 3)]
    assert [*timeline.spans()] == [(3, 5, 1), (5, END, 3)]


def test_the_last_value_of_a_day_counts() -> None:
    assert [*timeline_of([(3, 1), (3, 2)]).spans()] == [(3, END, 2)]


def test_a_timeline_of_nothing_has_no_span() -> None:
    assert [*timeline_of([]).spans()] == []


@given(log=logs)
def test_spans_agree_with_the_log_on_every_day(log: Log) -> None:
    spans = [*timeline_of(log).spans()]
    for day in range(LAST + 2):
        assert [value for since, until, value in spans if since <= day < until] == (
            [on(log, day)] if any(since <= day for since, _ in log) else []
        )


@given(several=st.lists(logs, max_size=3), start=st.integers(1, LAST))
def test_merged_timelines_agree_with_each_of_them_on_every_day(several: list[Log], start: int) -> None:
    spans = [*merged(start, [timeline_of(log) for log in several])]
    assert spans[0][0] == start
    assert spans[-1][1] == END
    for (_, until, state), (since, _, following) in itertools.pairwise(spans):
        assert until == since
        assert state != following
    for day in range(start, LAST + 2):
        (state,) = [state for since, until, state in spans if since <= day < until]
        assert state == tuple(on(log, day) for log in several)


@given(several=st.lists(logs, min_size=2, max_size=2), start=st.integers(1, LAST))
def test_changes_that_do_not_affect_the_state_begin_no_span(several: list[Log], start: int) -> None:
    def both(one: int | None, other: int | None) -> tuple[bool]:
        return (one is not None and other is not None,)

    spans = [*merged(start, [timeline_of(log) for log in several], both)]
    assert all(one[2] != other[2] for one, other in itertools.pairwise(spans))
    for day in range(start, LAST + 2):
        (state,) = [state for since, until, state in spans if since <= day < until]
        assert state == both(on(several[0], day), on(several[1], day))


def test_a_value_from_before_the_start_holds_at_the_start() -> None:
    assert [*merged(5, [timeline_of([(2, 1), (4, 2), (9, 3)])])] == [(5, 9, (2,)), (9, END, (3,))]


def test_a_timeline_has_no_value_before_its_first_one() -> None:
    assert [*merged(1, [timeline_of([(4, 7)]), timeline_of([])])] == [(1, 4, (None, None)), (4, END, (7, None))]
