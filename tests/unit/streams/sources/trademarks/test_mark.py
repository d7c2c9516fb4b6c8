from datetime import date
from typing import Any

import pytest

from streams.sources.results import Skip, SkipReason, Unreadable
from streams.sources.trademarks.mark import HistoryEntry, Mark, Owner, filed, mark_term_end, registered, role
from tests.each_case import each_case
from tests.unit.streams.sources.documents import event_from

MARK = Mark(
    serial="75/123,456",
    filed_on="1996-02-07Z",
    number="0900001",
    registered_on="1998-08-04-04:00",
    status="700",
    status_on="1998-08-04",
    classes=["042", "009", "9", "200", "A"],
    owners=[
        Owner(31, "Later Ltd", "GB", ""),
        Owner(30, "Kite & Co", "US", "CALIFORNIA"),
        Owner(30, "String GmbH", "DE", "BAVARIA"),
        Owner(20, "Middle Inc.", "US", "TX"),
        Owner(10, "Ada Lovelace", "CA", "ONTARIO"),
    ],
    history=[],
)


def lives(**changes: Any) -> list[tuple[str, dict[str, Any]]]:
    events = map(event_from, registered(MARK._replace(**changes)))
    return [(event["type"].split(".")[2], event["data"]) for event in events]


def test_an_application_belongs_to_its_first_owner() -> None:
    (event,) = map(event_from, filed(MARK))
    assert (event["subject"], event["time"]) == ("US-A-75123456", "1996-02-07T00:00:00Z")
    assert event["data"] == {
        "occurred_on": "1996-02-07",
        "region": "CA",
        "office": "US",
        "application_number": "75/123456",
        "classes": [9, 42],
        "applicants": [{"name": "Ada Lovelace", "country": "CA"}],
    }


def test_a_registration_belongs_to_the_owners_on_its_day() -> None:
    (event,) = map(event_from, registered(MARK))
    assert event["subject"] == "US900001"
    assert event["data"] == {
        "occurred_on": "1998-08-04",
        "region": "US-CA",
        "office": "US",
        "classes": [9, 42],
        "owners": [{"name": "Kite & Co", "country": "US"}, {"name": "String GmbH", "country": "DE"}],
        "valid_to": "2008-08-04",
    }


def test_the_nearest_earlier_owner_replaces_a_missing_one() -> None:
    only = MARK._replace(owners=MARK.owners[:1] + MARK.owners[3:4])
    for events in (filed(only), registered(only)):
        data = event_from(next(events))["data"]
        assert (data.get("owners") or data["applicants"]) == [{"name": "Middle Inc.", "country": "US"}]
        assert data["region"] == "US-TX"
    for events_of in (filed, registered):
        with pytest.raises(Skip, match="no owner up to its registration") as left:
            list(events_of(MARK._replace(owners=MARK.owners[:1])))
        assert left.value.rule is SkipReason.NO_OWNER


@each_case(
    ("code", "described", "party_type"),
    [
        ("30", "", 30),
        ("", "Original Registrant", 30),
        ("1", "ORIGINAL APPLICANT", 10),
        ("31", "SUBSEQUENT OWNER AFTER REGISTRATION", 31),
        ("", "", 99),
    ],
)
def test_an_owners_period_is_known_by_description_or_code(code: str, described: str, party_type: int) -> None:
    assert role(code, described) == party_type


@pytest.mark.parametrize("number", ["", "0000000"])
def test_a_mark_without_registration_number_is_only_filed(number: str) -> None:
    mark = MARK._replace(number=number, registered_on="", status="602")
    assert not mark.is_registered
    assert list(registered(mark)) == []
    assert len(list(filed(mark))) == 1


def test_a_registration_without_a_nice_class_is_skipped_with_its_renewals_and_its_end() -> None:
    of_old = MARK._replace(classes=["A", "200"], status="900", history=[HistoryEntry("RNL1", "2008-08-11")])
    assert "classes" not in event_from(next(filed(of_old)))["data"]
    with pytest.raises(Skip, match="US900001: A, 200") as left:
        list(registered(of_old))
    assert left.value.rule is SkipReason.NO_NICE_CLASS


