"""Answers: one envelope for the command line and the library, and values of the right types."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.figures.reconcile import compared
from ledger.queries.frames import NotInstalled
from ledger.queries.kinds import kind_of
from ledger.views import VIEWS
from ledger.views.view import Column
from tests.books import new_book, opened
from tests.each_case import each_case
from tests.events import asset, granted, money, registered
from tests.posting import post
from tests.processes import without_settings

PROGRAM = "from ledger.cli import main; main()"


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book of two pledges and a grant."""
    path = tmp_path_factory.mktemp("answer") / "book.db"
    new_book(path)
    two = [asset(appraised=money("1")), asset("H01L0021020000", appraised=money("2"))]
    with opened(path) as book:
        post(
            book,
            registered(assets=two),
            granted(region=...),
            registered("r3", "P3", secured=..., occurred_on="2024-05-01"),
        )
    return path


def printed(book: Path, *words: str) -> str:
    """Return the output of the command line."""
    environment = without_settings() | {"LEDGER_BOOK": str(book), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", PROGRAM, *words]
    return subprocess.run(command, capture_output=True, check=True, env=environment).stdout.decode()


def ageless(document: dict[str, Any]) -> dict[str, Any]:
    assert document["age_seconds"] > 0
    return document | {"age_seconds": None}


@pytest.mark.slow
def test_the_command_line_prints_the_librarys_answer(posted: Path) -> None:
    with queries.open(posted) as book:
        totals = queries.totals(book, "pledges", ["industry"], filters=["year>=2023"], sort=["-amount"], limit=3)
        stock = queries.view(
            book, "pledge_stock", as_of=date(2023, 12, 31), filters=["industry=AI,SEMI"], columns=["industry", "amount"]
        )
    asked = ("totals", "year>=2023", "--kind", "pledges", "--by", "industry", "--sort", "-amount", "--limit", "3")
    found = json.loads(printed(posted, *asked, "--json"))
    assert ageless(found) == ageless(totals.as_json())
    assert list(found) == ["industry_map", "basis", "rows", "position", "age_seconds"]
    viewed = ("view", "pledge_stock", "industry=AI,SEMI", "--as-of", "2023-12-31", "--columns", "industry,amount")
    found = json.loads(printed(posted, *viewed, "--json"))
    assert ageless(found) == ageless(stock.as_json())
    assert list(found) == ["view", "as_of", "basis", "rows", "position", "age_seconds"]
    assert (found["as_of"], found["basis"]) == ("2023-12-31", "corrected")
    assert found["rows"] == [{"industry": "AI", "amount": "333.33"}, {"industry": "SEMI", "amount": "666.67"}]
    assert printed(posted, *viewed, "--csv").encode() == stock.as_csv().encode()


def test_where_takes_a_value_with_commas(posted: Path) -> None:
    found = json.loads(printed(posted, "view", "journal", "--where", "source=a,b", "outcome=accepted", "--json"))
    assert found["rows"] == []


def test_reconcile_has_the_same_envelope(posted: Path) -> None:
    with Book(posted) as book:
        found = compared(book).as_json()
    assert list(found) == [
        "industry_map",
        "basis",
        "rows",
        "position",
        "age_seconds",
    ]


def test_rows_have_types_and_json_has_the_shown_values(posted: Path) -> None:
    with queries.open(posted) as book:
        answer = queries.view(book, "pledge_flow", filters=["period=2023", "region=ALL", "right=ALL", "industry=AI"])
        (row,) = answer.rows_as_dicts()
        assert (row["amount"], row["amount_minor"], row["coverage"]) == (Decimal("333.33"), 33_333, 1.0)
        assert answer.as_json()["rows"][0]["amount"] == "333.33"
        journal = queries.view(book, "journal", filters=["subject=P3"]).rows_as_dicts()
        assert [row["occurred_on"] for row in journal] == [date(2024, 5, 1)]


@each_case("name", VIEWS)
def test_the_values_of_a_view_have_the_types_of_their_columns(posted: Path, name: str) -> None:
    kinds = {"text": str | bytes, "integer": int | bytes, "decimal": Decimal, "real": float, "date": date}
    with queries.open(posted) as book:
        answer = queries.view(book, name, **({"as_of": date(2024, 6, 1)} if VIEWS[name].takes_a_day else {}))  # type: ignore[arg-type]
    for row in answer.rows:
        for column, value in zip(answer.columns, row, strict=True):
            assert value is None or isinstance(value, kinds[kind_of(column)]), (name, column.name, value)


def test_a_total_beyond_64_bits_is_an_integer(book: Book) -> None:
    most = money("10000000000000.00")
    post(book, *(registered(f"r{n}", f"P{n}", secured=most, assets=[asset()]) for n in range(3)))
    book.connection.execute("UPDATE summary SET corrected_high = corrected_high * 10000000000")
    (row,) = queries.totals(book, "pledges").as_json()["rows"]
    assert row["amount_minor"] == 3 * 10**25
    assert row["amount"] == f"{3 * 10**23}.00"


def test_csv_escapes_invisible_characters(posted: Path) -> None:
    with queries.open(posted) as book:
        answer = queries.view(book, "journal", columns=["id", "partition"], filters=["subject=P1"])
    rows = [("x\u202ey, z", 1), (None, 2), (b"\xff", 3)]
    assert replace(answer, shown=rows).as_csv() == 'id,partition\r\n"x\\u202ey, z",1\r\n,2\r\nbase64:/w==,3\r\n'


# ---- frames


ROWS = [
    ("a", 1, 2**70, Decimal("1.50"), 0.5, date(2023, 5, 4), b"\xff"),
    (None, None, None, None, None, None, None),
    ("b", 2, 1, Decimal(2), 1.0, date(2199, 12, 31), b"x"),
]
COLUMNS = (
    Column("words", "text", "words"),
    Column("events", "count", "a count"),
    Column("amount_minor", "minor units", "large"),
    Column("amount", "decimal text", "money"),
    Column("growth", "ratio", "a ratio"),
    Column("day", "date", "a day"),
    Column("value", "bytes", "bytes"),
)


def test_pandas_frames_have_the_right_types(posted: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: its frames are not tried")
    from ledger.queries.frames import pandas_frame

    frame = pandas_frame(COLUMNS, ROWS)
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert kinds["events"] == "Int64"
    assert kinds["growth"] == "Float64"
    assert kinds["day"].startswith("datetime64")
    assert kinds["words"].startswith("str")
    assert list(frame["amount"]) == [Decimal("1.50"), None, Decimal(2)]
    assert frame["amount_minor"][0] == 2**70
    assert frame["events"].sum() == 3
    assert frame["day"][2] == pandas.Timestamp("2199-12-31")
    with queries.open(posted) as book:
        for name in VIEWS:
            answer = queries.view(book, name)
            assert list(answer.to_pandas().columns) == answer.names
            assert len(answer.to_pandas()) == len(answer.rows)


def test_polars_frames_have_the_right_types(posted: Path) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed: its frames are not tried")
    from ledger.queries.frames import polars_frame

    frame = polars_frame(COLUMNS, ROWS)
    assert frame.schema["events"] == polars.Int64
    assert frame.schema["growth"] == polars.Float64
    assert frame.schema["day"] == polars.Date
    assert frame.schema["amount"] == polars.Decimal(38, 2)
    assert frame["amount"].to_list() == [Decimal("1.50"), None, Decimal("2.00")]
    assert frame["amount_minor"].to_list() == [2**70, None, 1]
    assert frame["value"].to_list() == [b"\xff", None, b"x"]
    with queries.open(posted) as book:
        for name in VIEWS:
            answer = queries.view(book, name)
            assert answer.to_polars().columns == answer.names
            assert answer.to_polars().height == len(answer.rows)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_library_is_named(book: Book, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NotInstalled, match=f"pip install {library}"):
        getattr(queries.totals(book), f"to_{library}")()
