"""Build the events of one conveyance: their types, subjects, ids and data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from streams.sources import texts, uspto
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.conveyances.matching import SAME_ASSETS_AND_LENDER, Released
from streams.sources.conveyances.rules import ConveyanceClass
from streams.sources.conveyances.spelling import words
from streams.sources.conveyances.wording import Wording
from streams.sources.results import Skip, SkipReason

_REGISTERED, _MODIFIED, _CANCELLED = (f"ip.pledge.{what}.v1" for what in ("registered", "modified", "cancelled"))
_LICENSED, _LICENCE_CANCELLED, _ASSIGNED = (
    "ip.licence.recorded.v1",
    "ip.licence.cancelled.v1",
    "ip.assignment.recorded.v1",
)
EVENTS: dict[ConveyanceClass, tuple[str, str]] = {
    ConveyanceClass.SECURITY: (_REGISTERED, "amount undisclosed"),
    ConveyanceClass.AMENDMENT: (_MODIFIED, "`pledgees` and `added`; a supplement or a joinder `added` only"),
    ConveyanceClass.LENDER: (_MODIFIED, "`pledgees`"),
    ConveyanceClass.RELEASE: (_CANCELLED, "; `ip.pledge.modified.v1` if it lists a part of the pool"),
    ConveyanceClass.PARTIAL_RELEASE: (_MODIFIED, "`released`: the properties of this recording"),
    ConveyanceClass.LICENCE: (
        _LICENSED,
        "`licence` where the text has EXCLUSIVE, NON-EXCLUSIVE or SOLE; `fee` is not known",
    ),
    ConveyanceClass.LICENCE_END: (_LICENCE_CANCELLED, ""),
    ConveyanceClass.ASSIGNMENT: (_ASSIGNED, "assignment"),
    ConveyanceClass.MERGER: (_ASSIGNED, "merger"),
    ConveyanceClass.NAME_CHANGE: (_ASSIGNED, "change_of_name"),
    ConveyanceClass.GOVERNMENT_INTEREST: (_ASSIGNED, "government_interest"),
    ConveyanceClass.OTHER: (_ASSIGNED, "other"),
}
"""The event type of each class, and a note on its data; for assignments the note is the value of `conveyance`. Blank
texts, subordinations and statutory liens give no event."""

_INFERRED = {"matched": "inferred", "matched_by": SAME_ASSETS_AND_LENDER}
LARGEST_POOL = 5000
"""The maximum number of assets in one event."""


class Register(NamedTuple):
    """A series of reels: the prefix of its pledges' ids, the name of its conveyances in event ids, and the class of a
    conveyance without text."""

    pledge: str
    conveyance: str
    without_text: ConveyanceClass


PATENT_REGISTER = Register("US-RF", "conveyance", ConveyanceClass.BLANK)
# The office's export of trademark conveyances has no texts: it shows that they are recorded, but not their kind.
TRADEMARK_REGISTER = Register("US-TM-RF", "trademark conveyance", ConveyanceClass.OTHER)


class EventParts(NamedTuple):
    """The attributes and the data of an event."""

    envelope: dict[str, str]
    data: dict[str, Any]


class EventBuilder:
    """Builds the events of one conveyance. Methods raise Skip if a required value is missing."""

    def __init__(self, at: ReelFrame, conveyance: Conveyance, day: str, register: Register) -> None:
        self.at, self.conveyance, self.day, self.register = at, conveyance, day, register
        self.words = words(conveyance.text or "")

    def events(
        self, wording: Wording, released: Sequence[Released] = (), succeeded: ReelFrame | None = None
    ) -> Iterator[EventParts]:
        """Yield the events of the conveyance: of a release about each pledge that it releases, of another one about
        each recording that it cites, or the pledge whose lender it changes by inference; otherwise about itself."""
        what, others = wording.what, wording.cited or [succeeded or self.at]
        match what:
            case ConveyanceClass.SECURITY:
                yield from self._registered()
            case ConveyanceClass.RELEASE | ConveyanceClass.PARTIAL_RELEASE:
                for each in released:
                    yield from self._released(each, cited=bool(wording.cited))
            case ConveyanceClass.LICENCE_END:
                yield from (self._ended(_LICENCE_CANCELLED, licence) for licence in others)
            case ConveyanceClass.AMENDMENT | ConveyanceClass.LENDER:
                matched = _INFERRED if succeeded else {}
                yield from (event for pledge in others for event in self._amended(pledge, what, **matched))
            case ConveyanceClass.LICENCE:
                yield self._licensed()
            case ConveyanceClass.BLANK | ConveyanceClass.LIEN | ConveyanceClass.SUBORDINATION:
                raise Skip(SkipReason.NO_EVENT, f"{what.value}: {self.conveyance.text}")
            case _:
                yield self._assigned(EVENTS[what][1])

    def withdrawn(self, event: EventParts) -> EventParts:
        """Return the void of an event whose recording the office withdrew."""
        wrong = event.envelope
        return self._void(wrong, f"withdrawn {wrong['id']}", f"{self.at}: the office took the recording back")

    def corrected(
        self, wording: Wording, class_of: Callable[[ReelFrame], ConveyanceClass | None]
    ) -> Iterator[EventParts]:
        """Yield the voids of the events that the corrected recordings gave under a wrong nature: the pledge of what is
        no security, the assignment of what is one."""
        for at in wording.corrects:
            was = wording.was or class_of(at)
            if was is not None and at != self.at and EVENTS.get(was) != EVENTS.get(wording.what):
                type_name, _ = EVENTS.get(was, ("", ""))
                if type_name in (_REGISTERED, _LICENSED, _ASSIGNED):
                    wrong = EventBuilder(at, self.conveyance, self.day, self.register)
                    reason = texts.tidy(f"{self.at}: {self.conveyance.text}")
                    yield self._void(wrong._envelope(type_name, at), f"corrects {at}", reason or "")

    def _void(self, wrong: Mapping[str, str], effect: str, reason: str) -> EventParts:
        name = f"{wrong['type'].removesuffix('.v1')}.voided.v1"
        void = self._envelope(name, self.at, effect) | {"subject": wrong["subject"]}
        return EventParts(void, {"target": wrong["id"], "reason": reason})

    def _registered(self) -> Iterator[EventParts]:
        first, *more = self._pools()
        data = {
            "occurred_on": self.day,
            "registration_no": str(self.at),
            "pledgors": self.conveyance.assignors,
            "pledgees": self.conveyance.assignees,
            "assets": first,
            "amount_status": "undisclosed",
        }
        yield EventParts(self._envelope(_REGISTERED, self.at), data)
        for number, pool in enumerate(more, start=2):
            yield self._modified(self.at, f"part {number}", added=pool)

    def _released(self, released: Released, *, cited: bool) -> Iterator[EventParts]:
        """Yield the end of a pledge, or what leaves its pool. Without citation the end has its lender and assets as
        evidence, and either says whether the pledge was inferred."""
        pledge, ids, inferred = released
        matched = _INFERRED if inferred else {}
        if ids is None:
            listed = list(dict.fromkeys(asset.id for asset in self.conveyance.assets))
            known = listed if 0 < len(listed) <= LARGEST_POOL else None
            evidence = {} if cited else {"pledgees": self.conveyance.assignors or None, "released": known}
            yield self._ended(_CANCELLED, pledge, **evidence, **matched)
            return
        if not ids:
            raise Skip(SkipReason.NO_ASSET, f"a partial release without properties: {self.conveyance.text}")
        for number, at in enumerate(range(0, len(ids), LARGEST_POOL), start=1):
            part = f" part {number}" if number > 1 else ""
            releasing = {} if cited or inferred else {"releasing": self.conveyance.assignors or None}
            freed = ids[at : at + LARGEST_POOL]
            yield self._modified(pledge, f"releases {pledge}{part}", released=freed, **releasing, **matched)

    def _ended(self, type_name: str, cited: ReelFrame, **more: Any) -> EventParts:
        number = "registration_no" if type_name == _CANCELLED else "contract_no"
        reason = texts.tidy(f"{self.at}: {self.conveyance.text}")
        data = {"occurred_on": self.day, number: str(cited), "reason": reason} | more
        return EventParts(self._envelope(type_name, cited, f"releases {cited}"), data)

    def _amended(self, pledge: ReelFrame, what: ConveyanceClass, **matched: str) -> Iterator[EventParts]:
        """Yield changes of the pledge. A supplement adds assets, a succession changes the lender, any other amendment
        restates both."""
        adds = what is ConveyanceClass.AMENDMENT and not {"SUPPLEMENT", "JOINDER"}.isdisjoint(self.words)
        lenders = None if adds else self.conveyance.assignees or None
        first, *more = (
            [None] if what is ConveyanceClass.LENDER or (lenders and not self.conveyance.assets) else self._pools()
        )
        if lenders is None and first is None:
            raise Skip(SkipReason.NO_PARTY, f"a conveyance without assignee: {self.conveyance.text}")
        yield self._modified(pledge, f"amends {pledge}", pledgees=lenders, added=first, **matched)
        for number, pool in enumerate(more, start=2):
            yield self._modified(pledge, f"amends {pledge} part {number}", added=pool)

    def _licensed(self) -> EventParts:
        given = " ".join(self.words)
        exclusive = "NONEXCLUSIVE" not in given and "NON EXCLUSIVE" not in given
        kinds = ("exclusive" if exclusive else "ordinary", "EXCLUSIVE"), ("sole", "SOLE")
        data = {
            "occurred_on": self.day,
            "contract_no": str(self.at),
            "licence": next((kind for kind, word in kinds if word in given), None),
            "licensors": self.conveyance.assignors,
            "licensees": self.conveyance.assignees,
            "assets": self._pool(),
        }
        return EventParts(self._envelope(_LICENSED, self.at), data)

    def _assigned(self, kind: str) -> EventParts:
        data = {
            "occurred_on": self.day,
            "contract_no": str(self.at),
            "conveyance": kind,
            "executed_on": self.conveyance.executed,
            "assignors": self.conveyance.assignors,
            "assignees": self.conveyance.assignees,
            "assets": self._pool(),
        }
        return EventParts(self._envelope(_ASSIGNED, self.at), data)

    def _modified(self, pledge: ReelFrame, effect: str, **changes: Any) -> EventParts:
        data = {"occurred_on": self.day, "registration_no": str(pledge)} | changes
        return EventParts(self._envelope(_MODIFIED, pledge, effect), data)

    def _pool(self) -> list[dict[str, str]]:
        """Return all assets, for an event that cannot be split. Raise Skip if there are more than LARGEST_POOL."""
        pool, *more = self._pools()
        if more:
            reason = f"{len(self.conveyance.assets)} properties, of {LARGEST_POOL} at most"
            raise Skip(SkipReason.TOO_MANY_ASSETS, reason)
        return pool

    def _pools(self) -> list[list[dict[str, str]]]:
        """Return the assets, each once, in pools of at most LARGEST_POOL. Raise Skip if there are none."""
        if not self.conveyance.assets:
            raise Skip(SkipReason.NO_ASSET, f"a conveyance without properties: {self.conveyance.text}")
        rights = {asset.id: asset.right for asset in self.conveyance.assets}
        assets = [{"id": number, "right": right} for number, right in rights.items()]
        return [assets[at : at + LARGEST_POOL] for at in range(0, len(assets), LARGEST_POOL)]

    def _envelope(self, type_name: str, subject: ReelFrame, effect: str = "") -> dict[str, str]:
        """Return the attributes of an event. Ids contain the reel, since not all formats know the day, and derive from
        reel, frame and effect."""
        identity = f"{self.register.conveyance} {self.at} {effect}".rstrip()
        name = f"{self.register.pledge}-{subject.reel}-{subject.frame}"
        return uspto.uspto_envelope(type_name, name, date.fromisoformat(self.day), identity, series=self.at.reel)
