"""All that a checkpoint commits to, compared with the files of its export.

Every tile and every entry beyond a checkpoint that was compared before; each statement with the one before it; the
figures, and the signed head of each partition's tree, of the last statement. None of it is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ledger.merkle.hashes import HASH_BYTES, leaf_hashes, root_of
from ledger.merkle.tiles import TILE_BYTES, WIDTH, Edge, Tile, append, edge_coordinates, grown_edge
from ledger.merkle.tree import Head, Tree
from ledger.posting.leaf import Leaf
from ledger.proof.errors import ForkSeen, NotAsSigned
from ledger.proof.note import Checkpoint, Verifier
from ledger.proof.published import Published
from ledger.proof.statement import PartitionHead, Statement
from schemas.topics import TopicPartition

Trees = Mapping[TopicPartition, Tree]
"""The trees of the partitions at the last statement."""


def require_committed(
    source: Published, keys: Sequence[Verifier], tree: Tree, found: Checkpoint, known: int, *, every: bool
) -> bool:
    """Compare the files of an export with its checkpoint `found`, whose master log is `tree`: what is new since its
    first `known` statements, or `every` file. Return whether the version changed since then: then the trees of
    partitions are other ones.

    Raise ForkSeen, NotAsSigned, BadNote, LogUnreadable.
    """
    before = source.statement(tree, known - 1) if known else None
    last = source.statement(tree, tree.size - 1)
    other_version = before is not None and before.fold_version != last.fold_version
    trees = {one.topic_partition: source.tree(one.head, f"{one.tree}/") for one in last.partitions}
    earlier = None
    for number, entry in _entries(source, "", tree, 0 if every else max(known - 1, 0)):
        if every or number >= known - 1:
            earlier = _require_statement(source, found, trees, earlier, number, entry, last)
    sizes = (
        {one.topic_partition: one.head.size for one in before.partitions}
        if before and not (other_version or every)
        else {}
    )
    for one in last.partitions:
        _require_head(source, keys, found.origin, one)
        _require_leaves(source, trees[one.topic_partition], one, sizes.get(one.topic_partition, 0))
    _require_figures(source, last.view)
    return other_version


def _require_statement(
    source: Published,
    found: Checkpoint,
    trees: Trees,
    earlier: Statement | None,
    number: int,
    entry: bytes,
    last: Statement,
) -> Statement:
    """Return the statement of an entry. Raise ForkSeen if it contradicts the one before it, or the last trees."""
    try:
        statement = Statement.parse(entry)
    except ValueError as error:
        raise NotAsSigned(path=f"statement {number} of {source.source}", reason=error) from error
    if earlier:
        _require_continues(found, earlier, statement)
    if statement.fold_version == last.fold_version:
        _require_beginnings(found, statement, trees)
    return statement


def _entries(source: Published, below: str, tree: Tree, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the entries from the bundle that has the entry `start` on, by index, and compare each tile with them."""
    begin = start // WIDTH * WIDTH
    edge = Edge(
        begin,
        [
            source.tile(below, tree.size, level, number)[: width * HASH_BYTES] if width else b""
            for level, number, width in edge_coordinates(begin)
        ],
    )
    for number in range(begin // WIDTH, -(-tree.size // WIDTH)):
        entries = source.entries(below, tree.size, number)
        changed = append(edge, leaf_hashes(entries))
        for tile in changed:
            if len(tile.hashes) == TILE_BYTES:
                _require_tile(source, below, tree.size, tile)
        edge = grown_edge(edge, len(entries), changed)
        yield from enumerate(entries, number * WIDTH)
    for (level, number, _), hashes in zip(edge_coordinates(tree.size), edge.tiles, strict=False):
        if hashes:
            _require_tile(source, below, tree.size, Tile(level, number, hashes))


def _require_tile(source: Published, below: str, size: int, tile: Tile) -> None:
    published = source.tile(below, size, tile.level, tile.number)
    if published != tile.hashes and not (len(published) == TILE_BYTES and published.startswith(tile.hashes)):
        where = f"tile {tile.number} of level {tile.level} in {source.source}/{below}"
        raise NotAsSigned(path=where, reason="it does not have the hashes of the entries below it")


def _require_continues(found: Checkpoint, earlier: Statement, later: Statement) -> None:
    """Raise ForkSeen if a statement contradicts the one before it."""
    now = {one.topic_partition: one for one in later.partitions}
    if later.cluster != earlier.cluster:
        raise ForkSeen(origin=found.origin, what="the cluster", known=earlier.cluster, found=later.cluster)
    for was in earlier.partitions:
        one = now.get(was.topic_partition)
        if one is None or (one.topic_id, one.first) != (was.topic_id, was.first):
            facts = [f"topic {it.topic_id}, first offset {it.first}" if it else "nothing" for it in (was, one)]
            what = f"{was.topic}:{was.partition} is another one than before"
            raise ForkSeen(origin=found.origin, what=what, known=facts[0], found=facts[1])
        if one.next < was.next or (one.version == was.version and one.head.size < was.head.size):
            raise _rewritten(found, was, "is shorter than before", one.head)


def _require_beginnings(found: Checkpoint, statement: Statement, trees: Trees) -> None:
    """Raise ForkSeen if the trees of the last statement do not begin with those of an earlier one."""
    for was in statement.partitions:
        tree = trees.get(was.topic_partition)
        if tree is None or tree.size < was.head.size:
            raise _rewritten(found, was, "is shorter than before", tree.head() if tree else Head())
        root = tree.root(was.head.size)
        if root != was.head.root:
            raise _rewritten(found, was, "has another history", Head(was.head.size, root))


def _rewritten(found: Checkpoint, was: PartitionHead, what: str, now: Head) -> ForkSeen:
    """Return the error for a tree that does not continue an earlier one."""
    heads = [f"{head.size} records, root {head.root.hex()}" for head in (was.head, now)]
    return ForkSeen(origin=found.origin, what=f"{was.tree} {what}", known=heads[0], found=heads[1])


def _require_head(source: Published, keys: Sequence[Verifier], origin: str, one: PartitionHead) -> None:
    """Raise NotAsSigned if the signed head of a partition's tree is not the stated one."""
    head = source.head(keys, one.tree)
    if (head.origin, head.head) != (f"{origin}/{one.tree}", one.head):
        reason = f"it is {head.origin} with {head.head.size} records, root {head.head.root.hex()}"
        raise NotAsSigned(path=f"{source.source}/{one.tree}/checkpoint", reason=reason)


def _require_leaves(source: Published, tree: Tree, one: PartitionHead, start: int) -> None:
    """Raise NotAsSigned if the entries of a partition are not leaves of its tree, in order of its offsets."""
    reached = one.first
    for index, entry in _entries(source, f"{one.tree}/", tree, start):
        try:
            leaf = Leaf.parse(entry)
            if not reached <= leaf.offset <= leaf.offset + leaf.offsets <= one.next:
                raise ValueError(f"its offset is {leaf.offset}, which is not in [{reached}, {one.next})")
        except ValueError as error:
            raise NotAsSigned(path=f"entry {index} of {source.source}/{one.tree}", reason=error) from error
        reached = leaf.offset + leaf.offsets


def _require_figures(source: Published, view: Head) -> None:
    entries = source.figures()
    if Head(len(entries), root_of(leaf_hashes(entries))) != view:
        reason = f"its {len(entries)} entries do not have the root of the {view.size} figures in the last statement"
        raise NotAsSigned(path=f"{source.source}/figures", reason=reason)
