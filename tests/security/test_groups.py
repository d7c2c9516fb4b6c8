"""The name of the consumer group: chosen, and of one book only."""

from __future__ import annotations

from dataclasses import replace

from confluent_kafka import Consumer

from ledger.book.book import Book
from schemas.topics import TOPICS
from streams.group import members
from tests.processes import Installation, wait_until


class Named(Installation):
    """An installation whose group somebody chose."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"LEDGER_GROUP": self.group}

    @property
    def group(self) -> str:
        return f"{self.cluster.prefix}posting"


def test_two_live_books_of_one_group_are_refused_and_two_workers_of_one_are_not(installation: Installation) -> None:
    first = Named(installation.cluster, installation.book)
    other = replace(first, book=installation.book.with_name("other.db"), workers=[])
    try:
        one, two = first.worker(), first.worker()
        wait_until(lambda: len(first.shares()) == 2, lambda: f"they share {first.shares()}; {one.words}; {two.words}")
        (client,) = {member.client for member in members(first.cluster, first.group)}
        with Book(first.book) as book:
            assert client == f"ip-ledger.{book.id}"
        assert other.worker().wait() == 70
        said = other.workers[0].words
        assert (
            f"GroupTaken: The consumer group {first.group} has a worker of another book, {client} on 127.0.0.1" in said
        )
        assert "Traceback" not in said
        assert len(first.shares()) == 2, "those at work did not notice"
        assert sum(other.next_offsets().values()) == 0, "nothing was posted"
        found = first.run("doctor", "--json").json["findings"]
        assert next(row["found"] for row in found if row["check"] == "worker").startswith("2 on 127.0.0.1")
        assert (one.stop(), two.stop()) == (0, 0)
        again = other.worker()
        wait_until(lambda: len(other.shares()) == 1, lambda: again.words)
        assert again.stop() == 0
    finally:
        first.close()
        other.close()


def test_a_worker_of_another_book_that_joins_at_the_same_moment_is_found_at_the_assignment(
    installation: Installation,
) -> None:
    first = Named(installation.cluster, installation.book)
    try:
        one = first.worker()
        wait_until(lambda: len(first.shares()) == 1, lambda: one.words)
        settings = {"client.id": "ip-ledger.another", "group.id": first.group}
        other = Consumer(first.cluster.librdkafka(**settings, **{"partition.assignment.strategy": "roundrobin"}))
        other.subscribe([first.cluster.topic(name) for name in TOPICS])
        wait_until(lambda: other.poll(0.1) is None and not one.alive, lambda: one.words)
        other.close()
        assert one.wait() == 70
        assert "GroupTaken: " in one.words
        assert "ip-ledger.another on 127.0.0.1" in one.words
    finally:
        first.close()
