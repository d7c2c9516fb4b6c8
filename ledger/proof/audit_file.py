"""The file of checkpoints next to a book: the master log (statements and their tree), the figures at the last
statement, and everything that was signed. Only `audit checkpoint` writes it, one process at a time; a reader after a
crash rolls back what was not committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

import orjson
import pysqlite3 as sqlite3

from ledger.book.connection import BUSY_SECONDS, distrust, first_flaw, transaction, translated_errors
from ledger.book.definitions import require_schema
from ledger.book.errors import BookDamaged, NotABook
from ledger.merkle.frontier import Frontier
from ledger.merkle.hashes import HASH_BYTES, leaf_hash, leaf_hashes, root_of
from ledger.merkle.tiles import Edge, append, edge_coordinates
from ledger.merkle.tree import Head, TileTooShort, Tree
from ledger.proof.errors import AuditFileDamaged, CheckpointUnfinished, NoCheckpoint
from ledger.proof.figure import FigureKey, FigureSums, PartitionNumbers
from ledger.proof.journal import JournalMark, OlderPart
from ledger.proof.note import Checkpoint, parsed
from ledger.proof.statement import Statement

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS statement (number INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT",
    """CREATE TABLE IF NOT EXISTS tile (level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL,
      PRIMARY KEY (level, number)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS figure (kind INTEGER NOT NULL, year INTEGER NOT NULL, industry INTEGER NOT NULL,
      sums TEXT NOT NULL, entry BLOB NOT NULL, PRIMARY KEY (kind, year, industry)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS figure_tree (kind INTEGER NOT NULL, year INTEGER NOT NULL, industry INTEGER NOT NULL,
      topic INTEGER NOT NULL, partition INTEGER NOT NULL, size INTEGER NOT NULL, roots BLOB NOT NULL,
      PRIMARY KEY (kind, year, industry, topic, partition)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS note (tree TEXT NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,
      PRIMARY KEY (tree, size)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS older_part (topic TEXT NOT NULL, partition INTEGER NOT NULL, leaves INTEGER NOT NULL,
      "offset" INTEGER NOT NULL) STRICT""",
)
_STORED = {statement.replace("IF NOT EXISTS ", "") for statement in _SCHEMA}
"""The same as SQLite stores them: a file from elsewhere may have a view instead of a table."""
MASTER = ""
"""The master log among the trees whose heads are signed."""


class Last(NamedTuple):
    """The last statement: its number, and what it states."""

    number: int
    entry: bytes
    statement: Statement


class SignedStatement(NamedTuple):
    """The last statement, and the checkpoint of the master log up to it."""

    number: int
    entry: bytes
    statement: Statement
    note: str


def audit_path(book: Path) -> Path:
    """Return the path of a book's file of checkpoints."""
    return book.with_name(f"{book.name}.audit")


class AuditFile:
    """An open file of checkpoints. Raise AuditFileDamaged, BookFault."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        """Raise NoCheckpoint or CheckpointUnfinished if it is not `writable` and there is nothing to read."""
        self.path = path
        with self._errors():
            self.connection: Any = self._connect("rwc") if writable else self._open_for_reading()
            try:
                if writable:
                    self.connection.execute("PRAGMA synchronous = EXTRA")  # a statement is durable before it is signed
                    self._create()
                require_schema(self.connection, path, _STORED)
            except BaseException:
                self.connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.connection.close()

    @contextmanager
    def written(self) -> Iterator[None]:
        """Run a block in one transaction, which keeps other signers out."""
        with self._errors(), transaction(self.connection):
            yield

    def size(self) -> int:
        """Return the number of statements."""
        (size,) = self._all("SELECT coalesce(max(number) + 1, 0) FROM statement")[0]
        return int(size)

    def last(self) -> Last | None:
        """Return the last statement."""
        size = self.size()
        if not size:
            return None
        (entry,) = self.entries(size - 1, size)
        try:
            return Last(size - 1, entry, Statement.parse(entry))
        except ValueError as error:
            raise AuditFileDamaged(path=self.path, reason=error) from error

    def tree(self, size: int | None = None) -> Tree:
        """Return the tree of the master log."""
        return Tree(self.size() if size is None else size, self.tile)

    def entries(self, start: int, end: int) -> list[bytes]:
        """Return the entries [start, end) of the master log, after a comparison with its tree."""
        sql = "SELECT number, entry FROM statement WHERE number >= ? AND number < ? ORDER BY number"
        found, tree = dict(self._all(sql, start, end)), self.tree()
        for number in range(start, end):
            try:
                right = number in found and leaf_hash(found[number]) == tree.leaf(number)
            except TileTooShort:
                right = False
            if not right:
                raise AuditFileDamaged(path=self.path, reason=f"statement {number} is not the one in its tree")
        return [*found.values()]

    def append(self, entry: bytes) -> None:
        """Append a statement to the master log."""
        size = self.size()
        edge = Edge(size, [self._edge_tile(*tile) if tile.width else b"" for tile in edge_coordinates(size)])
        self.connection.execute("INSERT INTO statement VALUES (?, ?)", (size, entry))
        self.connection.executemany(
            "INSERT OR REPLACE INTO tile VALUES (?, ?, ?)", [tuple(tile) for tile in append(edge, [leaf_hash(entry)])]
        )

    # ---- figures

    def forget_figures(self) -> None:
        """Delete all figures, so that they are computed from all postings again."""
        for table in ("figure", "figure_tree"):
            self.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables

    def sums(self, key: FigureKey) -> FigureSums:
        """Return the sums of a figure at the last statement."""
        rows = self._all("SELECT sums FROM figure WHERE kind = ? AND year = ? AND industry = ?", *key)
        return _sums(rows[0][0]) if rows else {}

    def all_sums(self) -> dict[FigureKey, FigureSums]:
        """Return the sums of all figures."""
        rows = self._all("SELECT kind, year, industry, sums FROM figure")
        return {FigureKey(*key): _sums(sums) for *key, sums in rows}

    def trees(self, key: FigureKey) -> dict[PartitionNumbers, Frontier]:
        """Return the trees of a figure at the last statement, by partition."""
        sql = "SELECT topic, partition, size, roots FROM figure_tree WHERE kind = ? AND year = ? AND industry = ?"
        try:
            found = self._all(sql, *key)
            return {(topic, partition): Frontier.parse(size, roots) for topic, partition, size, roots in found}
        except ValueError as error:
            raise AuditFileDamaged(path=self.path, reason=error) from error

    def put_figure(
        self, key: FigureKey, sums: FigureSums, entry: bytes, changed: Iterable[tuple[PartitionNumbers, Frontier]]
    ) -> None:
        """Replace a figure, and those of its trees that changed."""
        kept = [[*where, events, known, str(amount)] for where, (events, known, amount) in sorted(sums.items())]
        row = (*key, orjson.dumps(kept).decode(), entry)
        self.connection.execute("INSERT OR REPLACE INTO figure VALUES (?, ?, ?, ?, ?)", row)
        self.connection.executemany(
            "INSERT OR REPLACE INTO figure_tree VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*key, *numbers, tree.size, b"".join(tree.roots)) for numbers, tree in changed],
        )

    def figure(self, key: FigureKey) -> bytes | None:
        """Return the entry of a figure."""
        rows = self._all("SELECT entry FROM figure WHERE kind = ? AND year = ? AND industry = ?", *key)
        return rows[0][0] if rows else None

    def view(self) -> Head:
        """Return the head of the tree of all figures."""
        return _head_over(self.figures())

    def figures(self) -> list[tuple[FigureKey, bytes]]:
        """Return the entries of all figures, in their order in the view."""
        rows = self._all("SELECT kind, year, industry, entry FROM figure ORDER BY kind, year, industry")
        return [(FigureKey(*key), entry) for *key, entry in rows]

    def growth(self) -> dict[FigureKey, str]:
        """Return all that each figure grows from, as text: its sums, and partition, size and roots of each tree."""
        found: dict[FigureKey, str] = {}
        for table, content in (("figure", "sums"), ("figure_tree", "topic, partition, size, hex(roots)")):
            rows = self._all(f"SELECT kind, year, industry, {content} FROM {table}")  # noqa: S608 - our own names
            for kind, year, industry, *rest in sorted(rows):
                key = FigureKey(kind, year, industry)
                found[key] = f"{found.get(key, '')}{rest}"
        return found

    # ---- the journal

    def older_part(self) -> OlderPart | None:
        """Return where the comparison of older records continues."""
        rows = self._all('SELECT topic, partition, leaves, "offset" FROM older_part')
        for topic, partition, leaves, offset in rows:
            return OlderPart(topic, partition, JournalMark(leaves, offset))
        return None

    def put_older_part(self, part: OlderPart | None) -> None:
        """Keep where the comparison of older records continues."""
        self.connection.execute("DELETE FROM older_part")
        if part:
            self.connection.execute("INSERT INTO older_part VALUES (?, ?, ?, ?)", (*part[:2], *part.mark))

    # ---- notes

    def unsigned(self) -> list[int]:
        """Return the numbers of the statements without a checkpoint."""
        sql = """SELECT number FROM statement
          WHERE NOT EXISTS (SELECT 1 FROM note WHERE tree = ? AND size = number + 1) ORDER BY number"""
        return [number for (number,) in self._all(sql, MASTER)]

    def left_unsigned(self) -> int | None:
        """Return the number of the last statement if it has none of the signed heads that are its own: the signer ended
        before it signed them. The next checkpoint signs it first."""
        last = self.last()
        if last is None or self.unsigned() != [last.number]:
            return None
        parts = {(one.tree, one.head.size) for one in last.statement.partitions}
        for entry in self.entries(max(last.number - 1, 0), last.number):
            parts -= {(one.tree, one.head.size) for one in Statement.parse(entry).partitions}
        return None if any(self.note(*head) for head in parts) else last.number

    def note(self, tree: str, size: int) -> str | None:
        """Return the signed head of a tree: `MASTER`, or that of a partition."""
        rows = self._all("SELECT note FROM note WHERE tree = ? AND size = ?", tree, size)
        return rows[0][0] if rows else None

    def notes(self) -> list[tuple[str, int, str]]:
        """Return all signed heads: (tree, size, note)."""
        return self._all("SELECT tree, size, note FROM note ORDER BY tree, size")

    def name(self) -> str | None:
        """Return the name of the log in its checkpoints, None if there is none yet."""
        rows = self._all("SELECT note FROM note WHERE tree = ? LIMIT 1", MASTER)
        return rows[0][0].partition("\n")[0] if rows else None

    def signed(self) -> SignedStatement:
        """Return the last statement with the checkpoint that ends in it. Raise NoCheckpoint if it is not signed yet."""
        last = self.last()
        if last is None:
            raise NoCheckpoint(path=self.path.name)
        try:
            head = self.tree(last.number + 1).head()
        except TileTooShort as error:
            raise AuditFileDamaged(path=self.path, reason=error) from error
        return SignedStatement(*last, self.head_note(MASTER, head))

    def signed_figures(self) -> tuple[SignedStatement, list[tuple[FigureKey, bytes]]]:
        """Return the last statement, and the entries of its figures. Raise NoCheckpoint."""
        with self._errors(), transaction(self.connection, "DEFERRED"):  # a signer may go on at any moment
            last, figures = self.signed(), self.figures()
        if _head_over(figures) != last.statement.view:
            raise AuditFileDamaged(path=self.path, reason="its figures are not those of the last statement")
        return last, figures

    def require_sound(self) -> None:
        """Raise AuditFileDamaged if pages or keys are inconsistent: reading them may be without end."""
        with self._errors():
            flaw = first_flaw(self.connection)
        if flaw:
            raise AuditFileDamaged(path=self.path, reason=flaw)

    def copy_to(self, target: Path) -> None:
        """Write a copy of the file, in one state, to a new file. Raise AuditFileDamaged."""
        self.require_sound()
        self._all("VACUUM INTO ?", str(target))

    def head_note(self, tree: str, head: Head) -> str:
        """Return the note of a head. Raise NoCheckpoint, AuditFileDamaged if that is another head, BadNote."""
        note = self.note(tree, head.size)
        if note is None:
            raise NoCheckpoint(path=self.path.name)
        known, name = parsed(note.encode(), self.path), self.name()
        if known != Checkpoint(f"{name}/{tree}" if tree else str(name), head):
            raise AuditFileDamaged(path=self.path, reason=f"it has another head of {tree or 'the log'} at {head.size}")
        return note

    def put_notes(self, notes: Iterable[tuple[str, int, str]]) -> None:
        """Keep signed heads: (tree, size, note). Raise AuditFileDamaged if there is another head of this size."""
        for tree, size, note in notes:
            known = self.note(tree, size)
            if known is not None and known.rpartition("\n\n")[0] != note.rpartition("\n\n")[0]:
                raise AuditFileDamaged(path=self.path, reason=f"it has another head of {tree or 'the log'} at {size}")
            self.connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", (tree, size, note))

    def _connect(self, mode: str) -> Any:
        name = f"{self.path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
        distrust(connection)
        return connection

    def _open_for_reading(self) -> Any:
        if not self.path.is_file():
            raise NoCheckpoint(path=self.path.name)
        connection = self._connect("ro")
        try:
            made = _has_tables(connection)
        except sqlite3.OperationalError as error:
            if not _wants_to_write(error):
                raise
            made = self._rolled_back()
        if not made:
            raise NoCheckpoint(path=self.path.name)
        return connection

    def _rolled_back(self) -> bool:
        """Roll back what a crash left, as connections for reading cannot. Return whether there are tables."""
        try:
            with closing(self._connect("rw")) as writer:
                return _has_tables(writer)
        except sqlite3.OperationalError as error:
            if _wants_to_write(error):
                raise CheckpointUnfinished(path=self.path, reason=error) from error
            raise

    def _create(self) -> None:
        with transaction(self.connection):
            for statement in _SCHEMA:
                self.connection.execute(statement)

    def tile(self, level: int, number: int) -> bytes:
        """Return a tile of the master log, empty if there is none."""
        rows = self._all("SELECT hashes FROM tile WHERE level = ? AND number = ?", level, number)
        return rows[0][0] if rows else b""

    def tiles(self) -> list[Any]:
        """Return all tiles of the master log: (level, number, hashes)."""
        return self._all("SELECT level, number, hashes FROM tile ORDER BY level, number")

    def _edge_tile(self, level: int, number: int, width: int) -> bytes:
        tile = self.tile(level, number)
        if len(tile) != width * HASH_BYTES:
            raise AuditFileDamaged(path=self.path, reason=f"tile {number} of level {level} lacks hashes")
        return tile

    def _all(self, sql: str, *values: object) -> list[Any]:
        with self._errors():
            return list(self.connection.execute(sql, values))

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            with translated_errors(self.path):
                yield
        except (BookDamaged, NotABook) as error:
            raise AuditFileDamaged(path=self.path, reason=error.facts["reason"]) from error


def _head_over(figures: Iterable[tuple[FigureKey, bytes]]) -> Head:
    entries = [entry for _, entry in figures]
    return Head(len(entries), root_of(leaf_hashes(entries)))


def _sums(text: str) -> FigureSums:
    kept = orjson.loads(text)
    return {(currency, basis): (events, known, int(amount)) for currency, basis, events, known, amount in kept}


def _has_tables(connection: Any) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None


def _wants_to_write(error: Any) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
