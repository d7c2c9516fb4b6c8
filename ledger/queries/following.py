"""The records that a book has beyond a position, for readers that follow it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.book.book import Book
from ledger.queries.answer import Answer, AnswerRow
from ledger.queries.ask import Choice, Relation, ask, query_sql
from ledger.queries.overview import NEWEST_EVENTS
from ledger.queries.snapshot import read_snapshot
from schemas.topics import TOPICS, TopicPartition

_RELATION = Relation("The answer of records_after", NEWEST_EVENTS, query_sql("records_between"))


class Following(NamedTuple):
    """Records in order of topic, partition and offset, and the offsets behind them, from which to continue."""

    answer: Answer
    offsets: dict[TopicPartition, int]


def records_after(book: Book, offsets: Mapping[TopicPartition, int], most: int) -> Following:
    """Return at most `most` records of any outcome at or above these offsets. A partition that is not named counts
    from its first offset in the book. Raise BadLimit."""
    rows: list[AnswerRow] = []
    reached: dict[TopicPartition, int] = {}
    with read_snapshot(book) as state:
        for position in state.positions:
            key = position.topic, position.partition
            start = reached[key] = offsets.get(key, position.first)
            if start >= position.next or len(rows) >= most:
                continue
            values = {"topic": TOPICS[position.topic].number, "partition": position.partition}
            found = ask(
                book, _RELATION, {**values, "start": start, "end": position.next}, Choice(limit=most - len(rows))
            )
            rows += found
            reached[key] = position.next if len(rows) < most else found[-1][2] + 1
    return Following(Answer(state, NEWEST_EVENTS, rows, {}), reached)
