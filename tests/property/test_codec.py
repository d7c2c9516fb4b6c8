"""The codec gives one judgement for any value: it never raises, its short and its exact path agree, and a value that it
accepts is accepted by the published schema, and again after reserialisation."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ledger.posting.decoding import RecordSource, decode_record
from schemas.codec import Judged, Refusal, judge
from schemas.rules import Rule
from tests.each_case import each_case
from tests.effort import examples
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
_names = st.sampled_from(
    [
        b"content-type",
        b"ce_specversion",
        b"ce_id",
        b"ce_",
        b"ce_data",
        b"ce_x",
        "ce_time",
        "content-type",
        b"traceparent",
    ]
)
_other_names = st.binary(max_size=20) | st.text(max_size=20)
_texts = (
    st.none()
    | st.binary(max_size=20)
    | st.sampled_from([b"1.0", b"application/json", b"APPLICATION/cloudevents", b"\xff"])
)


@settings(max_examples=examples(1000))
@given(_nearly_events)
@example(_GOOD)
@example(_GOOD[:-1] + b', "x": 18446744073709551615}')
@example(_GOOD[:-1] + b', "x": 1e99999999999999999999}')
def test_nearly_valid_events_are_judged_well(value: bytes) -> None:
    assert_judged_well(value)


@each_case("value", CORPUS)
def test_bad_input_is_judged_well(value: bytes) -> None:
    assert_judged_well(value)


@given(_json.map(lambda content: json.dumps(content).encode()) | st.binary())
def test_values_that_are_no_event_are_judged_well(value: bytes) -> None:
    assert_judged_well(value)


@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_mutation(value: bytes, seed: int) -> None:
    assert mutated(value, Random(seed)) == mutated(value, Random(seed))


@settings(max_examples=examples(1000))
@given(
    st.sampled_from(SEEDS) | st.binary(max_size=50),
    st.lists(st.tuples(_names | _names | _other_names, _texts), max_size=12),
    st.booleans(),
)
def test_a_record_is_judged_with_any_headers(
    value: bytes, headers: list[tuple[bytes | str, bytes | None]], attributed: bool
) -> None:
    if attributed:
        value, attributes = in_binary_mode(granted())
        headers = [*attributes, *headers]
    assert_judged_well(value, headers)


@given(st.sampled_from(SEEDS), st.lists(st.tuples(_other_names, _texts), max_size=12))
def test_a_whole_event_is_judged_by_its_value_with_any_headers(
    value: bytes, headers: list[tuple[bytes | str, bytes | None]]
) -> None:
    assume(not any(str(name).removeprefix("b'").startswith("ce_") for name, _ in headers))
    origin = RecordSource("ip.patent.v1", 0, 4)
    assert judge(value, headers) == judge(value)
    assert decode_record(origin, b"x", value, headers) == decode_record(origin, b"x", value)


@settings(max_examples=examples(1000))
@given(_nearly_events)
def test_an_attribute_means_the_same_in_a_header_and_in_the_event(value: bytes) -> None:
    """Except what only one mode can express: attributes that are not strings, and repeated keys."""
    structured = judge(value)
    try:
        event = json.loads(value)
    except (ValueError, RecursionError):
        return
    attributes = isinstance(event, dict) and {name: text for name, text in event.items() if name != "data"}
    texts = attributes and all(isinstance(text, str) for text in attributes.values())
    if not texts or "specversion" not in event or "data" not in event or "data_base64" in event:
        return
    if isinstance(structured, Refusal) and structured.rule < Rule.BAD_ENVELOPE:
        return
    try:
        data, headers = in_binary_mode(event)
    except ValueError:  # a number that overflows a float
        return
    assert_judged_well(data, headers)
    binary = judge(data, headers)
    if isinstance(structured, Refusal):
        assert isinstance(binary, Refusal)
        assert binary.rule is structured.rule
        # the two modes may order two faults differently
        assert binary.rule is Rule.BAD_ENVELOPE or binary[:3] == structured[:3]
    else:
        assert isinstance(binary, Judged)
        assert (binary.type, binary.event.data) == (structured.type, structured.event.data)


def in_binary_mode(event: dict[str, Any]) -> tuple[bytes, list[tuple[bytes | str, bytes | None]]]:
    """Return the data of an event, and its attributes as headers."""
    headers: list[tuple[bytes | str, bytes | None]] = [
        ("content-type" if name == "datacontenttype" else f"ce_{name}", text.encode())
        for name, text in event.items()
        if name != "data"
    ]
    return json.dumps(event["data"], allow_nan=False).encode(), headers
