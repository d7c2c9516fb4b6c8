"""Shares of a log: every partition in exactly one of n, and lists that name partitions of the log."""

from __future__ import annotations

import pytest

from ledger.book.share import WHOLE, BadShare, Share
from schemas.topics import TOPICS
from tests.each_case import each_case
from tests.events import LOG, TOPIC_PARTITIONS


@each_case("count", [1, 2, 3, 4, 8, 29])
def test_shares_by_number_are_disjoint_and_whole_together(count: int) -> None:
    dealt = [Share.parse(f"{number}/{count}").topic_partitions(LOG.partitions) for number in range(1, count + 1)]
    assert sorted(topic_partition for share in dealt for topic_partition in share) == sorted(TOPIC_PARTITIONS)
    assert max(map(len, dealt)) - min(map(len, dealt)) <= 1


def test_four_shares_of_four_partitions_each_have_one_of_every_topic() -> None:
    for number in range(4):
        topic_partitions = Share.parse(f"{number + 1}/4").topic_partitions(LOG.partitions)
        assert {topic: p for topic, p in topic_partitions if topic != "ip.reference.v1"} == dict.fromkeys(
            [topic for topic in TOPICS if topic != "ip.reference.v1"], number
        )


@each_case(
    ("given", "text"),
    [
        ("all", "all"),
        ("1/1", "all"),
        (" 2/4 ", "2/4"),
        ("ip.pledge.v1:3, ip.patent.v1:0,ip.pledge.v1:3", "ip.patent.v1:0,ip.pledge.v1:3"),
    ],
)
def test_a_share_has_one_form(given: str, text: str) -> None:
    assert Share.parse(given).text == text
    assert Share.parse(given) == Share.parse(text)
    assert Share.parse(given).is_whole is (text == WHOLE.text)


@each_case(
    ("given", "reason"),
    [
        ("5/4", "there are 4 shares"),
        ("0/4", "'0/4' is not topic:partition"),
        ("", "'' is not topic:partition"),
        ("ip.pledge.v1", "not topic:partition"),
        ("ip.other.v1:0", "not topic:partition"),
        ("30/30", "the log has 29 partitions"),
        ("ip.pledge.v1:4", "the log has no ip.pledge.v1:4"),
    ],
)
def test_what_is_no_share_of_the_log_is_refused(given: str, reason: str) -> None:
    with pytest.raises(BadShare, match=reason):
        Share.parse(given).topic_partitions(LOG.partitions)


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadShare, match="too long"):
        Share.parse(",".join(f"{topic}:{number}" for topic in TOPICS for number in range(1000)))
