"""A witness: it keeps the last checkpoint that it saw, and accepts only one whose log continues it.

It looks at two levels: the master log must begin with its earlier entries, and the tree of each partition, as the last
statement names it, must begin with the tree in the statement of the earlier checkpoint. So a rewritten log with a
rewritten book is noticed, although its master log continues.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ledger.durable import write_durably
from ledger.merkle.tree import Head, Tree
from ledger.proof.errors import ForkSeen, NotExported
from ledger.proof.note import Checkpoint, Signer, Verifier, opened_note
from ledger.proof.published import Published
from ledger.proof.statement import PartitionHead
from streams.files import regular

_LARGEST = 1 << 16


class Witnessed(NamedTuple):
    """The result of a witness: the note with its cosignature, the checkpoint before, and whether the statement is of
    another version of the ledger, so that the trees of partitions could not be compared."""

    note: str
    checkpoint: Checkpoint
    before: Checkpoint | None
    other_version: bool


def witness(source: Published, keys: Sequence[Verifier], state: Path, cosigner: Signer | None) -> Witnessed:
    """Accept the checkpoint of an export if its log continues the one in the file `state`, which it then replaces.

    Raise ForkSeen, BadNote, LogUnreadable, NotExported.
    """
    note, found = source.checkpoint(keys)
    known = _known(state, keys)
    other_version = False
    if known != found:
        if known is not None:
            _require_larger(known, found)
        tree = source.tree(found.head)
        if known is not None and tree.root(known.head.size) != known.head.root:
            raise ForkSeen(
                origin=found.origin, what="the later one does not begin with the earlier one", **_both(known, found)
            )
        if found.head.size:
            other_version = _require_partitions(source, tree, known, found)
    if cosigner:
        note += cosigner.line(found.text, int(time.time()))
    _keep(state, note)
    return Witnessed(note, found, known, other_version)


def _known(state: Path, keys: Sequence[Verifier]) -> Checkpoint | None:
    try:
        return opened_note(regular(state, _LARGEST), keys, state)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotExported(path=state, reason=error.strerror) from error


def _both(known: Checkpoint, found: Checkpoint) -> dict[str, str]:
    return {"known": str(known), "found": str(found)}


def _require_larger(known: Checkpoint, found: Checkpoint) -> None:
    what = ""
    if found.origin != known.origin:
        what = f"the log was {known.origin} before"
    elif found.head.size < known.head.size:
        what = "the log was reset to an earlier state"
    elif found.head.size == known.head.size:
        what = "two logs of the same size"
    if what:
        raise ForkSeen(origin=found.origin, what=what, **_both(known, found))


def _require_partitions(source: Published, tree: Tree, known: Checkpoint | None, found: Checkpoint) -> bool:
    """Raise ForkSeen if a partition does not continue what was stated at the known checkpoint, BadNote if its tiles are
    not what is stated now. Return whether the version changed, so that they cannot be compared."""
    now = source.statement(tree, tree.size - 1)
    before = source.statement(tree, known.head.size - 1) if known and known.head.size else None
    other_version = before is not None and before.fold_version != now.fold_version
    earlier = {one.place: one for one in before.partitions} if before and not other_version else {}
    trees = {one.place: source.tree(one.head, f"{one.tree}/") for one in now.partitions}
    for place, was in earlier.items():
        if place not in trees or trees[place].size < was.head.size:
            raise _rewritten(found, was, "is shorter than before", trees[place].head() if place in trees else Head())
        root = trees[place].root(was.head.size)
        if root != was.head.root:
            raise _rewritten(found, was, "has another history", Head(was.head.size, root))
    return other_version


def _rewritten(found: Checkpoint, was: PartitionHead, what: str, now: Head) -> ForkSeen:
    heads = [f"{head.size} records, root {head.root.hex()}" for head in (was.head, now)]
    return ForkSeen(origin=found.origin, what=f"{was.tree} {what}", known=heads[0], found=heads[1])


def _keep(state: Path, note: str) -> None:
    """Replace the state, durably, before anybody gets the cosignature."""
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        write_durably(state, note.encode())
    except OSError as error:
        raise NotExported(path=state, reason=error.strerror) from error
