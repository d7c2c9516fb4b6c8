"""Make a checkpoint: state the book's position, append the statement to the master log, and sign the head.

In this order: the book is read in one state; its files are synced, so that what was read survives a power cut; the
statement is committed, durably; only then is it signed, kept next to the key, and given away. A head that was signed is
never inconsistent with a later one, and the book is compared with everything that was stated before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from ledger.book.book import Book, PartitionState
from ledger.book.connection import snapshot, transaction, translated_errors
from ledger.book.digest import digest_of
from ledger.book.draft import faults_of_making
from ledger.book.errors import BookDamaged
from ledger.book.files import sibling
from ledger.book.trees import tree_of
from ledger.durable import sync
from ledger.merkle.tree import TileTooShort
from ledger.proof.audit_file import MASTER, AuditFile, Last
from ledger.proof.errors import (
    AuditFileDamaged,
    BookBehindCheckpoint,
    HistoryRewritten,
    OtherLogSigned,
    OtherName,
    OtherVersionSigned,
)
from ledger.proof.journal import OLDER, JournalMark, require_new, require_older
from ledger.proof.memory import alone, remember, require_published, require_remembered
from ledger.proof.note import Checkpoint, Signer
from ledger.proof.statement import PartitionHead, Statement, program_version, schemas_version
from ledger.proof.view import grow_figures, require_totals

_NEWEST = """SELECT max((SELECT timestamp FROM record WHERE topic = p.topic AND partition = p.partition
  AND "offset" = p.last_offset)) FROM position AS p"""


class Signed(NamedTuple):
    """A signed checkpoint: its note, the number of the statement behind it, and what is stated."""

    note: str
    number: int
    statement: Statement


def sign(
    book: Path,
    audit: Path,
    signers: Sequence[Signer],
    *,
    digest: bool = False,
    other_version: bool = False,
    published: Checkpoint | None = None,
) -> Signed:
    """State the position of the book at `book`, and sign it with each key. A book that did not move gets no second
    statement. With `digest`, state the digest of all tables, from a temporary copy (in TMPDIR), as it takes long.
    `other_version` allows a book of another fold version than before. It must continue a `published` checkpoint, too.

    Raise the errors of this module and of Book.
    """
    with Book(book) as read:  # before there is a file of checkpoints
        read.require_own_version()
    with alone(signers), AuditFile(audit, writable=True) as file:
        with file.written():
            _require_own(file, signers)
            if published:
                require_published(published, file.tree())
            with _one_state(book, copied=digest) as read:
                last = _stated(read, file, digest=digest, other_version=other_version)
        notes = _signed_heads(file, last, signers)
        note = notes[-1][2]
        remember(signers, note)
        with file.written():
            file.put_notes(notes)
    return Signed(note, last.number, last.statement)


@contextmanager
def _one_state(path: Path, *, copied: bool) -> Iterator[Book]:
    """Yield a book that is read in one state, all of which is on the disk."""
    with ExitStack() as stack:
        if copied:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ip-ledger-audit-")))
            stack.enter_context(faults_of_making(directory, directory))
            snapshot(path, directory / "book.db")
            book = stack.enter_context(Book(directory / "book.db"))
        else:
            book = stack.enter_context(Book(path))
        stack.enter_context(translated_errors(path))
        stack.enter_context(transaction(book.connection, "DEFERRED"))
        book.positions()  # from here on, it is read in this state
        _sync(path)
        yield book


def _signed_heads(file: AuditFile, last: Last, signers: Sequence[Signer]) -> list[tuple[str, int, str]]:
    """Return name, size and note of each head that belongs to a statement: of the partitions, for tools that check one
    tree, and of the master log up to it. Another signer may have stated more meanwhile."""
    name, head = signers[0].name, file.tree(last.number + 1).head()
    parts = [
        (one.tree, one.head.size, Checkpoint(f"{name}/{one.tree}", one.head).signed(signers))
        for one in last.statement.partitions
    ]
    return [*parts, (MASTER, head.size, Checkpoint(name, head).signed(signers))]


def _require_own(file: AuditFile, signers: Sequence[Signer]) -> None:
    """Raise OtherName, KeySignedOther or AuditFileDamaged unless the file has all that these keys signed. If a crash
    came between the last statement and its heads, sign them now."""
    names = {signer.name for signer in signers}
    known = file.name() or min(names)
    for found in sorted(names - {known}):
        raise OtherName(found=found, known=known)
    require_remembered(signers, file.tree())
    last, unsigned = file.last(), file.unsigned()
    if last and unsigned == [last.number]:
        file.put_notes(_signed_heads(file, last, signers))
    elif unsigned:
        raise AuditFileDamaged(path=file.path, reason=f"the checkpoint of {unsigned[0] + 1} statements is missing")


def _stated(book: Book, file: AuditFile, *, digest: bool, other_version: bool) -> Last:
    """Append a statement about the book to the master log, unless the last one holds. Return the last one."""
    positions = book.positions()
    last = file.last()
    if last:
        _require_continues(book, positions, last.statement, other_version=other_version)
    _require_journal(book, file, positions, last and last.statement, whole=digest)
    if last is None or _versions(last.statement) != (book.fold_version, book.meta["industry_map"]):
        file.forget_figures()
        begins = {}
    else:
        if file.view() != last.statement.view:
            raise AuditFileDamaged(path=file.path, reason="its figures are not those of the last statement")
        begins = {one.topic_partition: one.next for one in last.statement.partitions}
    spans = {
        (one.topic, one.partition): (begins.get((one.topic, one.partition), one.first), one.next) for one in positions
    }
    grow_figures(book, file, spans)
    require_totals(book, file.all_sums())
    statement = _statement(book, file, positions, digest_of(book) if digest else "")
    if last is None or statement not in (last.statement, last.statement._replace(digest="")):
        file.append(statement.entry)
        last = file.last()
        assert last is not None, "a statement was appended"
    return last


def _require_journal(
    book: Book, file: AuditFile, positions: Iterable[PartitionState], last: Statement | None, *, whole: bool
) -> None:
    """Compare the journal with the trees: what is new since the last statement, and of the older records those whose
    turn it is, or the `whole`. Raise JournalRewritten, BookDamaged."""
    same = last is not None and last.fold_version == book.fold_version
    stated = {one.topic_partition: one for one in last.partitions} if last and same else {}
    for one in positions:
        topic_partition = one.topic, one.partition
        if not one.balanced:
            reason = f"the outcomes of {one.topic}:{one.partition} do not add up to its offsets"
            raise BookDamaged(path=book.path, reason=reason)
        was = stated.get(topic_partition)
        begin = JournalMark(was.head.size, was.next) if was else JournalMark()
        require_new(book, topic_partition, begin, tree_of(book, *topic_partition).size)
    sizes = {topic_partition: was.head.size for topic_partition, was in sorted(stated.items())}
    file.put_older_part(require_older(book, sizes, file.older_part(), None if whole else OLDER))


def _sync(book: Path) -> None:
    """Sync the files of a book, so that everything read from them is on the disk."""
    for file in (book, sibling(book, "-wal")):
        if file.exists():
            sync(file)


def _versions(statement: Statement) -> tuple[str, str]:
    return statement.fold_version, statement.industry_map


def _require_continues(
    book: Book, positions: Iterable[PartitionState], known: Statement, *, other_version: bool
) -> None:
    """Raise OtherLogSigned, OtherVersionSigned, BookBehindCheckpoint or HistoryRewritten if the book does not continue
    what was stated."""
    if book.log.cluster_id != known.cluster:
        raise OtherLogSigned(what="the cluster id", known=known.cluster, found=book.log.cluster_id)
    found = (book.fold_version, book.meta["industry_map"])
    if found != _versions(known) and not other_version:
        raise OtherVersionSigned(known=" and ".join(_versions(known)), found=" and ".join(found))
    at = {(one.topic, one.partition): one for one in positions}
    for one in known.partitions:
        where = {"topic": one.topic, "partition": one.partition}
        position = at.get(one.topic_partition)
        if position is None or position.next < one.next:
            raise BookBehindCheckpoint(**where, known=one.next, found=position.next if position else "not in the book")
        facts = (position.first, book.log.topic_ids.get(one.topic, ""))
        if facts != (one.first, one.topic_id):
            raise OtherLogSigned(what=f"{one.topic}:{one.partition}", known=(one.first, one.topic_id), found=facts)
        if book.fold_version == known.fold_version:
            _require_beginning(book, one)


def _require_beginning(book: Book, known: PartitionHead) -> None:
    """Raise HistoryRewritten if a partition's tree does not begin with the tree that was stated."""
    tree = tree_of(book, known.topic, known.partition)
    try:
        root = tree.root(known.head.size).hex() if tree.size >= known.head.size else f"only {tree.size} records"
    except TileTooShort as error:
        root = str(error)
    if root != known.head.root.hex():
        facts = {"topic": known.topic, "partition": known.partition, "size": known.head.size}
        raise HistoryRewritten(**facts, known=known.head.root.hex(), found=root)


def _statement(book: Book, file: AuditFile, positions: Iterable[PartitionState], digest: str) -> Statement:
    (newest,) = book.connection.execute(_NEWEST).fetchone()
    log = book.log
    return Statement(
        log.cluster_id,
        book.fold_version,
        book.meta["industry_map"],
        program_version(),
        schemas_version(),
        newest or 0,
        digest,
        file.view(),
        [
            PartitionHead(
                one.topic,
                one.partition,
                log.topic_ids.get(one.topic, ""),
                one.first,
                one.next,
                tree_of(book, one.topic, one.partition).head(),
                book.fold_version,
            )
            for one in positions
            if one.next > one.first
        ],
    )
