"""The report of an import."""

from __future__ import annotations

from pathlib import Path

from streams.sources.formats import LINE, Format, begins
from streams.sources.reading import Reading
from streams.sources.report import EXAMPLES, Report, as_json
from streams.sources.results import Imported, Skipped, SkipReason

WORDS = Format("words", begins(b"[a-z]"), LINE, iter)


def test_a_report_adds_up(tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes(b"one\ntwo\n")
    (tmp_path / "other").write_bytes(b"?")
    reading = Reading([tmp_path / "words", tmp_path / "other"])
    report = Report(reading)
    for found in reading.found([WORDS]):
        if isinstance(found, Skipped):
            report.take(found)
    reading.counts["word"] += 2
    report.take(Imported(b"", "a", "b.v1"))
    report.take(Imported(b"", "a", "a.v1", again=True))
    blank = [Skipped("f", f"line {n}", SkipReason.BLANK_CONVEYANCE, "blank") for n in range(EXAMPLES + 2)]
    for skipped in blank:
        report.take(skipped)
    shown = report.as_json()
    assert shown["read"] == {"files": 2, "bytes": 9, "documents": 2}
    assert shown["files"] == [
        {"file": str(tmp_path / "words"), "format": "words", "bytes": 8, "documents": 2},
        {"file": str(tmp_path / "other"), "format": None, "bytes": 0, "documents": 0},
    ]
    assert shown["counts"] == {"word": 2}
    assert shown["made"] == {"events": 2, "repeated": 1, "by_type": {"a.v1": 1, "b.v1": 1}}
    assert [(each["rule"], each["fault"], each["count"]) for each in shown["skipped"]] == [
        ("blank_conveyance", False, EXAMPLES + 2),
        ("unknown_format", True, 1),
    ]
    assert shown["skipped"][0]["examples"] == [
        {"file": "f", "location": f"line {n}", "reason": "blank"} for n in range(EXAMPLES)
    ]
    assert report.faults == 1
    assert [(row["what"], row["of"].split(":")[0], row["count"]) for row in report.rows()] == [
        ("read", "unknown format", 0),
        ("read", "words", 2),
        ("found", "word", 2),
        ("made", "a.v1", 1),
        ("made", "b.v1", 1),
        ("skipped", "blank_conveyance", EXAMPLES + 2),
        ("bad", "unknown_format", 1),
    ]


def test_a_skipped_document_has_its_rule() -> None:
    assert as_json(Skipped("f", "line 1", SkipReason.NO_DAY, "no day")) == {
        "file": "f",
        "location": "line 1",
        "rule": "no_day",
        "reason": "no day",
    }
