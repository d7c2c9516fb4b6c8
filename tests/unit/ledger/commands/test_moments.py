"""Checkpoints as moments of questions."""

from __future__ import annotations

import pytest

from ledger.book.book import Book
from ledger.book.known import position_at
from ledger.commands import moments
from ledger.commands.moments import moment_option
from ledger.proof.errors import NoCheckpoint
from ledger.proof.moments import NoSuchCheckpoint
from tests.unit.ledger.proof.conftest import Ledger, signed

__all__ = ["signed"]


class _Settings:
    def __init__(self, ledger: Ledger) -> None:
        self.book = ledger.path


def test_a_checkpoint_is_the_position_that_it_states(signed: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "settings", lambda: _Settings(signed))
    signed.grow(600, 700)
    second = signed.sign().statement
    signed.grow(700, 800)
    with Book(signed.path) as book:
        for text in ("checkpoint", "checkpoint:2"):
            at = moment_option(text)
            assert at is not None
            assert position_at(book, at) == {one.topic_partition: one.next for one in second.partitions}
    first = moment_option("checkpoint:1")
    assert first is not None
    assert first != at
    with pytest.raises(NoSuchCheckpoint, match="3 statements: the last one has 2"):
        moment_option("checkpoint:3")
    for other in (None, "now", "2026-01-01", "checkpoint:0", "checkpoint:x"):
        assert moment_option(other) == other
    signed.audit.unlink()
    with pytest.raises(NoCheckpoint):
        moment_option("checkpoint")
