"""Events of two editions of the Orange Book (FDA), as JSON lines: `OLD NEW`. Patents that left the list before they
expired, and patents whose expiry moved.

The list gives no day of a change. The day is that of the last submission in the later edition.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

SOURCE = "urn:office:us-fda"
EXCLUSIVITY = "*PED"
"""Ends a number in a row of its own: six months of exclusivity for children, which is no term of the patent."""
EXPIRES_AFTER = date(2024, 7, 1)
"""A patent that left the list and would have expired later left it early: the later edition is of May 2024."""


class Edition(NamedTuple):
    """An edition: by number of the patent the last day on the list and the last day of its own term; and the day of the
    last submission."""

    listed: dict[str, date]
    terms: dict[str, date]
    day: date


def main(old: str, new: str) -> None:
    """Print the events."""
    for event in moves(read(Path(old)), read(Path(new))):
        sys.stdout.write(json.dumps(event) + "\n")


def read(file: Path) -> Edition:
    """Return an edition. Numbers of reissues and designs are left out."""
    listed: dict[str, date] = {}
    terms: dict[str, date] = {}
    submitted = date.min
    with gzip.open(file) as packed:
        for row in csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8", errors="replace"), delimiter="~"):
            number, expires = row["Patent_No"].removesuffix(EXCLUSIVITY), _day(row["Patent_Expire_Date_Text"])
            submitted = max(submitted, _day(row["Submission_Date"]) or submitted)
            if number.isdigit() and expires:
                listed[number] = max(expires, listed.get(number, expires))
                if number == row["Patent_No"]:
                    terms[number] = max(expires, terms.get(number, expires))
    return Edition(listed, terms, submitted)


def moves(old: Edition, new: Edition) -> Iterator[dict[str, Any]]:
    """Yield a tag for each patent that left the list early and for each whose expiry moved; for a moved term of the
    patent itself its new last day, too."""
    for number, expires in sorted(old.listed.items()):
        later = new.listed.get(number)
        if later is None and expires > EXPIRES_AFTER:
            yield _event("patent.tagged", number, new.day, tag="orange-book-delisted", tag_source="declared")
        elif later not in (None, expires):
            yield _event("patent.tagged", number, new.day, tag="orange-book-expiry-moved", tag_source="declared")
            term = new.terms.get(number)
            if term and term != old.terms.get(number, term):
                yield _event("patent.term_adjusted", number, new.day, expires_on=term.isoformat())


def _day(text: str) -> date | None:
    return datetime.strptime(text.strip(), "%b %d, %Y").date() if text.strip() else None


def _event(stem: str, number: str, day: date, **data: str) -> dict[str, Any]:
    subject, facts = f"US{number}", {"occurred_on": day.isoformat(), **data}
    event_id = sha256(f"{SOURCE} {stem} {subject} {sorted(facts.items())}".encode()).hexdigest()[:32]
    type_ = f"ip.{stem}.v1"
    return {"specversion": "1.0", "id": event_id, "source": SOURCE, "type": type_, "subject": subject, "data": facts}


if __name__ == "__main__":
    main(*sys.argv[1:])
