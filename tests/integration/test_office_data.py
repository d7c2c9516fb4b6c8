"""The offices' own records in one book: the ledger's counts equal those of the offices and of the data's README."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.figures.reconcile import compared
from ledger.independent.fold import PartitionLog, ledger_of
from ledger.queries.totals import totals as ask_totals
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.sources.results import Imported
from tests.books import new_book, opened
from tests.comparison import assert_as_expected
from tests.events import TOPIC_PARTITIONS
from tests.office import files_of, post, results_of
from tests.posting import shown

KINDS = ("uspto-grants", "uspto-assignments", "uspto-trademarks", "uspto-trademark-assignments", "uspto-issue-reports")
GRANTS_BY_YEAR = {
    1911: 1, 1976: 2, 1991: 1, 1996: 3, 1998: 2, 2000: 1, 2001: 1, 2002: 53, 2004: 1, 2005: 29, 2006: 8, 2007: 39,
    2008: 9, 2009: 27, 2010: 17, 2011: 33, 2012: 199, 2013: 28, 2014: 4, 2015: 5, 2016: 4, 2017: 1, 2018: 2, 2021: 4,
    2022: 10, 2023: 2361, 2024: 526,
}  # fmt: skip
"""The README's counts of both sets, less the duplicates D0967598 (2022) and US10000000 (2018)."""


@pytest.fixture(scope="module")
def imported(office_data: Path) -> dict[str, list[Imported]]:
    """Return the events of all files, by kind of import."""
    return {kind: results_of(kind, *files_of(office_data, kind))[0] for kind in KINDS}


@pytest.fixture(scope="module")
def book(imported: dict[str, list[Imported]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """Yield a book with all of these events."""
    path = tmp_path_factory.mktemp("office") / "book.db"
    new_book(path)
    with opened(path) as book:
        for events in imported.values():
            post(book, events)
        yield book


def totals(book: Book, kind: str, *by: str) -> dict[Any, int]:
    rows = ask_totals(book, kind, by).rows_as_dicts()
    return {tuple(row[name] for name in by) if len(by) > 1 else row[by[0]]: row["events"] for row in rows}


def test_no_record_is_rejected_and_all_positions_balance(book: Book) -> None:
    positions = book.positions()
    assert all(position.balanced and not position.rejected for position in positions)
    assert sum(position.duplicate for position in positions) == 14
    assert sum(position.conflict for position in positions) == 16


def test_grants_are_counted_by_year_as_the_office_data_counts_them(book: Book) -> None:
    assert totals(book, "grants", "year") == GRANTS_BY_YEAR
    assert sum(GRANTS_BY_YEAR.values()) == 393 + 2979 - 1
    designs = {right: n for right, n in totals(book, "grants", "right").items() if right != "invention"}
    assert designs == {"design": 258 + 15, "plant": 1}


def test_each_conveyance_is_counted_once(book: Book, imported: dict[str, list[Imported]]) -> None:
    # a later recording corrects the nature of one: it was no security
    assert sum(totals(book, "pledges", "year").values()) == 50
    subjects = Counter(event.type for event in imported["uspto-assignments"] if not event.again)
    assert subjects["ip.pledge.registered.v1"] == 51
    assert subjects["ip.pledge.cancelled.v1"] + subjects["ip.pledge.modified.v1"] >= 35 + 3


def test_differences_between_formats_are_shown_field_by_field(book: Book) -> None:
    found = shown(book, "conflicts", "subject", "field")
    grant = {field for subject, field in found if subject == "US10000000B2"}
    assert grant >= {"region", "applicants", "claims", "backward_cites"}
    fields = Counter(field for subject, field in found if subject.startswith("US-RF-"))
    assert set(fields) <= {"assets", "released", "occurred_on", "assignees", "assignors", "executed_on", "pledgees"}
    assert fields["assets"] > 10


def test_the_offices_own_count_is_compared_with_the_ledgers(book: Book) -> None:
    rows = {row["subject"]: row for row in compared(book, about="2022-10-25").rows}
    total = rows["figure/uspto/issue/2022-10-25/total"]
    assert (total["published"], total["exact"], total["completeness"], total["verdict"]) == (
        "6439",
        "9",
        "0.1398 %",
        "partial",
    )
    assert {name.rpartition("/")[2]: (row["published"], row["exact"]) for name, row in rows.items()} == {
        "design": ("450", "1"),
        "plant": ("17", "1"),
        "reissue": ("7", "3"),
        "utility": ("5965", "4"),
        "total": ("6439", "9"),
    }


def test_an_independent_fold_gives_the_same_book(imported: dict[str, list[Imported]], tmp_path: Path) -> None:
    events = [event for kind in KINDS[1:4] for event in imported[kind]]
    records: dict[tuple[str, int], list[tuple[int, bytes | None, bytes | None]]] = {
        topic_partition: [] for topic_partition in TOPIC_PARTITIONS
    }
    for event in events:
        topic, key = EVENT_TYPES[event.type].topic, event.subject.encode()
        log_of_partition = records[topic, partition_of(key, TOPICS[topic].partitions)]
        log_of_partition.append((len(log_of_partition), key, event.value))
    log = {
        topic_partition: PartitionLog(0, len(log_of_partition), log_of_partition)
        for topic_partition, log_of_partition in records.items()
    }
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        post(book, events)
        assert_as_expected(book, log, ledger_of(log))
