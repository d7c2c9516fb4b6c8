"""Books of shares against the book of the whole log, while all are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streams.cluster import Cluster
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import Load
from tests.processes import Installation, wait_until

SHARES = ("1/3", "2/3", "3/3")
QUESTION = ("totals", "--json", "--by", "industry,year,region")


@pytest.fixture
def books(cluster: Cluster, tmp_path: Path) -> Iterator[list[Installation]]:
    """Yield three books of shares, with a worker each."""
    made = [Installation(cluster, tmp_path / f"{share[0]}.db") for share in SHARES]
    for book, share in zip(made, SHARES, strict=True):
        book.worker("--share", share)
    yield made
    for book in made:
        book.close()


def test_books_of_shares_are_asked_and_merged_while_they_are_written(
    installation: Installation, books: list[Installation], fault: Fault, tmp_path: Path
) -> None:
    """Three books of shares and one of the whole log under load; a worker of a share killed with SIGKILL"""
    load = Load(installation.cluster, fault.chance.randrange(2**32))
    installation.worker()
    paths = [str(book.book) for book in books]
    together = ",".join(paths)
    load.produce(200)
    for book in books:
        book.workers[0].wait_until_started()

    load.until(lambda: all(book.posted() for book in books), lambda: "not all post", 300)
    answer = installation.run(*QUESTION, "--books", together).json
    load.produce(100)
    merged = Installation(installation.cluster, tmp_path / "merged.db")
    done = installation.run("merge", *paths, "--into", str(merged.book))
    assert done.code == 0, done.err
    books[1].workers[0].kill()
    load.produce(100)
    books[1].worker("--share", SHARES[1])
    load.produce(100)

    assert verified(merged)["verdict"] == "equal"
    replayed = Installation(installation.cluster, tmp_path / "replayed.db")
    assert replayed.run("replay", "--book", str(replayed.book), "--to", answer["position"]).code == 0
    there = replayed.run(*QUESTION).json
    assert (there["position"], there["rows"]) == (answer["position"], answer["rows"])

    installation.wait_until_posted()
    assert_true_to_the_log(installation)
    ends = installation.ends()

    def all_posted() -> bool:
        posted = {topic_partition: next_ for book in books for topic_partition, next_ in book.next_offsets().items()}
        return posted == ends

    wait_until(all_posted, lambda: f"the log ends at {ends}")
    whole = installation.run(*QUESTION).json
    assert installation.run(*QUESTION, "--books", together).json["rows"] == whole["rows"]
    final = Installation(installation.cluster, tmp_path / "final.db")
    assert installation.run("merge", *paths, "--into", str(final.book)).code == 0
    assert verified(final)["digest"] == verified(installation)["digest"]
    fault.ended("right and balanced; asked together and merged, they equal the whole", 1)


def verified(installation: Installation) -> Any:
    done = installation.run("verify", "--json")
    assert done.code == 0, done.out[:2000] + done.err
    return done.json
