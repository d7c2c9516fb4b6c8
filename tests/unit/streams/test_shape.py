"""The shape of a log: its record, and the shapes that are refused."""

from __future__ import annotations

import orjson
import pytest

from schemas.topics import TOPICS, UNPACKED_BYTES
from streams.shape import LogShapeDiffers, Shape, parse_shape
from tests.each_case import each_case


def test_by_default_topics_have_four_partitions_and_the_reference_topic_one() -> None:
    assert set(Shape().partitions) == set(TOPICS)
    assert Shape() == Shape.of(4)
    assert Shape().partitions["ip.reference.v1"] == Shape.of(12).partitions["ip.reference.v1"] == 1
    assert Shape().unpacked_bytes == UNPACKED_BYTES == 64 * 2**20


def test_a_stored_shape_is_read_back() -> None:
    shape = Shape.of(12, 2**23)
    kept = orjson.loads(shape.record())
    assert (kept["format"], kept["unpacked_bytes"], kept["partitions"]["ip.pledge.v1"]) == (1, 2**23, 12)
    assert parse_shape(shape.record()) == shape


def test_a_topic_newer_than_the_log_has_the_default_and_an_unknown_one_is_ignored() -> None:
    value = b'{"format": 1, "unpacked_bytes": 7, "partitions": {"ip.pledge.v1": 9, "ip.later.v1": 2}, "more": true}'
    assert parse_shape(value) == Shape({**Shape().partitions, "ip.pledge.v1": 9}, 7)


@each_case(
    ("value", "reason"),
    [
        (b"", "line 1"),
        (b"{", "line 1"),
        (b"\xff", "UTF-8"),
        (b"[]", "format is not 1"),
        (b'{"partitions": {}, "unpacked_bytes": 1}', "format is not 1"),
        (b'{"format": 2, "partitions": {}, "unpacked_bytes": 1}', "format is not 1"),
        (b'{"format": 1, "unpacked_bytes": 1}', "partitions"),
        (b'{"format": 1, "partitions": [4], "unpacked_bytes": 1}', "partitions"),
        (b'{"format": 1, "partitions": {"ip.pledge.v1": 0}, "unpacked_bytes": 1}', "partitions"),
        (b'{"format": 1, "partitions": {"ip.pledge.v1": true}, "unpacked_bytes": 1}', "partitions"),
        (b'{"format": 1, "partitions": {"ip.pledge.v1": 4.0}, "unpacked_bytes": 1}', "partitions"),
        (b'{"format": 1, "partitions": {}}', "unpacked_bytes"),
        (b'{"format": 1, "partitions": {}, "unpacked_bytes": -1}', "unpacked_bytes"),
        (b'{"format": 1, "partitions": {}, "unpacked_bytes": 99999999999999}', "unpacked_bytes"),
    ],
)
def test_an_invalid_shape_has_a_reason(value: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_shape(value)


def test_a_topic_with_another_count_is_named_with_both_counts_and_the_next_step() -> None:
    Shape().require({})
    Shape().require({"ip.pledge.v1": 4, "ip.reference.v1": 1})
    with pytest.raises(LogShapeDiffers, match=r"ip.patent.v1 has 6 partitions instead of 4\..*`ip-ledger topics copy"):
        Shape().require({"ip.pledge.v1": 4, "ip.patent.v1": 6})
