"""The example of Shanghai: its README agrees with the sums of its events and with the verdicts on its figures."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ledger.book.book import Book
from ledger.commands.formats.table import print_table
from ledger.figures.reconcile import TABLE_COLUMNS, compared, table_row
from ledger.web.app import create_app
from tests.servers import listening
from tests.shanghai import HERE, constructed, post, published
from tests.unit.ledger.web.conftest import settings_of

DIFFER = {
    "2023: pledge financing +90 %",
    "PCT applications: fivefold in a decade",
    "2023: 1,500 deals",
    "2023: 3.16 billion US dollars of pledge financing",
}
README = (HERE / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def without_patents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book of all but the patents, which are nine tenths of the example."""
    path = tmp_path_factory.mktemp("shanghai") / "book.db"
    post(path, [*published(), *(value for value in constructed() if b'"id":"patent.' not in value)])
    return path


def row(name: str) -> dict[int, float]:
    """Return a row of the README's table, by year."""
    (cells,) = re.findall(rf"^\| {name} \|(.*)\|$", README, re.MULTILINE)
    numbers = (re.match(r"[\d,.]+(?<!,)", cell.strip()) for cell in cells.split("|"))
    years = (2013, 2019, 2021, 2022, 2023, 2024)
    return {year: float(number[0].replace(",", "")) for year, number in zip(years, numbers, strict=True) if number}


@pytest.mark.slow
def test_the_readme_agrees_with_the_sums_of_events() -> None:
    counted: Counter[tuple[str, int]] = Counter()
    secured: Counter[int] = Counter()
    for value in constructed():
        event = json.loads(value)
        data, year = event["data"], int(event["data"]["occurred_on"][:4])
        counted[event["id"], year] += 1
        counted["sei", year] += "tags" in data
        if "secured" in data:
            secured[year] += int(data["secured"]["amount"])
    assert f"{sum(number for (name, _), number in counted.items() if name != 'sei'):,}" in README

    def up_to(name: str, year: int) -> int:
        return sum(counted[name, earlier] for earlier in range(2000, year + 1))

    years = (2013, 2019, 2021, 2022, 2023, 2024)
    assert row("pledges registered") == {year: counted["pledge.registered", year] for year in years}
    assert row("secured amount, billion yuan") == {year: secured[year] / 10**9 for year in years}
    assert row("inventions in force, end of year") == {
        year: up_to("patent.granted", year) - up_to("patent.ceased", year) for year in years
    }
    assert row("of them of high value") == {year: up_to("sei", year) for year in years[2:]}
    assert row("inventions granted") == {year: counted["patent.granted", year] for year in years[1:]}
    assert row("PCT applications") == {year: counted["pct.filed", year] for year in years}


@pytest.mark.slow
def test_constructed_events_are_marked_and_deterministic() -> None:
    first, second = constructed(), constructed()
    for value, again in zip(first, second, strict=True):
        assert value == again
        assert b'"source":"urn:example:constructed:shanghai"' in value
    assert all(b"urn:example:published" in value for value in published())


@pytest.mark.slow
def test_figures_of_pledges_and_applications_are_judged_as_the_readme_says(without_patents: Path) -> None:
    with Book(without_patents) as book:
        outcomes = book.connection.execute("SELECT DISTINCT outcome FROM journal").fetchall()
        assert outcomes == [("accepted",)]
        assert book.connection.execute("SELECT count(*) FROM waiting").fetchone() == (0,)
        rows = {row["figure"]: row for row in compared(book).rows}
    assert len(rows) == 137
    assert {text for text, row in rows.items() if row["verdict"] == "differs"} == DIFFER
    shanghai = {text: row for text, row in rows.items() if row["region"] == "CN-SH"}
    agree = {text for text, row in shanghai.items() if row["verdict"].startswith("equal")}
    lacking = {row["metric"] for row in shanghai.values() if row["verdict"] == "no_data"}
    assert len(agree) == 31
    assert all(metric.startswith(("grants", "in_force", "high_value", "trademarks")) for metric in lacking)
    assert {row["verdict"] for row in rows.values() if row["region"] != "CN-SH"} == {"no_data"}
    verdicts = {text: (row["exact"], row["verdict"]) for text, row in rows.items()}
    assert verdicts["2023: 23 billion yuan of pledge financing"] == ("22760000000", "equal_after_rounding")
    assert verdicts["2023: pledge financing +90 %"] == ("87.278861", "differs")
    assert verdicts["2024: pledge financing 4.42 billion US dollars"][1] == "equal_after_rounding"
    assert verdicts["more than 10 billion yuan estimated for pledge financing this year"][1] == "equal_after_rounding"


@pytest.mark.slow
def test_the_table_of_all_figures_fits_104_characters(
    without_patents: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "104")
    with Book(without_patents) as book:
        found = compared(book).rows
    print_table([table_row(row) for row in found], "Published figures", TABLE_COLUMNS)
    _, header, *lines = capsys.readouterr().out.splitlines()
    assert tuple(header.split()) == TABLE_COLUMNS
    assert max(map(len, lines)) <= 104
    assert len(lines) > 137


@pytest.mark.slow
def test_the_notebook_prints_what_it_shows(
    without_patents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = json.loads((HERE / "figures.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, object] = {}
    with capture_logs(), listening(create_app(settings_of(without_patents))) as address:
        monkeypatch.setenv("LEDGER_SERVER", address)
        monkeypatch.chdir(tmp_path)
        for cell in (cell for cell in cells if cell["cell_type"] == "code"):
            exec("".join(cell["source"]), names)
            shown = "".join(line for output in cell["outputs"] for line in output["text"])
            assert capsys.readouterr().out == shown
