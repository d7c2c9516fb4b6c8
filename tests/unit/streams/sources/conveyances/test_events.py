"""The events of each class of conveyance."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.book.book import Book
from streams.sources.results import SkipReason
from tests.posting import post, shown
from tests.unit.streams.sources.conveyances.samples import FORMATS, Property, Sample, odp, peds
from tests.unit.streams.sources.conveyances.test_source import RELEASE, TWO, book, events_of, results_from
from tests.unit.streams.sources.documents import event_from, refused

__all__ = ["book"]


def test_a_security_interest_is_a_pledge_of_the_assignor_to_the_assignee(tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, Sample(properties=TWO))
    assert (event["type"], event["subject"]) == ("ip.pledge.registered.v1", "US-RF-45455-1")
    assert event["id"].startswith("00045455-")
    assert event["data"] == {
        "occurred_on": "2015-02-06",
        "registration_no": "45455/1",
        "pledgors": [{"name": "KITE & CO"}],
        "pledgees": [{"name": "LENDER BANK", "country": "US"}],
        "assets": [{"id": "US9424304", "right": "invention"}, {"id": "US9424305", "right": "invention"}],
        "amount_status": "undisclosed",
    }


def test_a_release_whose_assignor_is_the_lender_cancels_the_pledge_that_it_cites(tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, RELEASE)
    assert (event["type"], event["subject"]) == ("ip.pledge.cancelled.v1", "US-RF-45455-1")
    assert event["data"] == {
        "occurred_on": "2015-02-06",
        "registration_no": "45455/1",
        "reason": "61753/1: RELEASE AT REEL/FRAME (045455/0001)",
    }


@pytest.mark.parametrize(
    "text", ["ORDER RELEASING ALL LIENS AT R/F 45455/1", "DISCHARGE OF LIEN AT REEL 45455 FRAME 1"]
)
def test_other_words_for_a_release_cancel_the_pledge_too(text: str, tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, RELEASE.but(text=text))
    assert (event["type"], event["subject"]) == ("ip.pledge.cancelled.v1", "US-RF-45455-1")


def test_a_release_needs_no_parties(tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, RELEASE.but(assignor="", assignee=""))
    assert event["type"] == "ip.pledge.cancelled.v1"


def test_a_release_without_citation_is_filed_under_its_own_reel_and_frame(tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, RELEASE.but(text="RELEASE BY SECURED PARTY"))
    assert (event["subject"], event["data"]["registration_no"]) == ("US-RF-61753-1", "61753/1")


def test_a_release_cancels_each_cited_pledge_and_two_releases_of_one_are_two_events(tmp_path: Path) -> None:
    two = RELEASE.but(text="RELEASE OF R/F 045455/0001 AND R/F 045456/0001")
    events = events_of(tmp_path, two, RELEASE.but(frame=2, text="TERMINATION OF LIEN AT R/F 045455/0001"))
    assert [event["subject"] for event in events] == ["US-RF-45455-1", "US-RF-45456-1", "US-RF-45455-1"]
    assert len({event["id"] for event in events}) == 3


def test_a_partial_release_frees_its_properties(tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, RELEASE.but(text="PARTIAL RELEASE AT R/F 045455/0001", properties=TWO[1:]))
    assert (event["type"], event["subject"]) == ("ip.pledge.modified.v1", "US-RF-45455-1")
    assert event["data"] == {"occurred_on": "2015-02-06", "registration_no": "45455/1", "released": ["US9424305"]}


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("ASSIGNMENT OF SECURITY INTEREST AT REEL/FRAME 45455/1", {"pledgees"}),
        ("ASSIGNMENT AND ASSUMPTION OF SECURITY INTEREST AT REEL 45455/1", {"pledgees"}),
        ("PATENT SECURITY AGREEMENT SUPPLEMENT TO R/F 045455/0001", {"added"}),
        (
            "CORRECTIVE ASSIGNMENT TO CORRECT A NUMBER AT REEL 45455 FRAME 1. ASSIGNOR CONFIRMS THE SECURITY INTEREST.",
            {"pledgees", "added"},
        ),
    ],
)
def test_an_amendment_changes_the_lender_the_pool_or_both(text: str, changes: set[str], tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, Sample(50965, 35, text))
    assert (event["type"], event["subject"]) == ("ip.pledge.modified.v1", "US-RF-45455-1")
    facts = {
        "pledgees": [{"name": "LENDER BANK", "country": "US"}],
        "added": [{"id": "US9424304", "right": "invention"}],
    }
    assert event["data"] == {"occurred_on": "2015-02-06", "registration_no": "45455/1"} | {
        name: facts[name] for name in changes
    }


@pytest.mark.parametrize(
    "text",
    [
        "CORRECTIVE ASSIGNMENT TO CORRECT THE RELEASE OF SECURITY INTEREST AT REEL 45455 FRAME 1",
        "AFFIDAVIT OF ERRONEOUS RECORDATION OF SECURITY INTEREST AT REEL 45455 FRAME 1",
        "SECURITY INTEREST RECORDED AT REEL 45455 FRAME 1",
        "SETTLEMENT AGREEMENT AND MUTUAL RELEASE",
        "CORRECTIVE ASSIGNMENT TO NAME SERIES 9 OF KITE SECURITY TRUST I PREVIOUSLY AT REEL 7 FRAME 8",
        "A TEXT OF NO KNOWN KIND",
    ],
)
def test_a_text_of_no_known_class_is_recorded_as_other_and_reported(text: str, tmp_path: Path) -> None:
    made, reported = results_from(tmp_path, RELEASE.but(text=text))
    event, left = event_from(made), refused(reported)
    assert (event["type"], event["subject"]) == ("ip.assignment.recorded.v1", "US-RF-61753-1")
    assert event["data"]["conveyance"] == "other"
    assert (left.rule, left.fault) == (SkipReason.NOT_UNDERSTOOD, False)
    assert left.location == "line 5, reel/frame 61753/1"
    assert left.reason.endswith(f": {text}")


@pytest.mark.parametrize("text", ["NOTICE OF FEDERAL TAX LIEN", "SUBORDINATION OF SECURITY INTEREST AT R/F 45455/1"])
def test_statutory_liens_and_subordinations_give_no_event(text: str, tmp_path: Path) -> None:
    (left,) = map(refused, results_from(tmp_path, Sample(text=text)))
    assert (left.rule, left.fault) == (SkipReason.NO_EVENT, False)
    assert left.reason.endswith(text)


def test_a_change_of_agent_changes_the_lender_of_each_cited_pledge(tmp_path: Path) -> None:
    text = "NOTICE OF SUCCESSION OF AGENCY FOR SECURITY INTERESTS AT REEL/FRAMES 045455/0001 AND 045456/0001"
    events = events_of(tmp_path, Sample(50965, 35, text))
    assert [event["subject"] for event in events] == ["US-RF-45455-1", "US-RF-45456-1"]
    assert all(event["type"] == "ip.pledge.modified.v1" for event in events)
    assert all(event["data"]["pledgees"] == [{"name": "LENDER BANK", "country": "US"}] for event in events)


def test_an_amendment_restates_the_lender_and_the_properties_that_it_names(tmp_path: Path) -> None:
    sample = Sample(50965, 35, "FIRST AMENDMENT TO SECURITY AGREEMENT AT REEL 45455 FRAME 1")
    for changes, fields in (
        ({}, {"pledgees", "added"}),
        ({"assignee": ""}, {"added"}),
        ({"properties": ()}, {"pledgees"}),
    ):
        (event,) = events_of(tmp_path, sample.but(**changes))
        assert {*event["data"]} == {"occurred_on", "registration_no"} | fields


@pytest.mark.parametrize(
    "text", ["SUCCESSION OF AGENCY AT R/F 45455/1", "AMENDMENT TO SECURITY AGREEMENT AT R/F 45455/1"]
)
def test_a_change_without_lender_and_properties_is_skipped(text: str, tmp_path: Path) -> None:
    (left,) = map(refused, results_from(tmp_path, Sample(text=text, assignee="", properties=())))
    assert left.rule in (SkipReason.NO_PARTY, SkipReason.NO_ASSET)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LICENSE (SEE DOCUMENT FOR DETAILS).", {}),
        ("EXCLUSIVE LICENCE", {"licence": "exclusive"}),
        ("NON-EXCLUSIVE LICENSE", {"licence": "ordinary"}),
        ("SOLE LICENSE", {"licence": "sole"}),
    ],
)
def test_a_licence_is_recorded_without_a_fee(text: str, kind: dict[str, str], tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, Sample(text=text))
    assert (event["type"], event["subject"]) == ("ip.licence.recorded.v1", "US-RF-45455-1")
    assert (
        event["data"]
        == {
            "occurred_on": "2015-02-06",
            "contract_no": "45455/1",
            "licensors": [{"name": "KITE & CO"}],
            "licensees": [{"name": "LENDER BANK", "country": "US"}],
            "assets": [{"id": "US9424304", "right": "invention"}],
        }
        | kind
    )


def test_the_end_of_a_licence_cancels_the_cited_licence_and_no_pledge(tmp_path: Path, book: Book) -> None:
    end = Sample(61753, 1, "TERMINATION OF LICENSE AGREEMENT AT REEL 45455 FRAME 1")
    licence = Sample(text="EXCLUSIVE LICENSE")
    recorded, ended = events_of(tmp_path, licence, end)
    assert (ended["type"], ended["subject"]) == ("ip.licence.cancelled.v1", recorded["subject"])
    assert ended["data"] == {
        "occurred_on": "2015-02-06",
        "contract_no": "45455/1",
        "reason": "61753/1: TERMINATION OF LICENSE AGREEMENT AT REEL 45455 FRAME 1",
    }
    post(book, recorded, ended)
    assert shown(book, "unmatched", "subject") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ASSIGNMENT OF ASSIGNORS INTEREST (SEE DOCUMENT FOR DETAILS).", "assignment"),
        ("MERGER", "merger"),
        ("CHANGE OF NAME", "change_of_name"),
        ("CONFIRMATORY LICENSE", "government_interest"),
        ("CORRECTIVE ASSIGNMENT TO CORRECT THE NATURE OF CONVEYANCE FROM MERGER TO CHANGE OF NAME", "change_of_name"),
    ],
)
def test_a_transfer_is_recorded_as_an_assignment(text: str, kind: str, tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, Sample(text=text))
    assert (event["type"], event["subject"]) == ("ip.assignment.recorded.v1", "US-RF-45455-1")
    assert event["data"] == {
        "occurred_on": "2015-02-06",
        "contract_no": "45455/1",
        "conveyance": kind,
        "executed_on": "2015-02-03",
        "assignors": [{"name": "KITE & CO"}],
        "assignees": [{"name": "LENDER BANK", "country": "US"}],
        "assets": [{"id": "US9424304", "right": "invention"}],
    }


@pytest.mark.parametrize(
    ("changes", "rule", "reason"),
    [
        ({"text": ""}, SkipReason.BLANK_CONVEYANCE, "a conveyance without text"),
        (
            {"recorded": "", "executed": ""},
            SkipReason.NO_DAY,
            "neither a recorded nor an execution date that can be read: SECURITY",
        ),
        ({"properties": ()}, SkipReason.NO_ASSET, "a conveyance without properties: SECURITY"),
    ],
)
def test_a_conveyance_without_a_required_value_is_skipped(
    changes: dict[str, Any], rule: SkipReason, reason: str, tmp_path: Path
) -> None:
    (result,) = map(refused, results_from(tmp_path, Sample().but(**changes)))
    assert (result.location, result.rule, result.fault) == ("line 5, reel/frame 45455/1", rule, False)
    assert result.reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SECURITY INTEREST", ("pledgors", "pledgees")),
        ("MERGER", ("assignors", "assignees")),
        ("LICENSE", ("licensors", "licensees")),
    ],
)
def test_parties_without_names_are_missing(text: str, names: tuple[str, str], tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, Sample(text=text, assignor="", assignee=""))
    assert [event["data"][name] for name in names] == [[], []]


def test_a_large_pool_is_split_into_several_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.sources.conveyances.events.LARGEST_POOL", 2)
    five = [Property(f"1512345{number}") for number in range(5)]
    sample = Sample(properties=[*five, Property("15123455")])
    release = RELEASE.but(text="PARTIAL RELEASE AT R/F 045455/0001", properties=five)
    supplement = Sample(50965, 35, "SECURITY INTEREST SUPPLEMENT", properties=five)
    events = events_of(tmp_path, sample, release, supplement)
    assert len({event["id"] for event in events}) == 9
    whole = events.pop(2)
    assert [asset["id"] for asset in whole["data"]["added"]] == ["15/123454", "15/123455"]
    events.insert(2, whole | {"data": {"added": whole["data"]["added"][:1]}})
    pools = [event["data"].get("assets") or event["data"].get("added") or event["data"]["released"] for event in events]
    ids = [[asset if isinstance(asset, str) else asset["id"] for asset in pool] for pool in pools]
    parts = [["15/123450", "15/123451"], ["15/123452", "15/123453"], ["15/123454"]]
    assert ids == parts * 3
    (result,) = map(refused, results_from(tmp_path, sample.but(text="MERGER")))
    assert (result.rule, result.reason) == (SkipReason.TOO_MANY_ASSETS, "6 properties, of 2 at most")


# --- corrections of the nature of a conveyance ---

NATURE = "CORRECTIVE ASSIGNMENT TO CORRECT THE NATURE OF CONVEYANCE"
BEFORE = "PREVIOUSLY RECORDED ON REEL 045455 FRAME 0001. ASSIGNOR(S) HEREBY CONFIRMS THE"


@pytest.mark.parametrize(
    ("text", "voided", "recorded"),
    [
        (f"{NATURE} FROM SECURITY INTEREST TO ASSIGNMENT {BEFORE} ASSIGNMENT", "pledge.registered", "assignment"),
        (f"{NATURE} FROM SECURITY INTEREST TO LICENSE {BEFORE} LICENSE", "pledge.registered", "licence"),
        (f"{NATURE} FROM ASSIGNMENT TO SECURITY INTEREST {BEFORE} SECURITY INTEREST", "assignment.recorded", "pledge"),
        (f"{NATURE} FROM MERGER TO CHANGE OF NAME {BEFORE} CHANGE OF NAME", "assignment.recorded", "assignment"),
        (f"{NATURE} FROM LICENSE TO ASSIGNMENT {BEFORE} ASSIGNMENT", "licence.recorded", "assignment"),
    ],
)
def test_a_corrected_nature_voids_the_event_of_the_wrong_one(
    text: str, voided: str, recorded: str, tmp_path: Path
) -> None:
    event, void = events_of(tmp_path, Sample(61753, 1, text))
    assert (event["type"].split(".")[1], event["subject"]) == (recorded, "US-RF-61753-1")
    assert (void["type"], void["subject"]) == (f"ip.{voided}.voided.v1", "US-RF-45455-1")
    assert void["id"].startswith("00061753-")
    wrong = {"pledge.registered": "SECURITY INTEREST", "licence.recorded": "LICENSE"}.get(voided, "ASSIGNMENT")
    (original,) = events_of(tmp_path, Sample(text=wrong))
    assert void["data"] == {"target": original["id"], "reason": f"61753/1: {text}"}


def test_a_nature_that_the_text_does_not_give_is_that_of_the_recording(tmp_path: Path) -> None:
    correction = Sample(61753, 1, f"{NATURE} {BEFORE} ASSIGNMENT")
    assert [event["type"] for event in events_of(tmp_path, correction)] == ["ip.assignment.recorded.v1"]
    wrong, *corrected = events_of(tmp_path, correction, Sample())
    assert (wrong["type"], wrong["subject"]) == ("ip.pledge.registered.v1", "US-RF-45455-1")
    assert [event["type"] for event in corrected] == ["ip.assignment.recorded.v1", "ip.pledge.registered.voided.v1"]
    assert corrected[1]["data"]["target"] == wrong["id"]
    same = Sample(text="ASSIGNMENT OF ASSIGNORS INTEREST")
    assert len(events_of(tmp_path, correction, same)) == 2


def test_a_release_recorded_as_a_security_frees_no_pledge_of_its_own(tmp_path: Path) -> None:
    text = f"{NATURE} FROM SECURITY INTEREST TO RELEASE {BEFORE} RELEASE"
    release, void = events_of(tmp_path, RELEASE.but(text=text))
    assert (release["type"], release["subject"]) == ("ip.pledge.cancelled.v1", "US-RF-61753-1")
    assert (void["type"], void["subject"]) == ("ip.pledge.registered.voided.v1", "US-RF-45455-1")
    of_one = RELEASE.but(text=f"{text} OF SECURITY INTEREST AT REEL 9999 FRAME 7")
    assert [event["subject"] for event in events_of(tmp_path, of_one)] == ["US-RF-9999-7", "US-RF-45455-1"]


def test_the_wrong_pledge_leaves_the_book(book: Book, tmp_path: Path) -> None:
    text = f"{NATURE} FROM SECURITY INTEREST TO ASSIGNMENT {BEFORE} ASSIGNMENT"
    post(book, *events_of(tmp_path, Sample(), Sample(61753, 1, text)))
    assert shown(book, "pledge_stock", "pledges", industry="ALL", as_of=20230101) == []
    assert shown(book, "pledge_stock", "pledges", industry="ALL", as_of=20230101, recorded=True) != []


# --- invalid parts of a conveyance ---


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("number", ["00000000", "0", "29/123456X", "D/29123456", "A-1", "9" * 100])
def test_an_invalid_property_is_reported_and_the_rest_is_imported(
    form: Callable[[Sample], str], number: str, tmp_path: Path
) -> None:
    if form in (peds, odp):
        pytest.skip("a file of applications has each property by the application that it is about")
    bad = Property("", number)
    results = results_from(tmp_path, Sample(properties=[TWO[0], bad, TWO[1]]), form=form)
    left, event = refused(results[0]), event_from(results[1])
    assert (left.rule, left.fault) == (SkipReason.BAD_PROPERTY, True)
    assert left.reason.startswith("reel/frame 45455/1, property 2: ")
    assert number[:64] in left.reason
    assert [asset["id"] for asset in event["data"]["assets"]] == ["US9424304", "US9424305"]


@pytest.mark.parametrize(
    ("number", "asset"),
    [("RE.38123", "USRE38123"), ("6123456 B1", "US6123456"), ("6,123,456", "US6123456"), ("D811183S1", "USD811183")],
)
def test_a_number_may_have_punctuation_blanks_and_a_kind(number: str, asset: str, tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, Sample(properties=[Property("", number)]))
    assert [each["id"] for each in event["data"]["assets"]] == [asset]
