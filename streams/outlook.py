"""Warnings about a log besides its ends: records held back in it, and records it will lose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from schemas.topics import TOPICS, TopicPartition
from streams.cluster import Cluster
from streams.reader import Bounds, Reader
from streams.retention import Loss, losses, policies
from streams.rights import NotAuthorized
from streams.transactions import OpenTransaction, open_transactions


class Outlook(NamedTuple):
    """The bounds of each partition, the transactions that hold records back, the topics that will lose records; and why
    the last is unknown, if we lack the right to ask."""

    bounds: Mapping[TopicPartition, Bounds]
    transactions: list[OpenTransaction]
    losses: list[Loss]
    not_known: NotAuthorized | None = None


def look_at(cluster: Cluster, next_offsets: Mapping[TopicPartition, int]) -> Outlook:
    """Inspect a log. `next_offsets` is where a book continues, in the partitions that it holds; without a book, empty.

    Raise BrokerUnavailable, TopicMissing.
    """
    with Reader(cluster) as reader:
        everywhere = reader.bounds(TOPICS)
        bounds = {
            topic_partition: bound
            for topic_partition, bound in everywhere.items()
            if topic_partition in (next_offsets or everywhere)
        }
        transactions = open_transactions(cluster, bounds)
        try:
            return Outlook(bounds, transactions, losses(policies(cluster), reader, bounds, next_offsets))
        except NotAuthorized as error:
            return Outlook(bounds, transactions, [], error)
