"""Facts: all that the fold needs of an event, and nothing that is not exact."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ledger.posting.facts import Digest, digest
from schemas.codec import Judged, judge
from tests.events import (
    Event,
    asset,
    cancelled,
    corrected,
    granted,
    modified,
    money,
    registered,
    value_of,
    voided,
)

CNY, JPY, NOBODY_SAID = 156, 392, 0
INVENTION, DESIGN = 1, 3
AI, SEMI, UNK = 3, 5, 99


def facts_of(event: Event) -> Digest:
    judged = judge(value_of(event))
    assert isinstance(judged, Judged), judged
    return digest(judged)


def weights_of(*appraised: tuple[str, str] | None) -> list[int]:
    assets = [asset(appraised=money(*said) if said else ...) for said in appraised]
    return [weight for _, _, weight in facts_of(registered(assets=assets)).facts[4]]


def test_a_grant_is_its_date_region_right_and_industry() -> None:
    assert facts_of(granted()) == (20230502, (20230502, "CN-SH", INVENTION, AI))


def test_the_first_symbol_gives_the_industry() -> None:
    assert facts_of(granted(ipc=["H01L0021020000", "G06N0003047500"])).facts[3] == SEMI
    assert facts_of(granted(ipc=[])).facts[3] == UNK


def test_a_region_that_was_not_said_is_empty() -> None:
    assert facts_of(granted(region=...)).facts[1] == ""
    assert facts_of(registered(region=None)).facts[1] == ""


def test_a_registration_is_its_date_region_amount_and_assets() -> None:
    assets = [asset(), asset("H01L0021020000", "design"), asset(None)]
    assert facts_of(registered(assets=assets)) == (
        20230301,
        (20230301, "CN-SH", CNY, 100_000, [(INVENTION, AI, 1), (DESIGN, SEMI, 1), (INVENTION, UNK, 1)]),
    )


@pytest.mark.parametrize("status", ["registered", "undisclosed"])
def test_an_amount_that_was_not_said_has_no_currency(status: str) -> None:
    assert facts_of(registered(secured=..., amount_status=status)).facts[2:4] == (NOBODY_SAID, 0)


def test_an_amount_of_0_is_an_amount() -> None:
    assert facts_of(registered(secured=money("0", "JPY"))).facts[2:4] == (JPY, 0)


@pytest.mark.parametrize(
    ("appraised", "weights"),
    [
        ([("1.50", "CNY"), ("3", "CNY")], [150, 300]),
        ([("0", "CNY"), ("3", "CNY")], [0, 300]),
        ([("0", "CNY"), ("0.00", "CNY")], [1, 1]),
        ([("1", "CNY"), ("3", "USD")], [1, 1]),
        ([("1", "CNY"), None], [1, 1]),
        ([None, None, None], [1, 1, 1]),
        ([("10000000000000", "CNY")] * 2, [10**15, 10**15]),
    ],
)
def test_assets_weigh_what_they_are_worth_if_all_are_known_in_one_currency(appraised: Any, weights: list[int]) -> None:
    assert weights_of(*appraised) == weights


def test_a_modification_is_its_date_and_what_is_secured_from_then_on() -> None:
    assert facts_of(modified()) == (20230601, (20230601, CNY, 150_000))
    assert facts_of(modified(secured=...)).facts == (20230601, NOBODY_SAID, 0)


def test_a_cancellation_is_its_date() -> None:
    assert facts_of(cancelled()) == (20240229, (20240229,))


def test_a_correction_is_its_target_and_the_facts_of_the_replacement() -> None:
    target = granted("0190C6F0-ABCD-7000-8000-000000000001")
    assert facts_of(corrected(target, occurred_on="2022-01-01", right="design")) == (
        20220101,
        (target["id"], (20220101, "CN-SH", DESIGN, AI)),
    )


def test_a_voiding_is_its_target_and_has_no_date() -> None:
    assert facts_of(voided(registered("E1"))) == (None, ("E1",))


@pytest.mark.parametrize("event", [granted(), registered(), modified(), cancelled(), corrected(registered())])
def test_facts_are_plain_json(event: Event) -> None:
    """The journal keeps them as JSON; what comes back says the same."""
    kept = orjson.dumps(facts_of(event).facts)
    assert b"." not in kept
    assert orjson.dumps(orjson.loads(kept)) == kept
