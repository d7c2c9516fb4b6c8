"""Facts: all fields of an event that figures and views need, with exact values."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ledger.posting.facts import StoredPart, money, stored_part
from schemas.catalogue import example_of
from schemas.codec import Judged, judge
from schemas.events import EVENT_TYPES, Role
from schemas.industry import industry_of
from tests.each_case import each_case
from tests.events import (
    Event,
    asset,
    cancelled,
    corrected,
    granted,
    modified,
    registered,
    value_of,
    voided,
)
from tests.events import money as price

CNY, JPY = 156, 392
INVENTION, DESIGN, TRADEMARK = 1, 3, 5
AI, SEMI, UNK = 3, 5, 99


def facts_of(event: Event) -> StoredPart:
    judged = judge(value_of(event))
    assert isinstance(judged, Judged), judged
    return stored_part(judged, industry_of)


def example(stem: str, **data: Any) -> Event:
    """Return the published example of a type; `...` omits a field."""
    event = example_of(f"ip.{stem}.v1")
    return event | {"data": {name: value for name, value in (event["data"] | data).items() if value is not ...}}


def test_a_grant_has_the_facts_that_figures_need() -> None:
    assert facts_of(granted(title="Attention")) == (
        20230502,
        {
            "occurred_on": 20230502,
            "region": "CN-SH",
            "office": "US",
            "right": INVENTION,
            "industry": AI,
            "ipc": ("G06N0003047500",),
            "scope": 1,
            "genai": 1,
            "title": "Attention",
            "applicants": [{"name": "上海某某科技有限公司"}],
        },
    )


def test_the_first_symbol_gives_the_industry() -> None:
    assert facts_of(granted(ipc=["H01L0021020000", "G06N0003047500"])).facts["industry"] == SEMI
    assert facts_of(granted(ipc=[])).facts["industry"] == UNK


def test_another_map_gives_another_industry() -> None:
    judged = judge(value_of(granted()))
    assert isinstance(judged, Judged)
    assert stored_part(judged, lambda _: "SEMI").facts["industry"] == SEMI


@each_case(
    ("ipc", "cpc", "scope", "genai"),
    [
        (["G06N0003047500", "G06N0020000000", "H01L0021020000"], None, 2, True),
        (["H01L0021020000", "G06N0003045500"], None, 2, True),
        (["G06N0003045000"], [], 1, False),
        ([], ["Y02E0010500000", "G06N0003045500"], 0, True),
    ],
)
def test_scope_counts_subclasses_and_a_symbol_marks_generative_ai(
    ipc: list[str], cpc: list[str] | None, scope: int, genai: bool
) -> None:
    facts = facts_of(granted(ipc=ipc, cpc=cpc)).facts
    assert (facts["scope"], facts.get("genai")) == (scope, 1 if genai else None)
    assert facts.get("ipc", ()) == tuple(ipc)
    assert facts.get("cpc", ()) == tuple(cpc or ())


def test_each_country_of_the_inventors_is_kept_once() -> None:
    inventors = [{"name": "a", "country": "CN"}, {"name": "b"}, {"name": "c", "country": "US"}]
    inventors.append({"name": "d", "country": "CN"})
    facts = facts_of(granted(inventors=inventors)).facts
    assert facts["inventor_countries"] == ["CN", "US"]
    assert "inventors" not in facts
    assert "inventor_countries" not in facts_of(granted(inventors=[{"name": "b"}])).facts


@pytest.mark.parametrize("omitted", [None, ...])
def test_missing_fields_are_omitted(omitted: Any) -> None:
    assert "region" not in facts_of(granted(region=omitted)).facts
    facts = facts_of(registered(region=omitted, secured=omitted, amount_status="undisclosed")).facts
    assert facts.keys().isdisjoint({"region", "secured", "debt_to"})


def test_a_registration_has_its_data_as_numbers() -> None:
    assets = [
        asset(appraised=price("1.50")),
        asset("H01L0021020000", "design", id="CN2"),
        asset(None, "trademark"),
    ]
    assert facts_of(registered(assets=assets, debt_to="2026-03-01")) == (
        20230301,
        {
            "occurred_on": 20230301,
            "region": "CN-SH",
            "registration_no": "Y2023310000123",
            "pledgors": [{"name": "上海某某科技有限公司"}],
            "pledgees": [{"name": "某某银行"}],
            "assets": [
                {"id": "CN1", "right": INVENTION, "industry": AI, "appraised": (CNY, 150)},
                {"id": "CN2", "right": DESIGN, "industry": SEMI},
                {"id": "CN1", "right": TRADEMARK, "industry": UNK},
            ],
            "secured": (CNY, 100_000),
            "amount_status": "registered",
            "debt_to": 20260301,
        },
    )


def test_an_amount_of_0_is_an_amount_and_a_missing_one_is_none() -> None:
    assert money(facts_of(registered(secured=price("0", "JPY"))).facts, "secured") == (JPY, 0)
    assert money(facts_of(registered(secured=..., amount_status="undisclosed")).facts, "secured") == (0, 0)


def test_a_change_has_the_fields_that_it_changes() -> None:
    number = {"registration_no": "Y2023310000123"}
    assert facts_of(modified()) == (
        20230601,
        {"occurred_on": 20230601, **number, "secured": (CNY, 150_000), "debt_to": 20260601},
    )
    assert facts_of(modified(secured=..., debt_to=..., released=["CN1", "CN2"])).facts == {
        "occurred_on": 20230601,
        **number,
        "released": ["CN1", "CN2"],
    }


def test_prose_is_omitted() -> None:
    assert facts_of(cancelled(reason="debt repaid")) == facts_of(cancelled())


def test_a_correction_has_its_target_and_the_facts_of_the_replacement() -> None:
    target = granted("0190C6F0-ABCD-7000-8000-000000000001")
    day, facts = facts_of(corrected(target, occurred_on="2022-01-01", right="design"))
    assert (day, facts[0]) == (20220101, target["id"])
    assert facts[1] == facts_of(granted(occurred_on="2022-01-01", right="design")).facts


def test_a_void_has_its_target_and_no_date() -> None:
    assert facts_of(voided(registered("E1"))) == (None, ("E1",))


def test_the_offices_own_code_is_kept() -> None:
    assert facts_of(example("patent.ceased")).facts == {"occurred_on": 20240721, "source_code": "CF01", "reason": "fee"}


def test_numbers_stay_numbers_and_decimals_stay_text() -> None:
    assert facts_of(example("reference.fx_rate")).facts["rate"] == "7.27078"
    assert facts_of(example("reference.population")).facts["persons"] == 24_758_900
    assert facts_of(example("licence.recorded")).facts["royalty_bp"] == 350


@each_case("name", [t.name for t in EVENT_TYPES.values() if t.role != Role.VOIDED])
def test_facts_are_plain_json_of_any_type(name: str) -> None:
    """The journal keeps facts as JSON: they survive a round trip, and no number has a fraction."""
    day, facts = facts_of(example_of(name))
    kept = orjson.dumps(facts)
    assert orjson.dumps(orjson.loads(kept)) == kept
    original = facts[1] if isinstance(facts, tuple) else facts
    assert original["occurred_on"] == day
    assert not any(isinstance(value, float) for value in original.values())
    assert name.startswith("ip.patent.") or "ipc" not in kept.decode()
