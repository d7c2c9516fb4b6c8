"""Record batches as stored in the log, with arbitrary bytes from clients."""

from __future__ import annotations

import struct
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.topics import UNPACKED_BYTES
from schemas.wording import message_of
from streams.batch import Record
from streams.record_batch import (
    MOST_HEADERS,
    MOST_RECORDS,
    Damaged,
    RecordBatch,
    batches,
)
from tests.each_case import each_case
from tests.record_batches import CODECS, TIME, batch, header_section, record, sized, varint

RECORDS = [(b"k%d" % i, b'{"value": %d}' % i) for i in range(3)]
PAYLOAD = b"".join(record(i, key, value) for i, (key, value) in enumerate(RECORDS))
WHOLE = [Record(i, TIME, key, value) for i, (key, value) in enumerate(RECORDS)]
SKIPPABLE = b"\x50\x2a\x4d\x18" + struct.pack("<I", 3) + b"abc"
"""An empty skippable frame: RFC 8878 section 3.1.2, and the same in the LZ4 frame format."""


def one(content: bytes) -> RecordBatch:
    (found,) = batches(content)
    return found


def read(payload: bytes, codec: int = 0, count: int = 3, bound: int = UNPACKED_BYTES) -> list[Record]:
    """Return the records without their share of the log, which depends on the codec."""
    return [found._replace(wire=0) for found in one(batch(payload, count, codec)).read(bound).records]


def reason_of(records: list[Record], offsets: int = 3) -> str:
    """Return why a batch is unreadable; one record covers all of its offsets."""
    (only,) = records
    assert (only.offset, only.offsets, only.timestamp, only.key) == (0, offsets, TIME, None)
    assert only.fault is not None
    return message_of(*only.fault).removeprefix(f"the batch of {offsets} records cannot be read: ")


@each_case("name", CODECS)
def test_every_codec_is_read(name: str) -> None:
    codec, pack = CODECS[name]
    assert read(pack(PAYLOAD), codec) == WHOLE


@pytest.mark.parametrize("name", ["gzip", "lz4", "zstd"])
def test_two_frames_are_one_payload(name: str) -> None:
    codec, pack = CODECS[name]
    assert read(pack(PAYLOAD[:20]) + pack(PAYLOAD[20:]), codec) == WHOLE
    assert read(pack(PAYLOAD) + pack(b""), codec) == WHOLE


@pytest.mark.parametrize("name", ["lz4", "zstd"])
def test_skippable_frames_have_no_content(name: str) -> None:
    codec, pack = CODECS[name]
    assert read(SKIPPABLE + pack(PAYLOAD) + SKIPPABLE, codec) == WHOLE


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "trailing": lambda packed: packed + b"trailing",
    "cut": lambda packed: packed[:-5],
    "empty": lambda packed: b"",
    "other": lambda packed: b"no frame at all",
    "flipped": lambda packed: packed[:-7] + bytes([packed[-7] ^ 1]) + packed[-6:],
}


@each_case(
    ("name", "damage"),
    [
        (name, damage)
        for name in ("gzip", "snappy", "xerial", "lz4", "zstd")
        for damage in DAMAGES
        if damage != "flipped" or name not in ("snappy", "xerial")  # without a checksum the result is another value
    ],
)
def test_a_payload_that_does_not_unpack_is_one_unreadable_batch(name: str, damage: str) -> None:
    codec, pack = CODECS[name]
    assert reason_of(read(DAMAGES[damage](pack(PAYLOAD)), codec))


@pytest.mark.parametrize("codec", [5, 6, 7])
def test_an_unknown_codec_is_named(codec: int) -> None:
    assert reason_of(read(PAYLOAD, codec)) == f"codec {codec} is not known"


@each_case("name", CODECS)
def test_a_payload_is_unpacked_within_its_bound(name: str) -> None:
    codec, pack = CODECS[name]
    assert read(pack(PAYLOAD), codec, bound=len(PAYLOAD)) == WHOLE
    bound = len(PAYLOAD) - 1
    assert reason_of(read(pack(PAYLOAD), codec, bound=bound)) == f"it unpacks to more than {bound} bytes"


@each_case(
    "payload",
    {
        "trailing bytes": PAYLOAD + b"\0",
        "a record too few": PAYLOAD[: -len(record(2, *RECORDS[2]))],
        "a length beyond the end": varint(1000) + PAYLOAD[1:],
        "no length": varint(0) + PAYLOAD[1:],
        "offsets that go back": record(1, b"k", b"v") + record(0, b"k", b"v") + record(2, b"k", b"v"),
        "an offset beyond the last": record(0, b"k", b"v") + record(1, b"k", b"v") + record(3, b"k", b"v"),
        "a number without end": b"\xff" * 20 + PAYLOAD,
        "a value beyond its record": varint(8) + b"\0\0\0" + sized(b"k") + varint(100) + b"v" + PAYLOAD,
    }.values(),
)
def test_a_malformed_payload_is_one_unreadable_batch(payload: bytes) -> None:
    assert reason_of(read(payload)) == "its records are not well-formed"


def test_a_batch_of_too_many_records_is_not_unpacked() -> None:
    count = MOST_RECORDS + 1
    reason = reason_of(read(b"never looked at", 4, count), count)
    assert reason == f"it has {count} records, at most {MOST_RECORDS} are allowed"


