"""Whatever comes, the judge says one thing: it never raises, its short way agrees with its exact one, and what it
takes is taken by the published schema and taken again when it was written anew."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.events import granted, value_of
from tests.fuzz.mutations import CORPUS, EXAMPLES, SEEDS, mutated
from tests.fuzz.properties import assert_judged_well

_GOOD = value_of(granted())
_leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["1", "CNY"])
_json = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
_nearly_events = st.builds(
    lambda value, seed: mutated(value, Random(seed)),
    st.sampled_from(EXAMPLES) | st.sampled_from(CORPUS),
    st.integers(0, 2**32),
)


@settings(max_examples=1000)
@given(_nearly_events)
@example(_GOOD)
@example(_GOOD[:-1] + b', "x": 18446744073709551615}')
@example(_GOOD[:-1] + b', "x": 1e99999999999999999999}')
def test_what_is_nearly_an_event_is_judged_well(value: bytes) -> None:
    assert_judged_well(value)


@pytest.mark.parametrize("value", CORPUS, ids=range(len(CORPUS)))
def test_bad_input_is_judged_well(value: bytes) -> None:
    assert_judged_well(value)


@given(_json.map(lambda content: json.dumps(content).encode()) | st.binary())
def test_what_is_no_event_is_judged_well(value: bytes) -> None:
    assert_judged_well(value)


@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_the_same_seed_spoils_in_the_same_way(value: bytes, seed: int) -> None:
    assert mutated(value, Random(seed)) == mutated(value, Random(seed))
