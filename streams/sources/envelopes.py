"""The attributes of imported events.

Ids and times depend on the document alone, so that a repeated import changes nothing. All formats of an office share
one source, so that a second format of a document repeats the same event.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256


def envelope(
    source: str, type_name: str, subject: str, day: date, identity: str, series: int | None = None
) -> dict[str, str]:
    """Return the attributes of an imported event; its time is the first second (UTC) of the business date.

    `series` is the number in a growing series of the office (a reel), used if the office's formats differ in the day
    they give.
    """
    return {
        "id": import_id(source, identity, f"{day:%Y%m%d}" if series is None else f"{series:08}"),
        "source": source,
        "type": type_name,
        "subject": subject,
        "time": f"{day.isoformat()}T00:00:00Z",
    }


def import_id(source: str, identity: str, beginning: str) -> str:
    """Return a UUIDv8 (RFC 9562 section 5.8): eight digits that grow with time (a date, `20180619`), then a SHA-256.

    A book's index thus holds such ids in order of time. `identity` names the subject matter, never its content.
    """
    digits = sha256(f"{source} {identity}".encode()).hexdigest()
    variant = "89ab"[int(digits[7], 16) % 4]
    return f"{beginning}-{digits[:4]}-8{digits[4:7]}-{variant}{digits[8:11]}-{digits[11:23]}"
