"""A release that cites a pledge frees the properties that it lists, and ends the pledge only if none is left."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.queries.pools import pool_in_book
from streams.sources.conveyances.source import uspto_assignments
from streams.sources.reading import Reading
from tests.each_case import each_case
from tests.posting import post, shown
from tests.unit.streams.sources.conveyances.samples import FORMATS, Property, Sample, center_row, padx, peds, search
from tests.unit.streams.sources.conveyances.test_source import RELEASE, book, events_of
from tests.unit.streams.sources.documents import event_from, written

__all__ = ["book"]

A, B, C = (Property(f"1512345{number}", f"942430{number}") for number in range(3))
PLEDGE = Sample(properties=(A, B, C))
PARTIAL = RELEASE.but(text="PARTIAL RELEASE AT R/F 045455/0001")


def releases(tmp_path: Path, *samples: Sample) -> list[tuple[str, str, Any]]:
    """Return recording, effect and freed ids of the releases."""
    events = [event for event in events_of(tmp_path, *samples) if "registered" not in event["type"]]
    return [
        (event["subject"], event["type"].split(".")[2], event["data"].get("released"))
        for event in sorted(events, key=lambda event: str(event["data"]["occurred_on"]))
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_a_release_frees_only_what_it_lists(form: str, tmp_path: Path) -> None:
    paths = [
        written(tmp_path / str(n), FORMATS[form](each))
        for n, each in enumerate((PLEDGE, RELEASE.but(properties=(A, B))))
    ]
    _, release = map(event_from, uspto_assignments.results(Reading(paths)))
    assert (release["type"], release["subject"]) == ("ip.pledge.modified.v1", "US-RF-45455-1")
    assert release["data"]["released"] == ["US9424300", "US9424301"]


def test_the_pool_keeps_the_rest_in_the_book(tmp_path: Path, book: Book) -> None:
    post(book, *events_of(tmp_path, PLEDGE, RELEASE.but(properties=(A, B), recorded="2019-01-01")))
    stock = "pledge_stock", "pledges"
    assert shown(book, *stock, industry="ALL", as_of=20190102) == [1]
    last = RELEASE.but(frame=2, properties=(C,), recorded="2020-01-01")
    post(book, events_of(tmp_path, PLEDGE, RELEASE.but(properties=(A, B), recorded="2019-01-01"), last)[-1])
    assert shown(book, *stock, industry="ALL", as_of=20200102) == []


@each_case(
    ("properties", "freed"),
    [
        (((A,), (B, C)), [["US9424300"], None]),
        (((A,), (B,), (C,)), [["US9424300"], ["US9424301"], None]),
        (((A,), (A,), (B, C)), [["US9424300"], ["US9424300"], None]),
        (((A, B, C),), [None]),
        (((),), [None]),
    ],
)
def test_the_release_of_the_last_property_ends_the_pledge(
    properties: Sequence[Sequence[Property]], freed: list[list[str] | None], tmp_path: Path
) -> None:
    for text in (RELEASE.text, PARTIAL.text) if properties[0] else (RELEASE.text,):
        samples = [
            RELEASE.but(frame=frame, text=text, properties=each, recorded=f"201{frame}-01-01")
            for frame, each in enumerate(properties, start=6)
        ]
        found = releases(tmp_path, PLEDGE, *samples)
        assert [ids for _, _, ids in found] == freed
        assert [effect for _, effect, _ in found] == ["cancelled" if ids is None else "modified" for ids in freed]


def test_numbers_that_the_pool_does_not_have_may_be_its_own_under_another_name(tmp_path: Path) -> None:
    by_application = PLEDGE.but(properties=[Property(each.application) for each in (A, B, C)])
    unknown = [Property("", f"99{number}") for number in range(3)]
    assert releases(tmp_path, by_application, RELEASE.but(properties=unknown)) == [("US-RF-45455-1", "cancelled", None)]
    _, effect, ids = releases(tmp_path, by_application, RELEASE.but(properties=unknown[:2]))[0]
    assert (effect, ids) == ("modified", ["US990", "US991"])


def test_properties_that_joined_by_a_supplement_stay(tmp_path: Path) -> None:
    supplement = Sample(
        50000, 1, "SUPPLEMENT TO SECURITY AGREEMENT AT R/F 45455/1", recorded="2016-01-01", properties=(C,)
    )
    of_first = RELEASE.but(properties=(A, B), recorded="2019-01-01")
    found = releases(tmp_path, PLEDGE.but(properties=(A, B)), supplement, of_first)
    assert found[-1] == ("US-RF-45455-1", "modified", ["US9424300", "US9424301"])


@pytest.mark.parametrize("form", [padx, search])
def test_a_pledge_of_another_import_may_be_in_the_book(
    form: Callable[[Sample], str], tmp_path: Path, book: Book
) -> None:
    def imported(sample: Sample) -> dict[str, Any]:
        path = written(tmp_path / "later", form(sample))
        (event,) = uspto_assignments.results(Reading([path], pool_of=partial(pool_in_book, book)))
        return event_from(event)

    post(book, *events_of(tmp_path, PLEDGE))
    first = RELEASE.but(properties=(A,), recorded="2019-01-01")
    rest = RELEASE.but(frame=2, properties=(B, C), recorded="2020-01-01")
    released = imported(first)
    assert (released["type"], released["data"]["released"]) == ("ip.pledge.modified.v1", ["US9424300"])
    post(book, released)
    ended = imported(rest)
    assert ended["type"] == "ip.pledge.cancelled.v1"
    post(book, ended)
    assert [imported(first), imported(rest)] == [released, ended], "importing again changes nothing"
    assert imported(PARTIAL.but(properties=(B, C)))["type"] == "ip.pledge.modified.v1"


def test_a_pledge_of_another_import_ends(tmp_path: Path) -> None:
    assert releases(tmp_path, RELEASE.but(properties=(A,))) == [("US-RF-45455-1", "cancelled", None)]


def test_files_of_single_applications_are_not_held_against_whole_lists(tmp_path: Path) -> None:
    """The file of application A shows the release of A alone: the files of the others may show it too."""
    whole, one = (
        written(tmp_path / "whole", padx(PLEDGE)),
        written(tmp_path / "one", peds(RELEASE.but(properties=(A,)))),
    )
    _, release = map(event_from, uspto_assignments.results(Reading([whole, one])))
    assert release["type"] == "ip.pledge.cancelled.v1"
    whole, one = (
        written(tmp_path / "whole", padx(PARTIAL.but(properties=(A,)))),
        written(tmp_path / "one", peds(PLEDGE.but(properties=(A,)))),
    )
    _, release = map(event_from, uspto_assignments.results(Reading([whole, one])))
    assert release["data"]["released"] == ["US9424300"]


def test_a_partial_release_in_files_of_applications_ends_no_pledge(tmp_path: Path) -> None:
    both = written(tmp_path / "both", peds(PLEDGE.but(properties=(A,))) + peds(PARTIAL.but(properties=(A,))))
    _, release = map(event_from, uspto_assignments.results(Reading([both])))
    assert release["data"]["released"] == ["US9424300"]


def test_properties_that_an_export_states_are_in_the_pool(tmp_path: Path) -> None:
    pledge = center_row(PLEDGE.but(properties=(A,))) | {"noOfProperties": 50}
    release = center_row(RELEASE.but(properties=(A,), executed="2019-01-01"))
    for stated, effect in ((1, "modified"), (50, "cancelled")):
        rows = [pledge, release | {"noOfProperties": stated}]
        path = written(tmp_path / "x", json.dumps({"successResponse": {"data": rows}}))
        _, event = map(event_from, uspto_assignments.results(Reading([path])))
        assert event["type"] == f"ip.pledge.{effect}.v1"
