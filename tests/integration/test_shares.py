"""Books of shares: together they hold a log once, and each is verified like a whole book."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.replay import replay
from ledger.audit.verify import Sample, verify
from ledger.book.book import Book
from ledger.book.parts import SUMS
from ledger.book.share import Share
from streams.cluster import Cluster
from tests.acceptance.load import Load
from tests.processes import Installation, wait_until

SHARES = ("1/2", "2/2")


@pytest.fixture(scope="module")
def parts(loaded: Installation, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the books of two shares of the log of `loaded`."""
    directory = tmp_path_factory.mktemp("shares")
    for number, share in enumerate(SHARES):
        replay(loaded.cluster, directory / f"{number}.db", share=Share.parse(share))
    return [directory / f"{number}.db" for number in range(2)]


def test_a_book_of_a_share_is_verified_like_a_whole_one(loaded: Installation, parts: list[Path]) -> None:
    whole = verify(loaded.cluster, loaded.book)
    found = [verify(loaded.cluster, path) for path in parts]
    assert [one.verdict for one in (whole, *found)] == ["equal"] * 3
    assert sum(one.records for one in found) == whole.records
    held = [set(one.position.split(",")) for one in found]
    assert held[0] | held[1] == set(whole.position.split(","))
    assert not held[0] & held[1]
    of_partitions = {part for part in whole.parts if part.table not in SUMS}
    assert {part for one in found for part in one.parts if part.table not in SUMS} == of_partitions


def test_a_sample_is_drawn_by_its_seed(loaded: Installation, tmp_path: Path) -> None:
    whole = verify(loaded.cluster, loaded.book)
    first, again = (verify(loaded.cluster, loaded.book, sample=Sample(3, 11)) for _ in range(2))
    assert (first.verdict, first.seed) == ("equal", 11)
    assert (again.position, again.digest) == (first.position, first.digest)
    drawn = first.position.split(",")
    assert len(drawn) == 3
    assert set(drawn) < set(whole.position.split(","))
    assert {part for part in first.parts if part.topic} < {part for part in whole.parts if part.topic}
    assert verify(loaded.cluster, loaded.book, sample=Sample(3, 12)).position != first.position


def test_a_sample_finds_what_was_changed_in_its_partitions_alone(loaded: Installation, tmp_path: Path) -> None:
    other = Installation(loaded.cluster, tmp_path / "book.db")
    replay(loaded.cluster, other.book)
    with Book(other.book, writable=True) as book:
        numbers = book.connection.execute("SELECT topic, partition FROM record WHERE outcome = 1 LIMIT 1").fetchone()
        book.connection.execute("UPDATE record SET timestamp = 1 WHERE topic = ? AND partition = ?", numbers)
    verdicts = {}
    for seed in range(40):
        found = verify(other.cluster, other.book, sample=Sample(1, seed))
        verdicts[found.position] = (found.verdict, [difference.table for difference in found.differences])
        if len(set(map(str, verdicts.values()))) == 2:
            break
    assert set(map(str, verdicts.values())) == {"('different', ['record', 'leaf'])", "('equal', [])"}


def test_workers_of_shares_post_all_partitions_once(cluster: Cluster, tmp_path: Path) -> None:
    load = Load(cluster, 5)
    books = [Installation(cluster, tmp_path / f"{number}.db") for number in range(2)]
    try:
        load.produce(100)
        workers = [one.worker("--share", share, "--processes", "2") for one, share in zip(books, SHARES, strict=True)]
        load.produce(100)
        ends = sorted(books[0].ends().items())

        def posted() -> bool:
            for worker in workers:
                worker.require_alive()
            return sorted({**books[0].next_offsets(), **books[1].next_offsets()}.items()) == ends

        wait_until(posted, lambda: f"{ends}")
        assert sorted(books[0].shares()) == [7, 8]
        assert [worker.stop() for worker in workers] == [0, 0]
        assert books[0].run("status", "--json").json["share"] == "1/2"
        assert [verify(cluster, one.book).verdict for one in books] == ["equal", "equal"]
        refused = books[0].run("worker", "--share", "2/2")
        assert (refused.code, "holds the share 1/2 of the log, not 2/2" in refused.err) == (2, True)
    finally:
        for one in books:
            one.close()
