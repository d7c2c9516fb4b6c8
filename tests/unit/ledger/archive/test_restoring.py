"""The partition of a record in a log of another shape: valid places stay valid, and wrong ones stay wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.archive.restoring import new_partition
from schemas.topics import partition_of

counts = st.integers(1, 9)


@given(key=st.binary(max_size=9), before=counts, after=counts, number=st.integers(0, 8))
def test_a_record_is_in_the_partition_of_its_key_if_it_was(key: bytes, before: int, after: int, number: int) -> None:
    partition = number % before
    there = new_partition(key, partition, before, after)
    if there is None:
        assert after == 1
        assert partition != partition_of(key, before)
    else:
        assert 0 <= there < after
        assert (there == partition_of(key, after)) == (partition == partition_of(key, before))


@given(before=counts, after=counts, number=st.integers(0, 8))
def test_a_record_without_a_key_is_kept(before: int, after: int, number: int) -> None:
    there = new_partition(None, number % before, before, after)
    assert there is not None
    assert 0 <= there < after


@given(key=st.none() | st.binary(max_size=9), count=counts, number=st.integers(0, 8))
def test_in_the_same_shape_nothing_moves(key: bytes | None, count: int, number: int) -> None:
    assert new_partition(key, number % count, count, count) == number % count
