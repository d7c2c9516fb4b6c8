"""How an event lies in a Kafka record: in structured or in binary mode (Kafka protocol binding of CloudEvents 1.0.2).

In **structured** mode the value is the whole event. In **binary** mode (section 3.2) the value is the event's data, and
its attributes stand in headers: `ce_id`, `ce_source`, `ce_type`, ...; `content-type` is the media type of the data. The
headers decide, by names as they are written (those of Kafka have a case):

1. a `content-type` that begins with `application/cloudevents`, in any case: structured (section 3);
2. else a `ce_specversion`, whatever its value: binary;
3. else structured, as the ledger asks for no header.

No other header means anything. A header without a value is an attribute that is not set, like null in JSON. Kafka
writes attributes as plain UTF-8: nothing is percent-encoded as it is in HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import orjson

from schemas.escapes import shown
from schemas.wording import LONGEST_QUOTE, Wrong

Headers = Sequence[tuple[bytes | str, bytes | None]]
"""A record's headers as they came; a key may be any bytes or text."""
Attributes = list[tuple[bytes, bytes | None]]
"""The headers of a record in binary mode that make its event, by name."""

STRUCTURED = (b"content-type", b"application/cloudevents+json")
"""The one header that events in structured mode usually have."""
MOST_BYTES = 64 * 1024
"""So many bytes the attributes of binary mode may have, their names included."""

_TYPE, _PREFIX, _VERSION = b"content-type", b"ce_", b"ce_specversion"
_CLOUDEVENTS = b"application/cloudevents"
_UNSET = b"\xff\xff\xff\xff"


class BadAttribute(Wrong):
    """An attribute in a header that cannot be read: which one, and why."""

    def __init__(self, path: str, reason: str, **arguments: str | int) -> None:
        self.path = shown(path, LONGEST_QUOTE)
        super().__init__(reason, **arguments)


def attributes_of(headers: Headers) -> Attributes | None:
    """Return the headers that make the event of a record in binary mode; None in structured mode. Never raises."""
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
    """Return the event that binary mode says, as structured mode would write it. Raises BadAttribute."""
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
            said = None if value is None else value.decode()
        except UnicodeDecodeError as error:
            raise BadAttribute(name, "header_not_utf8", given=written) from error
        if header == _TYPE:
            media_type = said
        else:
            event[name] = said
    if media_type is not None:
        event["datacontenttype"] = media_type  # it counts; some libraries write ce_datacontenttype besides
    event["data"] = data
    return event


def structured(attributes: Attributes, data: bytes | None) -> bytes:
    """Return the event of a record in binary mode as structured mode writes it, the data byte for byte as it came: JSON
    wherever the data is. Raises BadAttribute."""
    event = event_of(attributes, None)
    del event["data"]
    return orjson.dumps(event)[:-1] + b',"data":' + (data or b"null") + b"}"


def record_hash(value: bytes | None, headers: Headers = ()) -> bytes:
    """Return the SHA-256 by which a record is known again: two records of one event are the same if it is.

    In structured mode that of the value, as it came. In binary mode that of these bytes, where the count and lengths
    have 4 bytes, the most significant one first, and names and texts are as they came:

        count of the attributes
        for each, sorted by name: length of the name, the name, length of the text, the text; not set: ff ff ff ff
        the value

    Attributes are the headers `content-type` and `ce_...`; where a name is there twice, both, in their order.
    """
    attributes = attributes_of(headers)
    if attributes is None:
        return sha256(value or b"").digest()
    parts = [len(attributes).to_bytes(4)]
    for name, said in attributes:
        parts += (len(name).to_bytes(4), name)
        parts += (_UNSET,) if said is None else (len(said).to_bytes(4), said)
    return sha256(b"".join((*parts, value or b""))).digest()
