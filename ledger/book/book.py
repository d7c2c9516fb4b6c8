"""The book: creating it, opening it, and its own facts (id, version, log, positions)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from ledger.book.connection import is_made, open_for_reading, open_for_writing, transaction, translated_errors
from ledger.book.definitions import definitions
from ledger.book.errors import BookDamaged, BookUnavailable, OtherVersion
from ledger.book.files import SIDE_FILES, OpenFiles
from ledger.book.installed_views import write_views
from ledger.book.share import WHOLE, Share
from ledger.posting.constants import CONSTANTS, FOLD_VERSION
from ledger.views import VIEWS
from ledger.views.view import View
from schemas.currencies import CURRENCIES
from schemas.errors import LedgerError
from schemas.industry import INDUSTRIES, SHIPPED, IndustryMap, MappingRule
from schemas.topics import TOPICS, UNPACKED_BYTES, TopicPartition
from streams.log_identity import LogIdentity
from streams.shape import Shape

_RULES = """SELECT prefix, coalesce(code, ''), valid_from, valid_to, layer, source_ref
  FROM industry_rule LEFT JOIN industry ON number = industry ORDER BY layer, prefix"""


class PartitionState(NamedTuple):
    """The next offset of one partition in the book, and the number of offsets before it by outcome."""

    topic: str
    partition: int
    first: int
    next: int
    accepted: int
    duplicate: int
    conflict: int
    rejected: int
    gap: int
    last_offset: int | None
    last_hash: bytes | None

    @property
    def balanced(self) -> bool:
        """True if every offset has exactly one outcome (promise P3)."""
        kept = self.accepted + self.duplicate + self.conflict + self.rejected + self.gap
        return self.next - self.first == kept


class Reached(Protocol):
    """The offsets [first, next) of a partition that a figure stands on."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def first(self) -> int: ...
    @property
    def next(self) -> int: ...


class Book:
    """An open book. A `writable` one belongs to a sink; any other is read-only."""

    mask: Any = None
    """The mask that hides names of parties from its reader (`ledger.queries.masking`)."""
    schema = "main"
    """The schema that has its tables, for SQLite."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        """Raise BookUnavailable, NotABook, BookDamaged, BookFault; if `writable`, also OtherVersion."""
        self.path = path
        if writable:
            with Book(path) as readable:  # never open a foreign book for writing
                readable.require_own_version()
            _require_one_name(path)
        self.connection: Any = open_for_writing(path).conn if writable else open_for_reading(path)
        try:
            with translated_errors(path):
                self.meta: dict[str, str] = dict(self.connection.execute("SELECT name, value FROM meta"))
                if writable and not self.id.endswith(_file(path)):
                    self._become_another()
                self.files = OpenFiles(path)
        except LedgerError:
            self.close()
            raise

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    @property
    def fold_version(self) -> str:
        """The fold version of the book."""
        return self.meta.get("fold_version", "none")

    def require_own_version(self) -> None:
        """Raise OtherVersion if the book's fold version is not that of this program."""
        if self.fold_version != str(FOLD_VERSION):
            raise OtherVersion(path=self.path, found=self.fold_version, wanted=FOLD_VERSION)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _become_another(self) -> None:
        """Give a copy its own id: in one consumer group, original and copy would each get a part of the log."""
        change = "UPDATE meta SET value = ? WHERE name = 'book_id' AND value = ?"
        with transaction(self.connection):
            self.connection.execute(change, (_new_id(_file(self.path)), self.id))
        self.meta = dict(self.connection.execute("SELECT name, value FROM meta"))

    @property
    def id(self) -> str:
        """The book's id. It ends in device and inode of its file; a copy gets a new id when it is first written to."""
        return self.meta["book_id"]

    @property
    def group(self) -> str:
        """The consumer group of the workers on this book, which share its partitions."""
        return f"ip-ledger.{self.id}"

    @cached_property
    def industry_map(self) -> IndustryMap:
        """The industry map of the book. Raise BookDamaged."""
        cited = self.meta.get("industry_map", "")
        if cited == SHIPPED.cited:
            return SHIPPED
        with translated_errors(self.path):
            rows = self.connection.execute(_RULES).fetchall()
        rules = tuple(MappingRule(*row) for row in rows)
        if any(rule.industry not in INDUSTRIES for rule in rules):
            raise BookDamaged(path=self.path, reason="a rule of its industry map has an unknown industry")
        return IndustryMap(cited.partition("+")[0], rules)

    @property
    def log(self) -> LogIdentity:
        """The identity of the log that the book was folded from."""
        named = {name: self.meta.get(f"topic_id:{name}", "") for name in TOPICS}
        partitions = {name: self._number(f"partitions:{name}", 0) for name in TOPICS}
        return LogIdentity(self.meta.get("cluster_id", ""), named, partitions)

    @property
    def shape(self) -> Shape:
        """The shape of that log. A book without a size for unpacked batches has the default one."""
        return Shape(self.log.partitions, self._number("unpacked_bytes", UNPACKED_BYTES))

    def _number(self, name: str, default: int) -> int:
        """Return a number of `meta`. Raise BookDamaged."""
        try:
            return int(self.meta.get(name, default))
        except ValueError as error:
            raise BookDamaged(path=self.path, reason=f"{name} in its table meta is not a number") from error

    @property
    def share(self) -> Share:
        """The share of that log. Raise BadShare."""
        return Share.parse(self.meta.get("share", WHOLE.text))

    def next_offsets(self) -> dict[TopicPartition, int]:
        """Return the next offset of each partition."""
        return {(position.topic, position.partition): position.next for position in self.positions()}

    def reached(self) -> Sequence[Reached]:
        """Return the offsets of each partition that figures of this book stand on."""
        return self.positions()

    def positions(self) -> list[PartitionState]:
        """Return the state of all partitions, also empty ones, in order of topic name and partition."""
        columns = "topic, partition, first, next, accepted, duplicate, conflict, rejected, gap, last_offset, last_hash"
        with translated_errors(self.path):
            rows = self.connection.execute(f"SELECT {columns} FROM position").fetchall()  # noqa: S608
        return sorted(PartitionState(CONSTANTS["topic"].get(row[0], f"topic {row[0]}"), *row[1:]) for row in rows)


