"""Replays by several processes: what each gets."""

from __future__ import annotations

import pickle

from ledger.audit.together import dealt
from ledger.book.errors import LogTrimmed
from tests.each_case import each_case

RANGES = {("a", 0): (0, 100), ("a", 1): (10, 70), ("b", 0): (0, 50), ("b", 1): (5, 5), ("c", 0): (0, 10)}


@each_case("count", [1, 2, 3, 4, 9])
def test_each_range_is_dealt_once_and_none_is_empty(count: int) -> None:
    shares = dealt(RANGES, count)
    assert len(shares) == min(count, 4)
    together = [item for share in shares for item in share.items()]
    assert len(together) == len(dict(together))
    assert {topic_partition: span for topic_partition, span in together if span[0] < span[1]} == {
        topic_partition: span for topic_partition, span in RANGES.items() if span[0] < span[1]
    }


def test_shares_have_similar_sizes() -> None:
    sizes = [sum(end - start for start, end in share.values()) for share in dealt(RANGES, 2)]
    assert sizes == [110, 110]


def test_an_empty_log_is_one_share() -> None:
    assert dealt({("a", 0): (3, 3)}, 4) == [{("a", 0): (3, 3)}]


def test_an_error_of_another_process_is_the_same_error() -> None:
    error = LogTrimmed(topic="ip.pledge.v1", partition=1, start=7, next=3)
    received = pickle.loads(pickle.dumps(error))
    assert type(received) is LogTrimmed
    assert str(received) == str(error)
