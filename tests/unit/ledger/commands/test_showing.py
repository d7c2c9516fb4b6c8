"""The output of `ip-ledger show` and `growth` for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.commands import app
from ledger.commands.context import settings
from streams.batch import Batch, Record
from tests.books import new_book, opened
from tests.events import PLEDGE, corrected, money, partition, record, registered

HOME = partition("P1")
FIRST = registered("r1", "P1", secured=money("9100000.00"), occurred_on="2023-05-04", region="CN-SH")
HOSTILE = b'{"a": "\x1b]0;owned\x07"}'

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    path = tmp_path / "book.db"
    new_book(path)
    records = [record(0, FIRST), record(1, corrected(FIRST, "k1", secured=money("7.00"))), Record(2, 1, b"P1", HOSTILE)]
    with opened(path) as book:
        BookSink(book).post(Batch(PLEDGE, HOME, 0, 3, records))
    monkeypatch.setenv("LEDGER_BOOK", str(path))
    monkeypatch.setenv("COLUMNS", "120")
    settings.cache_clear()

    def asked(*words: str) -> str:
        found = CliRunner().invoke(app, list(words))
        assert found.exit_code == 0, found.output
        return found.output

    yield asked
    settings.cache_clear()


def test_a_record_is_a_short_page(run: Run) -> None:
    lines = run("show", "r1", "--table").splitlines()
    assert lines[:3] == [
        f"place         {PLEDGE}:{HOME}=0",
        "outcome       accepted, corrected",
        "type          ip.pledge.registered.v1",
    ]
    assert ["pledges", "2023-05-04", "CN-SH", "invention", "ALL", "CNY", "1", "1", "9,100,000.00", "both"] in [
        line.split() for line in lines
    ]
    assert f"{PLEDGE}:{HOME}=1  ip.pledge.registered.corrected.v1" in "\n".join(lines)


def test_text_of_others_does_not_control_the_terminal(run: Run) -> None:
    out = run("show", f"{PLEDGE}:{HOME}=2", "--table")
    assert "\x1b" not in out
    assert "outcome       rejected" in out


def test_an_entity_has_its_tables_and_its_events(run: Run) -> None:
    out = run("show", "P1", "--table")
    assert [line for line in out.splitlines() if line.startswith("P1: ")] == [
        "P1: pledge",
        "P1: pledge_state",
        "P1: pledge_asset",
        "P1: events, corrected",
    ]
    assert json.loads(run("show", "P1", "--json"))["entity"]["events"]


def test_rows_of_events_can_be_sorted_and_limited(run: Run) -> None:
    out = run("show", "P1", "--csv", "--columns", "offset,type", "--limit", "1")
    assert out.splitlines()[:2] == ["offset,type", "0,ip.pledge.registered.v1"]


def test_growth_has_seven_columns_in_80_characters(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = run("growth", "--until", "2023-12-31", "--recorded", "--table")
    title, header, _, row, *_ = out.splitlines()
    assert title == "pledges, CNY: 2023-01-01 to 2023-12-31, compared with 2022-01-01 to 2022-12-31"
    assert header.split() == ["industry", "this_period", "same_period", "change", "events", "coverage", "record_high"]
    assert row.split() == ["ALL", "9,100,000.00", "-", "-", "1", "100%", "yes"]
    assert "left out" not in out


def test_growth_of_long_amounts_is_in_millions(book: Book) -> None:
    from ledger.commands.formats.table import MILLIONS, table_cell

    assert [table_cell(amount, MILLIONS) for amount in ("12153000000.00", "-5000.00", "125000")] == [
        "12,153.00",
        "-0.01",
        "0.13",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("totals", "--json", "--csv"), "Choose one of --table, --json, --csv, --excel"),
        (("totals", "--limit", "-1"), "-1 is less than 0"),
        (("rejections", "list", "--json", "--rule", "foo"), "The rule 'foo' is not known"),
    ],
)
def test_a_wrong_option_prints_no_part_of_an_answer(run: Run, words: tuple[str, ...], message: str) -> None:
    assert run("totals", "--json")
    found = CliRunner().invoke(app, list(words))
    assert found.exit_code != 0
    assert found.stdout == ""
    assert message in " ".join(f"{found.stderr} {found.exception}".replace("│", " ").split())


def test_the_help_of_limit_is_short(run: Run) -> None:
    assert "--limit N At most this many rows. " in " ".join(run("totals", "--help").split()) + " "


def test_totals_and_views_are_shown_as_known_then(run: Run) -> None:
    then = f"{PLEDGE}:{HOME}=1"
    now, past = (json.loads(run("totals", *given, "--json")) for given in ((), ("--at", then)))
    assert [row["amount"] for row in now["rows"]] == ["7.00"]
    assert [row["amount"] for row in past["rows"]] == ["9100000.00"]
    assert then in past["position"].split(",")
    assert "Totals, corrected, as known at a past position" in run("totals", "--at", then, "--table")
    assert '"rows": []' in run("view", "lineage", "--at", "1999-01-01", "--json")
    refused = CliRunner().invoke(app, ["totals", "--at", "soon"])
    assert type(refused.exception).__name__ == "BadMoment"


def test_a_diff_says_what_moved_and_by_which_event(run: Run) -> None:
    then = f"{PLEDGE}:{HOME}=1"
    out = run("diff", then, "now", "industry=ALL", "--table")
    assert f"Moved, corrected: {then} to now" in out
    assert ["pledges", "ALL", "2023", "CNY", "0", "9,100,000.00", "7.00", "-9,099,993.00"] in [
        line.split() for line in out.splitlines()
    ]
    found = json.loads(run("diff", then, "now", "--events", "--json"))
    assert {(row["id"], row["source"], row["target"], row["restated"]) for row in found["rows"]} == {
        ("k1", "urn:registry:cn-sh", "r1", 1)
    }
    assert found["since"] == json.loads(run("totals", "--at", then, "--json"))["position"]
    assert "nothing moved" in run("diff", "now", "now", "--table")
    narrow = run("diff", then, "now", "--events", "--columns", "place,amount", "--table")
    assert narrow.splitlines()[1].split() == ["place", "amount"]


def test_a_figure_and_a_record_are_traced_without_a_broker(run: Run) -> None:
    out = run("trace", "--kind", "pledges", "--industry", "ALL", "--offline", "--table")
    assert "Figure: kind=pledges industry=ALL" in out
    assert f"{PLEDGE}:{HOME}=0" in out
    found = json.loads(run("trace", "k1", "--offline", "--json"))
    added = {row["industry"]: row["added_minor"] for row in found["figures"]}
    assert added == {"AI": -909999300, "ALL": -909999300}
    assert [record["place"] for record in found["records"]] == [f"{PLEDGE}:{HOME}=1"]
    refused = CliRunner().invoke(app, ["trace", "k1", "--at", f"{PLEDGE}:{HOME}=2", "--offline"])
    assert type(refused.exception).__name__ == "NotKnownThen"
