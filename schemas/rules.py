"""The rules by which records are rejected. Readers of a book need only their names, not the codec."""

from __future__ import annotations

from enum import IntEnum


class Rule(IntEnum):
    """Why a record is rejected, in the order in which rules are tried. Numbers never change."""

    UNREADABLE = 9
    TOO_LARGE = 1
    EMPTY = 2
    NOT_UTF8 = 3
    NOT_JSON = 4
    BAD_ENVELOPE = 5
    UNKNOWN_TYPE = 6
    BAD_DATA = 7
    MISROUTED = 8

    @property
    def label(self) -> str:
        """The rule's name on the wire and in the book."""
        return self.name.lower()
