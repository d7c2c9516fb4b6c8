"""`ip-ledger import` as people run it: its report, exit codes, events and memory."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks.imports import repeat, timed
from streams.cluster import Cluster
from tests.processes import Installation
from tests.unit.streams.sources.documents import application_line, assignment, grant_xml, search_line, written

AWAY = "127.0.0.1:1"
EXAMPLES = Path(__file__).parents[2] / "examples"
SECURITY = assignment("045455", "0001", "SECURITY INTEREST (SEE DOCUMENT FOR DETAILS).")
RELEASE = assignment(
    "061753", "0002", "RELEASE OF SECURITY INTEREST AT REEL/FRAME 045455/0001", recordedDate="03-01-2020"
)


@pytest.fixture
def offline(tmp_path: Path) -> Installation:
    """Return an installation without a broker."""
    return Installation(Cluster(AWAY), tmp_path / "book.db")


def test_it_ends_with_a_report_of_read_created_and_skipped_records(offline: Installation, tmp_path: Path) -> None:
    listing = grant_xml().replace("us-patent-grant", "sequence-cwu")
    week = written(tmp_path / "ipg.xml.gz", grant_xml(), listing, grant_xml(number="10000002", day="20180699"))
    letter = written(tmp_path / "letter.txt", "dear office")
    arguments = ("uspto-grants", str(week), str(letter), "--dry-run", "--skipped", "aside.ndjson")
    answer = offline.run("import", *arguments)
    assert answer.code == 1
    report = answer.json
    assert report["read"] == {"files": 2, "bytes": week.stat().st_size + letter.stat().st_size, "documents": 3}
    assert report["made"] == {"events": 1, "repeated": 0, "by_type": {"ip.patent.granted.v1": 1}}
    assert {each["rule"]: each["count"] for each in report["skipped"]} == {
        "another_document": 1,
        "bad_document": 1,
        "unknown_format": 1,
    }
    assert "line 21: bad_document: US10000002: grant date '20180699'" in answer.err
    aside = [json.loads(line) for line in (tmp_path / "aside.ndjson").read_text().splitlines()]
    assert [(Path(each["file"]).name, each["location"], each["rule"]) for each in aside] == [
        ("ipg.xml.gz", "line 11", "another_document"),
        ("ipg.xml.gz", "line 21", "bad_document"),
        ("letter.txt", "its beginning", "unknown_format"),
    ]


def test_files_without_an_event_are_quiet_not_bad(offline: Installation, tmp_path: Path) -> None:
    path = written(tmp_path / "fees.txt", "5000000       07123456 N 19891113 19910319 19940919 REM. \n")
    answer = offline.run("import", "uspto-maintenance-fees", str(path), "--to", "-")
    assert (answer.code, answer.out) == (0, "")
    assert "Quiet: the files were read to their ends, and hold no event." in answer.err


def test_a_file_of_another_kind_is_answered_with_its_kind(offline: Installation, tmp_path: Path) -> None:
    path = written(tmp_path / "file", application_line("15123456", SECURITY))
    answer = offline.run("import", "uspto-grants", str(path), "--to", "-")
    assert (answer.code, answer.out) == (65, "")
    assert "import it with that kind" in answer.err
    assert "uspto-assignments" in answer.err


def test_a_flood_of_bad_documents_is_reported_once_and_kept_aside(offline: Installation, tmp_path: Path) -> None:
    bad = written(tmp_path / "peds", application_line("15123456", SECURITY), *['{"applId": 7}\n'] * 200)
    answer = offline.run("import", "uspto-assignments", str(bad), "--to", "events.ndjson", "--skipped", "aside.ndjson")
    assert answer.code == 1
    assert len(answer.err.splitlines()) < 30
    assert len((tmp_path / "events.ndjson").read_text().splitlines()) == 1
    assert len((tmp_path / "aside.ndjson").read_text().splitlines()) == 200


def test_a_full_disk_is_named_with_the_next_step(offline: Installation, tmp_path: Path) -> None:
    bad = written(tmp_path / "peds", application_line("15123456", SECURITY), '{"applId": 7}\n')
    for arguments in (("--to", "/dev/full"), ("--dry-run", "--skipped", "/dev/full")):
        answer = offline.run("import", "uspto-assignments", str(bad), *arguments)
        assert answer.code == 69
        assert "ImportStopped: The import stopped" in answer.err
        assert "No space left on device. Free some space" in answer.err
        assert "Traceback" not in answer.err


def test_repeated_imports_from_any_format_count_once(installation: Installation, tmp_path: Path) -> None:
    peds = written(tmp_path / "peds", application_line("15123456", RELEASE, SECURITY, patentNumber="10000001"))
    week, found = written(tmp_path / "ipg.xml", grant_xml()), written(tmp_path / "search.jsonl", search_line())
    for kind, path in (("assignments", peds), ("grants", week), ("grants", found), ("assignments", peds)):
        answer = installation.run("import", f"uspto-{kind}", str(path), "--json")
        assert (answer.code, answer.json["refused"]) == (0, 0), answer.err
    installation.worker()
    installation.wait_until_posted()
    assert installation.workers[0].stop() == 0
    partitions = installation.run("status", "--json").json["partitions"]
    counted = {
        fate: sum(each[fate] for each in partitions) for fate in ("accepted", "duplicate", "conflict", "rejected")
    }
    assert counted == {"accepted": 3, "duplicate": 2, "conflict": 1, "rejected": 0}
    stock = installation.run("view", "pledge_stock", "--as-of", "2020-02-29", "--industry", "ALL").json["rows"]
    assert [row["pledges"] for row in stock] == [1]
    assert installation.run("view", "pledge_stock", "--industry", "ALL").json["rows"] == []
    conflicts = installation.run("view", "conflicts").json["rows"]
    assert {row["subject"] for row in conflicts} == {"US10000001B2"}
    assert {"applicants", "region", "cpc"} & {row["field"] for row in conflicts}


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    prose = "<description>" + "<p>It flies, given wind.</p>" * 4000 + "</description>"
    document = grant_xml().replace("<description><p>Prose.</p></description>", prose)
    small, large = tmp_path / "small", tmp_path / "large"
    written(small, document)
    size = repeat(small, large, 150_000_000)
    _, peak_small, _ = timed("uspto-grants", small)
    _, peak, report = timed("uspto-grants", large)
    assert report["made"]["events"] == size // len(document)
    assert peak < peak_small + 30_000_000
    os.unlink(large)


def test_import_to_stdout_gives_the_shipped_examples(offline: Installation, office_data: Path) -> None:
    padx = office_data / "us-assignments" / "padx-records.xml-fragments.txt"
    answer = offline.run("import", "uspto-assignments", str(padx), "--to", "-")
    assert answer.code == 0
    made = answer.out.splitlines()
    assert len(made) == 3
    assert set(made) <= set((EXAMPLES / "uspto-assignments.ndjson").read_text().splitlines())
    assert (
        "Read 3 documents. Wrote 3 events; refused 0.\nSkipped 0 documents or parts of them; found 0 bad.\n"
        in answer.err
    )


def test_import_of_a_file_that_is_no_office_file(offline: Installation, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear office")
    answer = offline.run("import", "uspto-grants", str(tmp_path / "letter.txt"), "--to", "-")
    assert (answer.code, answer.out) == (65, "")
    assert "letter.txt" in answer.err
