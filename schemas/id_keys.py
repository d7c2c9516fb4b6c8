"""Ids of events as they are compared and stored."""

from __future__ import annotations

import re

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}").fullmatch

IdKey = bytes | str
"""The form in which event ids are compared and stored: the 16 bytes of a UUID, any other id as it is."""


def id_key(event_id: str) -> IdKey:
    """Return the key of an event id; UUIDs are equal in either case (RFC 9562 section 4)."""
    return bytes.fromhex(event_id.replace("-", "")) if _UUID(event_id) else event_id
