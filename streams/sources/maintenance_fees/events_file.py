"""MaintFeeEvents, the US office's file of maintenance-fee events since 1981: one event per line, fields in fixed
columns.

    patent number (13), application number (8), small entity (1), filing date, grant date, entry date (8 each), code (5)

Fields are separated by a space; those that no event needs may be blank (MaintFeeEventsFileDocumentation, June 2018;
before, patent numbers had 7 characters).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from streams.sources import texts, uspto
from streams.sources.formats import LINE, WHOLE_FILE, Format, begins
from streams.sources.results import Skip, SkipReason, Unreadable

_LINE = (
    r"(?P<patent>[A-Z0-9]{1,13}) +(?:(?:[0-9]{6,8}|-) +)?(?:[A-Z?] +)?(?:[0-9]{8} +)?"
    r"(?P<granted>[0-9]{8}) +(?P<entered>[0-9]{8}) +(?P<code>[A-Z0-9.]{2,5})"
)
_FIELDS = re.compile(_LINE).fullmatch


class FeeEvent(NamedTuple):
    """One event of a patent: its number without padding, its grant date, and the code and date of the entry."""

    number: str
    granted_on: date
    entered_on: date
    code: str


def read(content: bytes) -> Iterator[FeeEvent]:
    """Yield the event in one line. Raise Unreadable for a bad one."""
    line = content.decode("ascii", "backslashreplace").strip()
    fields = _FIELDS(line)
    if fields is None:
        raise Unreadable(
            f"{line[:64]!r}: a line must have a patent, the dates of its grant and of the entry, and a code"
        )
    number = uspto.patent_number(fields["patent"])
    yield FeeEvent(
        number=number,
        granted_on=texts.required_day(fields["granted"], f"US{number}: grant date"),
        entered_on=texts.required_day(fields["entered"], f"US{number}: entry date of {fields['code']}"),
        code=fields["code"],
    )


def _explain(content: bytes) -> Iterator[Skip]:
    yield Skip(SkipReason.ANOTHER_DOCUMENT, "a list of codes and their meanings")


_has_line = re.compile(rb"^" + _LINE.encode() + rb" *\r?$", re.MULTILINE).search
FORMAT = Format("uspto-maintenance-fees", lambda head: _has_line(head) is not None, LINE, read)
CODES = Format(
    "uspto-maintenance-fee-codes",
    begins(rb"(?=(?s:.*)(?i:maintenance fee|payor number))[A-Z0-9.]{3,5}[ \t]+[A-Za-z][^\r\n]{5,}\r?\n"),
    WHOLE_FILE,
    _explain,
)
"""The list of codes that the office packs with the file."""
