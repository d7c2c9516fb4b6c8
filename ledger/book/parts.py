"""Parts of a book: the partition that each row of a table follows from.

The rows of one partition follow from its log alone (promise P5), so they are the same in every book that holds it. Only
the sums are made of all partitions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from ledger.posting.constants import CONSTANTS
from schemas.topics import TOPICS, TopicPartition

SUMS = ("total", "summary", "stock")
"""Tables that add up the postings of all partitions."""

_ENTITIES = {
    "ip.pledge.v1": ("pledge", "pledge_state", "pledge_asset", "pledge_payment", "alert", "acknowledgement"),
    "ip.patent.v1": ("document", "patent", "patent_fee", "patent_note", "genai_patent", "patent_reading", "citation"),
    "ip.valuation.v1": ("valuation", "valuation_request", "valuation_refusal", "valuation_input"),
    "ip.deal.v1": ("deal", "deal_asset", "acceptance", "need"),
    "ip.loan.v1": ("loan", "loan_payment"),
    "ip.trademark.v1": ("trademark",),
    "ip.pct.v1": ("pct_filing",),
    "ip.reference.v1": (
        "fx_rate",
        "population",
        "policy",
        "published_figure",
        "weight_set",
        "valuation_model",
        "party_control",
    ),
}
TOPIC_OF = {table: topic for topic, tables in _ENTITIES.items() for table in tables}
"""Table of entities -> the topic of their events."""

_RowPartition = tuple[str, int] | None
"""A partition, or None for a row of no single one: a constant or a sum."""


def partition_reader(table: str, columns: Sequence[str]) -> Callable[[tuple[Any, ...]], _RowPartition]:
    """Return the function that returns the partition of a row of this table."""
    if table in TOPIC_OF:
        topic, number = TOPIC_OF[table], columns.index("partition")
        return lambda row: (topic, row[number])
    if "topic" in columns and "partition" in columns:
        names, one, number = CONSTANTS["topic"], columns.index("topic"), columns.index("partition")
        return lambda row: (names.get(row[one], f"topic {row[one]}"), row[number])
    return lambda row: None


def condition_of(table: str, columns: Sequence[str], topic_partitions: Collection[TopicPartition]) -> str:
    """Return the condition for the rows of these partitions, in a table that is not one of sums; all rows of a table of
    constants meet it."""
    if table in TOPIC_OF:
        numbers = sorted(partition for topic, partition in topic_partitions if topic == TOPIC_OF[table])
        return f"partition IN ({', '.join(map(str, numbers))})"
    if "topic" in columns and "partition" in columns:
        pairs = sorted((TOPICS[topic].number, partition) for topic, partition in topic_partitions)
        return f"(topic, partition) IN (VALUES {', '.join(map(str, pairs))})" if pairs else "0"
    return "1"
