"""Events of the example on valuations, as JSON lines: `offers FILE` real offers of NASA, `sales FILE`, `later FILE`
constructed sales of real grants, `requests` requests for valuations.

NASA's list has neither a day nor a fee: the day is the last one of the month in which the file was taken.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

LISTED_ON = "2022-02-28"
CONSTRUCTED = "urn:example:constructed:evaluator"
PLEDGED = ("US11890582", "US11998878", "US12018382", "US12025997")
"""Four of the 1,099 assets of the security interest 60613/72. Its list of applications has serial numbers such as
10/166,242, which look like numbers of patents in the Orange Book and are none."""
SALES, LATER = 400, 120
Event = dict[str, Any]


def main(what: str, *arguments: str) -> None:
    """Print the events."""
    made = {"offers": offers, "sales": sales, "later": later, "requests": requests}[what]
    for event in made(*map(Path, arguments)):
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")


def offers(file: Path) -> Iterator[Event]:
    """Yield an open licence for each issued patent of NASA's list that has a number: repeated headers, shifted rows and
    numbers 0 have none."""
    with gzip.open(file) as packed:
        listed = csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8", errors="replace"))
        numbers = {
            row["Patent Number"].replace(",", "").strip(): row["Case Number"].strip()
            for row in listed
            if row["Status"] == "Issued"
        }
    for number, case in numbers.items():
        if number.isdigit() and number != "0":
            data = {
                "occurred_on": LISTED_ON,
                "patentees": [{"name": "National Aeronautics and Space Administration", "country": "US"}],
                "assets": [{"id": f"US{number}", "right": "invention"}],
            }
            yield _event("urn:office:us-nasa", "open_licence.declared", f"NASA {case} {number}", data)


def sales(grants: Path) -> Iterator[Event]:
    """Yield constructed sales of real grants before the requests."""
    for number, grant in enumerate(islice(_grants(grants), SALES)):
        yield _sale(grant, number, "2024-03-15")


def later(grants: Path) -> Iterator[Event]:
    """Yield constructed sales of the grants that were valued, after the answers."""
    for number, grant in enumerate(islice(_grants(grants), SALES, SALES + LATER)):
        yield _sale(grant, SALES + number, "2024-09-15")


def requests(grants: Path) -> Iterator[Event]:
    """Yield requests: four pledged patents, and grants that are sold later."""
    for asset in PLEDGED:
        yield _request(asset, "pledge_financing", right="invention")
    for grant in islice(_grants(grants), SALES, SALES + LATER):
        yield _request(grant["subject"], "transfer")


def _grants(file: Path) -> Iterator[Event]:
    with file.open(encoding="utf-8") as lines:
        yield from (grant for grant in map(json.loads, lines) if grant["data"]["right"] == "invention")


def _sale(grant: Event, number: int, day: str) -> Event:
    """Return a sale at a price of one lognormal distribution, whatever the patent."""
    price = Random(f"price {number}").lognormvariate(13, 1.3)  # noqa: S311 - repeatable on purpose, not secret
    contract = f"constructed {number}"
    data = {
        "occurred_on": day,
        "contract_no": contract,
        "conveyance": "assignment",
        "price": {"amount": f"{price:.2f}", "currency": "USD"},
        "assignors": [{"name": f"Constructed Seller {number}"}],
        "assignees": [{"name": f"Constructed Buyer {number}"}],
        "assets": [{"id": grant["subject"], "right": "invention"}],
    }
    return _event(CONSTRUCTED, "assignment.recorded", contract, data)


def _request(subject: str, purpose: str, **more: Any) -> Event:
    data = {
        "occurred_on": "2024-06-30",
        "purpose": purpose,
        "approach": "market",
        "basis_of_value": "market_value",
        "currency": "USD",
        "as_of": "2024-06-30",
        "comparables": 9,
        **more,
    }
    return _event(CONSTRUCTED, "valuation.requested", subject, data)


def _event(source: str, stem: str, subject: str, data: Event) -> Event:
    event_id = sha256(f"{source} {stem} {subject}".encode()).hexdigest()[:32]
    type_ = f"ip.{stem}.v1"
    return {"specversion": "1.0", "id": event_id, "source": source, "type": type_, "subject": subject, "data": data}


if __name__ == "__main__":
    main(*sys.argv[1:])
