"""The stock on a day, and its difference from the day before."""

from __future__ import annotations

from collections import defaultdict

from ledger.independent.days import END, changing_days, pool_of, rows_on, up_to_day
from ledger.independent.law import day_before
from ledger.independent.lines import contribution_of, pooled
from ledger.independent.terms import Cell, Contribution, Figures, Life


def stock_of(life: Life, day: str | None) -> Contribution:
    """Return the lines of a pledge that is in force on a day (None: not cancelled)."""
    lines: Contribution = defaultdict(Figures)
    for state in rows_on(life, day or END).get("pledge_state", []):
        if state["cancelled_on"] is None:
            up_to = up_to_day(life, day or END)
            region = up_to.of("pledge.registered")[0].data.get("region")
            amount = None if state["minor"] is None else (state["minor"], state["currency"])
            pooled(lines, "pledges", "", region, None, (pool_of(up_to), amount))
    return lines


def in_force_on(life: Life, day: str | None) -> Contribution:
    """Return the lines of a pledge, patent or trademark that is in force on a day (None: after all days), and of a debt
    that is due by then."""
    lines = stock_of(life, day)
    rows, day = rows_on(life, day or END), day or END
    lines.update(due_by(life, day))
    lines.update(recorded_by(life, day))
    for patent in rows.get("patent", []):
        if patent["ended_on"] is None and (patent["term_end"] is None or day < patent["term_end"]):
            for where in ("ALL", patent["industry"]):
                lines[Cell("patents", "", patent["region"], patent["right"], where, None)] = Figures(1)
    for mark in rows.get("trademark", []):
        valid = mark["registered_on"] and not mark["ceased_on"] and (not mark["valid_to"] or day <= mark["valid_to"])
        for where in ("ALL", "UNK") if valid else ():
            lines[Cell("trademarks", "", mark["region"], "trademark", where, None)] = Figures(1)
    return lines


def due_by(life: Life, day: str) -> Contribution:
    """Return the debt of a pledge that stands after all days, if it is due up to a day; without a date, on the END."""
    lines: Contribution = {}
    for state in rows_on(life, END).get("pledge_state", []):
        if state["cancelled_on"] is None and (state["debt_to"] or END) <= day:
            amount = Figures(1) if state["minor"] is None else Figures(1, 1, state["minor"])
            lines[Cell("due", "", None, None, "ALL", state["currency"])] = amount
            if state["defaulted_on"]:
                lines[Cell("due in default", "", None, None, "ALL", state["currency"])] = Figures(1)
    return lines


def recorded_by(life: Life, day: str) -> Contribution:
    """Return the contracts recorded up to a day by their payment, and mergers."""
    lines: Contribution = {}
    if not life.of(*_CONTRACTS.values()):
        return lines
    for cell, figures in contribution_of(life).items():
        if cell.date <= day and cell.kind in _CONTRACTS:
            (opening,) = (event.data for event in life.of(_CONTRACTS[cell.kind]))
            kind = f"{cell.kind} {opening['fee']}" if opening.get("fee") else ""
            if cell.kind == "assignments" and opening["conveyance"] == "merger":
                kind = "mergers"
            if kind:
                where = cell._replace(kind=kind, date="")
                lines[where] = lines.get(where, Figures()).plus(figures)
    return lines


_CONTRACTS = {
    "licences": "licence.recorded",
    "assignments": "assignment.recorded",
    "open_licences": "open_licence.declared",
    "open_licence_acceptances": "open_licence.declared",
}
"""Kind of total -> the type of the contract's first record, which gives its payment."""


def changes_of(life: Life) -> Contribution:
    """Return the changes of the stock, or of debts due, on every day that differs from the day before."""
    changes: Contribution = {}
    due = {state["debt_to"] or END for state in rows_on(life, END).get("pledge_state", [])}
    for day in sorted({*changing_days(life), *due}):
        is_, was = in_force_on(life, day), in_force_on(life, day_before(day))
        for cell in {**was, **is_}:
            change = is_.get(cell, Figures()) - was.get(cell, Figures())
            if change != Figures():
                changes[cell._replace(date=day)] = change
    return changes
