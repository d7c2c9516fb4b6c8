"""The answers of a broker: every offset is accounted for, or its absence is named."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from schemas.topics import UNPACKED_BYTES
from streams.batch import Record
from streams.fetch import ENOUGH_BYTES, FetchedRange, LogHasHoles, Response, stretches
from streams.record_batch import OF_A_HEADER, Damaged
from tests.each_case import each_case
from tests.record_batches import CODECS, batch, header_section, record

TP = TopicPartition("ip.patent.v1", 2)
ABORT, COMMIT = b"\0\0\0\0", b"\0\0\0\1"
TRANSACTIONAL, CONTROL = 0x10, 0x30
PRODUCER = 9


def plain(base: int, count: int, producer: int = -1, attributes: int = 0) -> bytes:
    payload = b"".join(record(i, b"k", b"v%d" % (base + i)) for i in range(count))
    return batch(payload, count, base=base, producer=producer, attributes=attributes)


def marker(base: int, kind: bytes, producer: int = PRODUCER) -> bytes:
    return batch(record(0, kind, b""), 1, base=base, attributes=CONTROL, producer=producer)


def transacted(base: int, count: int, producer: int = PRODUCER) -> bytes:
    return plain(base, count, producer, TRANSACTIONAL)


def answered(
    data: bytes, position: int = 0, aborted: list[tuple[int, int]] | None = None, most: int = 2000
) -> list[FetchedRange]:
    return list(stretches(Response(TP, position, 0, 1 << 40, aborted or [], data), UNPACKED_BYTES, most))


def offsets_of(found: list[FetchedRange]) -> list[int]:
    return [record.offset for stretch in found for record in stretch.records]


def assert_tiles(found: list[FetchedRange], start: int, end: int) -> None:
    assert [start, *(stretch.end for stretch in found)] == [*(stretch.start for stretch in found), end]
    for stretch in found:
        assert all(stretch.start <= record.offset < stretch.end for record in stretch.records)


def test_markers_and_aborted_records_are_skipped() -> None:
    log = plain(0, 3) + transacted(3, 3) + marker(6, COMMIT) + transacted(7, 2) + marker(9, ABORT) + transacted(10, 1)
    found = answered(log, aborted=[(PRODUCER, 7)])
    assert offsets_of(found) == [0, 1, 2, 3, 4, 5, 10]
    assert_tiles(found, 0, 11)


def test_concurrent_transactions_are_distinguished_by_their_producers() -> None:
    log = transacted(0, 1, 1) + transacted(1, 1, 2) + transacted(2, 1, 1) + marker(3, ABORT, 1) + marker(4, COMMIT, 2)
    assert offsets_of(answered(log, aborted=[(1, 0)])) == [1]


@given(st.integers(1, 40), st.data())
def test_answers_can_begin_and_end_anywhere(size: int, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, size), max_size=5)) | {0, size})
    log = b"".join(plain(a, b - a) for a, b in pairwise(cuts))
    position = data.draw(st.integers(0, size - 1))
    found = answered(log, position, most=data.draw(st.integers(1, 10)))
    assert offsets_of(found) == list(range(position, size))
    assert_tiles(found, position, size)
    whole = answered(log[: data.draw(st.integers(0, len(log)))], position)
    end = whole[-1].end if whole else position
    assert end in {position, *(cut for cut in cuts if cut > position)}
    assert offsets_of(whole) == list(range(position, end))


@pytest.mark.parametrize(
    ("log", "position", "hole"),
    [
        (plain(5, 2), 0, (0, 5)),
        (plain(0, 2) + plain(5, 2), 2, (2, 5)),
    ],
)
def test_missing_batches_are_named(log: bytes, position: int, hole: tuple[int, int]) -> None:
    with pytest.raises(LogHasHoles) as caught:
        answered(log, position)
    assert (caught.value.facts["start"], caught.value.facts["end"]) == hole


def compacted(base: int, kept: list[int], end: int) -> bytes:
    """Return a batch of which compaction kept some records and the last offset."""
    payload = b"".join(record(i - base, b"k", b"v") for i in kept)
    return batch(payload, len(kept), base=base, last_delta=end - base - 1)


@each_case(
    ("kept", "position", "hole"),
    [([1, 2, 3], 0, (0, 1)), ([0, 3], 0, (1, 3)), ([0, 1], 0, (2, 4)), ([], 0, (0, 4)), ([0, 3], 2, (2, 3))],
)
def test_records_that_compaction_removed_are_named(kept: list[int], position: int, hole: tuple[int, int]) -> None:
    with pytest.raises(LogHasHoles) as caught:
        answered(compacted(0, kept, 4), position)
    assert (caught.value.facts["start"], caught.value.facts["end"]) == hole


def test_a_hole_before_the_position_is_ignored() -> None:
    assert offsets_of(answered(compacted(0, [0, 3], 4), 3)) == [3]


def test_records_before_a_hole_or_damage_come_first() -> None:
    damaged = bytearray(plain(2, 2))
    damaged[-1] ^= 1
    for bad, error in ((plain(5, 1), LogHasHoles), (bytes(damaged), Damaged)):
        assert offsets_of(answered(plain(0, 2) + bad)) == [0, 1]
        with pytest.raises(error):
            answered(bad, 2)


def test_an_unreadable_batch_is_one_record_from_the_position_on() -> None:
    log = plain(0, 1) + batch(b"?", 4, 1, base=1) + plain(5, 1)
    (found,) = answered(log)
    assert [(each.offset, each.offsets, each.fault is None) for each in found.records] == [
        (0, 1, True), (1, 4, False), (5, 1, True),
    ]  # fmt: skip
    assert [(each.offset, each.offsets) for each in answered(log, 3)[0].records] == [(3, 2), (5, 1)]


def test_a_bomb_is_returned_in_parts() -> None:
    codec, pack = CODECS["zstd"]
    count = 40
    log = batch(pack(b"".join(record(i, None, bytes(1_000_000)) for i in range(count))), count, codec)
    found = answered(log)
    assert_tiles(found, 0, count)
    assert max(sum(len(each.value or b"") for each in stretch.records) for stretch in found) < ENOUGH_BYTES + 1_000_000


def test_records_are_returned_unchanged() -> None:
    value = random.Random(1).randbytes(100)
    (found,) = answered(batch(record(0, b"\xff\x00", value, time_delta=5), 1, base=0))
    wire = found.records[0].wire
    assert wire > len(value)
    assert found == FetchedRange(TP, 0, 1, [Record(0, 1_700_000_000_005, b"\xff\x00", value, wire=wire)], found.size)
    assert 2 + len(value) <= found.size < 20 + len(value)


def test_the_size_counts_the_headers_of_each_record() -> None:
    section = header_section([(b"a", b"1"), (b"b", None)])
    (found,) = answered(batch(b"".join(record(i, None, b"v", section) for i in range(3)), 3))
    assert 3 * 2 * OF_A_HEADER < found.size < 3 * 2 * OF_A_HEADER + 100
