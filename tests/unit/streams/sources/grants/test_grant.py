from typing import Any

import pytest

from streams.sources.grants.grant import Grant, GrantParty, granted, parties
from streams.sources.results import Skip, Unreadable
from tests.each_case import each_case
from tests.unit.streams.sources.documents import event_from

GRANT = Grant(
    number="10000001",
    kind="B2",
    granted_on="20180619",
    us_class=None,
    title="A  kite",
    application="15123456",
    filed_on="20160102",
    priorities=["20150304", "20150102", "no day"],
    ipc=["H04L  912", "G06N 3/0475", "H04L9/12"],
    cpc=["G06N3/0475", "unreadable", "Y10T428/249956"],
    applicants=[GrantParty("Kite Co", "US-CA")],
    inventors=[GrantParty("Ada Lovelace", None)],
    assignees=[GrantParty("Wind AG", "DE")],
    claims="20",
    citations=[("5825759", "A", "19981000")],
)


def event_of(**changes: Any) -> dict[str, Any]:
    return event_from(granted(GRANT._replace(**changes)))


def test_a_grant_is_an_event() -> None:
    event = event_of()
    assert (event["type"], event["subject"]) == ("ip.patent.granted.v1", "US10000001B2")
    assert event["data"] == {
        "occurred_on": "2018-06-19",
        "region": "US-CA",
        "office": "US",
        "number": "10000001",
        "kind": "B2",
        "right": "invention",
        "title": "A kite",
        "application_number": "15/123456",
        "filed_on": "2016-01-02",
        "priority_on": "2015-01-02",
        "ipc": ["H04L0009120000", "G06N0003047500"],
        "cpc": ["G06N0003047500"],
        "applicants": [{"name": "Kite Co", "country": "US"}],
        "assignees": [{"name": "Wind AG", "country": "DE"}],
        "inventors": [{"name": "Ada Lovelace"}],
        "claims": 20,
        "backward_cites": ["US5825759A"],
    }


def test_unknown_facts_are_omitted() -> None:
    event = event_from(
        granted(Grant(number="10000001", kind="B2", granted_on="20180619", title="", filed_on="0", claims=""))
    )
    assert set(event["data"]) == {"occurred_on", "office", "number", "kind", "right", "ipc", "applicants"}


def test_assignees_replace_missing_applicants() -> None:
    data = event_of(applicants=[])["data"]
    assert (data["applicants"], data["region"]) == ([{"name": "Wind AG", "country": "DE"}], "DE")


@each_case(("claims", "count"), [("0", None), ("x", None), ("\u0661", None), ("10001", None), (20, 20)])
def test_claims_that_are_not_a_count_are_omitted(claims: str | int, count: int | None) -> None:
    assert event_of(claims=claims)["data"].get("claims") == count


@pytest.mark.parametrize(
    ("symbols", "ipc"),
    [(["G06N 3/0475", "?", "H04L  912"], ["G06N0003047500", "H04L0009120000"]), (["?", "G06N 3/0475"], []), ([], [])],
)
def test_no_other_symbol_replaces_an_unreadable_first_one(symbols: list[str], ipc: list[str]) -> None:
    assert event_of(ipc=symbols)["data"]["ipc"] == ipc


def test_parties_have_names_and_regions() -> None:
    named = [("A", "US", "CA"), ("B", "", "TX"), ("C", "unknown", "CA"), (" ", "US", ""), ("D", None, "Ontario")]
    assert parties(named) == [
        GrantParty("A", "US-CA"),
        GrantParty("B", "US-TX"),
        GrantParty("C", None),
        GrantParty("D", None),
    ]


def test_a_document_without_kind_has_that_of_its_number_and_year() -> None:
    assert event_of(number="D0239331", kind=None, granted_on="19760106")["subject"] == "USD239331S"


@each_case(
    ("number", "kind", "us_class", "subject", "right"),
    [
        ("D0967598", "S1", "D14/300", "USD967598S1", "design"),
        ("RE049257", "E1", None, "USRE49257E1", "invention"),
        ("RE049257", "E1", "D14/300", "USRE49257E1", "design"),
        ("PP034694", "P2", "PLT/263", "USPP34694P2", "plant"),
    ],
)
def test_number_and_kind_make_the_subject_and_the_right(
    number: str, kind: str, us_class: str | None, subject: str, right: str
) -> None:
    event = event_of(number=number, kind=kind, us_class=us_class)
    assert (event["subject"], event["data"]["right"], event["data"]["kind"]) == (subject, right, kind)


@pytest.mark.parametrize(("number", "short", "full"), [("D967598", "S", "S1"), ("RE49257", "E", "E1")])
def test_both_spellings_of_a_kind_give_one_subject_and_one_id(number: str, short: str, full: str) -> None:
    one, other = event_of(number=number, kind=short), event_of(number=number, kind=full)
    assert (one["subject"], one["source"], one["id"]) == (other["subject"], other["source"], other["id"])
    assert one["data"]["kind"] == short
    assert event_of(number=number, kind=short, granted_on="19960423")["subject"] == f"US{number}{short}"


def test_the_identity_has_the_number_without_its_padding() -> None:
    assert event_of(number="06836899")["id"] == event_of(number="6836899")["id"]
    assert event_of(number="06836899")["id"] != event_of(number="6836898")["id"]
    assert event_of(title="Another", kind="B1")["id"] == event_of()["id"]


@each_case(("number", "kind"), [("H0002292", "H1"), ("H2292", "H"), ("H0002292", "B1"), ("2292", "H1")])
def test_a_statutory_invention_registration_is_skipped(number: str, kind: str) -> None:
    with pytest.raises(Skip, match="2292 is a statutory invention registration"):
        granted(GRANT._replace(number=number, kind=kind))


@each_case(
    ("changes", "reason"),
    [
        ({"number": ""}, "patent number ''"),
        ({"number": "X1"}, "kind is|publication number"),
        ({"kind": "A1"}, "kind 'A1' is not a kind of patent grants"),
        ({"kind": ""}, "kind '' is not a kind"),
        ({"granted_on": "18980101"}, "grant date '18980101'"),
        ({"applicants": [GrantParty("x" * 100_000, "US")]}, "bad_data: data"),
    ],
)
def test_required_facts_must_be_readable(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        granted(GRANT._replace(**changes))


def test_an_unreadable_grant_is_named() -> None:
    with pytest.raises(Unreadable, match=r"^US6836899: "):
        granted(GRANT._replace(number="06836899", granted_on=""))
