"""What the US office's status service (TSDR) writes alike in all its standards of XML."""

from __future__ import annotations

from streams.sources.results import Unreadable
from streams.sources.trademarks.mark import Entry, Mark, Owner
from streams.sources.xml import Element, said


def told(
    mark: Element, *, serial: str, classes: list[str], owners: list[Owner], history: list[Entry]
) -> Mark | Unreadable:
    """The mark of an element; Unreadable, in its place among the others, if it is of another office."""
    if (office := said(mark, "RegistrationOfficeCode")) not in ("", "US"):
        return Unreadable(f"a mark of the office {office[:8]!r}, not US")
    return Mark(
        serial=serial,
        filed_on=said(mark, "ApplicationDate"),
        number=said(mark, "RegistrationNumber"),
        registered_on=said(mark, "RegistrationDate"),
        status=said(mark, "MarkCurrentStatusCode"),
        status_on=said(mark, "MarkCurrentStatusDate"),
        classes=classes,
        owners=owners,
        history=history,
    )
