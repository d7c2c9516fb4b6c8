"""The two ways to put an event into a Kafka record: structured and binary mode (Kafka protocol binding of CloudEvents
1.0.2).

In **structured** mode the value is the whole event. In **binary** mode (section 3.2) the value is the event's data, and
its attributes are headers: `ce_id`, `ce_source`, `ce_type`, ...; `content-type` is the media type of the data. The
headers decide; their names are case-sensitive, as in Kafka:

1. a `content-type` that begins with `application/cloudevents`, in any case: structured (section 3); 2. else a
`ce_specversion`, whatever its value: binary; 3. else structured, as the ledger requires no header.

Other headers are ignored. A header without a value is an attribute that is not set, like null in JSON. Kafka writes
attributes as plain UTF-8, not percent-encoded as in HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import orjson

from schemas.escapes import shown
from schemas.wording import LONGEST_QUOTE, InvalidValue

Headers = Sequence[tuple[bytes | str, bytes | None]]
"""A record's headers as received; a key may be any bytes or text."""
Attributes = list[tuple[bytes, bytes | None]]
"""The headers of a binary-mode record that are attributes of its event, by name."""

STRUCTURED = (b"content-type", b"application/cloudevents+json")
"""The header that structured-mode events usually have."""
MOST_BYTES = 64 * 1024
"""The attributes of binary mode have at most this many bytes, names included."""

_TYPE, _PREFIX, _VERSION = b"content-type", b"ce_", b"ce_specversion"
_CLOUDEVENTS = b"application/cloudevents"
_UNSET = b"\xff\xff\xff\xff"


class BadAttribute(InvalidValue):
    """An unreadable attribute in a header: which one, and why."""

    def __init__(self, path: str, reason: str, **arguments: str | int) -> None:
        self.path = shown(path, LONGEST_QUOTE)
        super().__init__(reason, **arguments)


def attributes_of(headers: Headers) -> Attributes | None:
    """Return the attribute headers of a record in binary mode; None in structured mode. Never raises."""
    if not headers or (len(headers) == 1 and headers[0] == STRUCTURED):
        return None
    found: Attributes = []
    binary = False
    for key, value in headers:
        name = key if isinstance(key, bytes) else key.encode("utf-8", "surrogatepass")
        if name == _TYPE:
            if value is not None and value.lstrip(b" \t")[: len(_CLOUDEVENTS)].lower() == _CLOUDEVENTS:
                return None
        elif not name.startswith(_PREFIX):
            continue
        elif name == _VERSION:
            binary = True
        found.append((name, value))
    return sorted(found, key=lambda header: header[0]) if binary else None


def event_of(attributes: Attributes, data: Any) -> dict[str, Any]:
    """Return the event of a binary-mode record as structured mode writes it. Raise BadAttribute if a header is
    unreadable."""
    size = sum(len(name) + len(value or b"") for name, value in attributes)
    if size > MOST_BYTES:
        raise BadAttribute("", "attributes_bytes", bytes=size, most=MOST_BYTES)
    event: dict[str, Any] = {}
    media_type = before = None
    for header, value in attributes:
        written = header.decode("utf-8", "backslashreplace")
        name = "datacontenttype" if header == _TYPE else written.removeprefix("ce_")
        if header == before:
            raise BadAttribute(name, "header_twice", given=written)
        if name == "data":
            raise BadAttribute(name, "header_data")
        before = header
        try:
            text = None if value is None else value.decode()
        except UnicodeDecodeError as error:
            raise BadAttribute(name, "header_not_utf8", given=written) from error
        if header == _TYPE:
            media_type = text
        else:
            event[name] = text
    if media_type is not None:
        event["datacontenttype"] = media_type  # authoritative; some libraries also write ce_datacontenttype
    event["data"] = data
    return event


def structured(attributes: Attributes, data: bytes | None) -> bytes:
    """Return the event of a binary-mode record as structured mode writes it, with the data byte for byte. The result is
    JSON if the data is. Raise BadAttribute if a header is unreadable."""
    event = event_of(attributes, None)
    del event["data"]
    return orjson.dumps(event)[:-1] + b',"data":' + (data or b"null") + b"}"


def record_hash(value: bytes | None, headers: Headers = ()) -> bytes:
    """Return the SHA-256 that identifies a record's content: equal hashes mean the same event.

    In structured mode it is the hash of the value as received. In binary mode it is the hash of the following bytes.
    Counts and lengths have 4 bytes, most significant byte first; names and texts are as received:

        count of the attributes
        for each, sorted by name: length of the name, the name, length of the text, the text; not set: ff ff ff ff
        the value

    Attributes are the headers `content-type` and `ce_...`. A name that occurs twice contributes both headers, in order.
    """
    attributes = attributes_of(headers)
    if attributes is None:
        return sha256(value or b"").digest()
    parts = [len(attributes).to_bytes(4)]
    for name, text in attributes:
        parts += (len(name).to_bytes(4), name)
        parts += (_UNSET,) if text is None else (len(text).to_bytes(4), text)
    return sha256(b"".join((*parts, value or b""))).digest()
