"""Tables for people: figures are never cut or folded, what others have said cannot speak to the terminal."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from ledger.output import print_csv, print_finding, print_table, talk

ROW = {"industry": "AI", "kind": "pledge_cancellations", "amount": "1234567890123.45", "amount_minor": 123456789012345}


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")


def printed(capsys: pytest.CaptureFixture[str], rows: list[dict[str, Any]], **more: Any) -> str:
    print_table(rows, "Title", **more)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    return out


def test_what_fits_is_a_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = printed(capsys, [ROW, ROW]).splitlines()
    assert lines[0].split() == ["Title"]
    assert lines[1].split() == ["industry", "kind", "amount"], "the same amount is not said twice"
    assert [line.split() for line in lines[3:]] == [["AI", "pledge_cancellations", "1234567890123.45"]] * 2


@pytest.mark.usefixtures("narrow")
def test_what_does_not_fit_is_a_block_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, [ROW, ROW]).splitlines()
    assert [line.split() for line in lines[:4]] == [
        ["Title", "1", "of", "2"],
        ["industry", "AI"],
        ["kind", "pledge_cancellations"],
        ["amount", "1234567890123.45"],
    ]
    assert len(lines) == 8


@pytest.mark.usefixtures("narrow")
def test_prose_is_folded_between_words(capsys: pytest.CaptureFixture[str]) -> None:
    prose = "the value is not JSON: it breaks off after 1 characters"
    out = printed(capsys, [{"offset": 7, "message": prose}])
    assert re.sub(r"\s+", " ", out).endswith(f"7 {prose} ")


def test_what_somebody_has_said_does_not_speak_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, [{"id": "\x1b]0;owned\x07[bold]\r\n[/nothing]账"}])
    assert r"\x1b]0;owned\x07[bold]\r\n[/nothing]账" in out


@pytest.mark.parametrize("width", ["20", "200"])
def test_names_between_colons_are_no_pictures(
    width: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert "urn:office:us:uspto" in printed(capsys, [{"source": "urn:office:us:uspto", "id": "x" * 30}])
    talk("urn:office:us:uspto")
    assert capsys.readouterr().err == "urn:office:us:uspto\n"


@pytest.mark.usefixtures("narrow")
def test_what_nobody_reads_to_its_end_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, [{"told": "x" * 5000, "offset": 7}])
    assert "x" * 400 + "... (5,000 characters; --json has all)" in out
    assert "x" * 401 not in out


def test_nothing_has_a_header_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, [], columns=["kind", "amount"]).splitlines()[1].split() == ["kind", "amount"]
    print_csv([], ["kind", "amount"])
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [["kind", "amount"]]


@pytest.mark.usefixtures("narrow")
def test_a_finding_says_what_to_do_only_if_it_is_not_well(capsys: pytest.CaptureFixture[str]) -> None:
    print_finding("WAL", True, "6 MiB", "")
    print_finding("worker", False, "none in the group, 12 offsets behind", "ip-ledger worker")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["ok", "WAL", "6", "MiB"]
    assert lines[1][:3] == ["!!", "worker", "none"]
    assert lines[-1] == ["to", "do", "ip-ledger", "worker"]
