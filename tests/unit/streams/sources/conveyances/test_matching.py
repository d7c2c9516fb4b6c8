"""Releases that cite no pledge: their events, and the pledge that matching infers."""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.book.book import Book
from streams.sources.conveyances.matching import SAME_ASSETS_AND_LENDER
from streams.sources.conveyances.source import INFERRED, SUCCEEDED, uspto_assignments
from streams.sources.reading import Reading
from tests.posting import post, shown
from tests.unit.streams.sources.conveyances.samples import Property, Sample, center_row, search
from tests.unit.streams.sources.conveyances.test_source import RELEASE, TWO, book
from tests.unit.streams.sources.documents import event_from, written

__all__ = ["book"]

PLEDGE = Sample(properties=TWO, assignee="LENDER BANK, N.A., AS COLLATERAL AGENT")
ENDS = RELEASE.but(text="RELEASE BY SECURED PARTY", assignor="Lender Bank N.A.", properties=TWO, recorded="2019-02-06")


def events_of(tmp_path: Path, *samples: Sample, match: bool = True) -> list[dict[str, Any]]:
    reading = Reading([written(tmp_path / "x", search(*samples))], match_releases=match)
    events = [event_from(result) for result in uspto_assignments.results(reading)]
    inferred = reading.counts[INFERRED] + reading.counts[SUCCEEDED]
    assert inferred == sum("matched" in event["data"] for event in events)
    return events


def test_a_release_without_citation_keeps_its_lender_and_assets_and_is_not_matched_by_default(tmp_path: Path) -> None:
    _, release = events_of(tmp_path, PLEDGE, ENDS, match=False)
    assert release["subject"] == "US-RF-61753-1"
    assert release["data"] == {
        "occurred_on": "2019-02-06",
        "registration_no": "61753/1",
        "reason": "61753/1: RELEASE BY SECURED PARTY",
        "pledgees": [{"name": "Lender Bank N.A."}],
        "released": ["US9424304", "US9424305"],
    }


def test_matching_infers_the_only_pledge_of_the_same_assets_and_lender(tmp_path: Path) -> None:
    _, release = events_of(tmp_path, PLEDGE, ENDS)
    assert (release["type"], release["subject"]) == ("ip.pledge.cancelled.v1", "US-RF-45455-1")
    assert release["data"]["registration_no"] == "45455/1"
    assert (release["data"]["matched"], release["data"]["matched_by"]) == ("inferred", SAME_ASSETS_AND_LENDER)


@pytest.mark.parametrize(
    "others",
    [
        (PLEDGE.but(assignee="ANOTHER BANK"),),
        (PLEDGE.but(recorded="2019-02-07"),),
        (PLEDGE.but(properties=TWO[:1]),),
        (PLEDGE, PLEDGE.but(frame=2)),
        (PLEDGE.but(text="MERGER"),),
        (PLEDGE, RELEASE.but(frame=9, recorded="2018-01-01", properties=TWO)),
        (PLEDGE.but(purge="Y"),),
    ],
    ids=["lender", "later", "fewer assets", "two", "no pledge", "ended before", "taken back"],
)
def test_no_pledge_is_inferred_unless_there_is_exactly_one_candidate(
    others: tuple[Sample, ...], tmp_path: Path
) -> None:
    events = events_of(tmp_path, *others, ENDS)
    assert not any("matched" in event["data"] for event in events)


def test_a_pledge_that_a_cited_release_ended_is_no_candidate(tmp_path: Path) -> None:
    samples = PLEDGE, PLEDGE.but(frame=2), RELEASE.but(frame=9, recorded="2018-01-01", properties=TWO), ENDS
    (inferred,) = [event for event in events_of(tmp_path, *samples) if "matched" in event["data"]]
    assert inferred["subject"] == "US-RF-45455-2"


@pytest.mark.parametrize("text", [ENDS.text, "PARTIAL RELEASE OF SECURITY INTEREST"])
def test_a_release_of_some_assets_frees_these_by_inference(text: str, tmp_path: Path) -> None:
    _, release = events_of(tmp_path, PLEDGE, ENDS.but(text=text, properties=TWO[:1]))
    assert (release["type"], release["subject"]) == ("ip.pledge.modified.v1", "US-RF-45455-1")
    assert release["data"] == {
        "occurred_on": "2019-02-06",
        "registration_no": "45455/1",
        "released": ["US9424304"],
        "matched": "inferred",
        "matched_by": SAME_ASSETS_AND_LENDER,
    }


