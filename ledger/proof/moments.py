"""Checkpoints as moments: `checkpoint`, the last one, or `checkpoint:N`, the one of N statements."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.proof.audit_file import AuditFile, audit_path
from ledger.proof.statement import Statement
from schemas.errors import UsageError

_CHECKPOINT = re.compile(r"checkpoint(?::([1-9][0-9]{0,17}))?").fullmatch


class NoSuchCheckpoint(UsageError):
    """There is no checkpoint of {size} statements: the last one has {last}. Choose a number up to {last}; the second
    line of a checkpoint is its number."""


def moment_of(book: Path, text: str) -> str:
    """Return the position of a checkpoint of the book at a path; any other text as it is. Raise NoCheckpoint,
    NoSuchCheckpoint."""
    found = _CHECKPOINT(text)
    if found is None:
        return text
    with AuditFile(audit_path(book)) as file:
        last = file.signed().number + 1
        size = int(found[1] or last)
        if size > last:
            raise NoSuchCheckpoint(size=size, last=last)
        (entry,) = file.entries(size - 1, size)
    return ",".join(f"{one.topic}:{one.partition}={one.next}" for one in Statement.parse(entry).partitions)
