"""The refusal grounds R1 to R11, each on a history that breaks it and on a similar one that does not."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, corrected, voided
from tests.posting import event_on, post, shown

pytestmark = pytest.mark.slow

A, B, C = {"name": "甲"}, {"name": "乙"}, {"name": "丙"}
DAY = "2023-05-04"
ID = "CN109000001B"


def grant(subject: str = ID, occurred_on: str = "2019-01-01", **data: Any) -> Event:
    defaults = {"office": "CN", "number": subject[2:-1], "kind": subject[-1], "right": "invention"}
    more = {"filed_on": "2016-03-01", "ipc": [], "applicants": [A]}
    return event_on("patent.granted", subject, occurred_on, **defaults | more | data)


def pledge(subject: str = "P1", occurred_on: str = DAY, *assets: str, **data: Any) -> Event:
    defaults = {"pledgors": [A], "assets": [{"id": each, "right": "invention"} for each in assets or (ID,)]}
    debt = {"secured": {"amount": "1", "currency": "CNY"}, "debt_from": DAY, "debt_to": "2026-05-03"}
    status = {"amount_status": "registered"}
    return event_on("pledge.registered", subject, occurred_on, **defaults | status | debt | data)


def deal(occurred_on: str, *assignees: dict[str, str], number: str = "T1", **data: Any) -> Event:
    defaults = {"assignors": [A], "assignees": [*assignees], "assets": [{"id": ID, "right": "invention"}]}
    return event_on("assignment.recorded", number, occurred_on, **{"conveyance": "assignment"} | defaults | data)


def of_patent(stem: str, occurred_on: str, **data: Any) -> Event:
    return event_on(f"patent.{stem}", ID, occurred_on, **data)


def flags(book: Book, *columns: str, **asked: Any) -> Any:
    return shown(book, "pledge_flags", *columns or ("pledge", "asset", "rule"), **asked)


def rules(book: Book, *events: Event) -> list[str]:
    post(book, *events)
    found: list[str] = flags(book, "rule", pledge="P1")
    return found


def test_a_preserved_or_challenged_application_is_not_yet_a_right(book: Book) -> None:
    life = [
        of_patent("filed", "2016-03-01"),
        of_patent("preserved", "2022-01-01"),
        of_patent("challenged", "2022-01-01"),
    ]
    assert rules(book, pledge(), *life) == ["R3"]


def test_an_asset_that_joins_on_the_day_is_judged_too(book: Book) -> None:
    added = [{"id": ID, "right": "invention"}]
    post(book, grant(), pledge("P1", DAY, "CN1B", pledgors=[B]))
    for day in ("2023-05-05", DAY):
        post(book, event_on("pledge.modified", "P1", day, added=added, secured=..., released=...))
        assert flags(book, "registered_on", "judged_on", "asset", "rule") == [(DAY, day, ID, "R1")]
        post(book, event_on("pledge.modified", "P1", day, released=[ID], secured=..., added=...))


def test_assets_that_join_later_have_their_own_consent_and_waivers(book: Book) -> None:
    added = [{"id": ID, "right": "invention"}]
    post(book, grant(applicants=[A, B]), of_patent("challenged", "2023-05-01"))
    for pledge_id, day, own in (
        ("P1", "2023-05-05", {}),
        ("P2", "2023-05-06", {"co_owners_consent": True, "waivers": ["R11"]}),
    ):
        change = event_on("pledge.modified", pledge_id, day, added=added, secured=..., released=..., **own)
        post(book, pledge(pledge_id, DAY, "CN1B", pledgors=[A]), change)
    assert flags(book, "pledge", "rule", "waived", asset=ID) == [
        ("P1", "R8", 0),
        ("P1", "R11", 0),
        ("P2", "R9", 0),
        ("P2", "R11", 1),
    ]


def test_a_good_pledge_breaks_no_rule(book: Book) -> None:
    assert rules(book, grant(), pledge()) == []


def test_unknown_assets_break_no_rule(book: Book) -> None:
    assert rules(book, pledge("P1", DAY, "CN1B", "CN2U")) == []


def test_a_row_names_pledge_asset_day_and_reason(book: Book) -> None:
    post(book, grant(applicants=[B, C]), pledge("P1", DAY, "CN1B", ID, ID))
    assert flags(book, "pledge", "registered_on", "asset", "rule", "explanation", "waived") == [
        ("P1", DAY, ID, "R1", "no pledgor is the patentee of record: 乙; 丙", 0)
    ]


# ---- R1 and R8: owners


@pytest.mark.parametrize(
    ("pledgors", "owners", "broken"),
    [
        ([A], [A], []),
        ([B], [A], ["R1"]),
        ([A], [], []),
        ([], [A], []),
        ([A, C], [A], []),
        ([{"name": "甲公司", "id": "x-1"}], [{"name": "甲", "id": "x-1"}], []),
        ([{"name": "甲", "id": "x-1"}], [{"name": "甲", "id": "x-2"}], ["R1"]),
        ([{"name": "甲", "id": "x-1"}], [A], []),
        ([A], [{"name": "甲", "id": "x-1"}], []),
        ([A], [A, B], ["R8"]),
        ([C], [A, B], ["R1"]),
        ([B, A], [A, B], []),
    ],
)
def test_pledgors_are_compared_with_the_owners(book: Book, pledgors: Any, owners: Any, broken: list[str]) -> None:
    assert rules(book, grant(applicants=owners), pledge(pledgors=pledgors)) == broken


def test_printed_owners_precede_applicants(book: Book) -> None:
    """Until 2012 the applicants of a US patent were its inventors (35 U.S.C. 118)."""
    other = "CN109000003B"
    post(book, grant(applicants=[B], assignees=[A]), pledge(), grant(other, assignees=[]), pledge("P2", DAY, other))
    assert flags(book) == []
    post(book, pledge("P3", "2024-05-04", pledgors=[B]))
    assert flags(book, "asset", "explanation", rule="R1") == [(ID, "no pledgor is the patentee of record: 甲")]


@pytest.mark.parametrize(("consent", "broken"), [(True, []), (False, ["R8"]), (..., ["R8"])])
def test_co_owners_may_consent(book: Book, consent: Any, broken: list[str]) -> None:
    assert rules(book, grant(applicants=[A, B]), pledge(co_owners_consent=consent)) == broken


@pytest.mark.parametrize(
    ("deals", "broken"),
    [
        ([deal(DAY, B)], ["R1"]),
        ([deal("2023-05-05", B)], []),
        ([deal("2022-01-01", B, number="T2"), deal("2023-01-01", A)], []),
        ([deal("2023-01-01", A), deal("2022-01-01", B, number="T2")], []),
        ([deal("2023-01-01", B, executed_on="2022-02-02"), deal("2023-01-01", A, number="T2")], []),
        ([deal("2023-01-01", B), deal("2023-01-01", A, number="T2", executed_on="2022-02-02")], ["R1"]),
        ([deal("2023-02-01", A, executed_on="2020-01-01"), deal("2023-01-01", B, number="T2")], []),
        ([deal("2023-01-01", B, conveyance="change_of_name")], ["R1"]),
        ([deal("2023-01-01", B, conveyance="government_interest")], []),
        ([deal("2023-01-01", B, assets=[{"id": ID, "right": "trademark"}])], []),
        ([deal("2023-01-01", B, assets=[{"id": "CN1B", "right": "invention"}])], []),
    ],
)
def test_the_last_assignment_up_to_the_day_gives_the_owner(book: Book, deals: list[Event], broken: list[str]) -> None:
    assert rules(book, grant(), pledge(), *deals) == broken


def test_an_owner_is_known_without_a_grant(book: Book) -> None:
    assert rules(book, pledge(), deal("2023-01-01", B)) == ["R1"]


# ---- R2 to R6, R11: the life of the patent


@pytest.mark.parametrize(
    ("life", "broken"),
    [
        ([of_patent("ceased", DAY, reason="fee")], ["R2"]),
        ([of_patent("ceased", "2023-05-05")], []),
        ([of_patent("ceased", "2022-01-01"), of_patent("restored", "2024-01-01")], []),
        ([of_patent("invalidated", "2022-01-01", extent="full")], ["R2"]),
        ([of_patent("invalidated", "2022-01-01", extent="partial")], []),
        ([of_patent("term_adjusted", "2022-01-01", expires_on="2023-05-03")], ["R2", "R6"]),
        ([of_patent("fee_paid", "2022-02-01", fee_year=7)], ["R4"]),
        ([of_patent("fee_paid", "2022-02-01", fee_year=8)], []),
        ([of_patent("fee_paid", "2022-02-01", fee_year=7), of_patent("fee_paid", "2023-05-05", fee_year=8)], ["R4"]),
        ([of_patent("fee_paid", "2022-02-01", fee_year=8), of_patent("fee_paid", "2021-02-01", fee_year=6)], []),
        ([of_patent("preserved", DAY)], ["R5"]),
        ([of_patent("preserved", "2022-01-01"), of_patent("discharged", DAY)], []),
        ([of_patent("discharged", "2022-06-01"), of_patent("preserved", "2022-01-01")], []),
        ([of_patent("preserved", "2022-01-01"), of_patent("discharged", "2023-05-05")], ["R5"]),
        ([of_patent("challenged", DAY)], ["R11"]),
        ([of_patent("challenged", "2023-05-05")], []),
        ([of_patent("challenged", "2022-01-01"), of_patent("upheld", DAY)], []),
        ([of_patent("challenged", DAY), of_patent("upheld", DAY)], []),
        ([of_patent("upheld", "2022-02-02"), of_patent("challenged", "2022-01-01")], []),
        ([of_patent("challenged", "2022-01-01"), of_patent("invalidated", DAY, extent="partial")], []),
        ([of_patent("upheld", "2022-01-01"), of_patent("challenged", "2023-01-01")], ["R11"]),
    ],
)
def test_the_patents_life_up_to_the_day(book: Book, life: list[Event], broken: list[str]) -> None:
    assert rules(book, grant(), pledge(), *life) == broken


@pytest.mark.parametrize(("occurred_on", "broken"), [("2023-02-28", []), ("2023-03-01", ["R4"])])
def test_a_fee_year_ends_before_the_anniversary_of_the_filing(book: Book, occurred_on: str, broken: list[str]) -> None:
    assert rules(book, grant(), pledge("P1", occurred_on), of_patent("fee_paid", "2022-02-01", fee_year=7)) == broken


@pytest.mark.parametrize(
    "document",
    [
        of_patent("filed", "2006-05-03", office="CN", application_number="201710601862.3"),
        of_patent("published", "2007-12-01", filed_on="2006-05-03"),
    ],
)
def test_the_filing_date_can_come_from_another_document(book: Book, document: Event) -> None:
    assert rules(book, grant(filed_on=...), document, pledge()) == ["R6"]


def test_an_expired_term_is_no_right(book: Book) -> None:
    """20 years from 2003-05-04 end before 2023-05-04."""
    assert rules(book, grant(filed_on="2003-05-04"), pledge(debt_to="2023-05-03")) == ["R2"]


@pytest.mark.parametrize(("filed_on", "broken"), [("2006-05-04", []), ("2006-05-03", ["R6"])])
def test_a_debt_may_run_to_the_last_day_of_the_term(book: Book, filed_on: str, broken: list[str]) -> None:
    assert rules(book, grant(filed_on=filed_on), pledge(debt_to="2026-05-03")) == broken


@pytest.mark.parametrize(("expires_on", "broken"), [("2026-05-03", []), ("2026-05-02", ["R6"])])
def test_the_last_adjustment_in_the_log_ends_the_term(book: Book, expires_on: str, broken: list[str]) -> None:
    adjusted = [
        of_patent("term_adjusted", "2022-06-01", expires_on="2040-01-01"),
        of_patent("term_adjusted", "2022-01-01", expires_on=expires_on),
        of_patent("term_adjusted", "2024-01-01", expires_on="2040-01-01"),
    ]
    assert rules(book, grant(), pledge(), *adjusted) == broken


def test_without_a_filing_date_neither_term_nor_fee_is_known(book: Book) -> None:
    assert rules(book, grant(filed_on=...), pledge(), of_patent("fee_paid", "2022-01-01", fee_year=1)) == []


def test_us_patents_have_no_annual_fees(book: Book) -> None:
    grants = grant(office="US", number="10000000", kind="B2")
    assert rules(book, grants, pledge(), of_patent("fee_paid", "2022-01-01", fee_year=4)) == []


@pytest.mark.parametrize(
    ("documents", "broken"),
    [
        ([grant(occurred_on="2023-05-05")], ["R3"]),
        ([grant(occurred_on=DAY)], []),
        ([of_patent("filed", "2016-03-01")], ["R3"]),
        ([of_patent("published", "2017-03-01")], ["R3"]),
        ([of_patent("filed", "2016-03-01"), grant(occurred_on="2023-05-05")], ["R3"]),
        ([of_patent("filed", "2016-03-01"), grant()], []),
        ([of_patent("tagged", "2016-03-01", tag_source="declared")], []),
    ],
)
def test_an_ungranted_application_is_no_right(book: Book, documents: list[Event], broken: list[str]) -> None:
    assert rules(book, pledge(), *documents) == broken


# ---- R7: the contract


@pytest.mark.parametrize(
    ("data", "lacking"),
    [
        ({}, []),
        ({"debt_to": ...}, ["missing: debt_to"]),
        ({"secured": ...}, []),
        ({"secured": ..., "amount_status": "undisclosed", "debt_from": ...}, ["missing: secured, debt_from"]),
    ],
)
def test_a_contract_has_amount_and_period(book: Book, data: dict[str, Any], lacking: list[str]) -> None:
    post(book, pledge(**data))
    assert flags(book, "explanation") == lacking
    assert flags(book, "asset", "rule") == [(None, "R7")] * len(lacking)


# ---- R9: pledged already


def other(occurred_on: str = "2022-01-01", right: str = "invention") -> Event:
    return pledge("P0", occurred_on, assets=[{"id": ID, "right": right}, {"id": "CN7B", "right": "invention"}])


def of_pledge(stem: str, occurred_on: str, **data: Any) -> Event:
    return event_on(f"pledge.{stem}", "P0", occurred_on, **data)


@pytest.mark.parametrize(
    ("events", "broken"),
    [
        ([other()], ["R9"]),
        ([other("2023-05-05")], []),
        ([other(DAY)], ["R9"]),
        ([other(right="trademark")], []),
        ([other(right="utility_model")], ["R9"]),
        ([other(), of_pledge("cancelled", DAY)], []),
        ([other(), of_pledge("cancelled", "2023-05-05")], ["R9"]),
        ([other(), of_pledge("modified", DAY, released=[ID])], []),
        ([other(), of_pledge("modified", DAY, released=["CN7B"])], ["R9"]),
        ([other(), of_pledge("defaulted", "2023-01-01")], ["R9"]),
    ],
)
def test_an_asset_is_pledged_once_at_a_time(book: Book, events: list[Event], broken: list[str]) -> None:
    assert rules(book, pledge(), *events) == broken


def test_two_pledges_of_one_day_flag_each_other(book: Book) -> None:
    post(book, pledge(), other(DAY), pledge("P3", "2023-06-01", "CN7B"))
    assert flags(book, "pledge", "asset", "explanation") == [
        ("P0", ID, f"pledged already: P1, registered on {DAY}"),
        ("P1", ID, f"pledged already: P0, registered on {DAY}"),
        ("P3", "CN7B", f"pledged already: P0, registered on {DAY}"),
    ]


def test_both_bases(book: Book) -> None:
    first, second = pledge("P0", "2022-01-01"), pledge()
    post(book, first, second, voided(first))
    assert flags(book) == []
    assert flags(book, recorded=True) == [("P1", ID, "R9")]
    post(book, corrected(first, event_id="k2", assets=[{"id": ID, "right": "invention"}], debt_to=None))
    assert flags(book) == [("P0", None, "R7"), ("P1", ID, "R9")]


# ---- R10: a twin


MODEL = "CN209000002U"


def twins(invention: Event, **data: Any) -> list[Event]:
    model = grant(MODEL, "2017-01-01", right="utility_model")
    assets = [{"id": MODEL, "right": "utility_model"}]
    return [model, invention, pledge(assets=assets, debt_to="2026-02-28", **data)]


def filed(occurred_on: str = "2016-03-01", **data: Any) -> Event:
    defaults = {"office": "CN", "application_number": "201710601862.3", "right": "invention", "applicants": [A]}
    return event_on("patent.filed", ID, occurred_on, **defaults | data)


@pytest.mark.parametrize(
    ("invention", "broken"),
    [
        (filed(), ["R10"]),
        (grant(), ["R10"]),
        (grant(occurred_on="2023-05-05"), []),
        (filed("2016-03-02"), []),
        (filed(applicants=[A, B]), []),
        (filed(applicants=[B]), []),
        (filed(right="utility_model"), []),
        (filed(office="US", application_number="14/643,719"), []),
    ],
)
def test_a_utility_model_with_an_invention_of_the_same_day(book: Book, invention: Event, broken: list[str]) -> None:
    assert rules(book, *twins(invention)) == broken


def test_the_invention_itself_may_be_pledged(book: Book) -> None:
    """Art. 11 (10) is about the utility model, which the applicant will have to give up (Patent Law Art. 9)."""
    assert rules(book, *twins(grant())[:2], pledge()) == []


def test_two_inventions_of_one_day_are_not_twins(book: Book) -> None:
    assert rules(book, grant(), grant("CN109000003B"), pledge()) == []


def test_each_utility_model_has_its_own_day(book: Book) -> None:
    late = grant("CN209000003U", "2017-01-01", right="utility_model", filed_on="2016-03-02")
    assets = [{"id": subject, "right": "utility_model"} for subject in (MODEL, "CN209000003U")]
    post(book, late, *twins(filed("2016-03-02"))[:2], pledge(assets=assets, debt_to="2026-02-28"))
    assert flags(book, "asset", "rule") == [("CN209000003U", "R10")]


def test_applicants_are_the_same_in_any_order(book: Book) -> None:
    invention = filed(applicants=[B, A])
    model = grant(MODEL, "2017-01-01", right="utility_model", applicants=[A, B])
    asset = {"id": MODEL, "right": "utility_model"}
    assert rules(book, model, invention, pledge(pledgors=[A, B], assets=[asset], debt_to="2026-02-28")) == ["R10"]


# ---- waivers


@pytest.mark.parametrize(("waivers", "waived"), [(..., 0), ([], 0), (["R11"], 0), (["R10"], 1), (["R11", "R10"], 1)])
def test_a_twin_may_be_waived(book: Book, waivers: Any, waived: int) -> None:
    post(book, *twins(filed(), waivers=waivers))
    assert flags(book, "rule", "waived") == [("R10", waived)]


def test_a_pending_invalidation_may_be_waived(book: Book) -> None:
    post(book, grant(), pledge(pledgors=[B], waivers=["R11"]), of_patent("challenged", DAY))
    assert flags(book, "rule", "waived") == [("R1", 0), ("R11", 1)]


def test_marks_are_checked_only_by_contract_and_other_pledges(book: Book) -> None:
    """A mark's number can equal a patent's id."""
    mark = [{"id": ID, "right": "trademark"}]
    events = [grant(occurred_on="2024-01-01"), pledge("P1", "2023-06-01", assets=mark), pledge("P0", DAY, assets=mark)]
    assert rules(book, *events) == ["R9"]
