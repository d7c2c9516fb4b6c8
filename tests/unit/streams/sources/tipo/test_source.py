from pathlib import Path
from typing import Any

import pytest

from streams.sources.importers import IMPORTERS, importer_of
from streams.sources.reading import Reading
from streams.sources.results import Result, SkipReason
from tests.unit.streams.sources.documents import event_from, refused, written
from tests.unit.streams.sources.tipo.answers import IPC, answer, application, mark, patent


def imported(kind: str, *paths: Path) -> list[Result]:
    return list(IMPORTERS[kind].results(Reading(paths)))


def applied(tmp_path: Path, *rows: Any, name: str = "tw-patent-applI") -> list[Result]:
    return imported("tipo-patents", written(tmp_path / "x.json", answer(name, [*rows])))


def granted(tmp_path: Path, row: Any, name: str = "tw-patent-rightsI") -> list[Result]:
    return imported("tipo-patents", written(tmp_path / "x.json", answer(name, [row])))


def marked(tmp_path: Path, *rows: Any) -> list[Result]:
    return imported("tipo-trademarks", written(tmp_path / "x.json", answer("tmarkappl", [*rows], "tmarkcontent")))


def test_an_application_is_filed_without_applicants(tmp_path: Path) -> None:
    (result,) = applied(tmp_path, application())
    event = event_from(result)
    assert (event["subject"], event["type"]) == ("TW-A-112100001", "ip.patent.filed.v1")
    assert event["data"] == {
        "occurred_on": "2023-01-05",
        "region": "JP",
        "office": "TW",
        "application_number": "112100001",
        "right": "invention",
        "ipc": ["G06N0003047500"],
        "applicants": [],
    }


@pytest.mark.parametrize(
    ("name", "number", "right"),
    [
        ("tw-patent-applI", "112100001", "invention"),
        ("tw-patent-applM", "112200001", "utility_model"),
        ("tw-patent-applD", "112300001", "design"),
        ("tw-patent-applI", "087212345", "utility_model"),
        ("tw-patent-applD", "112900001", "design"),
        ("tw-patent-applM", "06210001", "utility_model"),
    ],
)
def test_the_right_follows_from_the_number_or_else_from_the_answer(
    name: str, number: str, right: str, tmp_path: Path
) -> None:
    (result,) = applied(tmp_path, application(number), name=name)
    assert event_from(result)["data"]["right"] == right


def test_optional_fields_may_be_absent_or_empty(tmp_path: Path) -> None:
    bare = {"appl-no": "062100001", "appl-date": "1973/01/03"}
    empty = application("062100002", appl_countrycode=None, classification_ipc=None)
    none = {"ipc-main-group": None, "ipc-group": None}
    subclass = application("062100003", classification_ipc=[IPC | none, IPC | {"ipc-group": "?"}, IPC])
    *made, unread = applied(tmp_path, bare, empty, subclass)
    assert refused(unread).reason == "TW-A-062100003: IPC symbol 'G06N 003/?'"
    one, two, three = (event_from(result)["data"] for result in made)
    assert "ipc" not in one
    assert "region" not in one
    assert "ipc" not in two
    assert "region" not in two
    assert three["ipc"] == ["G06N0003047500"]


def test_an_application_must_have_number_and_day(tmp_path: Path) -> None:
    undated, unnumbered = application(appl_date="0000/00/00"), application("?")
    results = applied(tmp_path, undated, unnumbered, application())
    assert [refused(result).rule for result in results[:2]] == [SkipReason.NO_FILING_DATE, SkipReason.BAD_DOCUMENT]
    assert event_from(results[2])["subject"] == "TW-A-112100001"


def test_an_answer_of_one_row_can_have_an_object_instead_of_an_array(tmp_path: Path) -> None:
    (result,) = imported("tipo-patents", written(tmp_path / "x.json", answer("tw-patent-applI", application())))
    assert event_from(result)["subject"] == "TW-A-112100001"


def test_an_empty_array_is_fine_and_a_missing_one_is_bad_input(tmp_path: Path) -> None:
    (result,) = imported("tipo-patents", written(tmp_path / "x.json", answer("tw-patent-applI", [], "content")))
    assert refused(result).rule is SkipReason.UNREADABLE_FILE
    assert "no array of the name 'patentcontent'" in refused(result).reason
    assert applied(tmp_path) == []


def test_a_patent_is_granted_by_its_publication(tmp_path: Path) -> None:
    (result,) = granted(tmp_path, patent())
    event = event_from(result)
    assert event["subject"] == "TWI800001B"
    assert event["data"] == {
        "occurred_on": "2023-05-01",
        "region": "TW",
        "office": "TW",
        "number": "I800001",
        "kind": "B",
        "right": "invention",
        "title": "一種風箏",
        "application_number": "110110624",
        "filed_on": "2021-03-27",
        "ipc": ["G06N0003047500"],
        "applicants": [{"name": "風箏股份有限公司", "country": "TW"}],
        "inventors": [{"name": "LOVELACE, ADA"}],
    }


@pytest.mark.parametrize(
    ("name", "kind", "right"),
    [("tw-patent-rightsM", "U", "utility_model"), ("tw-patent-rightsD", "S", "design")],
)
def test_patents_of_other_rights_have_their_kinds(name: str, kind: str, right: str, tmp_path: Path) -> None:
    row = patent(patent_no=f"{name[-1]}600001") | {"publication-reference": None, "parties": None}
    data = event_from(granted(tmp_path, row, name)[0])["data"]
    assert (data["number"], data["kind"], data["right"]) == (f"{name[-1]}600001", kind, right)
    assert data["occurred_on"] == "2023-05-01"


