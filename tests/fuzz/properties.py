"""Properties of the codec for any value: it does not raise, it agrees with itself, and its reasons are readable."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from typing import Any

import orjson
from jsonschema import Draft202012Validator, FormatChecker

from ledger.posting.decoding import RecordSource, decode_record
from schemas.catalogue import json_schema_of
from schemas.codec import Judged, Refusal, _judge_exactly, judge
from schemas.modes import Headers, attributes_of, event_of
from schemas.topics import TOPICS, partition_of
from tests.unit.schemas.test_bad_input import assert_fit_for_people


def assert_judged_well(value: bytes, headers: Headers = ()) -> None:
    """Assert all properties for one value."""
    short, exact = judge(value, headers), _judge_exactly(value, attributes_of(headers))
    if isinstance(short, Refusal) or isinstance(exact, Refusal):
        assert short == exact
        assert isinstance(short, Refusal)
        assert_fit_for_people(short.path, short.message)
    else:
        assert _without_extensions(short) == _without_extensions(exact)
        _assert_good(value, short, headers)
    decode_record(RecordSource("ip.patent.v1", 0, 4), None, value, headers)


def _assert_good(value: bytes, judged: Judged, headers: Headers) -> None:
    content = json.loads(value, parse_int=float)
    if (attributes := attributes_of(headers)) is not None:
        content = event_of(attributes, content)
    assert content["type"] == judged.type.name
    _schema(judged.type.name).validate(content)

    with suppress(orjson.JSONDecodeError):  # orjson rejects numbers beyond a double, which an attribute may have
        again = judge(orjson.dumps(orjson.loads(value)), headers)
        assert isinstance(again, Judged)
        assert _without_extensions(again) == _without_extensions(judged)

    key = judged.event.subject.encode()
    partitions = TOPICS[judged.type.topic].partitions
    entry = decode_record(
        RecordSource(judged.type.topic, partition_of(key, partitions), partitions), key, value, headers
    )
    assert entry.refusal is None
    assert None not in (entry.type, entry.source, entry.id, entry.subject)
    assert orjson.dumps(entry.facts)


def _without_extensions(judged: Judged) -> tuple[Any, ...]:
    """Return everything except extension attributes: they have no meaning, and their numbers may be rounded."""
    event = judged.event
    return judged.type.name, event.id, event.source, event.subject, event.time, event.data


@cache
def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json_schema_of(name), format_checker=FormatChecker())