@each_case(
    ("section", "headers"),
    [
        (header_section([(b"content-type", b"x"), (b"\xff", None), (None, b""), (b"", b"v")]),
         ((b"content-type", b"x"), (b"\xff", None), (b"", b""), (b"", b"v"))),
        (header_section([(b"h%d" % i, None) for i in range(10_000)]), None),
        (header_section([(b"large", bytes(2_000_000))]), None),
        (varint(-1), ()),
        (varint(5) + sized(b"k"), ()),
        (b"", ()),
        (varint(1 << 40), ()),
    ],
)  # fmt: skip
def test_headers_do_not_affect_the_value(section: bytes, headers: tuple[object, ...] | None) -> None:
    (found,) = read(record(0, b"k", b"v", section), count=1)
    assert (found.key, found.value, found.fault) == (b"k", b"v", None)
    assert headers is None or found.headers == headers


def test_headers_that_differ_within_a_batch_belong_to_their_records() -> None:
    sections = [header_section([(b"a", b"1")]), header_section([(b"a", b"1")]), header_section([(b"a", b"2")])]
    records = read(b"".join(record(i, None, b"v", section) for i, section in enumerate(sections)))
    assert [found.headers for found in records] == [((b"a", b"1"),), ((b"a", b"1"),), ((b"a", b"2"),)]


def test_timestamps_are_the_records_or_the_brokers_and_fit_64_bits() -> None:
    payload = record(0, None, b"v", time_delta=7) + record(1, None, None, time_delta=-8)
    assert [found.timestamp for found in read(payload, count=2)] == [TIME + 7, TIME - 8]
    (appended, _) = one(batch(payload, 2, attributes=0x08)).read(UNPACKED_BYTES).records
    assert appended.timestamp == TIME
    (far,) = one(batch(record(0, None, b"v", time_delta=2**63 - 1), 1, at=2**62)).read(UNPACKED_BYTES).records
    assert -(2**63) <= far.timestamp < 2**63


def test_each_record_has_its_share_of_the_batchs_bytes_in_the_log() -> None:
    codec, pack = CODECS["zstd"]
    packed = pack(b"".join(record(i, None, bytes(100_000)) for i in range(10)))
    records = one(batch(packed, 10, codec)).read(UNPACKED_BYTES).records
    assert len(records) == 10
    (share,) = {found.wire for found in records}
    assert len(packed) // 10 < share <= len(batch(packed, 10, codec)) // 10


def test_too_many_headers_are_not_read() -> None:
    empty = b"\x00\x01"  # a header of two bytes: an empty key, no value
    many, few = MOST_HEADERS // 2, varint(7) + 7 * empty
    section = varint(many) + many * empty
    fitting = record(0, None, b"v", section) + record(1, None, b"v", few) + record(2, None, b"v", few)
    found = read(fitting, bound=2 * UNPACKED_BYTES)
    assert [len(one.headers) for one in found] == [many, 7, 7], "those that are alike count once"
    beyond = record(0, None, b"v", section) + record(1, None, b"v", few) + record(2, None, b"v", section)
    assert reason_of(read(beyond, bound=2 * UNPACKED_BYTES)) == f"its records have more than {MOST_HEADERS} headers"
    lying = varint(1 << 60) + empty
    assert [one.headers for one in read(record(0, None, b"v", lying), count=1)] == [()]


@pytest.mark.parametrize("name", ["gzip", "lz4", "zstd"])
def test_thousands_of_empty_frames_are_read_once_each(name: str) -> None:
    """The bytes after a frame are not copied for each frame."""
    codec, pack = CODECS[name]
    content = b"".join(record(i, None, bytes(range(256)) * 400) for i in range(3))
    assert [found.value for found in read(9_000 * pack(b"") + pack(content), codec)] == 3 * [bytes(range(256)) * 400]


def test_a_wrong_checksum_is_damage() -> None:
    content = bytearray(batch(PAYLOAD, 3))
    content[-1] ^= 1
    with pytest.raises(Damaged, match="checksum"):
        list(batches(bytes(content)))
    content[16] = 1
    with pytest.raises(Damaged, match="format 1"):
        list(batches(bytes(content)))


def test_a_truncated_batch_is_left_for_the_next_fetch() -> None:
    content = batch(PAYLOAD, 3) + batch(PAYLOAD, 3, base=3)
    assert [(found.base, found.end) for found in batches(content)] == [(0, 3), (3, 6)]
    for cut in range(len(content) // 2, len(content)):
        assert [found.base for found in batches(content[:cut])] == [0]


@given(st.integers(0, 7), st.binary(max_size=200), st.integers(0, 5))
@example(1, CODECS["gzip"][1](PAYLOAD)[:-1], 3)
def test_no_payload_raises(codec: int, payload: bytes, count: int) -> None:
    found = one(batch(payload, count, codec)).read(1000).records
    assert all(known.offset < following.offset for known, following in pairwise(found))


@given(st.sampled_from(sorted(CODECS)), st.data())
def test_no_damaged_payload_raises(name: str, data: st.DataObject) -> None:
    codec, pack = CODECS[name]
    packed = bytearray(pack(PAYLOAD))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    found = read(bytes(packed), codec)
    assert sum(each.offsets for each in found) <= 3


@each_case(
    ("attributes", "key", "aborts"),
    [(0x30, b"\0\0\0\0", True), (0x30, b"\0\0\0\1", False), (0x30, b"", False), (0x30, None, False)],
)
def test_a_marker_says_whether_it_aborts(attributes: int, key: bytes | None, aborts: bool) -> None:
    found = one(batch(record(0, key, b""), 1, attributes=attributes, producer=7))
    assert (found.control, found.transactional, found.producer, found.aborts) == (True, True, 7, aborts)
