"""Facts of earlier events as the journal has them, parsed only while a life takes them.

Parsed, a list of small objects takes twenty times the memory of its JSON, and compressed again a long one takes what it
took in the log. So the history of a subject takes about as much memory as its events took on the wire.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

import orjson

from ledger.posting.facts import Facts

LONG = 4096
"""Longer JSON is packed."""
_ZIPPED = b"x"
"""The first byte of compressed data; JSON of facts begins with a bracket."""


class Packed(NamedTuple):
    """The facts of an event; of a correction, those that it gives its target if `replaces`."""

    content: bytes
    replaces: bool = False


def pack(content: bytes) -> Packed:
    """Return the JSON of an event's facts, packed."""
    return Packed(zlib.compress(content, 1) if len(content) > LONG else content)


def pack_if_long(facts: Facts) -> Facts:
    """Return the facts of a new event of more than LONG bytes as their JSON."""
    content = orjson.dumps(facts)
    return Packed(content) if len(content) > LONG else facts


def is_long(facts: Facts) -> bool:
    """Return whether facts that may be packed have more than LONG bytes."""
    return type(facts) is Packed and (len(facts.content) > LONG or facts.content[:1] == _ZIPPED)


def json_of(facts: Facts) -> bytes:
    """Return the JSON of the facts of a new event."""
    return facts.content if type(facts) is Packed else orjson.dumps(facts)


def unpacked(facts: Facts) -> Facts:
    """Return facts, parsed if they are packed. Raise ValueError."""
    if type(facts) is not Packed:
        return facts
    content, replaces = facts
    whole = orjson.loads(zlib.decompress(content) if content[:1] == _ZIPPED else content)
    return whole[1] if replaces else whole


def replacement(facts: Facts) -> Facts:
    """Return the facts that a correction gives its target; packed if those of the correction are."""
    return facts._replace(replaces=True) if type(facts) is Packed else facts[1]