@pytest.mark.parametrize(
    ("code", "reason"), [("48101", "expired"), ("48103", "other"), ("48105", "fee"), ("48107", "abandoned")]
)
def test_a_patent_ceases_for_the_given_reason(code: str, reason: str, tmp_path: Path) -> None:
    _, result = granted(tmp_path, patent(cancel_date="2026/05/01", cancel_result=code))
    assert event_from(result)["data"] == {"occurred_on": "2026-05-01", "reason": reason, "source_code": code}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cancel_date": "2026/05/01", "cancel_result": "48123"}, "48123"),
        ({"cancel_date": "2026/05/01"}, "unknown"),
        ({"revoke_date": "2026/05/01", "revoke_code": "48113"}, "48113"),
    ],
)
def test_an_end_for_another_reason_is_skipped(changes: dict[str, str], code: str, tmp_path: Path) -> None:
    first, second = granted(tmp_path, patent(**changes))
    assert event_from(first)["type"] == "ip.patent.granted.v1"
    left = refused(second)
    assert left.rule is SkipReason.NO_EVENT
    assert left.reason == f"TWI800001B: ended or revoked, reason {code}"


def test_a_patent_must_have_a_number_and_a_date(tmp_path: Path) -> None:
    unnumbered = patent(patent_no=None) | {"publication-reference": {"publish-date": "2023/05/01"}}
    undated = patent(patent_bdate=None) | {"publication-reference": {"publish-no": "I800001"}}
    for row in (unnumbered, undated):
        (result,) = granted(tmp_path, row)
        assert refused(result).rule is SkipReason.BAD_DOCUMENT


def test_a_mark_is_filed_once_for_all_its_classes(tmp_path: Path) -> None:
    (result,) = marked(tmp_path, mark())
    event = event_from(result)
    assert (event["subject"], event["type"]) == ("TW-A-112000001", "ip.trademark.filed.v1")
    assert event["data"] == {
        "occurred_on": "2023-01-05",
        "region": "TW",
        "office": "TW",
        "application_number": "112000001",
        "classes": [9, 42],
        "applicants": [{"name": "風箏股份有限公司", "country": "TW"}],
    }


@pytest.mark.parametrize(("day", "classes"), [("1994/07/14", None), ("1994/07/15", [9, 42])])
def test_classes_are_nice_classes_only_since_taiwan_has_them(
    day: str, classes: list[int] | None, tmp_path: Path
) -> None:
    (result,) = marked(tmp_path, mark(day=day))
    assert event_from(result)["data"].get("classes") == classes


def test_chinese_stays_as_it_is_in_form_c(tmp_path: Path) -> None:
    # A wide space stays, a compatibility ideograph becomes canonical, and no name is transliterated.
    names = [{"chinese-name": "盛香堂\u3000許\uf9dc "}, {"chinese-name": "", "english-name": "KITE"}, {}]
    (result,) = marked(tmp_path, mark(parties={"applicants": names}))
    assert event_from(result)["data"]["applicants"] == [{"name": "盛香堂\u3000許隆"}, {"name": "KITE"}]


def test_a_mark_without_applicant_or_day_is_skipped(tmp_path: Path) -> None:
    results = marked(tmp_path, mark(parties=None), mark(appl_date=None), mark(appl_no=""))
    assert [refused(result).rule for result in results] == [
        SkipReason.NO_OWNER,
        SkipReason.NO_FILING_DATE,
        SkipReason.BAD_DOCUMENT,
    ]


def test_other_answers_are_not_read() -> None:
    assert importer_of(answer("tmarkrights", [mark()], "tmarkcontent").encode()) is None
    assert importer_of(answer("tw-patent-pub", [patent()]).encode()) is None
    assert importer_of(answer("tmarkappl", [mark()], "tmarkcontent").encode()) == "tipo-trademarks"
    assert {
        importer_of(answer(f"tw-patent-{what}{right}", []).encode()) for what in ("appl", "rights") for right in "IMD"
    } == {"tipo-patents"}


def test_the_offices_applications(office_data: Path) -> None:
    results = imported("tipo-patents", office_data / "tw-tipo" / "patent-appl.json")
    one, two = (event_from(result) for result in results)
    assert one["data"] == {
        "occurred_on": "1972-07-26",
        "region": "TW",
        "office": "TW",
        "application_number": "06202104",
        "right": "invention",
        "applicants": [],
    }
    assert (two["subject"], two["data"]["occurred_on"]) == ("TW-A-06210001", "1973-01-03")
    assert "region" not in two["data"]
    assert "ipc" not in two["data"]


def test_the_offices_marks(office_data: Path) -> None:
    results = imported("tipo-trademarks", office_data / "tw-tipo" / "tmark-appl.json")
    assert [event_from(result)["subject"] for result in results] == ["TW-A-000000001", "TW-A-000000002"]
    assert event_from(results[0])["data"] == {
        "occurred_on": "1951-02-27",
        "region": "TW",
        "office": "TW",
        "application_number": "000000001",
        "applicants": [{"name": "盛香堂\u3000許鉗", "country": "TW"}],
    }
