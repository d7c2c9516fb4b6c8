"""What an entity is on a day: what its statements dated up to that day say, the last in the log first of all."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from tests.model.lines import after, last_amount, opened, pooled
from tests.model.terms import Amount, Contribution, Figures, Said, Told

END = "9999-12-31"


class Pledge(NamedTuple):
    """A registered pledge on a day; days are YYYY-MM-DD, assets ids of those in the pool."""

    assets: list[str]
    amount: Amount
    registered_on: str | None
    debt_to: str | None
    cancelled_on: str | None
    defaulted_on: str | None
    realised_on: str | None


class Patent(NamedTuple):
    """A granted patent on a day."""

    granted_on: str | None
    ended_on: str | None


def _up_to(told: Told, day: str, *types: str) -> list[Said]:
    return [said for said in told.of(*types) if said.data["occurred_on"] <= day]


def _last(statements: list[Said], field: str = "occurred_on") -> Any:
    said = [statement.data[field] for statement in statements if statement.data.get(field) is not None]
    return said[-1] if said else None


def pledge_on(told: Told, day: str) -> Pledge | None:
    """None before its registration."""
    registrations = _up_to(told, day, "pledge.registered")
    if not registrations:
        return None
    (registration,) = registrations
    changes = _up_to(told, day, "pledge.modified")
    return Pledge(
        [asset["id"] for asset in after(opened(registration.data["assets"]), changes).assets],
        last_amount(registration, changes),
        registration.data["occurred_on"],
        _last([registration, *_up_to(told, day, "pledge.modified", "pledge.extended")], "debt_to"),
        _last(_up_to(told, day, "pledge.cancelled")),
        _last(_up_to(told, day, "pledge.defaulted")),
        _last(_up_to(told, day, "pledge.realised")),
    )


def patent_on(told: Told, day: str) -> Patent | None:
    """None before its grant."""
    grants = _up_to(told, day, "patent.granted")
    if not grants:
        return None
    ends = [
        said.data["occurred_on"]
        for said in _up_to(told, day, "patent.ceased", "patent.invalidated")
        if said.data.get("extent") != "partial"
    ]
    return Patent(grants[0].data["occurred_on"], min(ends, default=None))


def stock_of(told: Told, day: str | None) -> Contribution:
    """The lines of a pledge that is in force on a day (None: not cancelled)."""
    lines: Contribution = defaultdict(Figures)
    pledge = pledge_on(told, day or END)
    if pledge is not None and pledge.cancelled_on is None:
        (registration,) = told.of("pledge.registered")
        pool = after(opened(registration.data["assets"]), _up_to(told, day or END, "pledge.modified"))
        pooled(lines, "stock", "", registration.data.get("region"), None, (pool, pledge.amount))
    return lines
