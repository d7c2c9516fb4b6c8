"""The note next to a book of how far it is verified: a damaged one says nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.verified import heads_of, keep_verified, verified_now, verified_of, verified_path

DAMAGES: list[dict[str, Any]] = [
    {"at": "2026-01-01T00:00:00"},
    {"at": 5},
    {"by": ["verify"]},
    {"digest": 5},
    {"checkpoint": "1"},
    {"partitions": None},
    {"partitions": [{}]},
    {"more": 1},
    *({"partitions": [{"topic": "ip.pledge.v1", "partition": 0, "first": 0, "next": 0, "leaves": 0, "root": "", **one}]}
      for one in ({"topic": ["x"]}, {"partition": "0"}, {"next": "5"}, {"leaves": "5"}, {"leaves": 1.5}, {"root": 1})),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_note_says_nothing(book: Book, damage: dict[str, Any]) -> None:
    verified = verified_now(book, heads_of(book), "verify", "00", 1)
    keep_verified(book.path, verified)
    assert verified_of(book) == verified
    file = verified_path(book.path)
    file.write_text(json.dumps(json.loads(file.read_text()) | damage))
    assert verified_of(book) is None
