"""A book of a synthetic market, a key, and what is signed with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.proof.audit_file import audit_path
from ledger.proof.keys import generate, private_key
from ledger.proof.note import Signer
from ledger.proof.signing import Signed, sign
from streams.synthetic.market import generate_all
from tests.books import new_book, opened
from tests.posting import post

NAME = "ledger.example.org/log"


@cache
def events(count: int) -> list[dict[str, object]]:
    """Return synthetic events."""
    return [json.loads(line) for line in generate_all(count, 7)]


class Ledger:
    """A book that grows and is signed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.audit = audit_path(path)
        self.key = path.with_name("key")
        self.public = generate(self.key, NAME)
        new_book(path)

    @property
    def signer(self) -> Signer:
        """The key."""
        return private_key(self.key)

    def grow(self, start: int, end: int) -> None:
        """Post some of the synthetic events."""
        with opened(self.path) as book:
            post(book, *events(900)[start:end])

    def run(self, sql: str, *values: object) -> None:
        """Change the book behind the ledger's back."""
        with opened(self.path) as book:
            book.connection.execute(sql, values)

    def sign(self, digest: Callable[[Book], str] = lambda book: "") -> Signed:
        """Make a checkpoint."""
        return sign(self.path, self.audit, [self.signer], digest)


@pytest.fixture
def signed(tmp_path: Path) -> Ledger:
    """Return a book of 600 events with a checkpoint."""
    ledger = Ledger(tmp_path / "book.db")
    ledger.grow(0, 600)
    ledger.sign()
    return ledger
