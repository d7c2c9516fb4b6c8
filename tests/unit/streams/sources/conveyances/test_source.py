from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import orjson
import pytest

from ledger.book.book import Book
from ledger.queries.view import view
from streams.sources.conveyances.source import BY_EXECUTION, WITHDRAWN, uspto_assignments, uspto_trademark_assignments
from streams.sources.reading import Importer, Reading
from streams.sources.results import Imported, Result, SkipReason
from tests.books import new_book, opened
from tests.posting import post, shown
from tests.unit.streams.sources.conveyances.samples import (
    FORMATS,
    Property,
    Sample,
    center,
    center_row,
    padx,
    peds,
    search,
)
from tests.unit.streams.sources.conveyances.test_trademark_center import row
from tests.unit.streams.sources.documents import application_line, assignment, event_from, refused, written

TWO = (Property("15123456", "9424304"), Property("15123457", "9424305"))
RELEASE = Sample(61753, 1, "RELEASE AT REEL/FRAME (045455/0001)", assignor="LENDER BANK", assignee="KITE & CO")


def results(*paths: Path, kind: Importer = uspto_assignments) -> list[Result]:
    return list(kind.results(Reading(paths)))


def results_from(tmp_path: Path, *samples: Sample, form: Callable[[Sample], str] = search) -> list[Result]:
    paths = [written(tmp_path / f"{number}", form(each)) for number, each in enumerate(samples)]
    return results(*paths)


def events_of(tmp_path: Path, *samples: Sample) -> list[dict[str, Any]]:
    return [event_from(result) for result in results_from(tmp_path, *samples)]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    new_book(tmp_path / "book.db")
    return opened(tmp_path / "book.db")


# --- one conveyance in many formats ---


def test_a_conveyance_has_one_id_and_subject_in_every_format_and_the_most_complete_version_comes_first(
    tmp_path: Path,
) -> None:
    orders = [TWO, TWO[::-1], TWO, TWO[::-1], TWO]
    paths = [
        written(tmp_path / form, render(Sample(properties=order)))
        for (form, render), order in zip(FORMATS.items(), orders, strict=True)
    ]
    expected = results(*paths)
    assert all(results(*order) == expected for order in ([*paths[n:], *paths[:n]] for n in range(len(paths))))
    made = [result for result in expected if isinstance(result, Imported)]
    assert [each.again for each in made] == [False, True, True, True, True]
    events = [*map(event_from, made)]
    assert len({(event["id"], event["subject"], event["source"], event["type"]) for event in events}) == 1
    # Assignment Center knows neither the recorded date nor the assignee's country; the others say the same.
    assert [event["data"]["occurred_on"] for event in events] == ["2015-02-06"] * 4 + ["2015-02-03"]
    assert len({orjson.dumps(event) for event in events}) == 2


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_a_conveyance_in_several_files_is_one_event(form: Callable[[Sample], str], tmp_path: Path) -> None:
    one, other = (Sample(properties=[each]) for each in TWO)
    for order in permutations([one, other, one]):
        (event,) = map(event_from, results_from(tmp_path, *order, form=form))
        assert {asset["id"] for asset in event["data"]["assets"]} == {"US9424304", "US9424305"}


def test_the_same_property_has_one_id_before_and_after_its_grant(tmp_path: Path) -> None:
    before = written(tmp_path / "before", peds(Sample(properties=[Property("15123457")])))
    partial = Sample(61753, 1, "PARTIAL RELEASE AT R/F 045455/0001", properties=TWO[1:])
    registered, released = map(event_from, results(before, written(tmp_path / "after", padx(partial))))
    assert [asset["id"] for asset in registered["data"]["assets"]] == released["data"]["released"] == ["US9424305"]


