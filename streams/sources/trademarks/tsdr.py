"""Common parts of the XML standards of the US office's status service (TSDR)."""

from __future__ import annotations

from streams.sources.results import Unreadable
from streams.sources.trademarks.mark import HistoryEntry, Mark, Owner
from streams.sources.xml import Element, text_at


def mark_of(
    mark: Element, *, serial: str, classes: list[str], owners: list[Owner], history: list[HistoryEntry]
) -> Mark | Unreadable:
    """Return the mark of an element; Unreadable, in its turn, if it belongs to another office."""
    if (office := text_at(mark, "RegistrationOfficeCode")) not in ("", "US"):
        return Unreadable(f"a mark of the office {office[:8]!r}, not US")
    return Mark(
        serial=serial,
        filed_on=text_at(mark, "ApplicationDate"),
        number=text_at(mark, "RegistrationNumber"),
        registered_on=text_at(mark, "RegistrationDate"),
        status=text_at(mark, "MarkCurrentStatusCode"),
        status_on=text_at(mark, "MarkCurrentStatusDate"),
        classes=classes,
        owners=owners,
        history=history,
    )
