"""The nearest known name to a mistyped one."""

from __future__ import annotations

from ledger.nearest import UnknownName, hint, nearest
from ledger.views import VIEWS
from schemas.events import EVENT_TYPES
from tests.each_case import each_case

TYPES = tuple(EVENT_TYPES)


@each_case(
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
    assert hint("coins", TYPES).startswith(f"There are {len(TYPES)}, such as ip.")


def test_names_that_contain_the_word_are_suggested() -> None:
    names = ["pledge_stock", "grants", "pledge_flow"]
    assert hint("pledges", names, "Look there.") == "Did you mean one of pledge_stock, pledge_flow?"
    assert hint("STOCK", names) == "Did you mean pledge_stock?"
    assert hint("ge", names) == "Known: pledge_stock, grants, pledge_flow."
    assert hint("stock", [f"stock_of_{n}" for n in "abcdefgh"]).endswith(" stock_of_e, stock_of_f, ...?")
    assert hint("pledges", VIEWS).startswith("Did you mean one of pledge_")


def test_a_mistyped_name_is_answered_in_one_line() -> None:
    error = UnknownName("the type", "ip.patent.grnated.v1", TYPES)
    assert str(error) == "The type 'ip.patent.grnated.v1' is not known. Did you mean ip.patent.granted.v1?"
