"""The state of an entity on a day: from its statements dated up to that day; the last in the log takes precedence.

Rows are those of the book's tables of entities, decoded (days as YYYY-MM-DD, codes of currencies, rights and
industries), without the days between which they hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.independent.law import day_after, term_end, undated_disclaimer
from ledger.independent.lines import Pool, after, last_amount, opened
from ledger.independent.terms import AcceptedEvent, Amount, Life, amount_of, industry, names

END = "9999-12-31"
"""Later than every day."""
EntityRow = dict[str, Any]
EntityRows = dict[str, list[EntityRow]]
"""Table -> its rows, in the order of their keys."""


def rows_on(life: Life, day: str) -> EntityRows:
    """Return all rows of an entity that hold on a day."""
    up_to = up_to_day(life, day)
    rows = {
        "pledge_state": _pledges(up_to),
        "pledge_asset": _pledged(up_to),
        "patent": _patents(up_to),
        "patent_fee": _fees(up_to),
        "trademark": _trademarks(up_to, life, day),
        "deal": _deals(up_to),
        "loan": _loans(up_to, life),
        "valuation": _valuations(up_to),
        "policy": _in_force(up_to, "reference.policy", day),
        "weight_set": _in_force(up_to, "reference.weight_set", day),
        "valuation_model": _in_force(up_to, "reference.model", day),
        "party_control": _in_force(up_to, "reference.control", day),
    }
    return {table: found for table, found in rows.items() if found}


def _in_force(up_to: Life, type_: str, day: str) -> list[EntityRow]:
    return [
        {"offset": event.offset}
        for event in up_to.of(type_)
        if event.data.get("valid_to") is None or day <= event.data["valid_to"]
    ]


def up_to_day(life: Life, day: str) -> Life:
    """Return the statements dated up to a day."""
    return Life([event for event in life.effective if event.data["occurred_on"] <= day], {})


def changing_days(life: Life) -> list[str]:
    """Return the days on which rows may change: those of the statements, and those after the end of a term."""
    days = {event.data["occurred_on"] for event in life.effective}
    lasts = {
        event.data[name] for event in life.effective for name in ("valid_to", "expires_on") if event.data.get(name)
    }
    ends = {row["term_end"] for day in days for row in rows_on(life, day).get("patent", []) if row["term_end"]}
    return sorted(days | ends | set(map(day_after, lasts)))


def last(statements: Iterable[AcceptedEvent], field: str = "occurred_on") -> Any:
    """Return a field from the last statement that has it."""
    found = [event.data[field] for event in statements if event.data.get(field) is not None]
    return found[-1] if found else None


def money_of(amount: Amount) -> EntityRow:
    """Return an amount as two columns."""
    return {"currency": amount[1] if amount else None, "minor": amount[0] if amount else None}


def asset_of(asset: EntityRow) -> EntityRow:
    """Return an asset of a pool as a row."""
    amount = amount_of(asset.get("appraised"))
    return {
        "id": asset["id"],
        "right": asset["right"],
        "industry": industry(asset),
        "currency": amount[1] if amount else None,
        "appraised": amount[0] if amount else None,
    }


# ---- each kind of entity; `up_to` holds its statements dated up to the day


def pool_of(up_to: Life) -> Pool:
    """Return the pool of a pledge, as if it were not cancelled."""
    for registration in up_to.of("pledge.registered"):
        return after(opened(registration.data["assets"]), up_to.of("pledge.modified"))
    return Pool([], {})


def _pledged(up_to: Life) -> list[EntityRow]:
    """Return the assets in a pool; a cancellation releases them all."""
    if up_to.of("pledge.cancelled"):
        return []
    return [{"ordinal": ordinal, **asset_of(asset)} for ordinal, asset in enumerate(pool_of(up_to).assets)]


def _pledges(up_to: Life) -> list[EntityRow]:
    return [
        {
            **money_of(last_amount(registration, up_to.of("pledge.modified"))),
            "debt_to": last(up_to.of("pledge.modified", "pledge.extended"), "debt_to")
            or registration.data.get("debt_to"),
            "pledgees": names(last(up_to.of("pledge.modified"), "pledgees")),
            "cancelled_on": last(up_to.of("pledge.cancelled")),
            "cancelled_for": last(up_to.of("pledge.cancelled"), "reason_code"),
            "defaulted_on": last(up_to.of("pledge.defaulted")),
            "realised_on": last(up_to.of("pledge.realised")),
            "inferred_by": last(
                [each for each in up_to.of("pledge.cancelled") if each.data.get("matched")], "matched_by"
            )
            or last(up_to.of("pledge.cancelled"), "matched"),
        }
        for registration in up_to.of("pledge.registered")
    ]


def _patents(up_to: Life) -> list[EntityRow]:
    rows = []
    for grant in up_to.of("patent.granted"):
        data, day = grant.data, grant.data["occurred_on"]
        published = up_to.of("patent.published")
        filed_on = data.get("filed_on") or last(up_to.of("patent.filed")) or last(published, "filed_on")
        adjusted = last(up_to.of("patent.term_adjusted"), "expires_on")
        ended = [
            event.data["occurred_on"]
            for event in up_to.of("patent.ceased", "patent.invalidated")
            if event.data.get("extent") != "partial"
        ]
        invalid = [
            event.data["occurred_on"] for event in up_to.of("patent.invalidated") if event.data["extent"] == "full"
        ]
        rows.append({
            "subject": grant.subject,
            "office": data["office"],
            "region": data.get("region"),
            "right": data["right"],
            "industry": industry(data),
            "family_id": data.get("family_id")
            or last(published, "family_id")
            or last(up_to.of("patent.filed"), "family_id"),
            "filed_on": filed_on,
            "granted_on": day,
            "term_end": day_after(adjusted) if adjusted else term_end(data, filed_on),
            "disclaimed": int(undated_disclaimer(data) and adjusted is None),
            "ended_on": min(ended, default=None),
            "invalid_on": min(invalid, default=None),
            "preserved_on": _preserved_on(up_to),
            "challenged_on": _challenged_on(up_to),
        })  # fmt: skip
    return rows


def _preserved_on(up_to: Life) -> str | None:
    """Return the day of the preservation that holds. They alternate with discharges, in whatever order of days."""
    begun, ended = up_to.of("patent.preserved"), up_to.of("patent.discharged")
    return max(event.data["occurred_on"] for event in begun) if len(begun) > len(ended) else None


def _challenged_on(up_to: Life) -> str | None:
    """Return the day of the newest request, unless a decision is as new."""
    requested = max((event.data["occurred_on"] for event in up_to.of("patent.challenged")), default=None)
    decided = [event.data["occurred_on"] for event in up_to.of("patent.upheld", "patent.invalidated")]
    return requested if requested is not None and all(day < requested for day in decided) else None


def _fees(up_to: Life) -> list[EntityRow]:
    paid = {event.data["fee_year"]: event for event in up_to.of("patent.fee_paid")}
    return [
        {"fee_year": year, "offset": paid[year].offset, **money_of(amount_of(paid[year].data.get("amount")))}
        for year in sorted(paid)
    ]


def _trademarks(up_to: Life, life: Life, day: str) -> list[EntityRow]:
    filings, registrations = up_to.of("trademark.filed"), up_to.of("trademark.registered")
    if not filings and not registrations:
        return []
    filed = filings[0].data if filings else {}
    registered = registrations[0].data if registrations else {}
    return [
        {
            "filed_on": filed.get("occurred_on"),
            "filing_office": filed.get("office"),
            "filing_region": filed.get("region"),
            "registered_on": registered.get("occurred_on"),
            "office": registered.get("office"),
            "region": registered.get("region"),
            "valid_to": _valid_to(life, day),
            "ceased_on": last(up_to.of("trademark.ceased")),
        }
    ]


def _valid_to(life: Life, day: str) -> str | None:
    """Return the last day of a mark's term as seen on a day: that of the longest term registered or renewed by then. If
    that is over, the next renewal continues it, whenever it came."""
    terms = [
        (event.data["occurred_on"], event.data["valid_to"])
        for event in life.of("trademark.registered", "trademark.renewed")
        if event.data.get("valid_to")
    ]
    held: str | None = max((end for begin, end in terms if begin <= day), default=None)
    if held is not None and held < day:
        return min(((begin, end) for begin, end in terms if begin > day and end > held), default=("", held))[1]
    return held


def _deals(up_to: Life) -> list[EntityRow]:
    """Return licences, assignments and open licences, each with its changes and its end."""
    rows = []
    for type_, end in (("licence.recorded", "licence.cancelled"), ("assignment.recorded", ""),
                       ("open_licence.declared", "open_licence.withdrawn")):  # fmt: skip
        for first in up_to.of(type_):
            data = first.data
            statements = [first, *(up_to.of("licence.modified") if type_ == "licence.recorded" else [])]
            price = "price" if type_ == "assignment.recorded" else "amount"
            recorded = amount_of(data.get(price))
            row = {
                "type": f"ip.{type_}.v1",
                "offset": first.offset,
                "recorded_on": data["occurred_on"],
                "region": data.get("region"),
                "form": data.get("licence") or data.get("conveyance"),
                "fee": data.get("fee"),
                **money_of(amount_of(last(statements, price))),
                "first_currency": recorded[1] if recorded else None,
                "first_minor": recorded[0] if recorded else None,
                "royalty_bp": last(statements, "royalty_bp"),
                "royalty_base": last(statements, "royalty_base"),
                "term_to": last(statements, "term_to"),
                "ended_on": last(up_to.of(end)),
                "executed_on": data.get("executed_on"),
                "assignees": names(data.get("assignees")),
            }
            rows.append(row)
    return sorted(rows, key=lambda row: ("open" in row["type"], "assignment" in row["type"]))


def _loans(up_to: Life, life: Life) -> list[EntityRow]:
    """Return the payments of each currency; the region is that of the first part, which may be paid on a later day."""
    parts = up_to.of("loan.disbursed")
    payments = up_to.of("loan.disbursed", "loan.repaid", "loan.compensated")
    rows = []
    for currency in sorted({event.data["amount"]["currency"] for event in payments}):
        sums = dict.fromkeys(("disbursed", "repaid", "compensated"), 0)
        for event in payments:
            minor, its_currency = amount_of(event.data["amount"]) or (0, "")
            sums[event.type.removeprefix("loan.")] += minor if its_currency == currency else 0
        days = [event.data["occurred_on"] for event in parts if event.data["amount"]["currency"] == currency]
        rows.append({
            "currency": currency,
            "region": life.of("loan.disbursed")[0].data.get("region"),
            "disbursed_on": min(days, default=None),
            **sums,
            "rate_bp": last(parts, "rate_bp"),
            "due_on": last(parts, "due_on"),
        })  # fmt: skip
    return rows


def _valuations(up_to: Life) -> list[EntityRow]:
    """Return the valuations that count: for each purpose that of the latest day of value, then the last in the log."""
    latest: dict[str, AcceptedEvent] = {}
    for event in up_to.of("valuation.completed"):
        known = latest.get(event.data["purpose"])
        if known is None or known.data["as_of"] <= event.data["as_of"]:
            latest[event.data["purpose"]] = event
    return [{"offset": offset} for offset in sorted(event.offset for event in latest.values())]
