"""What an entity contributes to totals: lines, from the statements that have effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tests.model.terms import Amount, Cell, Contribution, Figures, Said, Told, amount_of, industry, shares

Assets = Sequence[dict[str, Any]]


def contribution_of(told: Told) -> Contribution:
    """All lines of an entity on a basis."""
    lines: Contribution = defaultdict(Figures)
    _patent(lines, told)
    _pledge(lines, told)
    _deal(lines, told)
    _others(lines, told)
    return dict(lines)


# ---- one right


def _single(
    lines: Contribution, kind: str, date: str, about: dict[str, Any], right: str | None, amount: Amount
) -> None:
    """An event of one right: the whole, and its industry."""
    for where in ("ALL", industry(about)):
        cell = Cell(kind, date, about.get("region"), right, where, amount[1] if amount else None)
        lines[cell] = lines[cell].plus(Figures(1, int(amount is not None), amount[0] if amount else 0))


_DOCUMENTS = {"patent.filed": "filings", "patent.published": "publications", "patent.granted": "grants"}


def _patent(lines: Contribution, told: Told) -> None:
    for said in told.of(*_DOCUMENTS):
        _single(lines, _DOCUMENTS[said.type], said.data["occurred_on"], said.data, said.data["right"], None)
    ends = [
        said
        for said in told.of("patent.ceased", "patent.invalidated")
        if said.type == "patent.ceased" or said.data["extent"] == "full"
    ]
    for end in ends[:1]:  # a patent that has ceased and is declared invalid later does not end twice
        grant = told.of("patent.granted")[0].data
        _single(lines, "cessations", end.data["occurred_on"], grant, grant["right"], None)


def _others(lines: Contribution, told: Told) -> None:
    for said in told.of("valuation.completed"):
        data = said.data
        _single(lines, "valuations", data["occurred_on"], data, data.get("right"), amount_of(data["mid"]))
    for said in told.of("pct.filed"):
        _single(lines, "pct_filings", said.data["occurred_on"], said.data, None, None)
    marks = {"trademark.registered": "trademarks", "trademark.ceased": "trademark_cessations"}
    for said in told.of(*marks):
        first = told.of("trademark.registered")[0].data
        about = {"region": first.get("region")}
        _single(lines, marks[said.type], said.data["occurred_on"], about, "trademark", None)
    loans = {
        "loan.disbursed": "loan_disbursements",
        "loan.repaid": "loan_repayments",
        "loan.compensated": "loan_compensations",
    }
    for said in told.of(*loans):
        about = {"region": told.of("loan.disbursed")[0].data.get("region")}
        _single(lines, loans[said.type], said.data["occurred_on"], about, None, amount_of(said.data["amount"]))


# ---- pools


def pooled(
    lines: Contribution, kind: str, date: str, opening: dict[str, Any], was: tuple[Assets, Amount] | None, now: Any
) -> None:
    """An event of a pool: what each industry has of `now` minus what it had of what was, each under its currency.

    Region and rights are those of the pool as it was opened; `was` and `now` are (assets, amount).
    """
    signed = [(now, 1)] if was is None or was[1] is None else [(now, 1), (was, -1)]
    touched = {"ALL", *(industry(asset) for asset in (now if was is None else was)[0])}
    for currency in {amount[1] if amount else None for (_, amount), _ in signed}:
        sums = dict.fromkeys(touched, 0)
        for (assets, amount), sign in signed:
            if amount is None or amount[1] == currency:
                for where, share in shares(assets, amount[0] if amount else 0).items():
                    sums[where] += sign * share
        for where, share in sums.items():
            cell = Cell(kind, date, opening.get("region"), _right(opening["assets"], where), where, currency)
            known = currency is not None
            lines[cell] = lines[cell].plus(Figures(1, int(known), share if known else 0))


def _right(assets: Assets, where: str) -> str:
    rights = {asset["right"] for asset in assets if where in ("ALL", industry(asset))}
    return rights.pop() if len(rights) == 1 else "mixed"


def without(assets: Assets, changes: Sequence[Said]) -> Assets:
    """The assets that these changes leave in the pool."""
    released = {asset for change in changes for asset in change.data.get("released") or []}
    return [asset for asset in assets if asset["id"] not in released]


def last_amount(registration: Said, changes: Sequence[Said]) -> Amount:
    """What is secured after these changes: the last that says it."""
    said = [data["secured"] for _, _, _, _, _, _, data in (registration, *changes) if data.get("secured") is not None]
    return amount_of(said[-1]) if said else None


def _pledge(lines: Contribution, told: Told) -> None:
    if not told.of("pledge.registered"):
        return
    (registration,) = told.of("pledge.registered")
    opening = registration.data
    changes: list[Said] = []

    def standing() -> tuple[Assets, Amount]:
        return without(opening["assets"], changes), last_amount(registration, changes)

    pooled(lines, "pledges", opening["occurred_on"], opening, None, standing())
    for said in told.effective:
        date = said.data["occurred_on"]
        if said.type == "pledge.modified":
            was = standing()
            changes.append(said)
            pooled(lines, "pledge_changes", date, opening, was, standing())
        elif said.type == "pledge.cancelled":
            pooled(lines, "pledge_cancellations", date, opening, None, standing())
        elif said.type in _EVENTS_OF_A_PLEDGE:
            kind, name = _EVENTS_OF_A_PLEDGE[said.type]
            amount = amount_of(said.data.get(name)) if name else None
            pooled(lines, kind, date, opening, None, (standing()[0], amount))


_EVENTS_OF_A_PLEDGE: dict[str, tuple[str, str | None]] = {
    "pledge.extended": ("pledge_extensions", None),
    "pledge.defaulted": ("pledge_defaults", "overdue"),
    "pledge.realised": ("pledge_realisations", "proceeds"),
}


def _deal(lines: Contribution, told: Told) -> None:
    kinds = {
        "licence.recorded": ("licences", "amount"),
        "assignment.recorded": ("assignments", "price"),
        "open_licence.declared": ("open_licences", "amount"),
        "open_licence.accepted": ("open_licence_acceptances", "amount"),
    }
    for said in told.of(*kinds):
        kind, name = kinds[said.type]
        opening = said.data
        if said.type == "open_licence.accepted":
            opening = told.of("open_licence.declared")[0].data
        if said.type == "assignment.recorded" and opening["conveyance"] not in ("assignment", "merger"):
            continue  # a change of name is no transaction
        amount = amount_of(said.data.get(name))
        pooled(lines, kind, said.data["occurred_on"], opening, None, (opening["assets"], amount))