def test_rows_without_parties_or_text_remove_nothing_from_the_others(tmp_path: Path) -> None:
    security = assignment("045455", "0001", "SECURITY INTEREST (SEE DOCUMENT FOR DETAILS).")
    paths = [
        written(tmp_path / "c", application_line("15123456", security, patentNumber="9424304")),
        written(tmp_path / "a", application_line("29000001", assignment(7, 8, "MORTGAGE"), security, appType="Design")),
        written(tmp_path / "b", application_line("15123456", security | {"assignors": None, "assignee": None})),
        written(tmp_path / "d", application_line("15123456", security | {"converyanceName": ""})),
    ]
    expected = results(*paths)
    assert [event_from(result)["subject"] for result in expected] == ["US-RF-7-8", "US-RF-45455-1"]
    data = event_from(expected[1])["data"]
    assert data["assets"] == [{"id": "US9424304", "right": "invention"}, {"id": "29/000001", "right": "design"}]
    assert data["pledgors"] == [{"name": "DEBTOR INC."}]
    assert all(results(*order) == expected for order in permutations(paths))


def test_a_withdrawn_recording_becomes_a_void(tmp_path: Path) -> None:
    purged = Sample().but(purge="Y", updated="2015-03-01")
    registered, void = events_of(tmp_path, purged, Sample())
    assert (void["type"], void["subject"]) == ("ip.pledge.registered.voided.v1", registered["subject"])
    assert void["data"] == {"target": registered["id"], "reason": "45455/1: the office took the recording back"}
    assert void["id"] != registered["id"]
    assert events_of(tmp_path, purged) == [void]


def test_a_withdrawn_recording_is_counted_as_withdrawn(tmp_path: Path) -> None:
    withdrawn, valid = written(tmp_path / "a", padx(Sample(purge="Y"))), written(tmp_path / "b", search(Sample()))
    for paths, counts in (((withdrawn,), {WITHDRAWN: 1}), ((withdrawn, valid), {"security": 1})):
        reading = Reading(paths)
        assert list(uspto_assignments.results(reading))
        assert reading.counts == counts


def test_a_conveyance_without_a_recorded_date_is_counted_as_dated_by_its_execution(tmp_path: Path) -> None:
    exported, recorded = written(tmp_path / "a", center(Sample())), written(tmp_path / "b", padx(Sample()))
    for paths, count in (((exported,), 1), ((exported, recorded), 0)):
        reading = Reading(paths)
        assert list(uspto_assignments.results(reading))
        assert reading.counts[BY_EXECUTION] == count


def test_a_void_comes_after_its_event_and_only_a_second_one_is_a_duplicate(tmp_path: Path) -> None:
    withdrawn = written(tmp_path / "a", padx(Sample(purge="Y", properties=TWO)))
    valid = written(tmp_path / "b", search(Sample(assignor="KITE & CO")))
    made = [result for result in results(withdrawn, valid) if isinstance(result, Imported)]
    assert [each.type for each in made] == ["ip.pledge.registered.v1", "ip.pledge.registered.voided.v1"]
    assert [each.again for each in made] == [False, False]
    both = results(withdrawn, written(tmp_path / "c", search(Sample(purge="Y", properties=TWO))))
    assert [each.again for each in both if isinstance(each, Imported)] == [False, True]


def test_a_version_without_text_has_the_class_of_the_most_complete(tmp_path: Path) -> None:
    blank = written(tmp_path / "a", peds(Sample(text="")))
    made = results(blank, written(tmp_path / "b", search(Sample())))
    assert [event_from(result)["type"] for result in made] == ["ip.pledge.registered.v1"] * 2


def test_invalid_documents_are_reported_and_the_rest_is_imported(tmp_path: Path) -> None:
    bad = written(tmp_path / "a", peds(Sample()).replace("45455", "reel"), "{\n")
    other = written(tmp_path / "b", search(Sample()).replace("</arr>", "", 1))
    *named, good = results(bad, other, written(tmp_path / "c", padx(Sample())))
    assert event_from(good)["subject"] == "US-RF-45455-1"
    assert [(result.location, result.rule) for result in map(refused, named)] == [
        ("line 1", SkipReason.BAD_DOCUMENT),
        ("line 2", SkipReason.BAD_DOCUMENT),
        ("line 5", SkipReason.BAD_DOCUMENT),
    ]


