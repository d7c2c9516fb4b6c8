"""The ledger said again, slowly: what a book must hold, computed from the whole log with nothing kept between records.

Written from the promises P3, P5 and P7 and from "what an entity contributes", not from the code. Of the project it
uses only the judge of a value, the partition of a key and the industry of a symbol.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from schemas.codec import Refusal, judge
from schemas.events import EVENT_TYPES
from schemas.industry import industry_of
from schemas.topics import TOPICS, partition_of

BASES = ("recorded", "corrected")
DECIMALS = {"CNY": 2, "USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
"""Of ISO 4217, for the currencies that tests use."""

Place = tuple[str, int]
"""(topic, partition)"""
Amount = tuple[int, str] | None
"""(minor units, currency); None where it was not said."""


class Stretch(NamedTuple):
    """What the log holds of one partition in [first, end): (offset, key, value) in order; offsets may be missing."""

    first: int
    end: int
    records: Sequence[tuple[int, bytes | None, bytes | None]]


Log = Mapping[Place, Stretch]


class Cell(NamedTuple):
    """Where a line stands. `date` is YYYY-MM-DD."""

    kind: str
    date: str
    region: str | None
    right: str
    industry: str
    currency: str | None


class Figures(NamedTuple):
    """What stands in a cell; `amount` is 0 where the currency is None."""

    events: int = 0
    with_amount: int = 0
    amount: int = 0

    def __sub__(self, other: Figures) -> Figures:
        return Figures(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def plus(self, other: Figures) -> Figures:
        """The sum, field by field."""
        return Figures(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


Contribution = dict[Cell, Figures]


class Said(NamedTuple):
    """An accepted event. `type` is that of the original, `follow_up` is empty, `corrected` or `voided`."""

    offset: int
    type: str
    follow_up: str
    subject: str
    source: str
    id: str
    data: dict[str, Any]


class Result(NamedTuple):
    """All that a book must show of a log."""

    outcomes: dict[tuple[str, int, int], str]
    rules: dict[tuple[str, int, int], str]
    positions: dict[Place, dict[str, int]]
    postings: dict[tuple[str, int, int], dict[str, Contribution]]
    totals: dict[str, dict[tuple[Any, ...], Figures]]
    unmatched: dict[tuple[str, int, int, str], str]
    pledges: list[tuple[Said, ...]]

    def stock(self, day: str | None, basis: str = "corrected") -> dict[tuple[Any, ...], Figures]:
        """Pledges in force on a day (None: not cancelled), by region, right, industry, currency."""
        sums: dict[tuple[Any, ...], Figures] = defaultdict(Figures)
        for events in self.pledges:
            for cell, figures in _in_force(_pledge(_remaining(events, basis)), day).items():
                key = (cell.region, cell.right, cell.industry, cell.currency)
                sums[key] = sums[key].plus(figures)
        return {key: figures for key, figures in sums.items() if figures != Figures()}


def ledger_of(log: Log) -> Result:
    """Everything at once: each record is judged, then all that it changed is computed anew from the start."""
    result = Result({}, {}, {}, {}, {basis: defaultdict(Figures) for basis in BASES}, {}, [])
    for (topic, partition), stretch in sorted(log.items()):
        accepted: list[tuple[Said, bytes]] = []
        for offset, key, value in stretch.records:
            place = (topic, partition, offset)
            outcome, rule, said = _judged(place, key, value, accepted)
            result.outcomes[place] = outcome
            if rule:
                result.rules[place] = rule
            if outcome == "accepted":
                assert said is not None
                assert value is not None
                before = [event for event, _ in accepted if event.subject == said.subject]
                accepted.append((said, value))
                _post(result, place, before, [*before, said])
        _close(result, (topic, partition), stretch, [event for event, _ in accepted])
    for basis in BASES:
        result.totals[basis] = {key: sum_ for key, sum_ in result.totals[basis].items() if sum_ != Figures()}
    return result


def totals_of(values: Iterable[bytes]) -> dict[str, dict[tuple[Any, ...], Figures]]:
    """The totals of valid events said in this order, each id once: what each subject contributes in the end, summed.

    It costs the same for each event, so that a million can be told.
    """
    subjects: dict[str, list[bytes]] = defaultdict(list)
    for value in values:
        subjects[json.loads(value)["subject"]].append(value)
    totals: dict[str, dict[tuple[Any, ...], Figures]] = {basis: defaultdict(Figures) for basis in BASES}
    for said in subjects.values():
        events = [_said(place, json.loads(value)) for place, value in enumerate(said)]
        for basis in BASES:
            for cell, figures in _contributed(events, basis).items():
                year = (cell.kind, int(cell.date[:4]), *cell[2:])
                totals[basis][year] = totals[basis][year].plus(figures)
    return {basis: {key: sum_ for key, sum_ in sums.items() if sum_ != Figures()} for basis, sums in totals.items()}


def _post(result: Result, place: tuple[str, int, int], before: Sequence[Said], after: Sequence[Said]) -> None:
    result.postings[place] = {}
    for basis in BASES:
        was, is_ = _contributed(before, basis), _contributed(after, basis)
        lines = {
            cell: is_.get(cell, Figures()) - was.get(cell, Figures())
            for cell in {**was, **is_}
            if is_.get(cell) != was.get(cell)
        }
        result.postings[place][basis] = lines
        for cell, figures in lines.items():
            year = (cell.kind, int(cell.date[:4]), *cell[2:])
            result.totals[basis][year] = result.totals[basis][year].plus(figures)


def _close(result: Result, place: Place, stretch: Stretch, accepted: Sequence[Said]) -> None:
    counts = dict.fromkeys(("accepted", "duplicate", "conflict", "rejected"), 0)
    for offset, _, _ in stretch.records:
        counts[result.outcomes[(*place, offset)]] += 1
    gap = stretch.end - stretch.first - len(stretch.records)
    result.positions[place] = {"first": stretch.first, "next": stretch.end, **counts, "gap": gap}
    for subject in sorted({event.subject for event in accepted}):
        events = tuple(event for event in accepted if event.subject == subject)
        for basis in BASES:
            for offset, reason in _without_effect(events, basis).items():
                result.unmatched[(*place, offset, basis)] = reason
        if place[0] == "ip.pledge.v1":
            result.pledges.append(events)


# ---- what becomes of a record (P3, P5)


def _judged(
    place: tuple[str, int, int],
    key: bytes | None,
    value: bytes | None,
    accepted: Sequence[tuple[Said, bytes]],
) -> tuple[str, str, Said | None]:
    judged = judge(value)
    if isinstance(judged, Refusal):
        return "rejected", judged.rule.label, None
    assert value is not None
    content = json.loads(value, parse_int=float)  # Python refuses to read very long integers
    topic, partition, offset = place
    subject = content["subject"].encode()
    if EVENT_TYPES[content["type"]].topic != topic or key != subject:
        return "rejected", "misrouted", None
    if partition_of(subject, TOPICS[topic].partitions) != partition:
        return "rejected", "misrouted", None
    said = _said(offset, content)
    for earlier, its_value in accepted:
        if (earlier.subject, earlier.source, earlier.id) == (said.subject, said.source, said.id):
            return ("duplicate", "", None) if its_value == value else ("conflict", "conflict", None)
    return "accepted", "", said


def _said(offset: int, content: dict[str, Any]) -> Said:
    words = content["type"].split(".")
    follow_up = words.pop(-2) if words[-2] in ("corrected", "voided") else ""
    return Said(
        offset,
        ".".join(words),
        follow_up,
        content["subject"],
        content["source"],
        _as_compared(content["id"]),
        content["data"],
    )


def _as_compared(event_id: str) -> str:
    uuid = re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", event_id, re.IGNORECASE)
    return event_id.lower() if uuid else event_id


# ---- an entity's events on one basis (P7)


def _target_of(follow_up: Said, events: Iterable[Said]) -> Said | None:
    for event in events:
        same = (event.type, event.source) == (follow_up.type, follow_up.source)
        if same and not event.follow_up and event.id == _as_compared(follow_up.data["target"]):
            return event
    return None


def _remaining(events: Sequence[Said], basis: str) -> list[Said]:
    """The originals that a basis has, in log order, with the data that it has for them."""
    originals = [event for event in events if not event.follow_up]
    if basis == "recorded":
        return originals
    last_word = {
        target.offset: event
        for event in events
        if event.follow_up and (target := _target_of(event, originals)) is not None
    }
    remaining = []
    for original in originals:
        word = last_word.get(original.offset)
        if word is None:
            remaining.append(original)
        elif word.follow_up == "corrected":
            remaining.append(original._replace(data=word.data["data"]))
    return remaining


class _Pledge(NamedTuple):
    registration: dict[str, Any] | None
    changes: list[tuple[dict[str, Any], Amount, Amount]]
    cancellation: dict[str, Any] | None
    amount: Amount
    without_effect: dict[int, str]


def _pledge(remaining: Sequence[Said]) -> _Pledge:
    registrations = [event for event in remaining if event.type == "ip.pledge.registered.v1"]
    others = [e for e in remaining if e.type in ("ip.pledge.modified.v1", "ip.pledge.cancelled.v1")]
    if not registrations:
        return _Pledge(None, [], None, None, {event.offset: "no registration" for event in others})
    without_effect = {event.offset: "second registration" for event in registrations[1:]}
    amount = _amount(registrations[0].data.get("secured"))
    changes: list[tuple[dict[str, Any], Amount, Amount]] = []
    cancellation = None
    for event in others:
        if cancellation is not None:
            without_effect[event.offset] = "after cancellation"
        elif event.type == "ip.pledge.modified.v1":
            after = _amount(event.data.get("secured")) or amount
            changes.append((event.data, amount, after))
            amount = after
        else:
            cancellation = event.data
    return _Pledge(registrations[0].data, changes, cancellation, amount, without_effect)


def _without_effect(events: Sequence[Said], basis: str) -> dict[int, str]:
    remaining = _remaining(events, basis)
    found = _pledge(remaining).without_effect
    grants = [event for event in remaining if event.type == "ip.patent.granted.v1"]
    found |= {event.offset: "second grant" for event in grants[1:]}
    if basis == "corrected":
        found |= {
            event.offset: "no target" for event in events if event.follow_up and _target_of(event, events) is None
        }
    return found


# ---- what an entity contributes


def _contributed(events: Sequence[Said], basis: str) -> Contribution:
    remaining = _remaining(events, basis)
    lines: Contribution = defaultdict(Figures)
    grants = [event.data for event in remaining if event.type == "ip.patent.granted.v1"]
    for grant in grants[:1]:
        for industry in ("ALL", _industry(grant)):
            cell = Cell("grants", grant["occurred_on"], grant.get("region"), grant["right"], industry, None)
            lines[cell] = lines[cell].plus(Figures(1))
    pledge = _pledge(remaining)
    if pledge.registration is not None:
        first = _amount(pledge.registration.get("secured"))
        _add(lines, "pledges", pledge.registration, pledge.registration, None, first)
        for change, before, after in pledge.changes:
            _add(lines, "pledge_changes", change, pledge.registration, before, after)
        if pledge.cancellation is not None:
            _add(lines, "pledge_cancellations", pledge.cancellation, pledge.registration, None, pledge.amount)
    return dict(lines)


def _add(
    lines: Contribution,
    kind: str,
    event: dict[str, Any],
    registration: dict[str, Any],
    before: Amount,
    after: Amount,
) -> None:
    """One event's lines: what is `after` minus what was `before`; over two currencies each under its own."""
    signed = [(after, 1)]
    if before is not None:
        assert after is not None
        signed.append((before, -1))
    for currency in {None if amount is None else amount[1] for amount, _ in signed}:
        sums: dict[str, int] = defaultdict(int)
        for amount, sign in signed:
            if amount is None or amount[1] == currency:
                for industry, share in _shares(registration, amount[0] if amount else 0).items():
                    sums[industry] += sign * share
        for industry, share in sums.items():
            cell = Cell(
                kind,
                event["occurred_on"],
                registration.get("region"),
                _right(registration, industry),
                industry,
                currency,
            )
            known = currency is not None
            lines[cell] = lines[cell].plus(Figures(1, int(known), share if known else 0))


