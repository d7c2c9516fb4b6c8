"""Priced deals and requests for valuations, for tests."""

from __future__ import annotations

from typing import Any

from tests.events import Event, asset, granted, money
from tests.posting import event_on

AS_OF = "2024-06-30"


def sale(number: int, amount: str | None = "100.00", *, day: str = "2024-01-02", **data: Any) -> Event:
    """Return the assignment of asset `CN<number>` by the owner `O<number>`."""
    usual = {
        "contract_no": f"A-{number}",
        "conveyance": "assignment",
        "price": ... if amount is None else money(amount),
        "assignors": [{"name": f"O{number}"}],
        "assignees": [{"name": f"B{number}"}],
        "assets": [asset(id=f"CN{number}")],
    }
    return event_on("assignment.recorded", f"A-{number}", day, **usual | data)


def patent(number: int, **data: Any) -> Event:
    """Return the grant of asset `CN<number>`, of the owner `O<number>`."""
    usual = {"office": "CN", "number": f"{109_000_000 + number}", "kind": "B", "application_number": ...}
    whole = usual | {"applicants": [{"name": f"O{number}"}]} | data
    return granted(f"g{number}", f"CN{number}", **whole)


def request(subject: str, **data: Any) -> Event:
    """Return the request of a valuation by nine comparables, by the market approach unless the data say otherwise."""
    usual = {"as_of": AS_OF, "currency": "CNY", "right": "invention", "approach": "market", "comparables": 9}
    return event_on("valuation.requested", subject, "2024-07-01", **usual | data)
