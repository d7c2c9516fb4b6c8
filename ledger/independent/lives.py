"""Events of an entity that have an effect (docs/lives.md): computed from the start, rule by rule, in plain loops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ledger.independent.terms import AcceptedEvent, Life

Reasons = dict[int, str]


def life_of(topic: str, remaining: Sequence[AcceptedEvent]) -> Life:
    """Return the life of an entity of a topic from its remaining originals on a basis, in log order."""
    without: Reasons = {}
    for rule in _RULES[topic]:
        without |= rule(remaining)
    return Life([event for event in remaining if event.offset not in without], without)


def _of(remaining: Sequence[AcceptedEvent], *types: str) -> list[AcceptedEvent]:
    return [event for event in remaining if event.type in types]


def _first_only(type_: str, otherwise: str) -> Callable[[Sequence[AcceptedEvent]], Reasons]:
    """Return a rule: only the first event of this type in the log has effect."""
    return lambda remaining: {event.offset: otherwise for event in _of(remaining, type_)[1:]}


def _waits_for(type_: str, reason: str, *others: str) -> Callable[[Sequence[AcceptedEvent]], Reasons]:
    """Return a rule: the other types have effect only if the log has an event of this type."""

    def reasons(remaining: Sequence[AcceptedEvent]) -> Reasons:
        if _of(remaining, type_):
            return {}
        return {event.offset: reason for event in _of(remaining, *others)}

    return reasons


def _until(first: str, last: str, reason: str, *others: str) -> Callable[[Sequence[AcceptedEvent]], Reasons]:
    """Return a rule: if the log has a `first`, no `last` and none of `others` after the first `last` has effect."""

    def reasons(remaining: Sequence[AcceptedEvent]) -> Reasons:
        ends = _of(remaining, last)
        if not _of(remaining, first) or not ends:
            return {}
        return {event.offset: reason for event in _of(remaining, last, *others) if event.offset > ends[0].offset}

    return reasons


def _pledge(remaining: Sequence[AcceptedEvent]) -> Reasons:
    """Return the reasons of a registered pledge: a default counts once; a change of the pool has no effect if it
    changes no asset and no term, or if it releases all assets."""
    registrations = _of(remaining, "pledge.registered")
    if not registrations:
        return {}
    without: Reasons = {}
    opening = registrations[0].data
    changes: list[AcceptedEvent] = []  # of the pool
    defaults = 0
    for event in _of(remaining, "pledge.modified", "pledge.defaulted", "pledge.cancelled"):
        if event.type == "pledge.cancelled":
            break
        if event.type == "pledge.defaulted":
            defaults += 1
            if defaults > 1:
                without[event.offset] = "already_defaulted"
            continue
        if not event.data.get("released") and not event.data.get("added"):
            continue
        pool = _pool(opening, changes)
        left = [asset for asset in pool if asset not in (event.data.get("released") or [])]
        joins = any(asset["id"] not in left for asset in event.data.get("added") or [])
        changes_terms = any(event.data.get(name) is not None for name in ("secured", "pledgees", "debt_to"))
        day = event.data["occurred_on"]
        later = {day, *(one.data["occurred_on"] for one in changes if one.data["occurred_on"] > day)}
        if not (joins or left != pool or changes_terms):
            without[event.offset] = "already_in_pool" if event.data.get("added") else "not_in_pool"
        elif not all(_pool(opening, [*changes, event], max(opening["occurred_on"], each)) for each in later):
            without[event.offset] = "no_asset_left"
        else:
            changes.append(event)
    return without


def _pool(opening: dict[str, Any], changes: Sequence[AcceptedEvent], day: str = "9999-12-31") -> list[str]:
    """Return the ids in a pool on a day, by the changes that have effect: each releases some, then adds others."""
    pool = [asset["id"] for asset in opening["assets"]]
    for change in changes:
        if change.data["occurred_on"] <= day:
            pool = [asset for asset in pool if asset not in (change.data.get("released") or [])]
            pool += [asset["id"] for asset in change.data.get("added") or [] if asset["id"] not in pool]
    return pool


def _begun_and_ended(
    begin: str,
    end: str,
    *,
    missing: str,
    ended: str,
    begun: str | None,
    undone: str | None = None,
    in_turn: bool = False,
) -> Callable[[Sequence[AcceptedEvent]], Reasons]:
    """Return the rule of a state that begins and ends repeatedly; an end logged before any beginning ends the first.

    Reasons: `missing` of an end before any beginning, `ended` of a second end, `begun` of a second beginning (None
    if it has effect; `in_turn`: it begins when the first has ended), `undone` of a beginning that was ended (None if
    it keeps its effect).
    """

    def reasons(remaining: Sequence[AcceptedEvent]) -> Reasons:
        without: Reasons = {}
        now: AcceptedEvent | None = None
        early: list[AcceptedEvent] = []
        queue: list[AcceptedEvent] = []
        ever = False
        for event in _of(remaining, begin, end):
            if event.type == begin and now is not None:
                without |= {event.offset: begun} if begun else {}
                queue += [event] if in_turn else []
                continue
            if event.type == end and now is None:
                without[event.offset] = ended if ever else missing
                early += [] if ever else [event]
                continue
            now = event if event.type == begin else now
            assert now is not None
            if event.type == end or early:
                without |= {each.offset: ended for each in early}
                without |= {now.offset: undone} if undone else {}
                if early:
                    del without[early[0].offset]
                now, early, ever = None, [], True
                if queue:
                    now = queue.pop(0)
                    del without[now.offset]
        return without

    return reasons


_cessations = _begun_and_ended(
    "patent.ceased",
    "patent.restored",
    missing="cessation_missing",
    ended="already_restored",
    begun="already_ceased",
    undone="restored",
)


def _right(remaining: Sequence[AcceptedEvent]) -> Reasons:
    """Return the reasons of a granted patent: it ceases, is restored, ceases again; a full invalidation ends all."""
    if not _of(remaining, "patent.granted"):
        return {}
    ends = [event for event in _of(remaining, "patent.invalidated") if event.data["extent"] == "full"]
    if not ends:
        return _cessations(remaining)
    before = _cessations([event for event in remaining if event.offset < ends[0].offset])
    too_late = [event for event in _of(remaining, *_ON_A_GRANT) if event.offset > ends[0].offset]
    return {
        offset: "after_invalidation" if reason == "cessation_missing" else reason for offset, reason in before.items()
    } | {event.offset: "after_invalidation" for event in too_late}


_ON_A_GRANT = ("patent.ceased", "patent.restored", "patent.invalidated", "patent.term_adjusted")
_CHANGES = ("pledge.modified", "pledge.extended", "pledge.defaulted", "pledge.realised")
_RULES: dict[str, Iterable[Callable[[Sequence[AcceptedEvent]], Reasons]]] = {
    "ip.pledge.v1": [
        _first_only("pledge.registered", "second_registration"),
        _waits_for("pledge.registered", "registration_missing", *_CHANGES, "pledge.cancelled"),
        _until("pledge.registered", "pledge.cancelled", "after_cancellation", *_CHANGES),
        _pledge,
    ],
    "ip.patent.v1": [
        _first_only("patent.filed", "second_filing"),
        _first_only("patent.published", "second_publication"),
        _first_only("patent.granted", "second_grant"),
        _waits_for("patent.granted", "grant_missing", *_ON_A_GRANT),
        _right,
        _begun_and_ended(
            "patent.preserved",
            "patent.discharged",
            missing="preservation_missing",
            ended="already_discharged",
            begun="already_preserved",
            in_turn=True,
        ),
        _begun_and_ended(
            "patent.challenged", "patent.upheld", missing="challenge_missing", ended="already_upheld", begun=None
        ),
    ],
    "ip.valuation.v1": [],
    "ip.deal.v1": [
        _first_only("licence.recorded", "second_recording"),
        _waits_for("licence.recorded", "licence_missing", "licence.modified", "licence.cancelled"),
        _until("licence.recorded", "licence.cancelled", "after_cancellation", "licence.modified"),
        _first_only("assignment.recorded", "second_recording"),
        _first_only("need.published", "second_need"),
        _first_only("open_licence.declared", "second_declaration"),
        _waits_for("open_licence.declared", "declaration_missing", "open_licence.accepted", "open_licence.withdrawn"),
        _until("open_licence.declared", "open_licence.withdrawn", "after_withdrawal", "open_licence.accepted"),
    ],
    "ip.loan.v1": [
        _waits_for("loan.disbursed", "disbursement_missing", "loan.repaid", "loan.compensated", "loan.subsidised")
    ],
    "ip.trademark.v1": [
        _first_only("trademark.filed", "second_filing"),
        _first_only("trademark.registered", "second_registration"),
        _waits_for("trademark.registered", "registration_missing", "trademark.renewed", "trademark.ceased"),
        _until("trademark.registered", "trademark.ceased", "after_cessation", "trademark.renewed"),
    ],
    "ip.pct.v1": [_first_only("pct.filed", "second_filing")],
    "ip.reference.v1": [],
}