def test_a_daily_file_without_data_gives_no_results(tmp_path: Path) -> None:
    assert results(written(tmp_path / "ad20150101.xml", padx())) == []


# --- in a book ---


def test_a_release_matches_its_registration_in_either_order(tmp_path: Path, book: Book) -> None:
    post(book, *events_of(tmp_path, RELEASE))
    assert set(shown(book, "unmatched", "subject", "reason")) == {("US-RF-45455-1", "registration_missing")}
    post(book, *events_of(tmp_path, Sample(properties=TWO)))
    assert shown(book, "unmatched", "subject") == []
    assert view(book, "pledge_stock").rows == []


def test_events_without_citation_are_unmatched(tmp_path: Path, book: Book) -> None:
    waiting = [
        RELEASE.but(text="RELEASE BY SECURED PARTY"),
        Sample(50965, 35, "PATENT SECURITY AGREEMENT SUPPLEMENT"),
        Sample(50965, 36, "PARTIAL RELEASE"),
    ]
    post(book, *events_of(tmp_path, Sample(), *waiting))
    assert set(shown(book, "unmatched", "subject")) == {"US-RF-50965-35", "US-RF-50965-36", "US-RF-61753-1"}


def test_a_partial_release_frees_assets_and_a_supplement_adds_some(tmp_path: Path, book: Book) -> None:
    freed = RELEASE.but(text="PARTIAL RELEASE AT R/F 045455/0001", properties=TWO[1:])
    more = Sample(50965, 35, "SECURITY AGREEMENT SUPPLEMENT TO R/F 045455/0001", properties=[Property("15999999")])
    post(book, *events_of(tmp_path, Sample(properties=TWO), freed, more))
    assert shown(book, "unmatched", "subject") == []
    assert sorted(shown(book, "encumbered", "id")) == ["15/999999", "US9424304"]


# --- trademarks ---


def test_trademark_conveyances_have_separate_reels_and_no_kind(tmp_path: Path) -> None:
    mark = {"serialNumber": 74693839, "registrationNumber": 2034964}
    path = written(tmp_path / "export.json", orjson.dumps([{"data": [row(mark)]}]).decode())
    (event,) = map(event_from, results(path, kind=uspto_trademark_assignments))
    assert (event["type"], event["subject"]) == ("ip.assignment.recorded.v1", "US-TM-RF-3516-288")
    assert event["data"] == {
        "occurred_on": "2007-02-02",
        "contract_no": "3516/288",
        "conveyance": "other",
        "executed_on": "2007-02-02",
        "assignors": [{"name": "KITE RECORDS"}],
        "assignees": [{"name": "KITE INC."}],
        "assets": [{"id": "US2034964", "right": "trademark"}],
    }


def test_a_trademark_conveyance_with_a_text_has_the_class_of_the_text(tmp_path: Path) -> None:
    mark = {"serialNumber": 74693839, "registrationNumber": None}
    export = [{"data": [row(mark, conveyance="SECURITY INTEREST")]}]
    path = written(tmp_path / "export.json", orjson.dumps(export).decode())
    (event,) = map(event_from, results(path, kind=uspto_trademark_assignments))
    assert (event["type"], event["subject"]) == ("ip.pledge.registered.v1", "US-TM-RF-3516-288")
    assert event["data"]["assets"] == [{"id": "US-A-74693839", "right": "trademark"}]


def test_patent_and_trademark_imports_do_not_read_each_others_files(tmp_path: Path) -> None:
    marks = written(tmp_path / "a", orjson.dumps([{"data": [row({"serialNumber": 74693839})]}]).decode())
    patents = written(tmp_path / "b", orjson.dumps({"data": [center_row(Sample())]}).decode())
    found = [*results(marks), *results(patents, kind=uspto_trademark_assignments)]
    assert [refused(result).rule for result in found] == [SkipReason.UNKNOWN_FORMAT] * 2
