"""Invented tables with the columns of the data dictionary; no real file was available."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from streams.sources.results import SkipReason
from tests.unit.streams.sources.statistics.imports import Taken, reasons, taken

PATENT = {
    "patent_id": "10000001",
    "patent_type": "utility",
    "patent_date": "2018-06-19",
    "patent_title": "A kite",
    "wipo_kind": "B2",
    "num_claims": "12",
    "withdrawn": "0",
    "filename": "ipg180619.xml",
}
APPLICATION = {
    "application_id": "15/123456",
    "patent_id": "10000001",
    "patent_application_type": "15",
    "filing_date": "2016-01-02",
    "series_code": "15",
    "rule_47_flag": "FALSE",
}
IPC = {
    "patent_id": "10000001",
    "ipc_sequence": "0",
    "classification_level": "A",
    "section": "G",
    "ipc_class": "6",
    "subclass": "N",
    "main_group": "3",
    "subgroup": "0475",
}
ASSIGNEE = {
    "patent_id": "10000001",
    "assignee_sequence": "0",
    "assignee_id": "a1",
    "disambig_assignee_individual_name_first": "",
    "disambig_assignee_individual_name_last": "",
    "disambig_assignee_organization": "Owner Ltd",
    "assignee_type": "2",
    "location_id": "l1",
}
INVENTOR = {
    "patent_id": "10000001",
    "inventor_sequence": "0",
    "inventor_id": "i1",
    "disambig_inventor_name_first": "Ada",
    "disambig_inventor_name_last": "Lovelace",
    "gender_code": "F",
    "location_id": "l2",
}
APPLICANT = {
    "patent_id": "10000001",
    "applicant_sequence": "0",
    "applicant_authority": "assignee",
    "raw_applicant_name_first": "",
    "raw_applicant_name_last": "",
    "raw_applicant_organization": "Kite & Co",
    "rawlocation_id": "r1",
}
LOCATIONS = [
    {"location_id": "l1", "disambig_city": "Fresno", "disambig_state": "CA", "disambig_country": "US"},
    {"location_id": "l2", "disambig_city": "London", "disambig_state": "", "disambig_country": "GB"},
]
CITED = {
    "patent_id": "10000001",
    "citation_sequence": "0",
    "citation_patent_id": "5825759",
    "citation_date": "1998-10-01",
    "record_name": "Roe",
    "wipo_kind": "A",
    "citation_category": "cited by examiner",
}
TABLES = {
    "g_patent": [PATENT],
    "g_application": [APPLICATION],
    "g_ipc_at_issue": [IPC | {"ipc_sequence": "1", "section": "H", "ipc_class": "04"}, IPC],
    "g_assignee_disambiguated": [ASSIGNEE],
    "g_inventor_disambiguated": [INVENTOR],
    "g_applicant_not_disambiguated": [APPLICANT],
    "g_location_disambiguated": LOCATIONS,
    "g_location_not_disambiguated": [
        {"rawlocation_id": "r1", "location_id": "l9", "raw_city": "Reno", "raw_state": "NV", "raw_country": "US"}
    ],
    "g_us_patent_citation": [
        CITED | {"citation_sequence": "1", "citation_patent_id": "D454425", "wipo_kind": ""},
        CITED,
    ],
    "g_us_application_citation": [
        {
            "patent_id": "10000001",
            "citation_sequence": "0",
            "citation_document_number": "20050174672",
            "wipo_kind": "A1",
        }
    ],
    "g_foreign_priority": [
        {
            "patent_id": "10000001",
            "priority_claim_sequence": "0",
            "foreign_application_id": "1",
            "filing_date": "2015-01-02",
        }
    ],
}


def imported(tmp_path: Path, tables: dict[str, list[dict[str, str]]], kind: str = "uspto-grants") -> Taken:
    for name, rows in tables.items():
        with (tmp_path / f"{name}.tsv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter="\t", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
    return taken(kind, tmp_path)


def test_a_directory_of_tables_is_a_grant(tmp_path: Path) -> None:
    found = imported(tmp_path, TABLES | {"g_botanic": [{"patent_id": "1", "latin_name": "rosa"}]})
    (event,) = found.events
    assert (event["subject"], event["type"]) == ("US10000001B2", "ip.patent.granted.v1")
    assert event["data"] == {
        "occurred_on": "2018-06-19",
        "region": "US-NV",
        "office": "US",
        "number": "10000001",
        "kind": "B2",
        "right": "invention",
        "title": "A kite",
        "application_number": "15/123456",
        "filed_on": "2016-01-02",
        "priority_on": "2015-01-02",
        "ipc": ["G06N0003047500", "H04N0003047500"],
        "applicants": [{"name": "Kite & Co", "country": "US"}],
        "assignees": [{"name": "Owner Ltd", "country": "US"}],
        "inventors": [{"name": "Ada Lovelace", "country": "GB"}],
        "claims": 12,
        "backward_cites": ["US5825759A", "USD454425S", "US20050174672A1"],
    }
    assert reasons(found) == [("another_document", "a table of patentsview that no event needs")]
    assert found.counts["grant of kind B2"] == 1


def test_numbers_saved_with_decimals_and_the_word_null_change_nothing(tmp_path: Path) -> None:
    def saved(column: str, cell: str) -> str:
        return f"{cell}.0" if column.endswith("_sequence") or column == "num_claims" else cell or "NULL"

    tables = {name: [{of: saved(of, row[of]) for of in row} for row in rows] for name, rows in TABLES.items()}
    expected = imported(tmp_path, TABLES).events
    found = imported(tmp_path, tables)
    assert (found.events, found.skipped) == (expected, [])


def test_an_archive_gives_the_same_event(tmp_path: Path) -> None:
    directory = tmp_path / "tables"
    directory.mkdir()
    expected = imported(directory, TABLES).events
    with zipfile.ZipFile(tmp_path / "tables.zip", "w") as archive:
        for path in sorted(directory.iterdir(), reverse=True):
            archive.write(path, path.name)
    assert taken("uspto-grants", tmp_path / "tables.zip").events == expected


@pytest.mark.parametrize(
    ("filed", "without", "applicant"),
    [
        ("2016-01-02", "g_applicant_not_disambiguated", "Owner Ltd"),
        ("2010-01-02", "g_applicant_not_disambiguated", "Ada Lovelace"),
        ("2010-01-02", "", "Kite & Co"),
    ],
)
def test_without_a_table_of_applicants_they_are_inventors_before_2012_and_assignees_since(
    filed: str, without: str, applicant: str, tmp_path: Path
) -> None:
    tables = {name: rows for name, rows in TABLES.items() if name != without}
    found = imported(tmp_path, tables | {"g_application": [APPLICATION | {"filing_date": filed}]})
    assert [party["name"] for party in found.events[0]["data"]["applicants"]] == [applicant]


def test_persons_own_patents_and_designs_plants_and_reissues_have_their_ids(tmp_path: Path) -> None:
    kinds = {"D0967598": ("design", "S1"), "PP34694": ("plant", "P2"), "RE49257": ("reissue", "E1")}
    patents = [PATENT | {"patent_id": n, "patent_type": what, "wipo_kind": kind} for n, (what, kind) in kinds.items()]
    person = ASSIGNEE | {"disambig_assignee_organization": "", "disambig_assignee_individual_name_last": "Roe"}
    found = imported(tmp_path, {"g_patent": patents, "g_assignee_disambiguated": [person | {"patent_id": "RE49257"}]})
    data = {event["subject"]: event["data"] for event in found.events}
    assert {subject: of["right"] for subject, of in data.items()} == {
        "USD967598S1": "design",
        "USPP34694P2": "plant",
        "USRE49257E1": "invention",
    }
    assert data["USRE49257E1"]["assignees"] == [{"name": "Roe"}]


def test_rows_that_give_no_grant_are_reported(tmp_path: Path) -> None:
    patents = [
        PATENT | {"withdrawn": "1"},
        PATENT | {"patent_id": "10000002", "patent_date": "2018"},
        PATENT | {"patent_id": "H2297", "wipo_kind": "H1"},
    ]
    found = imported(tmp_path, {"g_patent": patents, "g_application": [APPLICATION | {"patent_id": "10000003"}]})
    assert reasons(found) == [
        ("not_granted", "10000001 was withdrawn before its issue"),
        ("bad_document", "US10000002: grant date '2018' is not a day from 1900 on"),
        ("bad_document", "rows of g_application without a row of g_patent"),
        (
            "statutory_registration",
            "H2297 is a statutory invention registration or a defensive publication, not a patent",
        ),
    ]


def test_maintenance_fees_use_the_kinds_of_these_tables(tmp_path: Path) -> None:
    line = "10000001      15123456 N 20160102 20180619 20211201 M1551\n"
    (tmp_path / "fees.txt").write_text(line)
    found = imported(tmp_path, {"g_patent": [PATENT]}, kind="uspto-maintenance-fees")
    assert [event["subject"] for event in found.events] == ["US10000001B2"]
    assert found.rules.get(SkipReason.UNKNOWN_FORMAT) is None
