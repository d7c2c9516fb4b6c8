"""Synthetic patents: filed, published, granted, and later events. Nothing here is real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from streams.synthetic.pledges import IPC, SYNTHETIC_FROM, SYNTHETIC_TO, LifeEvents, Maker

NOW = (SYNTHETIC_TO - SYNTHETIC_FROM).days
OFFICES = {
    "CN": ("CNY", ("CN-SH", "CN-SH", "CN-BJ", "CN-GD", "CN-ZJ")),
    "US": ("USD", ("US-CA", "US-NY", "US-TX")),
    "EP": ("EUR", ("DE", "FR", "NL")),
    "JP": ("JPY", ("JP",)),
}
"""Office -> the currency and the regions of its applicants."""

Dated = tuple[int, dict[str, Any]]
"""A day and its event."""


class Patent(NamedTuple):
    """A granted patent, as its owner uses it."""

    asset: dict[str, Any]
    owner: dict[str, Any]
    region: str
    currency: str
    granted: int


class PatentMaker(Maker):
    """Draws lives of patents. Days are counted from FIRST_DAY."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.patents: list[Patent] = []

    def iso(self, day: int) -> str:
        """Return a day as YYYY-MM-DD."""
        return (SYNTHETIC_FROM + timedelta(days=day)).isoformat()

    def number_of(self, day: str) -> int:
        """Return the number of a day given as YYYY-MM-DD."""
        return (date.fromisoformat(day) - SYNTHETIC_FROM).days

    def some(self, least: int, most: int) -> int:
        """Return a number in this range, both ends included."""
        return self.random.randint(least, most)

    def amount(self, thousands: int, currency: str) -> dict[str, str]:
        """Return an amount of this many thousand yuan, dollars, ..."""
        fraction = "" if currency == "JPY" else ".00"
        return {"amount": f"{thousands}000{fraction}", "currency": currency}

    def dated(self, stem: str, subject: str, day: int, **data: Any) -> dict[str, Any]:
        """Return an event of a day."""
        return self._event(stem, subject, {"occurred_on": self.iso(day), **data})

    @staticmethod
    def up_to_now(*dated: Dated) -> LifeEvents:
        """Return the events up to now, in order of their days."""
        return [event for day, event in sorted(dated, key=lambda one: one[0]) if day <= NOW]

    def patent(self) -> LifeEvents:
        """Return the life of a patent from its filing on."""
        office = self.random.choice(("CN", "CN", "CN", "US", "EP", "JP"))
        currency, regions = OFFICES[office]
        filed = self.some(0, NOW)
        published, granted = filed + 550, filed + self.some(600, 1500)
        right = "utility_model" if office == "CN" and self.random.random() < 0.2 else "invention"
        kind = {"US": "B2", "EP": "B1"}.get(office, "U" if right == "utility_model" else "B")
        number = {"CN": f"{2 if kind == 'U' else 1}0{self.subjects:07d}", "US": f"{10_000_000 + self.subjects}"}.get(
            office, f"{1_000_000 + self.subjects % 9_000_000}"
        )
        patent_id, owner, region = office + number + kind, self._party(), self.random.choice(regions)
        owner["country"] = region[:2]
        ipc = self.random.sample(IPC, self.random.choice((1, 1, 2, 3)))
        common = {"region": region, "office": office, "right": right, "applicants": [owner], "ipc": ipc}
        document = {**common, "number": number, "filed_on": self.iso(filed), "family_id": f"F{self.subjects}"}
        inventors = [{"name": "A. Inventor", "country": self.random.choice(("CN", "US", "DE", region[:2]))}]
        life = self.up_to_now(
            (filed, self.dated("patent.filed", patent_id, filed, **common, application_number=self._applied(office))),
            (
                published,
                self.dated("patent.published", patent_id, published, **document, kind="A", inventors=inventors),
            ),
            (
                granted,
                self.dated("patent.granted", patent_id, granted, **document, kind=kind, claims=self.some(1, 20)),
            ),
            *self._afterwards(patent_id, filed, granted, currency),
        )
        if granted <= NOW:
            asset = {"id": patent_id, "right": right, "ipc": ipc[:1]}
            self.patents = [*self.patents[-400:], Patent(asset, owner, region, currency, granted)]
        return life

    def _applied(self, office: str) -> str:
        if office != "CN":
            return f"{self.some(10, 18)}/{self.some(0, 999_999):06d}"
        digits = f"{self.some(2012, 2023)}1{self.subjects % 10_000_000:07d}"
        weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
        check = "0123456789X"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]
        return f"{digits}.{check}"

    def _afterwards(self, patent_id: str, filed: int, granted: int, currency: str) -> Iterator[Dated]:
        """Yield possible events after a grant."""

        def then(stem: str, days: int, **data: Any) -> Dated:
            return granted + days, self.dated(f"patent.{stem}", patent_id, granted + days, **data)

        years = range(3, 3 + self.some(0, 4))
        yield from (then("fee_paid", (y - 2) * 365, fee_year=y, amount=self.amount(2, currency)) for y in years)
        lapses, chance = 365 * (len(years) + 1), self.random.random()
        if chance < 0.15:
            yield then("tagged", 40, tag="genai", tag_source="declared")
        elif chance < 0.25:
            yield then("awarded", 300, award=self.random.choice(("china_patent", "state_science_technology")))
        elif chance < 0.35:
            yield from (then("preserved", 200, court="Example IP Court"), then("discharged", 500))
        elif chance < 0.45:
            extent = self.random.choice(("partial", "full"))
            yield from (then("challenged", 100), then("invalidated", 350, extent=extent))
        elif chance < 0.55:
            yield from (then("challenged", 100), then("upheld", 350))
        elif chance < 0.62:
            yield then("term_adjusted", 60, expires_on=self.iso(filed + 20 * 366))
        elif chance < 0.75:
            yield then("ceased", lapses, reason="fee", source_code="CF01")
        elif chance < 0.85:
            yield from (then("ceased", lapses, reason="fee"), then("restored", lapses + 60, source_code="RR01"))
