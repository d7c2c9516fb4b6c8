"""Publishing lines: an answer to each, and warnings about some of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from ledger.commands.context import connect_cluster, open_book, settings
from ledger.commands.messages import echo_err
from schemas.errors import LedgerError

if TYPE_CHECKING:
    from ledger.book.book import Book
    from ledger.queries.pledge_check import Objection
    from schemas.codec import Judged, Refusal
    from streams.cluster import Cluster


def sent_events(
    lines: Iterable[bytes | Refusal | Objection],
    stack: ExitStack,
    on_sent: Callable[[int, Judged], object] = lambda *_: None,
) -> Iterator[tuple[int, Any]]:
    """Publish lines, and yield an answer with its number to each: a receipt, a refusal or an objection. Print
    at the end which of them readers cannot see yet. Raise TopicCompacted, LogShapeDiffers."""
    from ledger.tracing import sending
    from streams.producer import Producer, Receipt, publish_lines
    from streams.retention import require_uncompacted

    cluster = connect_cluster()
    require_uncompacted(cluster)
    newest: dict[tuple[str, int], int] = {}
    sent = stack.enter_context(sending())
    for number, answer in publish_lines(stack.enter_context(Producer(cluster)), lines, on_sent, sent.headers):
        if isinstance(answer, Receipt):
            sent.count += 1
            newest[answer.topic, answer.partition] = answer.offset
        yield number, answer
    _say_what_waits(cluster, newest)


def _say_what_waits(cluster: Cluster, newest: dict[tuple[str, int], int]) -> None:
    """Print a warning for each partition where our newest event is behind an open transaction."""
    from streams.reader import Reader
    from streams.transactions import open_transactions

    try:
        with Reader(cluster) as reader:
            bounds = reader.bounds(dict.fromkeys(topic for topic, _ in newest))
        behind = {
            topic_partition: bounds[topic_partition]
            for topic_partition, offset in newest.items()
            if offset >= bounds[topic_partition].end
        }
        for held in open_transactions(cluster, behind):
            mine = f"{held.topic}:{held.partition}={newest[held.topic, held.partition]}"
            echo_err(f"WARNING: nobody sees what went out up to {mine} yet. {held.message()}; {held.step(cluster)}")
    except LedgerError as error:
        echo_err(f"Whether what went out can be seen is not known: {error}")


class Warnings(dict[int, str]):
    """Warnings about published lines, by number. The code that prints a line removes its warning."""

    def __init__(self, stack: ExitStack, *, of_any_log: bool) -> None:
        from ledger.targets import Targets

        super().__init__()
        self._stack, self._of_any_log = stack, of_any_log
        self._targets: Targets | None = Targets(self._book_at_hand)

    def look(self, number: int, judged: Judged) -> None:
        """Check the target of one event. Without a book, nothing is checked, and the lines are published all the
        same."""
        try:
            if self._targets and (warning := self._targets.warning(judged)):
                self[number] = warning
        except LedgerError as error:
            echo_err(f"Targets of corrections are not looked for: {error}")
            self._targets = None

    def _book_at_hand(self) -> Book | None:
        from ledger.book.book import exists
        from ledger.book.recognition import same_log
        from streams.log_identity import identity

        if not exists(settings().book):
            return None
        book = self._stack.enter_context(open_book())
        if not self._of_any_log:
            same_log(book, identity(connect_cluster()))
        return book
