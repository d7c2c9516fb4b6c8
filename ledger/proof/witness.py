"""A witness: it keeps the last checkpoint that it saw, and accepts only one whose log continues it.

It looks at two levels: the master log must begin with its earlier entries, and the tree of each partition, as the last
statement names it, must begin with the tree in each earlier statement. So a rewritten log with a rewritten book is
noticed, although its master log continues. And all files of the export must be what the checkpoint commits to.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ledger.durable import write_durably
from ledger.proof.committed import require_committed
from ledger.proof.errors import ForkSeen, NotExported
from ledger.proof.note import Checkpoint, Signer, Verifier, opened_note
from ledger.proof.published import Published
from streams.files import regular

_LARGEST = 1 << 16


class Witnessed(NamedTuple):
    """The result of a witness: the note with its cosignature, the checkpoint before, and whether the statement is of
    another version of the ledger, so that the trees of partitions could not be compared."""

    note: str
    checkpoint: Checkpoint
    before: Checkpoint | None
    other_version: bool


def witness(
    source: Published, keys: Sequence[Verifier], state: Path, cosigner: Signer | None, *, every: bool = False
) -> Witnessed:
    """Accept the checkpoint of an export if its log continues the one in the file `state`, which it then replaces, and
    if the export has what the checkpoint commits to. What was compared at the checkpoint before is not read again,
    except `every` file.

    Raise ForkSeen, NotAsSigned, BadNote, LogUnreadable, NotExported.
    """
    note, found = source.checkpoint(keys)
    known = _known(state, keys)
    if known not in (None, found):
        _require_larger(known, found)
    tree = source.tree(found.head)
    if known is not None and tree.root(known.head.size) != known.head.root:
        raise ForkSeen(
            origin=found.origin, what="the later one does not begin with the earlier one", **_both(known, found)
        )
    size = known.head.size if known else 0
    other_version = bool(found.head.size) and require_committed(source, keys, tree, found, size, every=every)
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


def _keep(state: Path, note: str) -> None:
    """Replace the state, durably, before anybody gets the cosignature."""
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        write_durably(state, note.encode())
    except OSError as error:
        raise NotExported(path=state, reason=error.strerror) from error
