"""Build the events of one conveyance: their types, subjects, ids and data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from streams.sources import texts, uspto
from streams.sources.conveyances.conveyance import Conveyance, ConveyanceClass, ReelFrame, transfer_of
from streams.sources.results import Skip, SkipReason

LARGEST_POOL = 5000
"""The maximum number of assets in one event."""


class Register(NamedTuple):
    """A series of reels: the prefix of its pledges' ids, the name of its conveyances in event ids, and the class of a
    conveyance without text."""

    pledge: str
    conveyance: str
    without_text: ConveyanceClass


PATENTS = Register("US-RF", "conveyance", ConveyanceClass.BLANK)
# The office's export of trademark conveyances has no texts: it shows that they are recorded, but not their kind.
TRADEMARKS = Register("US-TM-RF", "trademark conveyance", ConveyanceClass.OTHER)


class EventParts(NamedTuple):
    """The attributes and the data of an event."""

    envelope: dict[str, str]
    data: dict[str, Any]


class EventBuilder:
    """Builds the events of one conveyance. Methods raise Skip if a required value is missing."""

    def __init__(self, at: ReelFrame, conveyance: Conveyance, day: str, register: Register) -> None:
        self.at, self.conveyance, self.day, self.register = at, conveyance, day, register
        self.text = (conveyance.text or "").upper()

    def events(self, what: ConveyanceClass, others: list[ReelFrame]) -> Iterator[EventParts]:
        """Yield the events of the conveyance itself, or of each of the others it cites."""
        if what is ConveyanceClass.SECURITY:
            yield from self._registered()
        elif what is ConveyanceClass.OTHER:
            yield self._assigned()
        else:
            for pledge in others:
                match what:
                    case ConveyanceClass.RELEASE | ConveyanceClass.DISCHARGE:
                        yield self._cancelled(pledge)
                    case ConveyanceClass.PARTIAL_RELEASE:
                        yield from self._released(pledge)
                    case _:
                        yield from self._amended(pledge)

    def withdrawn(self, event: EventParts) -> EventParts:
        """Return the void of an event whose recording the office took back."""
        envelope = event.envelope
        name = f"{envelope['type'].removesuffix('.v1')}.voided.v1"
        void = self._envelope(name, self.at, f"withdrawn {envelope['id']}") | {"subject": envelope["subject"]}
        reason = f"{self.at}: the office took the recording back"
        return EventParts(void, {"target": envelope["id"], "reason": reason})

    def _registered(self) -> Iterator[EventParts]:
        pledgors, pledgees = self._parties()
        first, *more = self._pools()
        data = {
            "occurred_on": self.day,
            "registration_no": str(self.at),
            "pledgors": pledgors,
            "pledgees": pledgees,
            "assets": first,
            "amount_status": "undisclosed",
        }
        yield EventParts(self._envelope("ip.pledge.registered.v1", self.at), data)
        for number, pool in enumerate(more, start=2):
            yield self._modified(self.at, f"part {number}", added=pool)

    def _cancelled(self, pledge: ReelFrame) -> EventParts:
        data = {
            "occurred_on": self.day,
            "registration_no": str(pledge),
            "reason": texts.tidy(f"{self.at}: {self.conveyance.text}"),
        }
        return EventParts(self._envelope("ip.pledge.cancelled.v1", pledge, f"releases {pledge}"), data)

    def _released(self, pledge: ReelFrame) -> Iterator[EventParts]:
        for number, pool in enumerate(self._pools(), start=1):
            part = f" part {number}" if number > 1 else ""
            ids = [asset["id"] for asset in pool]
            yield self._modified(pledge, f"releases {pledge}{part}", released=ids)

    def _amended(self, pledge: ReelFrame) -> Iterator[EventParts]:
        """Yield changes of the pledge. A supplement adds assets, an assignment of the security interest changes the
        lender, a corrective recording restates both. One that corrects a release changes no pledge."""
        corrects, adds = self.text.startswith("CORRECTIVE"), "SUPPLEMENT" in self.text
        if corrects and ("RELEASE" in self.text or "TERMINATION" in self.text):
            raise Skip(SkipReason.CORRECTED_RELEASE, f"a corrected release: {self.conveyance.text}")
        lenders = None if adds else self._parties()[1]
        first, *more = self._pools() if adds or corrects else [None]
        yield self._modified(pledge, f"amends {pledge}", pledgees=lenders, added=first)
        for number, pool in enumerate(more, start=2):
            yield self._modified(pledge, f"amends {pledge} part {number}", added=pool)

    def _assigned(self) -> EventParts:
        assignors, assignees = self._parties()
        pool, *more = self._pools()
        if more:
            raise Skip(
                SkipReason.TOO_MANY_ASSETS, f"{len(self.conveyance.assets)} properties, of {LARGEST_POOL} at most"
            )
        data = {
            "occurred_on": self.day,
            "contract_no": str(self.at),
            "conveyance": transfer_of(self.conveyance.text),
            "executed_on": self.conveyance.executed,
            "assignors": assignors,
            "assignees": assignees,
            "assets": pool,
        }
        return EventParts(self._envelope("ip.assignment.recorded.v1", self.at), data)

    def _modified(self, pledge: ReelFrame, does: str, **changes: Any) -> EventParts:
        data = {"occurred_on": self.day, "registration_no": str(pledge)} | changes
        return EventParts(self._envelope("ip.pledge.modified.v1", pledge, does), data)

    def _parties(self) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        if not self.conveyance.assignors or not self.conveyance.assignees:
            missing = "assignor" if not self.conveyance.assignors else "assignee"
            raise Skip(SkipReason.NO_PARTY, f"a conveyance without {missing}: {self.conveyance.text}")
        return self.conveyance.assignors, self.conveyance.assignees

    def _pools(self) -> list[list[dict[str, str]]]:
        """Return the assets, each once, in as many pools as they need."""
        if not self.conveyance.assets:
            raise Skip(SkipReason.NO_ASSET, f"a conveyance without properties: {self.conveyance.text}")
        rights = {asset.id: asset.right for asset in self.conveyance.assets}
        assets = [{"id": number, "right": right} for number, right in rights.items()]
        return [assets[at : at + LARGEST_POOL] for at in range(0, len(assets), LARGEST_POOL)]

    def _envelope(self, type_name: str, subject: ReelFrame, does: str = "") -> dict[str, str]:
        """Return the attributes of an event. Ids contain the reel, since not all formats know the day, and derive from
        reel, frame and effect."""
        identity = f"{self.register.conveyance} {self.at} {does}".rstrip()
        name = f"{self.register.pledge}-{subject.reel}-{subject.frame}"
        return uspto.envelope(type_name, name, date.fromisoformat(self.day), identity, series=self.at.reel)
