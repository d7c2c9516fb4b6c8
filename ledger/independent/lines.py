"""The contribution of an entity to totals, from the statements that have effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.independent.terms import (
    AcceptedEvent,
    Amount,
    Cell,
    Contribution,
    Figures,
    Life,
    amount_of,
    industry,
    shares,
)

Assets = Sequence[dict[str, Any]]


class Pool(NamedTuple):
    """Assets, and the right of each line: of all assets under `ALL`, and of those of each industry."""

    assets: Assets
    rights: dict[str, str]


def contribution_of(life: Life) -> Contribution:
    """Return all lines of an entity on a basis."""
    lines: Contribution = defaultdict(Figures)
    _patent(lines, life)
    _pledge(lines, life)
    _deal(lines, life)
    _others(lines, life)
    return dict(lines)


# ---- one right


def _single(
    lines: Contribution, kind: str, date: str, about: dict[str, Any], right: str | None, amount: Amount
) -> None:
    """Add an event of one right: to the whole, and to its industry."""
    for where in ("ALL", industry(about)):
        cell = Cell(kind, date, about.get("region"), right, where, amount[1] if amount else None)
        lines[cell] = lines[cell].plus(Figures(1, int(amount is not None), amount[0] if amount else 0))


_DOCUMENTS = {"patent.filed": "filings", "patent.published": "publications", "patent.granted": "grants"}


def _patent(lines: Contribution, life: Life) -> None:
    for event in life.of(*_DOCUMENTS):
        _single(lines, _DOCUMENTS[event.type], event.data["occurred_on"], event.data, event.data["right"], None)
    ends = [
        event
        for event in life.of("patent.ceased", "patent.invalidated")
        if event.type == "patent.ceased" or event.data["extent"] == "full"
    ]
    for end in ends[:1]:  # a patent that has ceased and is declared invalid later does not end twice
        grant = life.of("patent.granted")[0].data
        _single(lines, "cessations", end.data["occurred_on"], grant, grant["right"], None)


def _others(lines: Contribution, life: Life) -> None:
    for event in life.of("valuation.completed"):
        data = event.data
        _single(lines, "valuations", data["occurred_on"], data, data.get("right"), amount_of(data["mid"]))
    for event in life.of("trademark.filed"):
        about = {"region": event.data.get("region")}
        _single(lines, "trademark_filings", event.data["occurred_on"], about, "trademark", None)
    for event in life.of("pct.filed"):
        _single(lines, "pct_filings", event.data["occurred_on"], event.data, None, None)
    marks = {"trademark.registered": "trademarks", "trademark.ceased": "trademark_cessations"}
    for event in life.of(*marks):
        first = life.of("trademark.registered")[0].data
        about = {"region": first.get("region")}
        _single(lines, marks[event.type], event.data["occurred_on"], about, "trademark", None)
    loans = {
        "loan.disbursed": "loan_disbursements",
        "loan.repaid": "loan_repayments",
        "loan.compensated": "loan_compensations",
        "loan.subsidised": "loan_subsidies",
    }
    for event in life.of(*loans):
        about = {"region": life.of("loan.disbursed")[0].data.get("region")}
        _single(lines, loans[event.type], event.data["occurred_on"], about, None, amount_of(event.data["amount"]))


# ---- pools


def pooled(
    lines: Contribution,
    kind: str,
    date: str,
    region: str | None,
    was: tuple[Pool, Amount] | None,
    now: tuple[Pool, Amount],
) -> None:
    """Add an event of a pool: for each industry its share of `now` less its share of `was`, by currency.

    An industry without an asset in the pool has a share of 0.
    """
    signed = [(now, 1)] if was is None or was[1] is None else [(now, 1), (was, -1)]
    rights = now[0].rights | (was[0].rights if was else {})
    for currency in {amount[1] if amount else None for (_, amount), _ in signed}:
        sums = dict.fromkeys(rights, 0)
        for (pool, amount), sign in signed:
            if amount is None or amount[1] == currency:
                for where, share in shares(pool.assets, amount[0] if amount else 0).items():
                    sums[where] += sign * share
        for where, share in sums.items():
            cell = Cell(kind, date, region, rights[where], where, currency)
            known = currency is not None
            lines[cell] = lines[cell].plus(Figures(1, int(known), share if known else 0))


def _right(assets: Assets, where: str) -> str:
    rights = {asset["right"] for asset in assets if where in ("ALL", industry(asset))}
    return rights.pop() if len(rights) == 1 else "mixed"


def opened(assets: Assets) -> Pool:
    """Return a pool as first registered."""
    return Pool(assets, {where: _right(assets, where) for where in {"ALL", *map(industry, assets)}})


def after(pool: Pool, changes: Sequence[AcceptedEvent]) -> Pool:
    """Return a pool after these changes: each releases some assets, then adds others; lines keep their right."""
    for change in changes:
        if not change.data.get("released") and not change.data.get("added"):
            continue
        assets = [asset for asset in pool.assets if asset["id"] not in (change.data.get("released") or [])]
        for asset in change.data.get("added") or []:
            if all(asset["id"] != other["id"] for other in assets):
                assets.append(asset)
        rights = opened(assets).rights
        pool = Pool(assets, {where: pool.rights.get(where, right) for where, right in rights.items()})
    return pool


def last_amount(registration: AcceptedEvent, changes: Sequence[AcceptedEvent]) -> Amount:
    """Return the secured amount after these changes: the last that is given."""
    amounts = [event.data["secured"] for event in (registration, *changes) if event.data.get("secured") is not None]
    return amount_of(amounts[-1]) if amounts else None


def _pledge(lines: Contribution, life: Life) -> None:
    if not life.of("pledge.registered"):
        return
    (registration,) = life.of("pledge.registered")
    opening = registration.data
    region = opening.get("region")
    pool, secured = opened(opening["assets"]), last_amount(registration, ())
    pooled(lines, "pledges", opening["occurred_on"], region, None, (pool, secured))
    for event in life.effective:
        date = event.data["occurred_on"]
        if event.type == "pledge.modified":
            was = pool, secured
            pool = after(pool, [event])
            secured = amount_of(event.data["secured"]) if event.data.get("secured") else secured
            pooled(lines, "pledge_changes", date, region, was, (pool, secured))
        elif event.type == "pledge.cancelled":
            pooled(lines, "pledge_cancellations", date, region, None, (pool, secured))
        elif event.type in _EVENTS_OF_A_PLEDGE:
            kind, name = _EVENTS_OF_A_PLEDGE[event.type]
            amount = amount_of(event.data.get(name)) if name else None
            pooled(lines, kind, date, region, None, (pool, amount))


_EVENTS_OF_A_PLEDGE: dict[str, tuple[str, str | None]] = {
    "pledge.extended": ("pledge_extensions", None),
    "pledge.defaulted": ("pledge_defaults", "overdue"),
    "pledge.realised": ("pledge_realisations", "proceeds"),
}


def _deal(lines: Contribution, life: Life) -> None:
    kinds = {
        "licence.recorded": ("licences", "amount"),
        "assignment.recorded": ("assignments", "price"),
        "open_licence.declared": ("open_licences", "amount"),
        "open_licence.accepted": ("open_licence_acceptances", "amount"),
    }
    for event in life.of(*kinds):
        kind, name = kinds[event.type]
        opening = event.data
        if event.type == "open_licence.accepted":
            opening = life.of("open_licence.declared")[0].data
        if event.type == "assignment.recorded" and opening["conveyance"] not in ("assignment", "merger"):
            continue  # a change of name is not a transaction
        amount = amount_of(event.data.get(name))
        now = (opened(opening["assets"]), amount)
        pooled(lines, kind, event.data["occurred_on"], opening.get("region"), None, now)