@each_case(
    ("status", "reason"),
    [
        ("710", "cancelled"),
        ("711", "surrendered"),
        ("713", "cancelled"),
        ("900", "expired"),
        ("626", "other"),
        ("702", None),
        ("778", None),
        ("790", None),
        ("800", None),
        ("999", None),
        ("", None),
    ],
)
def test_the_status_says_whether_a_registration_has_ceased_and_why(status: str, reason: str | None) -> None:
    (_, *then) = lives(status=status, status_on="2009-02-20-05:00")
    ceased = ("ceased", {"occurred_on": "2009-02-20", "reason": reason, "source_code": status})
    assert then == ([ceased] if reason else [])


@each_case(
    ("begin", "end"),
    [
        ("1904-12-31", "1934-12-31"),
        ("1905-04-01", "1925-04-01"),
        ("1989-11-15", "2009-11-15"),
        ("1989-11-16", "1999-11-16"),
        ("1988-02-29", "2008-02-29"),
        ("1996-02-29", "2006-02-28"),
    ],
)
def test_a_term_has_the_length_of_the_law_under_which_it_begins(begin: str, end: str) -> None:
    assert mark_term_end(date.fromisoformat(begin)).isoformat() == end


@each_case(
    ("registered_on", "entries", "renewed"),
    [
        # within the year before the end, and years after it
        ("1998-08-04", ["RNL1 2007-09-01"], [("2007-09-01", "2018-08-04", "RNL1")]),
        ("1998-08-04", ["RNL1 2011-01-31"], [("2011-01-31", "2018-08-04", "RNL1")]),
        # twenty years, renewed for ten; twenty renewed for twenty before the revision
        ("1975-05-06", ["REN1 1995-08-01"], [("1995-08-01", "2005-05-06", "REN1")]),
        ("1966-05-06", ["REN1 1986-06-01"], [("1986-06-01", "2006-05-06", "REN1")]),
        # the first renewal is not in the history
        ("1975-05-06", ["RNL2 2005-06-01"], [("2005-06-01", "2015-05-06", "RNL2")]),
        # two entries of one renewal, in any order; two renewals
        (
            "1998-08-04",
            ["S89G 2018-09-01", "RNL2 2018-09-01", "89AG 2008-08-11", "RNL1 2008-08-11", "E89R 2008-08-04"],
            [("2008-08-11", "2018-08-04", "RNL1"), ("2018-09-01", "2028-08-04", "RNL2")],
        ),
    ],
)
def test_a_renewal_begins_the_next_term(
    registered_on: str, entries: list[str], renewed: list[tuple[str, str, str]]
) -> None:
    history = [HistoryEntry(*entry.split()) for entry in entries]
    (_, *then) = lives(registered_on=registered_on, history=history)
    found = [(what, data["occurred_on"], data["valid_to"], data["source_code"]) for what, data in then]
    assert found == [("renewed", *each) for each in renewed]


@each_case(
    ("changes", "reason"),
    [
        ({"serial": "7512345"}, "serial number '7512345'"),
        ({"filed_on": "1896-02-07"}, "filing date of application 75123456: '1896-02-07'"),
        ({"number": "R-17"}, "registration number 'R-17'"),
        ({"registered_on": ""}, "registration date of US900001: ''"),
        ({"status": "900", "status_on": ""}, "date of the status of US900001"),
        ({"history": [HistoryEntry("RNL1", "soon")]}, "date of a renewal: 'soon'"),
    ],
)
def test_the_numbers_and_days_of_a_mark_must_be_readable(changes: dict[str, Any], reason: str) -> None:
    mark = MARK._replace(**changes)
    with pytest.raises(Unreadable) as error:
        [*filed(mark), *registered(mark)]
    assert str(error.value).startswith(reason)


def test_an_application_without_filing_date_is_skipped() -> None:
    with pytest.raises(Skip) as left:
        list(filed(MARK._replace(filed_on="")))
    assert left.value.rule is SkipReason.NO_FILING_DATE
