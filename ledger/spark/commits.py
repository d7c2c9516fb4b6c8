"""The commits of a lake: numbered files, each of which names everything that counts.

Readers go through the last one. A commit takes effect by one step, the creation of its file, and only one program can
create a file that does not exist. So the positions of the commit before still hold when a commit takes effect: promise
P2, as in a book. Files that no commit names do not count.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import orjson

from ledger.book.digest import Part, root
from ledger.durable import sync
from ledger.posting.constants import FOLD_VERSION
from ledger.spark.errors import CommitLost, LakeDamaged, LakeFault, LakeOfOtherVersion, NotALake
from schemas.topics import TopicPartition
from streams.log_identity import LogIdentity

COMMITS, ROWS = "commits", "data"
"""The directories of a lake."""
_DIGITS = 9

LakePartition = tuple[str | None, int | None]
"""A partition, or (None, None) for constants and sums."""
Files = dict[str, list[str]]
"""Table -> its files, as paths below the lake."""


class Commit(NamedTuple):
    """The content of a lake: log and settings that it follows from, the offsets [first, next) of each partition,
    the files of each table by partition, the parts of the digest, and those of the sums of each partition alone."""

    number: int
    log: LogIdentity
    industry_map: str
    unpacked_bytes: int
    share: str
    positions: Mapping[TopicPartition, tuple[int, int]]
    files: Mapping[LakePartition, Files]
    parts: list[Part]
    sums: list[Part]

    @property
    def root(self) -> str:
        """The root of the digest: that of a book of the same offsets."""
        return root(self.parts)

    def files_of(self, table: str) -> list[str]:
        """Return the files of a table."""
        return [path for files in self.files.values() for path in files.get(table, ())]


def last_commit(lake: Path) -> Commit | None:
    """Return the last commit; None for a directory without one that is new, empty, or of a first run that was killed.

    Raise NotALake, LakeFault, LakeDamaged, LakeOfOtherVersion.
    """
    try:
        if lake.exists() and not lake.is_dir():
            raise NotALake(path=lake, reason="it is a file")
        inside = {path.name for path in lake.iterdir()} if lake.exists() else set()
        if not inside <= {COMMITS, ROWS}:
            raise NotALake(path=lake, reason="it has other files")
        numbers = [path.stem for path in (lake / COMMITS).glob("*.json")] if inside else []
        content = (lake / COMMITS / f"{max(numbers)}.json").read_bytes() if numbers else None
    except OSError as error:
        raise LakeFault(path=lake, reason=error.strerror) from error
    return None if content is None else _parsed(lake, content)


def required_commit(lake: Path) -> Commit:
    """Return the last commit. Raise NotALake if there is none, and the errors of `last_commit`."""
    commit = last_commit(lake)
    if commit is None:
        raise NotALake(path=lake, reason="it has no commit")
    return commit


def publish_commit(lake: Path, commit: Commit) -> None:
    """Let a commit take effect, unless there is one of its number. Raise CommitLost, LakeFault."""
    directory = lake / COMMITS
    path = directory / f"{commit.number:0{_DIGITS}}.json"
    draft = directory / f"{path.name}.{token_hex(4)}.partial"
    try:
        with draft.open("xb") as stream:
            stream.write(_document(commit))
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, path)  # fails if another program was faster; and the file is whole as soon as it has its name
        sync(directory)
    except FileExistsError:
        raise CommitLost(path=lake, number=commit.number) from None
    except OSError as error:
        raise LakeFault(path=lake, reason=error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)


def _document(commit: Commit) -> bytes:
    document = {
        "fold_version": FOLD_VERSION,
        "industry_map": commit.industry_map,
        "root": commit.root,
        "number": commit.number,
        "log": asdict(commit.log),
        "unpacked_bytes": commit.unpacked_bytes,
        "share": commit.share,
        "positions": [[*topic_partition, *span] for topic_partition, span in sorted(commit.positions.items())],
        "files": [
            [table, *topic_partition, path]
            for topic_partition, files in commit.files.items()
            for table, paths in sorted(files.items())
            for path in paths
        ],
        "parts": [[*part] for part in commit.parts],
        "sums": [[*part] for part in commit.sums],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _parsed(lake: Path, content: bytes) -> Commit:
    try:
        found = orjson.loads(content)
        if found["fold_version"] != FOLD_VERSION:
            raise LakeOfOtherVersion(path=lake, found=found["fold_version"], wanted=FOLD_VERSION)
        commit = Commit(
            found["number"],
            LogIdentity(**found["log"]),
            found["industry_map"],
            found["unpacked_bytes"],
            found["share"],
            {(topic, partition): (first, following) for topic, partition, first, following in found["positions"]},
            _by_partition(found["files"]),
            [Part(*part) for part in found["parts"]],
            [Part(*part) for part in found["sums"]],
        )
    except (ValueError, TypeError, KeyError) as error:
        raise LakeDamaged(path=lake, reason=f"its last commit cannot be read ({error})") from error
    if found["root"] != commit.root:
        raise LakeDamaged(path=lake, reason="the root of its last commit is not that of the commit's parts")
    return commit


def _by_partition(listed: list[list[Any]]) -> dict[LakePartition, Files]:
    files: dict[LakePartition, Files] = {}
    for table, topic, partition, path in listed:
        files.setdefault((topic, partition), {}).setdefault(table, []).append(path)
    return files
