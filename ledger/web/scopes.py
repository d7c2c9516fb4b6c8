"""The scopes of the API: what a caller may do."""

from __future__ import annotations

from typing import Final

TOTALS_READ: Final = "totals:read"
EVENTS_READ: Final = "events:read"
EVENTS_PUBLISH: Final = "events:publish"
AUDIT_EXPORT: Final = "audit:export"
PARTIES_READ: Final = "parties:read"
SCOPES: Final = {
    TOTALS_READ: "figures, status, positions, the live stream of positions",
    EVENTS_READ: "records, entities, and views with a row per event",
    EVENTS_PUBLISH: "publish events",
    AUDIT_EXPORT: "bytes of rejected records, and long exports",
    PARTIES_READ: "names of parties, where LEDGER_MASK_PARTIES hides them",
}
