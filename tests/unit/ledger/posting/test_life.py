"""Lives as data: every type of event has a row in one track, every state handles it; and steps that wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from docs.generate import pages
from ledger.posting.cells import Lines
from ledger.posting.entity import LIVES
from ledger.posting.life import INITIAL, Life, Moves, NoEffect, Step, Track, in_turn, missing, never, take_all
from schemas.events import CEASED, DISCHARGED, EVENT_TYPES, GRANTED, INVALIDATED, PRESERVED, RESTORED, Role
from schemas.topics import TOPICS
from tests.each_case import each_case

TRACKS = [(topic, track) for topic, life in LIVES.items() for track in life.tracks]


# ---- the tables


def test_every_topic_has_a_life_and_every_type_a_row_in_one_track() -> None:
    assert list(LIVES) == list(TOPICS)
    for topic, life in LIVES.items():
        rows = [event.partition(" ")[0] for track in life.tracks for event in track.table[INITIAL]]
        expected = {t.name for t in EVENT_TYPES.values() if t.topic == topic and t.role == Role.ORIGINAL}
        assert {f"ip.{row}.v1" for row in rows} == expected
        twice = {row for row in rows if rows.count(row) > 1}
        assert twice <= {"patent.invalidated"}, "there a field decides, too"


@each_case(("topic", "track"), TRACKS)
def test_every_state_can_be_reached_and_has_an_answer_to_every_event(topic: str, track: Track) -> None:
    reached = {INITIAL}
    for state, next_states in track.table.items():
        assert next_states.keys() == track.table[INITIAL].keys(), state
        reached |= {next_state for next_state in next_states.values() if isinstance(next_state, str)}
    assert reached == track.table.keys()


def test_a_type_without_effect_at_the_start_waits() -> None:
    for _, track in TRACKS:
        for event, next_state in track.table[INITIAL].items():
            assert not isinstance(next_state, NoEffect) or next_state.waits, event


def test_every_reason_is_described() -> None:
    page = pages()["docs/lives.md"]()
    reasons = {reason for life in LIVES.values() for reason in life.besides}
    for _, track in TRACKS:
        reasons |= {
            t.reason for next_states in track.table.values() for t in next_states.values() if isinstance(t, NoEffect)
        }
    assert [reason for reason in reasons | {"target_missing"} if f"`{reason}`" not in page] == []


# ---- steps that wait: a life of two tracks, with arbitrary types


CALLED = {
    GRANTED: "begin",
    CEASED: "end",
    PRESERVED: "lock",
    DISCHARGED: "unlock",
    RESTORED: "pause",
    INVALIDATED: "odd",
}
DOOR = Track(
    "door",
    {
        INITIAL: {
            "begin": "open",
            "end": missing("beginning"),
            "pause": missing("beginning"),
            "odd": missing("beginning"),
        },
        "open": {"begin": never("begun"), "end": "over", "pause": missing("end"), "odd": "open"},
        "over": {"begin": never("begun"), "end": never("ended"), "pause": "open", "odd": missing("opening")},
    },
)
LOCK = Track(
    "lock",
    {
        INITIAL: {"lock": "locked", "unlock": missing("lock")},
        "locked": {"lock": in_turn("locked"), "unlock": INITIAL},
    },
)


class Door(Life):
    """A life in which each step with effect moves the cell of its offset."""

    tracks: ClassVar = (DOOR, LOCK)

    def event(self, step: Step) -> str:
        return CALLED[step.family]

    def effect(self, step: Step) -> Moves | NoEffect:
        if step.facts == "refused":
            return never("refused")
        lines: Lines = {(1, step.offset, "", 0, 0, 0): (1, 0, 0)}
        return Moves(lines)


def steps(*families: int) -> list[Step]:
    return [Step(offset, family, None) for offset, family in enumerate(families)]


def effects_of(given: Iterable[Step]) -> tuple[list[int], dict[int, str | None]]:
    """Return the offsets with effect, in order of effect, and the reasons of the others."""
    lines, no_effect = take_all(Door(), given)
    return [date for _, date, *_ in lines], no_effect


def test_waiting_steps_are_tried_in_log_order_after_each_change_of_state() -> None:
    assert effects_of(steps(RESTORED, CEASED)) == ([], {0: "beginning_missing", 1: "beginning_missing"})
    assert effects_of(steps(RESTORED, CEASED, GRANTED)) == ([2, 1, 0], {})
    assert effects_of(steps(INVALIDATED, CEASED, INVALIDATED, GRANTED)) == ([3, 0, 1], {2: "opening_missing"})


def test_a_waiting_step_has_the_reason_of_the_current_state() -> None:
    assert effects_of(steps(RESTORED, GRANTED)) == ([1], {0: "end_missing"})


def test_a_step_that_waited_in_vain_never_has_effect() -> None:
    assert effects_of(steps(CEASED, CEASED, GRANTED)) == ([2, 0], {1: "ended"})


def test_a_queued_step_has_effect_when_the_one_before_it_ends() -> None:
    assert effects_of(steps(PRESERVED, PRESERVED, PRESERVED)) == ([0], {1: "locked", 2: "locked"})
    assert effects_of(steps(PRESERVED, PRESERVED, PRESERVED, DISCHARGED)) == ([0, 3, 1], {2: "locked"})


def test_tracks_do_not_wait_for_each_other() -> None:
    assert effects_of(steps(CEASED, PRESERVED, DISCHARGED)) == ([1, 2], {0: "beginning_missing"})


def test_a_step_can_be_refused_for_other_reasons_than_its_state() -> None:
    refused = Step(1, CEASED, "refused")
    life = Door()
    assert take_all(life, [*steps(GRANTED), refused]).no_effect == {1: "refused"}
    assert life.states["door"] == "open"
    given = [Step(0, CEASED, "refused"), *[s._replace(offset=1) for s in steps(GRANTED)]]
    assert effects_of(given) == ([1], {0: "refused"})


def test_the_moves_of_a_step_name_the_steps_that_it_gave_effect_to() -> None:
    life = Door()
    assert life.take(Step(7, CEASED, None)).no_effect == {7: "beginning_missing"}
    moves = life.take(Step(9, GRANTED, None))
    assert sorted(date for _, date, *_ in moves.lines) == [7, 9]
    assert moves.no_effect == {7: None}


def test_a_new_step_looks_at_only_the_first_waiting_step() -> None:
    """Thousands of queued steps are not tried again with each step."""

    class Counting(Door):
        tried = 0

        def effect(self, step: Step) -> Moves | NoEffect:
            Counting.tried += 1
            return super().effect(step)

    life = Counting()
    take_all(life, steps(*[PRESERVED] * 500, *[DISCHARGED] * 500))
    assert Counting.tried == 1000
    assert life.states["lock"] == INITIAL
