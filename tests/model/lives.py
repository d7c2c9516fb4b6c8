"""What of an entity's history has effect, by docs/lives.md: told from its start, life by life, with plain loops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.model.terms import Said, Told

Reasons = dict[int, str]


def told(topic: str, remaining: Sequence[Said]) -> Told:
    """An entity of a topic whose originals on a basis are these, in log order."""
    without: Reasons = {}
    for life in _LIVES[topic]:
        without |= life(remaining)
    return Told([said for said in remaining if said.offset not in without], without)


def _of(remaining: Sequence[Said], *types: str) -> list[Said]:
    return [said for said in remaining if said.type in types]


def _first_only(type_: str, otherwise: str) -> Callable[[Sequence[Said]], Reasons]:
    """Of these the first in the log is the only one."""
    return lambda remaining: {said.offset: otherwise for said in _of(remaining, type_)[1:]}


def _waits_for(type_: str, reason: str, *others: str) -> Callable[[Sequence[Said]], Reasons]:
    """The others need one of this type, wherever it stands in the log."""

    def life(remaining: Sequence[Said]) -> Reasons:
        if _of(remaining, type_):
            return {}
        return {said.offset: reason for said in _of(remaining, *others)}

    return life


def _until(first: str, last: str, reason: str, *others: str) -> Callable[[Sequence[Said]], Reasons]:
    """Where the first was said: after the first one of type `last`, neither it nor the others have effect."""

    def life(remaining: Sequence[Said]) -> Reasons:
        ends = _of(remaining, last)
        if not _of(remaining, first) or not ends:
            return {}
        return {said.offset: reason for said in _of(remaining, last, *others) if said.offset > ends[0].offset}

    return life


def _pledge(remaining: Sequence[Said]) -> Reasons:
    """Of a registered pledge: a default counts once; a change that neither frees nor adds anything that it could, or
    that frees all, has no effect."""
    registrations = _of(remaining, "pledge.registered")
    if not registrations:
        return {}
    without: Reasons = {}
    opening = registrations[0].data
    changes: list[Said] = []  # of the pool
    defaults = 0
    for said in _of(remaining, "pledge.modified", "pledge.defaulted", "pledge.cancelled"):
        if said.type == "pledge.cancelled":
            break
        if said.type == "pledge.defaulted":
            defaults += 1
            if defaults > 1:
                without[said.offset] = "already_defaulted"
            continue
        if not said.data.get("released") and not said.data.get("added"):
            continue
        pool = _pool(opening, changes)
        left = [asset for asset in pool if asset not in (said.data.get("released") or [])]
        joins = any(asset["id"] not in left for asset in said.data.get("added") or [])
        says_more = any(said.data.get(name) is not None for name in ("secured", "pledgees", "debt_to"))
        day = said.data["occurred_on"]
        later = {day, *(one.data["occurred_on"] for one in changes if one.data["occurred_on"] > day)}
        if not (joins or left != pool or says_more):
            without[said.offset] = "already_in_pool" if said.data.get("added") else "not_in_pool"
        elif not all(_pool(opening, [*changes, said], max(opening["occurred_on"], each)) for each in later):
            without[said.offset] = "no_asset_left"
        else:
            changes.append(said)
    return without


def _pool(opening: dict[str, Any], changes: Sequence[Said], day: str = "9999-12-31") -> list[str]:
    """The ids in a pool on a day, by the changes that have effect: each frees some, then others join."""
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
) -> Callable[[Sequence[Said]], Reasons]:
    """What begins and ends again and again; an end said before any beginning ends the first one.

    Reasons: `missing` of an end before any beginning, `ended` of a second end, `begun` of a second beginning (None
    where it has effect; `in_turn`: it begins when the first has ended), `undone` of a beginning that was ended (None
    where it keeps its effect).
    """

    def life(remaining: Sequence[Said]) -> Reasons:
        without: Reasons = {}
        now: Said | None = None
        early: list[Said] = []
        queue: list[Said] = []
        ever = False
        for said in _of(remaining, begin, end):
            if said.type == begin and now is not None:
                without |= {said.offset: begun} if begun else {}
                queue += [said] if in_turn else []
                continue
            if said.type == end and now is None:
                without[said.offset] = ended if ever else missing
                early += [] if ever else [said]
                continue
            now = said if said.type == begin else now
            assert now is not None
            if said.type == end or early:
                without |= {waiting.offset: ended for waiting in early}
                without |= {now.offset: undone} if undone else {}
                if early:
                    del without[early[0].offset]
                now, early, ever = None, [], True
                if queue:
                    now = queue.pop(0)
                    del without[now.offset]
        return without

    return life


_cessations = _begun_and_ended(
    "patent.ceased",
    "patent.restored",
    missing="cessation_missing",
    ended="already_restored",
    begun="already_ceased",
    undone="restored",
)


def _right(remaining: Sequence[Said]) -> Reasons:
    """A granted patent: it ceases, is restored, ceases again; after a full invalidation nothing has effect."""
    if not _of(remaining, "patent.granted"):
        return {}
    ends = [said for said in _of(remaining, "patent.invalidated") if said.data["extent"] == "full"]
    if not ends:
        return _cessations(remaining)
    before = _cessations([said for said in remaining if said.offset < ends[0].offset])
    too_late = [said for said in _of(remaining, *_ON_A_GRANT) if said.offset > ends[0].offset]
    return {
        offset: "after_invalidation" if reason == "cessation_missing" else reason for offset, reason in before.items()
    } | {said.offset: "after_invalidation" for said in too_late}


_ON_A_GRANT = ("patent.ceased", "patent.restored", "patent.invalidated", "patent.term_adjusted")
_CHANGES = ("pledge.modified", "pledge.extended", "pledge.defaulted", "pledge.realised")
_LIVES: dict[str, Iterable[Callable[[Sequence[Said]], Reasons]]] = {
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
        _first_only("open_licence.declared", "second_declaration"),
        _waits_for("open_licence.declared", "declaration_missing", "open_licence.accepted", "open_licence.withdrawn"),
        _until("open_licence.declared", "open_licence.withdrawn", "after_withdrawal", "open_licence.accepted"),
    ],
    "ip.loan.v1": [_waits_for("loan.disbursed", "disbursement_missing", "loan.repaid", "loan.compensated")],
    "ip.trademark.v1": [
        _first_only("trademark.filed", "second_filing"),
        _first_only("trademark.registered", "second_registration"),
        _waits_for("trademark.registered", "registration_missing", "trademark.renewed", "trademark.ceased"),
        _until("trademark.registered", "trademark.ceased", "after_cessation", "trademark.renewed"),
    ],
    "ip.pct.v1": [_first_only("pct.filed", "second_filing")],
    "ip.reference.v1": [],
}