def _shares(registration: dict[str, Any], amount: int) -> dict[str, int]:
    """The whole under ALL, and the share of each industry that an asset has."""
    assets = registration["assets"]
    appraised = [_amount(asset.get("appraised")) for asset in assets]
    said = [money for money in appraised if money is not None]
    weights = [1] * len(assets)
    if len(said) == len(assets) and len({currency for _, currency in said}) == 1 and any(m for m, _ in said):
        weights = [minor for minor, _ in said]
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(assets)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    sums: dict[str, int] = defaultdict(int, {"ALL": amount})
    for asset, share in zip(assets, shares, strict=True):
        sums[_industry(asset)] += share
    return sums


def _right(registration: dict[str, Any], industry: str) -> str:
    rights = {asset["right"] for asset in registration["assets"] if industry in ("ALL", _industry(asset))}
    return rights.pop() if len(rights) == 1 else "mixed"


def _industry(thing: dict[str, Any]) -> str:
    symbols = thing.get("ipc")
    return industry_of(symbols[0]) if symbols else "UNK"


def _amount(money: dict[str, str] | None) -> Amount:
    if money is None:
        return None
    minor = Fraction(money["amount"]) * 10 ** DECIMALS[money["currency"]]
    assert minor.denominator == 1
    return minor.numerator, money["currency"]


def _in_force(pledge: _Pledge, day: str | None) -> Contribution:
    """The lines of a pledge in force on a day: registration <= day < cancellation."""
    lines: Contribution = defaultdict(Figures)
    if pledge.registration is None:
        return lines
    until = None if pledge.cancellation is None else pledge.cancellation["occurred_on"]
    if day is None:
        in_force = until is None
    else:
        in_force = pledge.registration["occurred_on"] <= day and (until is None or day < until)
    if in_force:
        amount = _amount(pledge.registration.get("secured"))
        for change, _, _ in pledge.changes:
            if day is None or change["occurred_on"] <= day:
                amount = _amount(change.get("secured")) or amount
        _add(lines, "stock", {"occurred_on": ""}, pledge.registration, None, amount)
    return lines
