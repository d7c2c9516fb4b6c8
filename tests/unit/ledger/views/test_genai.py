"""Families of generative AI: counted once, in the year of their first publication, by their evidence."""

from __future__ import annotations

from typing import Any

from ledger.book.book import Book
from tests.events import Event, corrected, voided
from tests.posting import event_on, post, shown

GENERATIVE, OTHER = ["G06N0003047500"], ["G06N0003040000"]
NUMBERS = {"CN": "109000001", "US": "10000000"}


def document(stem: str, subject: str, occurred_on: str, **data: Any) -> Event:
    office = subject[:2]
    defaults = {"office": office, "number": NUMBERS[office], "kind": "A", "right": "invention", "ipc": OTHER}
    return event_on(f"patent.{stem}", subject, occurred_on, **{**defaults, "applicants": [], "region": ..., **data})


def published(subject: str, occurred_on: str, **data: Any) -> Event:
    return document("published", subject, occurred_on, family_id=data.pop("family", ...), **data)


def granted(subject: str, occurred_on: str, **data: Any) -> Event:
    return document("granted", subject, occurred_on, family_id=data.pop("family", ...), **data)


def by(*countries: str | None) -> list[dict[str, str]]:
    return [{"name": "A"} | ({"country": country} if country else {}) for country in countries]


def tagged(subject: str, source: str, tag: str = "genai") -> Event:
    model = {"model_id": "m", "model_version": "1"} if source == "model" else {"model_id": ..., "model_version": ...}
    return event_on("patent.tagged", subject, "2024-01-01", tag=tag, tag_source=source, confidence=..., **model)


def whole(book: Book, *columns: str, **asked: Any) -> Any:
    return shown(book, "genai", *columns, country="ALL", **asked)


def test_a_family_counts_once_in_the_year_of_its_first_publication(book: Book) -> None:
    post(
        book,
        published("CN1A", "2021-05-01", family="F1", ipc=GENERATIVE),
        published("US1A1", "2020-12-31", family="F1"),
        granted("CN1B", "2019-01-01", family="F1", ipc=GENERATIVE),
        granted("CN2B", "2022-01-01", family="F2", ipc=GENERATIVE),
        granted("US2B2", "2023-01-01", family="F2", ipc=GENERATIVE),
        published("CN3A", "2022-01-01", ipc=GENERATIVE),
        published("CN4A", "2022-01-01", ipc=GENERATIVE),
        granted("CN4A", "2023-01-01", ipc=GENERATIVE),
        published("CN5A", "2022-01-01", title="A generative pre-trained transformer"),
        event_on("patent.filed", "CN6", "2022-01-01", ipc=GENERATIVE),
        tagged("CN7", "declared"),
    )
    assert whole(book, "year", "families") == [(2019, 1), (2022, 3)]


def test_a_grant_published_before_any_application_gives_the_year(book: Book) -> None:
    """A case of the field."""
    post(
        book,
        published("US4000070A1", "2022-03-01", family="GF2", ipc=OTHER, inventors=by("DE")),
        granted("CN100000201B", "2021-05-01", family="GF2", ipc=GENERATIVE),
    )
    assert whole(book, "year", "families") == [(2021, 1)]
    assert shown(book, "genai", "year", "families", country="DE") == [(2021, 1)]


def test_an_application_of_the_us_counts_by_its_publication(book: Book) -> None:
    us = {"number": "20220000060", "kind": "A1", "inventors": by("US")}
    post(
        book,
        published("US20220000060A1", "2022-01-06", family="F1", ipc=GENERATIVE, **us),
        published("CN1A", "2023-05-01", family="F1", ipc=GENERATIVE),
    )
    assert whole(book, "year", "families") == [(2022, 1)]
    assert shown(book, "genai", "year", "families", country="US") == [(2022, 1)]


