"""A pack: everything that proves a figure to somebody who has only the log's public key (`check_proof.py`)."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ledger.book.book import Book
from ledger.book.connection import transaction, translated_errors
from ledger.book.errors import BookDamaged
from ledger.book.trees import leaf_at, tile_of
from ledger.merkle.frontier import Frontier
from ledger.merkle.hashes import leaf_hashes
from ledger.merkle.tiles import Edge, append
from ledger.merkle.tree import TileTooShort, Tree
from ledger.posting.cells import BLOCK
from ledger.posting.leaf import Leaf, key_hash
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import (
    BytesGone,
    ErasureNotSigned,
    FigureRewritten,
    HistoryRewritten,
    NotExported,
    NothingToProve,
)
from ledger.proof.figure import FigureKey, FigurePosting, FigureSums, PartitionNumbers, add_up, entry_of
from ledger.proof.statement import PartitionHead
from ledger.queries.erasures import DemandedErasure, ErasedBytes, erasures
from ledger.queries.show import Place
from schemas.modes import attributes_of, record_hash
from schemas.topics import TOPICS, TopicPartition
from streams.batch import Record

_POSTINGS = """SELECT "offset", date, region, "right", currency, basis, events, with_amount, high, low FROM posting
  WHERE topic = ? AND partition = ? AND block = ? AND kind = ? AND date >= ? AND date < ? AND industry = ?
    AND "offset" < ? ORDER BY 1, 2, 3, 4, 5, 6"""

_SUBJECT = 'SELECT subject FROM record WHERE topic = ? AND partition = ? AND "offset" = ?'

ReadRecords = Callable[[TopicPartition, Sequence[int]], Iterable[Record]]
"""(partition, offsets in order) -> their records from the log, in this order, as far as it has them."""


class Pack(NamedTuple):
    """A pack as JSON, and the number of its events."""

    document: dict[str, Any]
    events: int

    @property
    def content(self) -> bytes:
        """The bytes of the pack."""
        return orjson.dumps(self.document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @property
    def page(self) -> bytes:
        """A page that has the pack in it, and checks it without a network."""
        empty = files("ledger.proof").joinpath("check_proof.html").read_bytes()
        pack = orjson.dumps(self.document).replace(b"<", b"\\u003c")  # nothing in it ends the element
        return empty.replace(b'id="pack">null<', b'id="pack">' + pack + b"<")


def prove(book: Book, audit: Path, key: FigureKey, records: ReadRecords) -> Pack:
    """Return the pack of a figure at the last checkpoint in the file `audit`. `records` reads the log.

    Raise NoCheckpoint, NothingToProve, AuditFileDamaged, HistoryRewritten, FigureRewritten, BytesGone, and the errors
    of Book and of `records`.
    """
    with AuditFile(audit) as file:
        last, figures = file.signed_figures()
        index = next((number for number, (found, _) in enumerate(figures) if found == key), None)
        if index is None:
            raise NothingToProve(what=key.text)
        view = tree_over([entry for _, entry in figures])
        statement_proof = file.tree(last.number + 1).inclusion(last.number)
        with translated_errors(book.path), transaction(book.connection, "DEFERRED"):
            postings = {one.topic_partition: _postings(book, key, one) for one in last.statement.partitions}
            _require_figure(key, figures[index][1], postings)
            erased = erasures(book)
            events = [
                event
                for one in last.statement.partitions
                for event in _events(
                    book, one, {posting.offset for posting in postings[one.topic_partition]}, records, erased
                )
            ]
            demands = _demands(book, last.statement.partitions, events, records)
    document = {
        "format": "ip-ledger proof v1",
        "checkpoint": last.note,
        "statement": last.entry.decode(),
        "statement_proof": _hex(statement_proof),
        "figure": figures[index][1].decode(),
        "figure_index": index,
        "figure_proof": _hex(view.inclusion(index)),
        "postings": [
            {"topic": topic, "partition": partition, "lines": [one.line for one in found]}
            for (topic, partition), found in postings.items()
            if found
        ],
        "events": events,
    }
    if demands:
        document["erasures"] = demands
    return Pack(document, len(events))


def record_proof(book: Path, audit: Path, topic_partition: TopicPartition, offset: int) -> str:
    """Return the proof that a record is in the tree of its partition at the last checkpoint (C2SP tlog-proof). Its
    extra data is the leaf's entry.

    Raise NoCheckpoint, NothingToProve, HistoryRewritten, and the errors of Book.
    """
    what = f"{topic_partition[0]}:{topic_partition[1]}={offset}"
    with AuditFile(audit) as file, Book(book) as read, translated_errors(book):
        part = next((one for one in file.signed().statement.partitions if one.topic_partition == topic_partition), None)
        leaf = leaf_at(read, *topic_partition, offset)
        if part is None or leaf is None or offset >= part.next:
            raise NothingToProve(what=what)
        note = file.head_note(part.tree, part.head)
        tree = _tree(read, part)
        index = _index(read, part, tree, leaf, offset - part.first)
    extra, *hashes = (base64.b64encode(one).decode() for one in (leaf.entry(), *tree.inclusion(index)))
    return "\n".join(["c2sp.org/tlog-proof@v1", f"extra {extra}", f"index {index}", *hashes, "", note])


def write_new(path: Path, content: bytes) -> None:
    """Write a new file. Raise NotExported."""
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except OSError as error:
        raise NotExported(path=path, reason=error.strerror) from error


def tree_over(entries: Sequence[bytes]) -> Tree:
    """Return the tree over entries in memory."""
    tiles = {(level, number): hashes for level, number, hashes in append(Edge(), leaf_hashes(entries))}
    return Tree(len(entries), lambda level, number: tiles[level, number])


def _require_figure(key: FigureKey, entry: bytes, postings: Mapping[TopicPartition, Sequence[FigurePosting]]) -> None:
    """Raise FigureRewritten if the postings are not those of the figure that was signed."""
    sums: FigureSums = {}
    trees: dict[PartitionNumbers, Frontier] = {}
    for (topic, partition), found in postings.items():
        if found:
            add_up(sums, found)
            trees[TOPICS[topic].number, partition] = tree = Frontier()
            tree.add(one.line.encode() for one in found)
    if entry_of(key, sums, trees.items()) != entry:
        raise FigureRewritten(figure=key.text)


def _postings(book: Book, key: FigureKey, part: PartitionHead) -> list[FigurePosting]:
    """Return the postings of a figure from a partition, in log order."""
    days = (key.year * 10_000, (key.year + 1) * 10_000)
    numbers = (TOPICS[part.topic].number, part.partition)
    found: list[FigurePosting] = []
    for block in range(part.first // BLOCK, -(-part.next // BLOCK)):
        values = (*numbers, block, key.kind, *days, key.industry, part.next)
        found += [FigurePosting(*row) for row in book.connection.execute(_POSTINGS, values)]
    return found


def _events(
    book: Book,
    part: PartitionHead,
    wanted: Collection[int],
    records: ReadRecords,
    erased: Mapping[ErasedBytes, DemandedErasure],
) -> Iterator[dict[str, Any]]:
    """Yield the records at these offsets, with their bytes and proofs."""
    if not wanted:
        return
    offsets, missing = sorted(wanted), 0
    tree = _tree(book, part)
    found = {record.offset: record for record in records(part.topic_partition, offsets)}
    for offset in offsets:
        leaf = leaf_at(book, part.topic, part.partition, offset)
        record = found.get(offset)
        if leaf is None:
            raise BytesGone(topic=part.topic, partition=part.partition, offset=offset)
        if record is not None and _is_of(leaf, record):
            content = _bytes(record)
        elif erasure := erased.get((part.topic, part.partition, offset, leaf.value_hash)):
            content = _without_bytes(book, part, offset, erasure)
        else:
            raise BytesGone(topic=part.topic, partition=part.partition, offset=offset)
        index = _index(book, part, tree, leaf, offset - part.first - missing)
        missing = offset - part.first - index
        yield {
            "topic": part.topic,
            "partition": part.partition,
            "offset": offset,
            "timestamp": leaf.timestamp,
            "index": index,
            **content,
            "proof": _hex(tree.inclusion(index)),
        }


def _demands(
    book: Book, parts: Sequence[PartitionHead], events: Sequence[Mapping[str, Any]], records: ReadRecords
) -> list[dict[str, Any]]:
    """Return the events that demand the erasures of these records, with their bytes and proofs. Raise
    ErasureNotSigned."""
    offsets: dict[TopicPartition, set[int]] = defaultdict(set)
    for event in events:
        if "erased" in event:
            place = Place.parse(event["erased"]["event"])
            offsets[place.topic, place.partition].add(place.offset)
    ends = {one.topic_partition: one.next for one in parts}
    for where, wanted in offsets.items():
        if max(wanted) >= ends.get(where, 0):
            raise ErasureNotSigned(event=f"{where[0]}:{where[1]}={max(wanted)}")
    return [event for one in parts for event in _events(book, one, offsets[one.topic_partition], records, {})]


def _tree(book: Book, part: PartitionHead) -> Tree:
    """Return the tree of a partition as it was stated. Raise HistoryRewritten."""
    numbers = (TOPICS[part.topic].number, part.partition)
    tree = Tree(part.head.size, lambda level, number: tile_of(book.connection, numbers, level, number))
    try:
        found = tree.root().hex()
    except TileTooShort as error:
        found = str(error)
    if found != part.head.root.hex():
        where = {"topic": part.topic, "partition": part.partition, "size": part.head.size}
        raise HistoryRewritten(**where, known=part.head.root.hex(), found=found)
    return tree


def _is_of(leaf: Leaf, record: Record) -> bool:
    hashes = key_hash(record.key), record_hash(record.value, record.headers)
    return (leaf.timestamp, leaf.key_hash, leaf.value_hash) == (record.timestamp, *hashes)


def _index(book: Book, part: PartitionHead, tree: Tree, leaf: Leaf, most: int) -> int:
    """Return the index of a leaf, which is at most `most`: smaller by the offsets before it without a leaf. Raise
    BookDamaged if the journal's leaf is not in the tree."""
    (wanted,) = leaf_hashes([leaf.entry()])
    for index in range(min(most, tree.size - 1), -1, -1):
        if tree.leaf(index) == wanted:
            return index
    reason = f"the tree of {part.topic}:{part.partition} does not have the record that the journal has at {leaf.offset}"
    raise BookDamaged(path=book.path, reason=reason)


def _bytes(record: Record) -> dict[str, Any]:
    attributes = attributes_of(record.headers)
    found: dict[str, Any] = {"key": _written(record.key), "value": _written(record.value)}
    if attributes is not None:
        found["attributes"] = [[_written(name), _written(content)] for name, content in attributes]
    return found


def _without_bytes(book: Book, part: PartitionHead, offset: int, erasure: DemandedErasure) -> dict[str, Any]:
    """Return the rest of an erased record, whose key is its subject: the hash of its bytes, and the law."""
    where = (TOPICS[part.topic].number, part.partition, offset)
    (subject,) = book.connection.execute(_SUBJECT, where).fetchone()
    hashed = {"value_hash": erasure.value_hash.hex(), "law": erasure.law, "event": erasure.stated_in}
    return {"key": _written(subject.encode()), "value": None, "erased": hashed}


def _written(content: bytes | None) -> dict[str, str] | None:
    """Return bytes as text, or as base64 where they are not UTF-8."""
    if content is None:
        return None
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def _hex(hashes: Iterable[bytes]) -> list[str]:
    return [one.hex() for one in hashes]
