"""The nearest known name to a mistyped one."""

from __future__ import annotations

import pytest

from ledger.nearest import UnknownName, hint, nearest
from schemas.events import EVENT_TYPES

TYPES = tuple(EVENT_TYPES)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("ip.patent.grnated.v1", "ip.patent.granted.v1"),
        ("IP.PATENT.GRANTED.V1", "ip.patent.granted.v1"),
        ("patent.granted", "ip.patent.granted.v1"),
        ("ip.patent.granted.v2", "ip.patent.granted.v1"),
        ("ip.pledge.registred.corrected.v1", "ip.pledge.registered.corrected.v1"),
        ("ip.coin.minted.v1", None),
        ("", None),
        ("ip.patent.granted.v1" * 6, None),
        ("x" * 1_000_000, None),
    ],
)
def test_the_nearest_name_is_suggested(given: str, meant: str | None) -> None:
    assert nearest(given, TYPES) == meant


def test_without_a_near_name_the_hint_lists_all_or_where_to_look() -> None:
    assert hint("pledge", ["pledges", "grants"]) == "Did you mean pledges?"
    assert hint("coins", ["pledges", "grants"]) == "Known: pledges, grants."
    assert hint("coins", TYPES, "Look there.") == "Look there."


def test_a_mistyped_name_is_answered_in_one_line() -> None:
    error = UnknownName("the type", "ip.patent.grnated.v1", TYPES)
    assert str(error) == "the type 'ip.patent.grnated.v1' is not known. Did you mean ip.patent.granted.v1?"
