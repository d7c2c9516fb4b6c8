"""Synthetic pledges and grants: deterministic in seed and count, covering every situation of their lives.

Nothing here is real; `market` has the other types. Lives are drawn from `_PLEDGE_LIVES` and `_GRANT_LIVES` and
interleaved, so that revisions come between events of other subjects, and now and then before their targets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import orjson

_OPEN_LIVES = 64
SYNTHETIC_FROM = date(2012, 1, 2)
_DAYS = 13 * 365
SYNTHETIC_TO = SYNTHETIC_FROM + timedelta(days=_DAYS)
_MILLISECONDS_2012 = 1_325_376_000_000

IPC = (
    "G06N0003047500 G06N0020000000 G06F0040300000 G06F0016350000 H04L0009400000 H04N0021440000 H04W0004020000 "
    "A61K0039395000 C07D0401120000 C12N0015113000 A61B0005024000 A61F0002240000 H10B0041270000 H01L0021020000 "
    "B25J0009160000 B33Y0010000000 F16H0057040000 B60W0050140000 B64C0039020000 H01M0010052500 H02J0007000000 "
    "C08L0067040000 C22C0038020000 C01B0032182000 A61K0008970000 C02F0001280000 B01D0053620000 G01N0021640000 "
    "G02B0027010000 A01H0005100000 A23L0033135000 E04B0001340000 A47J0031440000"
).split()
_REGIONS = "CN-SH CN-BJ CN-GD CN-JS CN-ZJ CN-HB US-CA US-NY US-TX JP KR DE FR GB SG".split()
_CURRENCIES = ("CNY", "CNY", "CNY", "USD", "EUR", "JPY")
_NAMES = "Huaxin Lantian Ruida Northgate Silverlake Kyowa Rheinwerk Meridian Putuo Songjiang Bluepeak Orient".split()

LifeEvents = list[dict[str, Any]]


def generate_pledges(events: int, seed: int) -> Iterator[bytes]:
    """Yield exactly `events` CloudEvents of pledges and grants as JSON lines (without line end), each id once; the same
    for the same arguments."""
    return interleaved(Maker(Random(seed)), events)  # noqa: S311 - repeatable on purpose, not secret


def interleaved(maker: Maker, events: int) -> Iterator[bytes]:
    """Yield this many events of the lives that a maker draws, interleaved."""
    lives: list[Iterator[dict[str, Any]]] = []
    for number in range(events):
        while len(lives) < _OPEN_LIVES:
            lives.append(iter(maker.life()))
        event = None
        while event is None:
            index = maker.random.randrange(len(lives))
            event = next(lives[index], None)
            if event is None:
                lives[index] = iter(maker.life())
        yield orjson.dumps(maker.stamped(event, number))


_REFERENCES = ("target", "request_id", "alert")
"""Fields that refer to an earlier event by its id."""


class Maker:
    """Draws lives. An event is a dict without id and time until it is stamped; it refers to another event by the
    object."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.subjects = 0

    def life(self) -> LifeEvents:
        """Return all events of one subject."""
        self.subjects += 1
        if self.random.random() < 0.55:
            return self._grant_life()
        return self._pledge_life()

    def stamped(self, event: dict[str, Any], number: int) -> dict[str, Any]:
        """Return the event with its id (UUIDv7) and time, unless a reference from an earlier event already set them."""
        _stamp(event, number, self.random)
        data = event["data"]
        for name in _REFERENCES:
            if isinstance(data.get(name), dict):
                target = data[name]
                _stamp(target, number, self.random)  # a revision may come before its target
                event = {**event, "data": {**data, name: target["id"]}}
        return event

    def _grant_life(self) -> LifeEvents:
        granted = self._event("patent.granted", *self._grant())
        if self.random.random() < 0.85:
            return [granted]
        return self.random.choice(_GRANT_LIVES)(self, granted)

    def _pledge_life(self) -> LifeEvents:
        registered = self._event("pledge.registered", f"P-{self.subjects:08d}", self._registration())
        if self.random.random() < 0.62:
            return [registered]
        return self.random.choice(_PLEDGE_LIVES)(self, registered)

    def again(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return a repetition of the event: another id, and for a pledge other terms."""
        data = event["data"]
        if "assets" in data:
            data = {**self._registration(), "registration_no": data["registration_no"]}
        return {**event, "data": data}

    def modified(self, registered: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Return a change; by default of the secured amount."""
        data = more or {"secured": self._money(self.random.choice(_CURRENCIES))}
        return self._follow(registered, "pledge.modified", {"registration_no": self._number(registered), **data})

    def cancelled(self, registered: dict[str, Any]) -> dict[str, Any]:
        """Return the cancellation."""
        data = {"registration_no": self._number(registered), "reason": "debt repaid"}
        return self._follow(registered, "pledge.cancelled", data)

    def corrected(self, target: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return a correction: the target's data with some fields replaced."""
        data = {**target["data"], "occurred_on": self._day(), **changes}
        return self._about(target, "corrected", {"target": target, "reason": "clerical error", "data": data})

    def voided(self, target: dict[str, Any]) -> dict[str, Any]:
        """Return a void."""
        return self._about(target, "voided", {"target": target, "reason": "entered twice"})

    def lost(self, target: dict[str, Any]) -> dict[str, Any]:
        """Return a void of an event that does not exist."""
        return self._about(target, "voided", {"target": f"never-{self.subjects}", "reason": "wrong number"})

    def _event(self, stem: str, subject: str, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": None,
            "source": "urn:example:synthetic",
            "type": f"ip.{stem}.v1",
            "subject": subject,
            "time": None,
            "datacontenttype": "application/json",
            "data": data,
        }

    def _about(self, target: dict[str, Any], what: str, data: dict[str, Any]) -> dict[str, Any]:
        return {**target, "id": None, "time": None, "type": f"{target['type'][:-3]}.{what}.v1", "data": data}

    def _follow(self, event: dict[str, Any], stem: str, data: dict[str, Any]) -> dict[str, Any]:
        return self._event(stem, event["subject"], {"occurred_on": self._day(), **data})

    def _number(self, registered: dict[str, Any]) -> str:
        return str(registered["data"]["registration_no"])

    def _grant(self) -> tuple[str, dict[str, Any]]:
        random, number = self.random, self.subjects
        office, digits, kind = random.choice(
            (
                ("CN", f"1{number:08d}", "B"),
                ("CN", f"2{number:08d}", "U"),
                ("US", f"{10_000_000 + number}", "B2"),
                ("EP", f"{1_000_000 + number % 9_000_000}", "B1"),
                ("WO", f"{2012 + number % 12}{number % 1_000_000:06d}", "A1"),
            )
        )
        data = {
            "occurred_on": self._day(),
            "office": office,
            "number": digits,
            "kind": kind,
            "right": "utility_model" if kind == "U" else "invention",
            "title": f"Synthetic invention {number}",
            "ipc": random.sample(IPC, random.choice((0, 1, 1, 2, 3))),
            "applicants": [self._party()],
        }
        return office + digits + kind, data | self._region()

    def _registration(self) -> dict[str, Any]:
        random = self.random
        currency = random.choice(_CURRENCIES)
        appraised = random.random() < 0.4
        data: dict[str, Any] = {
            "occurred_on": self._day(),
            "registration_no": f"Y{self.subjects:010d}",
            "pledgors": [self._party()],
            "pledgees": [self._party()],
            "assets": [self._asset(i, currency if appraised else None) for i in range(random.choice((1, 1, 2, 3, 7)))],
            "amount_status": "undisclosed",
        }
        if random.random() < 0.85:
            data |= {"secured": self._money(currency), "amount_status": "registered"}
        return data | self._region()

    def _asset(self, index: int, currency: str | None) -> dict[str, Any]:
        right = self.random.choice(("invention", "invention", "invention", "utility_model", "design"))
        asset: dict[str, Any] = {"id": f"CN1{self.subjects:07d}{index}B", "right": right}
        if right != "design":
            asset["ipc"] = [self.random.choice(IPC)]
        if currency:
            asset["appraised"] = self._money(currency)
        return asset

    def _money(self, currency: str) -> dict[str, str]:
        whole = self.random.randrange(1, 50_000) * 1000 + self.random.randrange(1000)
        fraction = "" if currency == "JPY" else f".{self.random.randrange(100):02d}"
        return {"amount": f"{whole}{fraction}", "currency": currency}

    def _party(self) -> dict[str, str]:
        return {"name": f"{self.random.choice(_NAMES)} {self.random.randrange(1000)} Ltd"}

    def _region(self) -> dict[str, str]:
        return {"region": self.random.choice(_REGIONS)} if self.random.random() < 0.95 else {}

    def _day(self) -> str:
        return (SYNTHETIC_FROM + timedelta(days=self.random.randrange(_DAYS))).isoformat()


def _stamp(event: dict[str, Any], number: int, random: Random) -> None:
    if event["id"] is not None:
        return
    moment = _MILLISECONDS_2012 + number * 1000
    bits = (moment << 80) | (7 << 76) | (random.getrandbits(12) << 64) | (2 << 62) | random.getrandbits(62)
    digits = f"{bits:032x}"
    event["id"] = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    seconds = number % 86_400
    day = SYNTHETIC_FROM + timedelta(days=number // 86_400)
    event["time"] = f"{day}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}Z"


def _corrected_twice(maker: Maker, event: dict[str, Any]) -> LifeEvents:
    return [event, maker.corrected(event), maker.corrected(event)]


def _revived(maker: Maker, event: dict[str, Any]) -> LifeEvents:
    return [event, maker.voided(event), maker.corrected(event)]


def _voided_voiding(maker: Maker, event: dict[str, Any]) -> LifeEvents:
    voiding = maker.voided(event)
    return [event, voiding, {**maker.voided(event), "data": {"target": voiding, "reason": "not so"}}]


def _changed_then_corrected(maker: Maker, event: dict[str, Any]) -> LifeEvents:
    change = maker.modified(event)
    return [event, change, maker.corrected(change), maker.voided(change), maker.cancelled(event)]


def _cancelled_by_mistake(maker: Maker, event: dict[str, Any]) -> LifeEvents:
    first, second = maker.cancelled(event), maker.cancelled(event)
    return [event, first, second, maker.voided(first), maker.corrected(second)]


_MakeLife = Callable[[Maker, dict[str, Any]], LifeEvents]

_GRANT_LIVES: tuple[_MakeLife, ...] = (
    lambda maker, event: [event, maker.corrected(event)],
    lambda maker, event: [event, maker.voided(event)],
    lambda maker, event: [maker.corrected(event), event],
    lambda maker, event: [event, maker.again(event)],
    lambda maker, event: [event, maker.lost(event)],
    _corrected_twice,
    _revived,
    _voided_voiding,
)

_PLEDGE_LIVES: tuple[_MakeLife, ...] = (
    *_GRANT_LIVES,
    lambda maker, event: [event, maker.cancelled(event)],
    lambda maker, event: [event, maker.cancelled(event)],
    lambda maker, event: [event, maker.modified(event), maker.modified(event), maker.cancelled(event)],
    lambda maker, event: [event, maker.modified(event, debt_to=maker._day())],
    lambda maker, event: [maker.modified(event), event],
    lambda maker, event: [maker.cancelled(event), event],
    lambda maker, event: [maker.cancelled(event)],
    lambda maker, event: [event, maker.cancelled(event), maker.modified(event), maker.cancelled(event)],
    lambda maker, event: [event, maker.again(event), maker.cancelled(event), maker.again(event)],
    lambda maker, event: [event, maker.modified(event), maker.voided(event), maker.corrected(event)],
    _changed_then_corrected,
    _cancelled_by_mistake,
)
