"""The state tables of all lives: complete, so that nothing that can be said finds no row."""

from __future__ import annotations

import pytest

from ledger.posting.entity import LIVES
from ledger.posting.life import START, NoEffect, Track
from schemas.events import EVENT_TYPES, Role

TRACKS = [track for life in LIVES.values() for track in life.tracks]


@pytest.mark.parametrize("topic", LIVES)
def test_every_type_has_its_row_in_one_track_of_its_life(topic: str) -> None:
    rows = [event.partition(" ")[0] for track in LIVES[topic].tracks for event in {*track.table[START]}]
    types = {t.name for t in EVENT_TYPES.values() if t.topic == topic and t.role == Role.ORIGINAL}
    assert {f"ip.{event}.v1" for event in rows} == types
    assert len(LIVES[topic].track_of) == sum(len(track.table[START]) for track in LIVES[topic].tracks)


@pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.name)
def test_every_state_says_what_each_event_does(track: Track) -> None:
    assert {frozenset(turns) for turns in track.table.values()} == {frozenset(track.table[START])}
    after = {turn for turns in track.table.values() for turn in turns.values() if not isinstance(turn, NoEffect)}
    assert after | {START} == set(track.table), "no state that is not there, none that cannot be reached"
