"""Synthetic pledges and grants for the demo, which look like a growing market. Nothing here is real.

The lives are those of `pledges`. The values differ: working days in order, round amounts, banks that lend, and an
industry for nearly every patent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from streams.synthetic.pledges import SYNTHETIC_FROM, SYNTHETIC_TO, Maker, interleaved

_YEARS = range(SYNTHETIC_FROM.year, SYNTHETIC_TO.year + 1)
_GROWTH = [1.2**n for n in range(len(_YEARS))]
"""Weight of each year: 20 % more events than the year before."""

_IPC = {
    "G06N0003047500": 9,
    "G06V0010820000": 6,
    "G06F0040300000": 4,
    "H04L0009400000": 13,
    "H04W0004020000": 9,
    "A61K0039395000": 7,
    "C07D0401120000": 5,
    "A61B0005024000": 8,
    "H10B0041270000": 4,
    "H01L0021020000": 6,
    "B25J0009160000": 8,
    "F16H0057040000": 6,
    "B60W0050140000": 5,
    "H01M0010052500": 7,
    "H02J0007000000": 4,
    "C08L0067040000": 5,
    "C02F0001280000": 4,
    "G01N0021640000": 6,
    "A01H0005100000": 2,
    "E04B0001340000": 5,
}
"""IPC symbol -> weight."""

_REGIONS = {"CN-SH": 30, "CN-BJ": 12, "CN-GD": 12, "CN-JS": 10, "CN-ZJ": 10, "US-CA": 6, "JP": 5, "DE": 4}
_OFFICES = {"US-CA": "US", "JP": "JP", "DE": "EP"}
_CURRENCIES = {"US-CA": "USD", "JP": "JPY", "DE": "EUR"}
_BANKS = ("Bank of Putuo", "Songjiang Commercial Bank", "Orient Bank", "Meridian Bank", "Lantian Guarantee")
_LOANS = {500: 8, 1000: 18, 2000: 20, 3000: 18, 5000: 16, 8000: 8, 10_000: 8, 20_000: 3, 30_000: 1}
"""Amount of a loan in thousands -> weight."""


def generate_showcase(events: int, seed: int) -> Iterator[bytes]:
    """Yield exactly `events` CloudEvents of pledges and grants as JSON lines (without line end), each id once; the
    same for the same arguments."""
    return interleaved(_Showcase(Random(seed)), events)  # noqa: S311 - repeatable, not secret


class _Showcase(Maker):
    """Draws the lives of `pledges` with the values of a market."""

    def corrected(self, target: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return a correction that moves the business date by a few days."""
        return super().corrected(target, **{"occurred_on": self._later(target, 1, 20), **changes})

    def modified(self, registered: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Return a change: another amount in the pledge's currency, or a later end of the debt."""
        if "debt_to" in more:
            more["debt_to"] = self._later(registered, 900, 1400)
        return super().modified(registered, **more or {"secured": self._money(self._currency(registered))})

    def _follow(self, event: dict[str, Any], stem: str, data: dict[str, Any]) -> dict[str, Any]:
        return super()._follow(event, stem, {**data, "occurred_on": self._later(event, 60, 900)})

    def _grant(self) -> tuple[str, dict[str, Any]]:
        region, number = self._draw(_REGIONS), self.subjects
        office = _OFFICES.get(region, "CN")
        utility_model = office == "CN" and self.random.random() < 0.25
        kind = {"US": "B2", "EP": "B1"}.get(office, "U" if utility_model else "B")
        digits = {
            "CN": f"{2 if utility_model else 1}{number:08d}",
            "US": f"{10_000_000 + number}",
            "EP": f"{3_000_000 + number}",
            "JP": f"{6_000_000 + number}",
        }[office]
        data = {
            "occurred_on": self._day(),
            "office": office,
            "number": digits,
            "kind": kind,
            "right": "utility_model" if utility_model else "invention",
            "title": f"Synthetic invention {number}",
            "ipc": [self._draw(_IPC)],
            "applicants": [self._party()],
            "region": region,
        }
        return office + digits + kind, data

    def _registration(self) -> dict[str, Any]:
        region = self._draw(_REGIONS)
        currency = _CURRENCIES.get(region, "CNY")
        appraised = self.random.random() < 0.6
        day = date.fromisoformat(self._day())
        data: dict[str, Any] = {
            "occurred_on": day.isoformat(),
            "registration_no": f"Y{day.year}{self.subjects:09d}",
            "pledgors": [self._party()],
            "pledgees": [{"name": self.random.choice(_BANKS)}],
            "assets": [
                self._asset(i, currency if appraised else None) for i in range(self.random.choice((1, 1, 2, 3)))
            ],
            "amount_status": "undisclosed",
            "region": region,
        }
        if self.random.random() < 0.9:
            data |= {"secured": self._money(currency), "amount_status": "registered"}
        return data

    def _asset(self, index: int, currency: str | None) -> dict[str, Any]:
        asset: dict[str, Any] = {
            "id": f"CN1{self.subjects:07d}{index}B",
            "right": "invention",
            "ipc": [self._draw(_IPC)],
        }
        if self.random.random() < 0.03:
            asset |= {"right": "design", "ipc": []}
        if currency:
            asset["appraised"] = self._money(currency)
        return asset

    def _money(self, currency: str) -> dict[str, str]:
        thousands = self._draw(_LOANS) * (20 if currency == "JPY" else 1)
        return {"amount": f"{thousands}000" + ("" if currency == "JPY" else ".00"), "currency": currency}

    def _day(self) -> str:
        """Return a working day; later years have more of them."""
        (year,) = self.random.choices(_YEARS, _GROWTH)
        return _working_day(date(year, 1, 1) + timedelta(days=self.random.randrange(365)))

    def _later(self, event: dict[str, Any], least: int, most: int) -> str:
        """Return a working day this many days after the event, at most the last day of all."""
        day = date.fromisoformat(event["data"]["occurred_on"]) + timedelta(days=self.random.randint(least, most))
        return _working_day(min(day, SYNTHETIC_TO))

    def _currency(self, registered: dict[str, Any]) -> str:
        return _CURRENCIES.get(registered["data"]["region"], "CNY")

    def _draw(self, weights: dict[Any, int]) -> Any:
        return self.random.choices(list(weights), list(weights.values()))[0]


def _working_day(day: date) -> str:
    """Return the day itself or the Monday after it."""
    return (day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)).isoformat()
