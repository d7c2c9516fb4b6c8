"""Whatever comes, the judge says one thing: it never raises, and its short way agrees with its exact one."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.codec import Judged, _judge_exactly, judge
from tests.events import corrected, granted, modified, registered, value_of, voided

_GOOD = value_of(granted())
_structure = [
    '"a"',
    ":",
    ",",
    "[",
    "]",
    "{",
    "}",
    "\\",
    '"',
    '{"a":1,"a":2}',
    '"id":"x",',
    "[" * 40,
    " ",
    "\x00",
    "\ufeff",
]
_texts = ["\\u003a", "\\u0069", '"\\ud800"', "\\ud83d\\ude00", "质", '"0.10"', '"CNY"', '"2023-02-30"']
_others = ["null", "true", "NaN", "-Infinity", "1e99999999999999999999", "-0", "18446744073709551616", "9" * 5000]
_pieces = st.sampled_from([*_structure, *_texts, *_others]).map(str.encode) | st.binary(max_size=4)
_good = st.sampled_from(
    [value_of(e) for e in (granted(), registered(), modified(), corrected(registered()), voided(granted()))]
)


@st.composite
def _spoiled(draw: st.DrawFn) -> bytes:
    """A good event, cut here and there, and pieces put in."""
    value = draw(_good)
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(value)))
        end = draw(st.sampled_from([start, start, start + 1, start + 5, len(value)]))
        value = value[:start] + draw(_pieces) + value[end:]
    return value


_leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["1", "CNY"])
_json = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@st.composite
def _replaced(draw: st.DrawFn) -> bytes:
    """A good event in which one value, somewhere, is another."""
    said = json.loads(draw(_good))
    place: Any = said
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or draw(st.integers(0, 3)) == 0:
            break
        place = place[key]
    place[key] = draw(_json)
    return json.dumps(said, ensure_ascii=draw(st.booleans())).encode(errors="surrogatepass")


@settings(max_examples=300)
@given(st.one_of(_spoiled(), _replaced(), _json.map(lambda content: json.dumps(content).encode()), st.binary()))
@example(_GOOD)
@example(_GOOD[:-1] + b', "x": 18446744073709551615}')
@example(_GOOD[:-1] + b', "x": 1e99999999999999999999}')
def test_the_short_way_and_the_exact_way_agree_and_never_raise(value: bytes) -> None:
    short, exact = judge(value), _judge_exactly(value)
    if isinstance(short, Judged) and isinstance(exact, Judged):
        assert short.type is exact.type
        assert short.event.data == exact.event.data
        attributes = ("id", "source", "subject", "time")
        assert [getattr(short.event, a) for a in attributes] == [getattr(exact.event, a) for a in attributes]
    else:
        assert short == exact
