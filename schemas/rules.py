"""The rules by which records are rejected. Readers of a book need only their names, not the codec."""

from __future__ import annotations

from enum import IntEnum


class Rule(IntEnum):
    """The rules for rejecting a record, in the order in which they are tried. Numbers never change."""

    UNREADABLE = 9
    """The record batch: it cannot be unpacked within its bound, or its records cannot be parsed."""
    TOO_LARGE = 1
    """The size of the value: more than an event may have."""
    EMPTY = 2
    """The value: there is none, as in a tombstone."""
    NOT_UTF8 = 3
    """The bytes of the value."""
    NOT_JSON = 4
    """The text of the value: a byte order mark, NaN, duplicate keys, too deep, bytes after its end."""
    BAD_ENVELOPE = 5
    """The attributes of CloudEvents: missing, malformed, too long."""
    UNKNOWN_TYPE = 6
    """The event type: not in the catalogue."""
    BAD_DATA = 7
    """The data: fields, identifiers, dates, amounts, and what they say together."""
    MISROUTED = 8
    """Key, partition and topic of the record: not those of the event's subject and type."""

    @property
    def label(self) -> str:
        """The rule's name on the wire and in the book."""
        return self.name.lower()
