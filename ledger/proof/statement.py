"""A statement: what a book held at a position, as one entry of the master log. Text, a line for each fact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from typing import NamedTuple, Self

from ledger.merkle.tiles import LONGEST_ENTRY
from ledger.merkle.tree import Head
from ledger.proof.errors import StatementTooLong
from schemas.topics import TopicPartition

_TITLE = "ip-ledger statement v1"
_PARTITION = re.compile(r"partition (\S+) (\d{1,4}) (\d+) (\d+) (\d+) ([0-9a-f]{64}) (.+)")


class PartitionHead(NamedTuple):
    """A partition at a position: its topic's id in the cluster, its offsets [first, next), its tree, and the fold
    version that made the tree."""

    topic: str
    partition: int
    topic_id: str
    first: int
    next: int
    head: Head
    version: str

    @property
    def topic_partition(self) -> TopicPartition:
        """The partition."""
        return self.topic, self.partition

    @property
    def tree(self) -> str:
        """The name of its tree: the directory in an export. Each fold version has trees of its own."""
        return f"v{self.version}/{self.topic}/{self.partition}"


class Statement(NamedTuple):
    """All that is stated. `digest` is the root of the digest of the derived tables, empty if it was not computed;
    `newest` is the largest timestamp of the last records of partitions."""

    cluster: str
    fold_version: str
    industry_map: str
    program: str
    schemas: str
    newest: int
    digest: str
    view: Head
    partitions: Sequence[PartitionHead]

    @property
    def entry(self) -> bytes:
        """The statement as an entry. Raise StatementTooLong."""
        lines = [
            _TITLE,
            f"cluster {self.cluster or '-'}",
            f"fold_version {self.fold_version}",
            f"industry_map {self.industry_map}",
            f"program {self.program}",
            f"schemas {self.schemas}",
            f"newest_record {self.newest}",
            f"digest {self.digest or '-'}",
            f"view {self.view.size} {self.view.root.hex()}",
        ]
        lines += [
            f"partition {one.topic} {one.partition} {one.first} {one.next} "
            f"{one.head.size} {one.head.root.hex()} {one.topic_id or '-'}"
            for one in self.partitions
        ]
        entry = "".join(f"{line}\n" for line in lines).encode()
        if len(entry) > LONGEST_ENTRY:
            raise StatementTooLong(partitions=len(self.partitions))
        return entry

    @classmethod
    def parse(cls, entry: bytes) -> Self:
        """Return the statement of an entry. Raise ValueError."""
        title, *lines = entry.decode().splitlines()
        if title != _TITLE:
            raise ValueError("it is not a statement of this version")
        names = ("cluster", "fold_version", "industry_map", "program", "schemas", "newest_record", "digest", "view")
        facts = dict(line.split(" ", 1) for line in lines[: len(names)])
        if tuple(facts) != names:
            raise ValueError("it lacks facts")
        size, root = facts["view"].split()
        partitions = []
        for line in lines[len(names) :]:
            found = _PARTITION.fullmatch(line)
            if found is None:
                raise ValueError("it has a line of another form")
            topic, number, first, following, leaves, its_root, topic_id = found.groups()
            its_head = Head(int(leaves), bytes.fromhex(its_root))
            where = (topic, int(number), "" if topic_id == "-" else topic_id)
            partitions.append(PartitionHead(*where, int(first), int(following), its_head, facts["fold_version"]))
        return cls(
            "" if facts["cluster"] == "-" else facts["cluster"],
            facts["fold_version"],
            facts["industry_map"],
            facts["program"],
            facts["schemas"],
            int(facts["newest_record"]),
            "" if facts["digest"] == "-" else facts["digest"],
            Head(int(size), bytes.fromhex(root)),
            partitions,
        )


@cache
def program_version() -> str:
    """Return the version of this program."""
    return f"ip-ledger-{version('ip-ledger')}"


@cache
def schemas_version() -> str:
    """Return the SHA-256 of the published schemas, each as name, line feed, content, in order of names."""
    digest = sha256()
    for file in sorted(files("schemas").joinpath("published").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()
