"""The pledges that a release is about: those that it cites, each wholly or in part, or one that is inferred (optional).
So is the pledge of a change of the lender that cites none.

A candidate for inference was registered on or before the day of the release, has all its properties, and has a lender
with the name of a releasing party: of the registration, or who succeeded by a recording that cites it, or by a merger,
a change of name or of the lender that cites nothing and lists only properties of its pool. A pledge that a release
ended by that day is not a candidate. A single candidate is inferred: it ends if the release leaves none of its
properties; else these leave its pool. Of several candidates, none is inferred. A change of the lender must list all
properties that its only candidate has: of a part of them it would divide the pledge.
"""

from __future__ import annotations

from typing import NamedTuple

from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.merge import Version
from streams.sources.conveyances.pools import PledgePools, lender_names
from streams.sources.conveyances.rules import ConveyanceClass
from streams.sources.conveyances.wording import Wording

SAME_ASSETS_AND_LENDER = "same assets, same lender"
"""The value of `matched_by` in events."""
_ENDINGS = (ConveyanceClass.RELEASE, ConveyanceClass.PARTIAL_RELEASE)


class Released(NamedTuple):
    """A released pledge, and the ids that leave its pool; None if it ends."""

    pledge: ReelFrame
    ids: list[str] | None
    inferred: bool = False


def releases_of(
    at: ReelFrame, versions: list[Version], wording: Wording, pools: PledgePools, *, infer: bool
) -> list[Released]:
    """Return the pledges that a release is about; none for a conveyance of another class.

    A release without citation, and without an inferred pledge, is filed under itself.
    """
    if wording.what not in _ENDINGS:
        return []
    partial = wording.what is ConveyanceClass.PARTIAL_RELEASE
    if wording.cited:
        return [Released(pledge, pools.freed_by(at, pledge)) for pledge in wording.cited]
    ids = _ids(versions)
    inferred = _inferred(versions, ids, pools, partial=partial) if infer else None
    return [inferred or Released(at, ids if partial else None)]


def _inferred(versions: list[Version], ids: list[str], pools: PledgePools, *, partial: bool) -> Released | None:
    """Return the pledge that a release without citation is about, if it can be inferred."""
    pledge = _candidate(versions, ids, pools)
    if pledge is None:
        return None
    goes_on = _has_others(pledge, versions, ids, pools) or (partial and not pools.lists_all(pledge))
    return Released(pledge, ids if goes_on else None, inferred=True)


def succeeded_in(versions: list[Version], wording: Wording, pools: PledgePools, *, infer: bool) -> ReelFrame | None:
    """Return the pledge of a change of the lender that cites none, if it can be inferred."""
    if not infer or wording.cited or wording.what is not ConveyanceClass.LENDER:
        return None
    ids = _ids(versions)
    pledge = _candidate(versions, ids, pools)
    return None if pledge is None or _has_others(pledge, versions, ids, pools) else pledge


def _candidate(versions: list[Version], ids: list[str], pools: PledgePools) -> ReelFrame | None:
    """Return the pledge that a conveyance without citation may be about, if it is the only one."""
    conveyance = versions[0].conveyance
    names, day = lender_names(conveyance.assignors), conveyance.day
    if not ids or not names or day is None:
        return None
    candidates = [
        at
        for at in pools.pledges_of(ids[0], day)
        if pools.has(at)
        and not pools.has_ended(at, day)
        and not names.isdisjoint(pools.lenders(at, day))
        and pools.holds_all(at, ids)
    ]
    return candidates[0] if len(candidates) == 1 else None


def _has_others(pledge: ReelFrame, versions: list[Version], ids: list[str], pools: PledgePools) -> bool:
    """Return whether a pledge has properties that a conveyance does not list or state."""
    conveyance = versions[0].conveyance
    return pools.held(pledge, conveyance.day or "") > max(len(ids), conveyance.properties)


def _ids(versions: list[Version]) -> list[str]:
    return list(dict.fromkeys(asset.id for version in versions for asset in version.conveyance.assets))
