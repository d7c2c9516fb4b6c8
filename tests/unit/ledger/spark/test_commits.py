"""Commits of a lake take effect once, whole, and in order; without Spark."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.book.digest import Part
from ledger.posting.constants import FOLD_VERSION
from ledger.spark.commits import Commit, last_commit, publish_commit, required_commit
from ledger.spark.errors import CommitLost, LakeDamaged, LakeOfOtherVersion, NotALake
from tests.events import LOG

PART = Part("record", "ip.patent.v1", 0, 3, "00ff")
COMMIT = Commit(
    1,
    LOG,
    "1.0.0",
    1000,
    "all",
    {("ip.patent.v1", 0): (0, 3)},
    {("ip.patent.v1", 0): {"record": ["a.parquet", "b.parquet"]}, (None, None): {"total": ["c.parquet"]}},
    [PART],
    [Part("total_of_partition", "ip.patent.v1", 0, 1, "0f")],
)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    (tmp_path / "lake" / "commits").mkdir(parents=True)
    return tmp_path / "lake"


def test_a_commit_is_read_as_it_was_written(lake: Path) -> None:
    assert last_commit(lake) is None
    publish_commit(lake, COMMIT)
    assert last_commit(lake) == COMMIT
    assert COMMIT.files_of("record") == ["a.parquet", "b.parquet"]


def test_the_last_commit_counts(lake: Path) -> None:
    for number in (1, 2, 10):
        publish_commit(lake, COMMIT._replace(number=number))
    assert required_commit(lake).number == 10


def test_only_one_of_two_programs_writes_a_commit(lake: Path) -> None:
    publish_commit(lake, COMMIT)
    with pytest.raises(CommitLost, match="commit 1"):
        publish_commit(lake, COMMIT._replace(positions={("ip.patent.v1", 0): (0, 9)}))
    assert required_commit(lake) == COMMIT
    assert [path.name for path in (lake / "commits").iterdir()] == ["000000001.json"], "no draft is left"


@pytest.mark.parametrize(
    ("what", "instead", "error"),
    [
        (f'"fold_version": {FOLD_VERSION}', '"fold_version": 1', LakeOfOtherVersion),
        ('"00ff"', '"00fe"', LakeDamaged),
        ('"positions"', '"elsewhere"', LakeDamaged),
    ],
)
def test_a_commit_that_cannot_count_is_refused(lake: Path, what: str, instead: str, error: type[Exception]) -> None:
    publish_commit(lake, COMMIT)
    path = lake / "commits" / "000000001.json"
    text = path.read_text("utf-8")
    assert what in text
    path.write_text(text.replace(what, instead), "utf-8")
    with pytest.raises(error):
        last_commit(lake)


def test_a_directory_with_other_files_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(NotALake, match="no commit"):
        required_commit(tmp_path / "new")
    (tmp_path / "letter.txt").touch()
    with pytest.raises(NotALake, match="other files"):
        last_commit(tmp_path)
    with pytest.raises(NotALake, match="is a file"):
        last_commit(tmp_path / "letter.txt")
