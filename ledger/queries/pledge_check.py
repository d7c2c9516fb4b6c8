"""Checks of pledges against the book before they are published: registrations, and changes that add assets.

The rules are those of the view `pledge_flags`, as if the events were in the book already. The book may lag
behind the log, and lines of one batch do not see each other. So a rejection is correct at the position in the message,
and a line that passed may still be flagged once the book has posted it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from ledger.book.book import Book
from ledger.book.position import position_text
from ledger.posting.facts import stored_part
from ledger.queries.snapshot import read_snapshot
from ledger.views.rules import BREACHES
from ledger.views.view import on_basis
from schemas.codec import Refusal, judge
from schemas.escapes import shown
from schemas.events import MODIFIED, REGISTERED, Role
from schemas.industry import industry_of
from schemas.wording import LONGEST_MESSAGE

BATCH_LINES = 1_000
"""Lines per query: each query reads all pledges of the book, whatever the number of lines."""
BATCH_BYTES = 8 * 2**20

_BREACHES = on_basis(BREACHES, "corrected")


class Objection(NamedTuple):
    """A rejected line: the first rule that it breaks, the path in the event, the message, and the position of the book,
    if it was checked against one."""

    rule: str
    path: str
    message: str
    position: str | None = None


class PledgeCheck:
    """Checks lines against a book. `positions` has the position of the check for each line that passed, by line number
    (from 1); the caller pops a line's entry once it has printed the answer."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.positions: dict[int, str] = {}
        self.position: str | None = None
        """The newest position of a check."""

    def passed(self, lines: Iterable[bytes | Refusal]) -> Iterator[bytes | Refusal | Objection]:
        """Yield each line in order, or the objection to it. Lines that neither register a pledge nor add assets to one,
        or correct such an event, pass, and so do lines already rejected."""
        first = 1
        for batch in _batches(lines):
            objections = self._judge(batch, first)
            for number, line in enumerate(batch, start=first):
                yield objections.get(number, line)
            first += len(batch)

    def _judge(self, lines: Sequence[bytes | Refusal], first: int) -> dict[int, Objection]:
        candidates = {number: found for number, line in enumerate(lines, first) if (found := _candidate(line))}
        if not candidates:
            return {}
        asked = orjson.dumps([{"number": number, **found} for number, found in candidates.items()]).decode()
        with read_snapshot(self._book) as (positions, _):
            rows = self._book.connection.execute(_BREACHES, {"candidates": asked}).fetchall()
        self.position = position_text(positions)
        self.positions |= dict.fromkeys(candidates, self.position)
        objections = {}
        for number, broken in groupby(rows, key=lambda row: row[0]):
            objections[number] = _objection([row[1:] for row in broken], candidates[number], self.position)
            del self.positions[number]
        return objections


def _batches(lines: Iterable[bytes | Refusal]) -> Iterator[list[bytes | Refusal]]:
    batch: list[bytes | Refusal] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line) if isinstance(line, bytes) else 0
        if len(batch) == BATCH_LINES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _candidate(line: bytes | Refusal) -> dict[str, Any] | None:
    """Return subject, facts, and their path in the event, if a line registers a pledge or adds assets to one."""
    judged = judge(line.rstrip(b"\r\n")) if isinstance(line, bytes) else line
    if (
        isinstance(judged, Refusal)
        or judged.type.family not in (REGISTERED, MODIFIED)
        or judged.type.role == Role.VOIDED
    ):
        return None
    corrected = judged.type.role == Role.CORRECTED
    facts = stored_part(judged, industry_of).facts
    facts = facts[1] if corrected else facts
    pool = next((name for name in ("assets", "added") if name in facts), None)
    if pool is None:
        return None
    path = "data.data" if corrected else "data"
    return {"subject": judged.event.subject, "facts": facts, "path": path, "pool": f"{path}.{pool}"}


def _objection(broken: Sequence[tuple[int | None, int, str]], candidate: Mapping[str, Any], position: str) -> Objection:
    """Return the first broken rule; the message lists the others with their paths."""
    rules = [
        (f"R{ground}", candidate["path"] if ordinal is None else f"{candidate['pool']}.{ordinal}")
        for ordinal, ground, _ in broken
    ]
    message = broken[0][2]
    if rules[1:]:
        message += f"; also {', '.join(f'{rule} at {where}' for rule, where in rules[1:])}"
    return Objection(*rules[0], shown(message, LONGEST_MESSAGE), position)
