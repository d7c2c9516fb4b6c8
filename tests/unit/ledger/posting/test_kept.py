"""The bytes of rejected records that a book keeps: whole within the allowance, else in part."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ledger.posting.kept import AT_MOST, EARNED, LARGEST_SIDE, Allowance, Kept
from schemas.wording import Reason
from streams.batch import Header, Record


def record(value: bytes | None, key: bytes | None = None, headers: tuple[Header, ...] = (), wire: int = 0) -> Record:
    return Record(0, 0, key, value, headers, wire)


def size(kept: Kept) -> int:
    return len(kept.key or b"") + len(kept.value or b"") + len(kept.headers or b"")


def test_a_record_is_kept_whole_while_there_is_an_allowance() -> None:
    allowance = Allowance(1000)
    whole = allowance.keep(record(b"v" * 400, b"k" * 10, ((b"h", b"1"), (b"\xff", None))))
    headers = [{"key": "h", "value": "1"}, {"key_base64": "/w==", "value": None}]
    assert (whole.size, whole.key, whole.value) == (400, b"k" * 10, b"v" * 400)
    assert orjson.loads(whole.headers or b"") == headers
    assert allowance.left == 1000 - size(whole)
    assert allowance.keep(record(b"v" * 4000)) == (4000, None, b"v" * (1000 - size(whole)), None)
    assert allowance.keep(record(b"more", b"key")) == (4, b"", b"", None)
    assert allowance.keep(record(None)) == (None, None, None, None)


def test_the_log_earns_the_allowance_up_to_a_bound() -> None:
    allowance = Allowance(0)
    allowance.wire += 300
    assert allowance.left == allowance.left == EARNED * 300
    allowance.wire += AT_MOST
    assert allowance.left == AT_MOST


def test_keys_headers_and_batches_that_cannot_be_read_are_kept_up_to_64_kib() -> None:
    large = b"x" * 2 * LARGEST_SIDE
    headers = ((b"a", b"b"), (b"k", large))
    kept = Allowance(AT_MOST).keep(record(large, large, headers))
    assert (kept.key, kept.value) == (large[:LARGEST_SIDE], large)
    assert orjson.loads(kept.headers or b"") == [{"key": "a", "value": "b"}]
    assert (
        Allowance(AT_MOST).keep(Record(0, 0, None, large, fault=Reason("batch_form", {}), offsets=3)).value
        == (large[:LARGEST_SIDE])
    )


HEADER = st.tuples(st.binary(max_size=4), st.none() | st.binary(max_size=4))
RECORD = st.builds(
    record,
    st.none() | st.binary(max_size=60),
    st.none() | st.binary(max_size=20),
    st.lists(HEADER, max_size=30).map(tuple),
    st.integers(0, 30),
)


@given(st.lists(st.tuples(RECORD, st.booleans())), st.integers(0, 200), st.integers(0, 60))
def test_no_more_is_kept_than_earned_with_any_cut_of_batches(
    records: list[tuple[Record, bool]], first: int, end: int
) -> None:
    def keep(allowance: Allowance, some: list[tuple[Record, bool]]) -> list[Kept]:
        found = []
        for one, refused in some:
            allowance.wire += one.wire
            if refused:
                found.append(allowance.keep(one))
        return found

    one = Allowance(first)
    together = keep(one, records)
    before = Allowance(first)
    apart = keep(before, records[:end])
    after = Allowance(before.left)
    apart += keep(after, records[end:])
    assert (together, one.left) == (apart, after.left)
    assert sum(map(size, together)) <= first + EARNED * sum(one.wire for one, _ in records)
    assert one.left >= 0
