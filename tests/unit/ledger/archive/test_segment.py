"""A segment: what is written is read again, and the same content is the same bytes."""

from __future__ import annotations

import gzip
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.archive.errors import SegmentDamaged
from ledger.archive.segment import SegmentReader, SegmentSummary, SegmentWriter
from schemas.wording import Reason
from streams.batch import Record

some = st.none() | st.binary(max_size=40)
headers = st.lists(st.tuples(st.binary(max_size=9), some), max_size=3).map(tuple)
faults = st.none() | st.builds(
    Reason, st.just("batch_unpacked"), st.dictionaries(st.text(max_size=4), st.integers(0, 9))
)
records = st.builds(
    Record,
    st.integers(0, 2**62),
    st.integers(-1, 2**62),
    some,
    some,
    headers,
    st.integers(0, 2**32 - 1),
    faults,
    st.integers(1, 9),
    st.none() | st.binary(min_size=32, max_size=32),
).map(lambda record: record._replace(erased=None) if record.fault else record._replace(offsets=1))


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def written(held: list[Record], end: int = 99) -> tuple[bytes, str]:
    file = BytesIO()
    writer = SegmentWriter(file, "ip.pledge.v1", 3, 7)
    for record in held:
        writer.add(record)
    digest = writer.close(end)
    return file.getvalue(), digest


@settings(max_examples=80)
@given(held=st.lists(records, max_size=5))
def test_records_come_back_as_they_went_in(held: list[Record], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("segment") / "one"
    content, digest = written(held)
    path.write_bytes(content)
    reader = SegmentReader(path)
    assert [*reader.records()] == held
    assert reader.summary == SegmentSummary("ip.pledge.v1", 3, 7, 99, len(held))
    assert reader.sha256 == digest == sha256(gzip.decompress(content)).hexdigest()
    assert written(held) == (content, digest)


ONE = Record(8, 1_700_000_000_000, b"P1", b"{}", ((b"h", None),), 12)
BYTES = bytes.fromhex(
    "49504c4f47000001"  # IPLOG, and the version
    "000c69702e706c656467652e7631 00000003 0000000000000007"  # topic, partition, start
    "01 0000000000000008 0000018bcfe56800 0000000c"  # a record: offset, timestamp, wire
    "000000025031 000000027b7d"  # key, value
    "00000001 0000000168 ffffffff"  # one header, without a value
    "00 0000000000000063 00000001"  # the end: offset, number of records
)
"""The content of a segment with ONE."""


def test_the_bytes_are_those_of_the_documentation() -> None:
    content, _ = written([ONE])
    assert gzip.decompress(content) == BYTES


@pytest.mark.parametrize("index", range(0, len(BYTES), 3))
def test_a_changed_byte_changes_the_hash_or_the_form(tmp_path: Path, index: int) -> None:
    changed = bytearray(BYTES)
    changed[index] ^= 1
    (tmp_path / "changed").write_bytes(packed(bytes(changed)))
    reader = SegmentReader(tmp_path / "changed")
    try:
        read = [*reader.records()]
    except SegmentDamaged:
        return
    assert (read, reader.summary) != ([ONE], SegmentSummary("ip.pledge.v1", 3, 7, 99, 1))
    assert reader.sha256 != written([ONE])[1]


@pytest.mark.parametrize(
    "content",
    [b"", b"dear auditor", packed(BYTES)[:-9], packed(BYTES[:-1]), packed(BYTES + b"x")],
    ids=["empty", "text", "cut gzip", "cut segment", "longer segment"],
)
def test_a_file_that_is_cut_or_no_segment_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cut").write_bytes(content)
    with pytest.raises(SegmentDamaged, match="cut of the archive is damaged"):
        [*SegmentReader(tmp_path / "cut").records()]