@pytest.mark.parametrize(
    "text", ["ASSIGNMENT OF SECURITY INTEREST AT R/F 45455/1", "AMENDMENT TO SECURITY AGREEMENT AT R/F 45455/1"]
)
def test_the_lender_may_have_succeeded_by_a_recording_that_cites_the_pledge(text: str, tmp_path: Path) -> None:
    succession = Sample(50000, 1, text, assignee="NEXT BANK, AS AGENT", recorded="2017-01-01", properties=TWO)
    ends = ENDS.but(assignor="NEXT BANK")
    *_, release = events_of(tmp_path, PLEDGE, succession, ends)
    assert (release["type"], release["subject"]) == ("ip.pledge.cancelled.v1", "US-RF-45455-1")
    *_, unknown = events_of(tmp_path, PLEDGE, succession.but(recorded="2020-01-01"), ends)
    assert unknown["subject"] == "US-RF-61753-1"


@pytest.mark.parametrize("text", ["MERGER", "CHANGE OF NAME", "SUCCESSION OF AGENCY"])
def test_the_lender_may_have_succeeded_by_a_recording_that_cites_nothing(text: str, tmp_path: Path) -> None:
    succession = Sample(50000, 1, text, assignor="LENDER BANK, N.A.", assignee="NEXT BANK", recorded="2017-01-01")
    succession = succession.but(properties=TWO)
    ends = ENDS.but(assignor="NEXT BANK")
    inferred = ("ip.pledge.cancelled.v1", "US-RF-45455-1")
    *_, release = events_of(tmp_path, PLEDGE, succession, ends)
    assert (release["type"], release["subject"]) == inferred
    for other in (
        succession.but(recorded="2020-01-01"),
        succession.but(assignor="ANOTHER BANK"),
        succession.but(properties=(*TWO, Property(patent="9424399"))),
    ):
        *_, unknown = events_of(tmp_path, PLEDGE, other, ends)
        assert unknown["subject"] == "US-RF-61753-1"


SUCCEEDS = Sample(50000, 1, "ASSIGNMENT OF SECURITY INTEREST", assignor="LENDER BANK, N.A.", assignee="NEXT BANK")
SUCCEEDS = SUCCEEDS.but(recorded="2017-01-01", properties=TWO)


def test_a_change_of_the_lender_that_cites_nothing_is_about_the_only_pledge_of_its_assets(tmp_path: Path) -> None:
    _, change = events_of(tmp_path, PLEDGE, SUCCEEDS)
    assert (change["type"], change["subject"]) == ("ip.pledge.modified.v1", "US-RF-45455-1")
    assert change["data"] == {
        "occurred_on": "2017-01-01",
        "registration_no": "45455/1",
        "pledgees": [{"name": "NEXT BANK", "country": "US"}],
        "matched": "inferred",
        "matched_by": SAME_ASSETS_AND_LENDER,
    }
    _, unasked = events_of(tmp_path, PLEDGE, SUCCEEDS, match=False)
    assert (unasked["subject"], unasked["data"].keys()) == (
        "US-RF-50000-1",
        {"occurred_on", "registration_no", "pledgees"},
    )


@pytest.mark.parametrize(
    "samples",
    [
        (PLEDGE, SUCCEEDS.but(assignor="ANOTHER BANK")),
        (PLEDGE, SUCCEEDS.but(properties=TWO[:1])),
        (PLEDGE, SUCCEEDS.but(recorded="2015-02-05")),
        (PLEDGE, PLEDGE.but(frame=2), SUCCEEDS),
        (PLEDGE, RELEASE.but(frame=9, recorded="2016-01-01", properties=TWO), SUCCEEDS),
    ],
    ids=["lender", "a part", "earlier", "two", "ended before"],
)
def test_the_lender_of_a_pledge_is_not_changed_unless_the_pledge_is_certain(
    samples: tuple[Sample, ...], tmp_path: Path
) -> None:
    assert not any("matched" in event["data"] for event in events_of(tmp_path, *samples))


def test_changes_of_the_lender_follow_one_another_and_then_the_release(tmp_path: Path, book: Book) -> None:
    again = SUCCEEDS.but(frame=2, assignor="NEXT BANK", assignee="LAST BANK", recorded="2018-01-01")
    events = events_of(tmp_path, PLEDGE, SUCCEEDS, again, ENDS.but(assignor="LAST BANK"))
    assert [event["subject"] for event in events] == ["US-RF-45455-1"] * 4
    post(book, *events)
    assert shown(book, "inferred_endings", "pledges", "inferred") == [(0, 1)]