def _require_one_name(path: Path) -> None:
    """Raise BookUnavailable if the file has hard links: each name would have its own WAL, with other commits."""
    if (names := path.stat().st_nlink) > 1:
        raise BookUnavailable(path=path, reason=f"its file has {names} names (hard links); delete all but one")


def _new_id(file: str) -> str:
    return f"{uuid.uuid4().hex}{file}"


def _file(path: Path) -> str:
    """Return device and inode, which distinguish the file from its copies."""
    file = path.stat()
    return f"-{file.st_dev:x}-{file.st_ino:x}"


def remove_book(path: Path) -> None:
    """Delete a draft, its -wal and -shm, and the -journal of a failed VACUUM INTO."""
    for suffix in ("", "-journal", *SIDE_FILES):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def exists(path: Path) -> bool:
    """Return True if there is a book at `path`, False for the empty file of a crash during creation."""
    return path.exists() and is_made(path)


def create_book(
    path: Path,
    log: LogIdentity,
    firsts: Mapping[TopicPartition, int],
    industry_map: IndustryMap = SHIPPED,
    unpacked_bytes: int = UNPACKED_BYTES,
    share: Share = WHOLE,
    *,
    views: Collection[View] = VIEWS.values(),
) -> None:
    """Create an empty book on `log`, each partition beginning at its `firsts`, in one transaction. `unpacked_bytes`,
    the size that a batch of that log may unpack to, and its `share`, to which `firsts` belong, are stored in the book.
    A book that no SQL client will read needs no `views`.

    Raise BookUnavailable, BookFault.
    """
    db = open_for_writing(path)
    connection: Any = db.conn
    try:
        with translated_errors(path), transaction(connection):
            if "meta" in db.table_names():  # another worker created it in the meantime
                return
            for statement in definitions():
                connection.execute(statement)
            write_views(connection, views)
            _write_constants(connection, industry_map)
            constants = [("unpacked_bytes", str(unpacked_bytes)), ("share", share.text)]
            meta = [*_meta(_new_id(_file(path)), log, industry_map), *constants]
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta)
            connection.executemany(
                "INSERT INTO position (topic, partition, first, next) VALUES (?, ?, ?, ?)",
                [(TOPICS[topic].number, partition, first, first) for (topic, partition), first in firsts.items()],
            )
    finally:
        connection.close()


def _write_constants(connection: Any, industry_map: IndustryMap) -> None:
    connection.executemany(
        "INSERT INTO constant VALUES (?, ?, ?)",
        [(family, int(number), name) for family, names in CONSTANTS.items() for number, name in names.items()],
    )
    connection.executemany(
        "INSERT INTO industry VALUES (?, ?, ?, ?)",
        [(industry.number, industry.code, industry.name_en, industry.name_zh) for industry in INDUSTRIES.values()],
    )
    connection.executemany(
        "INSERT INTO industry_rule VALUES (?, ?, ?, ?, ?, ?)",
        [
            (rule.layer, rule.prefix, INDUSTRIES[rule.industry].number, rule.valid_from, rule.valid_to, rule.source_ref)
            for rule in industry_map.rules
        ],
    )
    connection.executemany(
        "INSERT INTO currency VALUES (?, ?, ?, ?)",
        [(currency.number, currency.code, currency.decimals, currency.name) for currency in CURRENCIES.values()],
    )


def _meta(book_id: str, log: LogIdentity, industry_map: IndustryMap) -> list[tuple[str, str]]:
    return [
        ("book_id", book_id),
        ("fold_version", str(FOLD_VERSION)),
        ("industry_map", industry_map.cited),
        ("cluster_id", log.cluster_id),
        *((f"topic_id:{name}", topic_id) for name, topic_id in log.topic_ids.items()),
        *((f"partitions:{name}", str(count)) for name, count in log.partitions.items()),
    ]
