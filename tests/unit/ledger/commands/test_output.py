"""Tables for people: figures are never truncated or wrapped, and text of others does not control the terminal."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer import Exit

from ledger.book.book import Book
from ledger.book.verified import heads_of, keep_verified, verified_now
from ledger.commands.formats import OutputFormat, Sheet
from ledger.commands.formats.csv import FORMAT as CSV
from ledger.commands.formats.excel import FORMAT as EXCEL
from ledger.commands.formats.json import FORMAT as JSON
from ledger.commands.formats.json import print_json
from ledger.commands.formats.table import FORMAT as TABLE
from ledger.commands.formats.table import print_table
from ledger.commands.formatted import Printer
from ledger.commands.messages import counted, echo_err
from ledger.commands.operating import status_command
from ledger.commands.output import print_finding, shown_bytes
from ledger.nearest import UnknownName
from tests.books import new_book
from tests.events import TOPIC_PARTITIONS

UNITS = {"amount": "decimal text", "amount_minor": "minor units"}
ROW: dict[str, Any] = {
    "industry": "AI",
    "kind": "pledge_cancellations",
    "amount": "1234567890123.45",
    "amount_minor": 123456789012345,
}


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")


def printed(capsys: pytest.CaptureFixture[str], rows: list[dict[str, Any]], **more: Any) -> str:
    print_table(rows, "Title", **more)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    return out


def test_rows_that_fit_are_a_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = printed(capsys, [ROW, ROW], units=UNITS).splitlines()
    assert lines[0].split() == ["Title"]
    assert lines[1].split() == ["industry", "kind", "amount"], "the same amount is not printed twice"
    assert [line.split() for line in lines[3:]] == [["AI", "pledge_cancellations", "1,234,567,890,123.45"]] * 2


def test_numbers_are_right_aligned_with_thousands_separators_unless_they_are_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows: list[dict[str, Any]] = [
        {"year": 2023, "events": 1234567, "amount": "-1234.50", "offset": 4321, "ratio": 1234.5678},
        {"year": 2024, "events": 8, "amount": None, "offset": 5, "ratio": None},
    ]
    units = {"year": "year", "events": "count", "amount": "decimal text", "offset": "offset", "ratio": "ratio"}
    lines = printed(capsys, rows, units=units).splitlines()
    assert lines[3].split() == ["2023", "1,234,567", "-1,234.50", "4321", "1,234.568"]
    assert lines[4].rstrip() == "2024          8          -       5          -"


def test_columns_that_do_not_fit_are_hidden_and_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    wide = [ROW | {"hash": "x" * n, "none": None, "year": n, "currency": "CNY"} for n in (38, 39)]
    columns = ["hash", "none", "industry", "year", "kind", "amount", "currency"]
    print_table(wide, "Title", columns, UNITS | {"hash": "hex"})
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split() == ["industry", "year", "kind"]
    assert max(map(len, out.splitlines())) <= 40
    assert err == "left out: hash, none=- and 2 more; --columns shows them\n"
    print_table(wide, "Title", columns, all_columns=True)
    out, err = capsys.readouterr()
    assert (out.splitlines()[1].split(), err) == (columns, "")


@pytest.mark.parametrize(
    ("main", "shown"), [((), ["subject", "kind", "year"]), (("amount", "kind"), ["kind", "amount"])]
)
def test_main_columns_stay_where_a_table_is_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, main: tuple[str, ...], shown: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "45")
    rows = [{"subject": f"P-{n}", **ROW, "year": n} for n in (2023, 2024)]
    print_table(rows, "Title", ["subject", "kind", "amount", "year"], UNITS, main=main)
    assert capsys.readouterr().out.splitlines()[1].split() == shown


def test_a_table_shows_the_place_of_a_record_as_one_column(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"topic": "ip.pledge.v1", "partition": 0, "offset": 17, "rule": "bad_data"}
    assert printed(capsys, [row]).splitlines()[1:4:2] == ["place              rule", "ip.pledge.v1:0=17  bad_data"]
    assert "offset" in printed(capsys, [row], columns=["offset", "rule"])


@pytest.mark.parametrize("form", [JSON, CSV])
def test_place_stands_for_its_three_columns_where_columns_are_chosen(
    capsys: pytest.CaptureFixture[str], form: OutputFormat
) -> None:
    rows = [{"topic": "ip.pledge.v1", "partition": 0, "offset": offset, "rule": "bad_data"} for offset in (3, 17)]
    Printer(form, columns=("place",), sort=("-place",)).write(Sheet(rows, {"rows": rows}))
    out = capsys.readouterr().out
    assert out.index("17") < out.index("3")
    assert all(name in out for name in ("topic", "partition", "offset"))
    assert "rule" not in out


def test_a_table_in_a_pipe_is_as_wide_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("os.get_terminal_size", lambda *_: (_ for _ in ()).throw(OSError))
    print_table([{f"column_{number}": "x" * 30 for number in range(20)}])
    out, err = capsys.readouterr()
    assert (out.splitlines()[2].count("x" * 30), err) == (20, "")


@pytest.mark.parametrize("form", [JSON, CSV, EXCEL])
def test_machine_formats_have_no_thousands_separators(capsys: pytest.CaptureFixture[str], form: OutputFormat) -> None:
    form.write(Sheet([ROW], {"rows": [ROW]}, units=UNITS))
    out = capsys.readouterr().out
    assert "1234567890123.45" in out
    assert "123456789012345" in out
    assert "1,234" not in out


ROWS: list[dict[str, Any]] = [{"a": 2, "b": "x"}, {"a": None, "b": "y"}, {"a": 10, "b": "y"}]


@pytest.mark.parametrize("form", [JSON, CSV, TABLE])
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"limit": 2}, [(2, "x"), (None, "y")]),
        ({"sort": ("-a",)}, [(10, "y"), (2, "x"), (None, "y")]),
        ({"sort": ("b", "a")}, [(2, "x"), (None, "y"), (10, "y")]),
        ({"columns": ("b",), "sort": ("a",), "limit": 1}, [("y",)]),
    ],
)
def test_rows_are_arranged_alike_in_every_format(
    capsys: pytest.CaptureFixture[str], form: OutputFormat, asked: dict[str, Any], found: list[tuple[Any, ...]]
) -> None:
    Printer(form, **asked).write(Sheet(ROWS, {"of": "p", "rows": ROWS}, columns=["a", "b"]))
    out = capsys.readouterr().out
    if form is JSON:
        assert [tuple(row.values()) for row in json.loads(out)["rows"]] == found
    elif form is CSV:
        assert [tuple(row.values()) for row in csv.DictReader(io.StringIO(out))] == [
            tuple("" if value is None else str(value) for value in row) for row in found
        ]
    else:
        assert [tuple(line.split()) for line in out.splitlines()[2:]] == [
            tuple("-" if value is None else str(value) for value in row) for row in found
        ]


@pytest.mark.parametrize("asked", [{"columns": ("colour",)}, {"sort": ("-colour",)}])
def test_a_column_that_does_not_exist_is_named(asked: dict[str, Any]) -> None:
    with pytest.raises(UnknownName, match=r"The column 'colour' is not known\. Known: a, b\."):
        Printer(CSV, **asked).write(Sheet(ROWS, {}, columns=["a", "b"]))


def test_a_position_is_one_short_line_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    position = "ip.patent.v1:0=30000,ip.pledge.v1:0=257,ip.pledge.v1:1=0"
    Printer(CSV).cite(position, 3600 * 24 * 1111)
    Printer(TABLE, whole_position=True).cite(position, 1.0)
    Printer(JSON).cite(position, 1.0)
    short, whole = capsys.readouterr().err.splitlines()
    assert short == "position: 30,257 offsets; newest record 1,111 days old; --position prints all"
    assert len(short) <= 80
    assert whole == "position ip.patent.v1:0=30000,ip.pledge.v1:0=257"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_streamed_rows_give_the_same_json(capsys: pytest.CaptureFixture[str], count: int) -> None:
    rows = [{"n": n, "text": "a\nb\u2028\x85", "none": None, "in": {"a": [1, []]}} for n in range(count)]
    for head, tail in (({"basis": "b"}, {"position": "p"}), ({"basis": "b"}, {}), ({}, {"a": 1, "b": [2]})):
        print_json({**head, "rows": rows, **tail})
        whole = capsys.readouterr().out
        JSON.write(Sheet((), {**head, "rows": iter(rows), **tail}))
        assert capsys.readouterr().out == whole


@pytest.mark.parametrize("form", [JSON, CSV, EXCEL])
def test_a_row_is_printed_before_the_next_one_is_requested(
    capsys: pytest.CaptureFixture[str], form: OutputFormat
) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"text": "first"}
        assert "first" in capsys.readouterr().out
        yield {"text": "second"}

    of_document, of_sheet = (rows(), []) if form is JSON else ([], rows())
    form.write(Sheet(of_sheet, {"rows": of_document}, columns=["text"]))
    assert "second" in capsys.readouterr().out


@pytest.mark.usefixtures("narrow")
def test_prose_is_wrapped_between_words(capsys: pytest.CaptureFixture[str]) -> None:
    prose = "the value is not JSON: it ends early, after 1 characters"
    out = printed(capsys, [{"offset": 7, "message": prose}])
    assert re.sub(r"\s+", " ", out).endswith(f"7 {prose} ")


def test_text_of_others_does_not_control_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, [{"id": "\x1b]0;owned\x07[bold]\r\n[/nothing]账"}])
    assert r"\u001b]0;owned\u0007[bold]\r\n[/nothing]账" in out


@pytest.mark.parametrize("width", ["20", "200"])
def test_names_between_colons_are_not_emoji(
    width: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert "urn:office:us:uspto" in printed(capsys, [{"source": "urn:office:us:uspto", "id": "x" * 30}])
    echo_err("urn:office:us:uspto")
    assert capsys.readouterr().err == "urn:office:us:uspto\n"


@pytest.mark.usefixtures("narrow")
def test_very_long_text_is_truncated(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, [{"text": "x" * 5000}])
    assert re.sub(r"\s", "", out).endswith("─" + "x" * 400 + "...(5,000characters;--jsonhasall)")


def test_an_empty_table_has_a_header(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, [], columns=["kind", "amount"]).splitlines()[1].split() == ["kind", "amount"]
    CSV.write(Sheet([], {}, columns=["kind", "amount"]))
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [["kind", "amount"]]


@pytest.mark.usefixtures("narrow")
def test_only_a_problem_has_a_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    print_finding("WAL", True, "6 MiB", "")
    print_finding("worker", False, "none in the group, 12 offsets behind", "ip-ledger worker")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["ok", "WAL", "6", "MiB"]
    assert lines[1][:3] == ["!!", "worker", "none"]
    assert lines[-1] == ["to", "do", "ip-ledger", "worker"]


HOSTILE = "\x1b]0;owned\x07\x9b2J\u202e\u2066[red]x[/red][link=http://a]y[/link][/nothing]\r\n\u200b\U000e0041账"
SHOWN = r"\u001b]0;owned\u0007\u009b2J\u202e\u2066[red]x[/red][link=http://a]y[/link][/nothing]\r\n\u200b\U000e0041账"


@pytest.mark.parametrize("width", ["30", "300"])
def test_titles_columns_findings_and_messages_do_not_control_the_terminal(
    width: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    print_table([{"[b]c[/b]": HOSTILE}], HOSTILE)
    print_finding("book", False, HOSTILE, HOSTILE)
    echo_err(HOSTILE, "and more")
    out, err = capsys.readouterr()
    assert err == f"{SHOWN}\nand more\n"
    assert "[b]c[/b]" in out
    assert re.sub(r"\s", "", out).count(SHOWN) == 4
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066\u200b]", out)


def test_bytes_are_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Any]] = [{"value": "{\n\x9b质".encode()}, {"value": b"\xff\x00"}, {"value": None}]
    CSV.write(Sheet(rows, {}))
    assert capsys.readouterr().out == "value\r\n" + r"{\n\u009b质" + '\r\nbase64:/wA=\r\n""\r\n'
    assert "base64:/wA=" in printed(capsys, rows)
    print_json(rows[1])
    assert json.loads(capsys.readouterr().out) == {"value": "ff00"}


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, "\ud800", "\x7f", "\u202e", 1e-7, 0.1, b"\xff", None, {1: 2}])
def test_any_value_is_the_same_in_json(capsys: pytest.CaptureFixture[str], value: Any) -> None:
    print_json({"value": value})
    out = capsys.readouterr().out
    assert json.loads(out) == json.loads(json.dumps({"value": value}, default=bytes.hex))
    assert out.isascii()
    assert "\x7f" not in out


def test_csv_is_escaped_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    CSV.write(Sheet([{"a": HOSTILE, "b": '=1+1,"x"', "c": -1, "d": 0.5}], {}))
    header, row = csv.reader(io.StringIO(capsys.readouterr().out, newline=""))
    assert (header, row) == (["a", "b", "c", "d"], [SHOWN, '=1+1,"x"', "-1", "0.5"])


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('=HYPERLINK("http://a","b")', '\'=HYPERLINK("http://a","b")'),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-1+1", "'-1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", r"'\t=1"),
        ("\r=1", r"'\r=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("-12.50", "-12.50"),
        (-12, "-12"),
        (-0.5, "-0.5"),
        ("a=b", "a=b"),
        ("质押", "质押"),
        (None, ""),
        (b"=1", "'=1"),
        (b"\xff", "base64:/w=="),
        ("x" * 40_000, "x" * 32_000 + "... (40,000 characters; --csv has all)"),
    ],
)
def test_csv_has_no_formulas_for_spreadsheets(cell: Any, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    EXCEL.write(Sheet([{"cell": cell, "other": 1}], {}))
    out = capsys.readouterr().out
    assert out.startswith("\ufeffcell,other\r\n")
    assert out.count("\n") == out.count("\r\n") == 2
    assert list(csv.reader(io.StringIO(out[1:], newline="")))[1] == [shown, "1"]


@pytest.mark.parametrize("terminal", [True, False])
def test_bytes_are_printed_unchanged_except_on_a_terminal(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(out, "isatty", lambda: terminal)
    assert shown_bytes(b"\x1b[2J\xff\n", out) == (rb"\u001b[2J\xff\n" if terminal else b"\x1b[2J\xff\n")


def test_each_call_prints_one_line_to_stderr() -> None:
    """A newline inside a message would be escaped, because it may come from others."""
    calls = [
        node
        for file in (Path(__file__).parents[4] / "ledger").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "echo_err"
    ]
    assert len(calls) > 20
    constants = [part for call in calls for part in ast.walk(call) if isinstance(part, ast.Constant)]
    assert [part.value for part in constants if "\n" in str(part.value)] == ["\n"] * 2, "rstrip and split alone"


def test_the_status_of_an_empty_book_is_a_table_without_rows(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new_book(path)
    with Book(path) as book:
        keep_verified(path, verified_now(book, heads_of(book), "verify", "0123456789ab" * 5, 3))
    monkeypatch.setenv("LEDGER_BOOK", str(path))
    monkeypatch.setenv("LEDGER_BROKERS", "127.0.0.1:1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(Exit) as caught:
        status_command()
    assert caught.value.exit_code == 0
    shown = capsys.readouterr()
    assert "partition" in shown.out
    assert f"{len(TOPIC_PARTITIONS)} of {len(TOPIC_PARTITIONS)} partitions are empty" in shown.err
    assert " ago, digest 0123456789ab..., with statement 3; 0 offsets since" in shown.err


def test_a_number_has_the_words_that_fit_it() -> None:
    assert [counted(n, "event", "events") for n in (0, 1, 2_000)] == ["0 events", "1 event", "2,000 events"]


def test_left_out_columns_are_named_below_the_rows_in_a_pipe_of_both(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(pipe, write_through=True))
    monkeypatch.setenv("COLUMNS", "20")
    print_table([{"industry": "AI", "name": "n" * 30, "events": 1}])
    sys.stdout.flush()
    assert pipe.getvalue().decode().splitlines()[-1].startswith("left out: ")