def test_a_release_of_what_a_partial_release_left_ends_the_pledge(tmp_path: Path) -> None:
    freed = RELEASE.but(frame=9, text="PARTIAL RELEASE AT R/F 045455/0001", properties=TWO[1:], recorded="2018-01-01")
    rest = ENDS.but(properties=TWO[:1])
    (inferred,) = [event for event in events_of(tmp_path, PLEDGE, freed, rest) if "matched" in event["data"]]
    assert (inferred["subject"], inferred["data"]["released"]) == ("US-RF-45455-1", ["US9424304"])
    later = freed.but(recorded="2019-02-07")
    (inferred,) = [event for event in events_of(tmp_path, PLEDGE, later, rest) if "matched" in event["data"]]
    assert inferred["type"] == "ip.pledge.modified.v1"


@pytest.mark.parametrize(("stated", "inferred"), [(2, "ip.pledge.cancelled.v1"), (50, "ip.pledge.modified.v1")])
def test_properties_that_an_export_states_but_does_not_list_are_in_the_pool(
    stated: int, inferred: str, tmp_path: Path
) -> None:
    pledge = center_row(PLEDGE.but(executed="2018-01-01")) | {"noOfProperties": stated}
    release = center_row(ENDS.but(executed="2019-02-06"))
    export = json.dumps({"successResponse": {"data": [pledge, release]}})
    reading = Reading([written(tmp_path / "x", export)], match_releases=True)
    _, release = [event_from(result) for result in uspto_assignments.results(reading)]
    assert (release["type"], release["data"]["matched"]) == (inferred, "inferred")


# --- in a book ---


def test_candidates_are_shown_with_their_evidence_and_change_nothing(tmp_path: Path, book: Book) -> None:
    other = PLEDGE.but(frame=2, assignee="ANOTHER BANK")
    post(book, *events_of(tmp_path, PLEDGE, other, ENDS, match=False))
    columns = "release", "released_on", "assets", "pledge", "registered_on", "pool", "lender", "candidates"
    assert shown(book, "release_candidates", *columns) == [
        (
            "US-RF-61753-1", "2019-02-06", 2, "US-RF-45455-1", "2015-02-06", 2,
            "LENDER BANK, N.A., AS COLLATERAL AGENT", 1,
        )
    ]  # fmt: skip
    assert shown(book, "inferred_endings", "pledges", "inferred", "pledges_without") == [(2, 0, 2)]


def test_the_stock_is_shown_with_and_without_inferred_endings(tmp_path: Path, book: Book) -> None:
    other = PLEDGE.but(frame=2, assignee="ANOTHER BANK")
    post(book, *events_of(tmp_path, PLEDGE, other, ENDS))
    assert shown(book, "release_candidates", "release") == []
    columns = "pledges", "inferred", "pledges_without"
    assert shown(book, "inferred_endings", *columns) == [(1, 1, 2)]
    assert shown(book, "inferred_endings", *columns, as_of=20190205) == [(2, 0, 2)]
    assert shown(book, "inferred_endings", *columns, recorded=True) == [(1, 1, 2)]


def test_two_candidates_are_both_shown(tmp_path: Path, book: Book) -> None:
    post(book, *events_of(tmp_path, PLEDGE, PLEDGE.but(frame=2), ENDS))
    assert shown(book, "release_candidates", "pledge", "candidates") == [("US-RF-45455-1", 2), ("US-RF-45455-2", 2)]


def test_a_partial_release_that_cites_nothing_has_candidates(tmp_path: Path, book: Book) -> None:
    part = ENDS.but(text="PARTIAL RELEASE OF SECURITY INTEREST", properties=TWO[:1])
    other = PLEDGE.but(frame=2, assignee="ANOTHER BANK")
    *_, release = events_of(tmp_path, PLEDGE, other, part, match=False)
    assert release["data"]["releasing"] == [{"name": "Lender Bank N.A."}]
    post(book, *events_of(tmp_path, PLEDGE, other, part, match=False))
    columns = "release", "partial", "assets", "pledge", "pool", "candidates"
    assert shown(book, "release_candidates", *columns) == [("US-RF-61753-1", 1, 1, "US-RF-45455-1", 2, 1)]
