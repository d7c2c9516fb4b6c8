"""The last signature of a key: the checkpoint in the file KEY.signed, next to the key, and the one that is published.

Signers with one key take turns, and each refuses a log that does not continue what the key signed before: an older copy
of the file of checkpoints, or another one. A copy of the key on another machine has a memory of its own. It is noticed
by what it publishes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ledger.durable import locked, write_durably
from ledger.merkle.tree import TileTooShort, Tree
from ledger.proof.errors import BadKey, KeySignedOther, PublishedOther
from ledger.proof.note import Checkpoint, Signer, opened_note
from streams.files import regular

_LARGEST = 1 << 16


def memory_path(key: Path) -> Path:
    """Return the path of the file with the last checkpoint that a key signed."""
    return key.with_name(f"{key.name}.signed")


@contextmanager
def alone(signers: Sequence[Signer]) -> Iterator[None]:
    """Run a block while no other process signs with these keys; wait for those that do. Raise BadKey."""
    with ExitStack() as stack:
        for path in sorted({signer.path for signer in signers if signer.path}):
            with _faults(path):
                stack.enter_context(locked(path))
        yield


def require_remembered(signers: Sequence[Signer], tree: Tree) -> None:
    """Raise KeySignedOther if a master log does not continue what one of the keys signed. Raise BadKey, BadNote."""
    for signer in signers:
        known = _last(signer)
        if known is None:
            continue
        if facts := _contradiction(known, tree):
            raise KeySignedOther(path=signer.path, **facts)


def require_published(published: Checkpoint, tree: Tree) -> None:
    """Raise PublishedOther if a master log does not continue the checkpoint that is published."""
    if facts := _contradiction(published, tree):
        raise PublishedOther(origin=published.origin, **facts)


def remember(signers: Sequence[Signer], note: str) -> None:
    """Keep a checkpoint next to each key, durably, before anybody gets it. Raise BadKey."""
    for signer in signers:
        if signer.path:
            with _faults(signer.path):
                write_durably(memory_path(signer.path), note.encode())


def _contradiction(known: Checkpoint, tree: Tree) -> dict[str, object]:
    """Return how a master log contradicts a checkpoint; empty if it continues it."""
    try:
        found = tree.root(known.head.size).hex() if known.head.size <= tree.size else f"only {tree.size} statements"
    except TileTooShort as error:
        found = str(error)
    signed = known.head.root.hex()
    return {} if found == signed else {"size": known.head.size, "known": signed, "found": found}


def _last(signer: Signer) -> Checkpoint | None:
    if signer.path is None:
        return None
    path = memory_path(signer.path)
    with _faults(signer.path):
        try:
            content = regular(path, _LARGEST)
        except FileNotFoundError:
            return None
    return opened_note(content, [signer.verifier], path)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise BadKey(path=path, reason=f"{memory_path(path).name} next to it: {error}") from error