def test_a_family_can_have_several_kinds_of_evidence(book: Book) -> None:
    post(
        book,
        published("CN1A", "2022-01-01", family="F1", ipc=GENERATIVE),
        published("US1A1", "2022-02-01", family="F1", tags=["sei", "genai"]),
        published("CN2A", "2022-01-01", cpc=["G06N0003045500"]),
        published("CN3A", "2022-01-01"),
        tagged("CN3A", "model"),
        tagged("CN3A", "declared"),
        published("CN4A", "2022-01-01"),
        tagged("CN4A", "ipc"),
        published("CN5A", "2022-01-01", tags=["sei"]),
        tagged("CN5A", "model", "llm"),
    )
    assert whole(book, "families", "ipc", "declared", "model") == [(4, 3, 2, 1)]


def test_a_document_belongs_to_its_last_family(book: Book) -> None:
    post(
        book,
        published("CN1A", "2021-01-01", family="F1", ipc=GENERATIVE),
        granted("CN1A", "2023-01-01", ipc=GENERATIVE),
        published("CN2A", "2022-01-01", family="F1", ipc=GENERATIVE),
    )
    assert whole(book, "year", "families") == [(2021, 1)]


def test_a_family_counts_once_in_each_country_of_its_inventors(book: Book) -> None:
    post(
        book,
        published("CN1A", "2022-01-01", family="F1", ipc=GENERATIVE, inventors=by("CN", "CN", None)),
        published("US1A1", "2023-01-01", family="F1", inventors=by("US", "CN")),
        published("CN2A", "2022-01-01", ipc=GENERATIVE, inventors=by("CN"), applicants=by("JP")),
        published("CN3A", "2022-01-01", ipc=GENERATIVE, inventors=by(None), applicants=by("JP")),
    )
    assert shown(book, "genai", "year", "country", "families") == [
        (2022, None, 1),
        (2022, "ALL", 3),
        (2022, "CN", 2),
        (2022, "US", 1),
    ]


def test_the_share_is_of_ten_years_up_to_the_year(book: Book) -> None:
    years = [2012] + [2013] * 2 + [2014] * 3 + [2022] * 4 + [2023] * 5
    post(
        book,
        *(
            published(f"CN{n}A", f"{year}-06-01", ipc=GENERATIVE, inventors=by("CN" if n % 2 else "US"))
            for n, year in enumerate(years)
        ),
    )
    assert whole(book, "year", "families", "decade", "share") == [
        (2012, 1, 1, 1.0),
        (2013, 2, 3, 2 / 3),
        (2014, 3, 6, 0.5),
        (2022, 4, 9, 4 / 9),  # 2013 to 2022
        (2023, 5, 12, 5 / 12),  # 2014 to 2023
    ]
    assert shown(book, "genai", "families", "decade", country="CN", year="2023") == [(2, 6)]


def test_both_bases(book: Book) -> None:
    first, second = published("CN1A", "2022-01-01", ipc=GENERATIVE), published("CN2A", "2022-01-01", ipc=GENERATIVE)
    post(book, first, second, corrected(first, ipc=OTHER), corrected(second, occurred_on="2023-01-01"))
    third = published("CN3A", "2022-01-01", tags=["genai"])
    post(book, third, voided(third))
    assert whole(book, "year", "families") == [(2023, 1)]
    assert whole(book, "year", "families", recorded=True) == [(2022, 3)]


def test_a_tag_counts_once_for_a_patent_and_source_and_not_when_voided(book: Book) -> None:
    again = event_on("patent.tagged", "CN1", "2024-03-01", tag="sei", tag_source="declared", confidence=...)
    wrong = tagged("CN3", "declared", "sei")
    post(book, tagged("CN1", "declared", "sei"), again, tagged("CN2", "declared", "sei"), tagged("CN1", "model", "sei"))
    post(book, wrong, voided(wrong))
    assert shown(book, "tags", "tag", "source", "patents", "first_on", "last_on", as_of=20241231) == [
        ("sei", "declared", 2, "2024-01-01", "2024-01-01"),
        ("sei", "model", 1, "2024-01-01", "2024-01-01"),
    ]
    assert shown(book, "tags", "tag", as_of=20231231) == []
