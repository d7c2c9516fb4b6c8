"""The facts about the term of a patent in each format."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from ledger.posting.cells import RIGHTS
from ledger.posting.term import term_end
from streams.sources.grants import green_book, patdoc, red_book, search_json
from streams.sources.grants.grant import granted
from streams.sources.results import Imported
from tests.each_case import each_case
from tests.unit.streams.sources.documents import event_from, grant_xml, search_line
from tests.unit.streams.sources.grants.documents import aps
from tests.unit.streams.sources.grants.documents import patdoc as patdoc_xml
from tests.unit.streams.sources.grants.test_patentsview import APPLICATION, PATENT, TABLES
from tests.unit.streams.sources.grants.test_patentsview import imported as imported_tables
from tests.unit.streams.sources.grants.test_source import grant_files
from tests.unit.streams.sources.grants.test_source import imported as imported_grants

FIELDS = (
    "earliest_filed_on",
    "reissue_of",
    "term_adjustment_days",
    "term_months",
    "terminal_disclaimer",
    "disclaimed_after",
)


def term_of(read: Any, document: str) -> dict[str, Any]:
    (grant,) = read(document.encode())
    data = event_from(granted(grant))["data"]
    return {name: data[name] for name in FIELDS if name in data}


def relation(name: str, filed: str, granted: str = "") -> str:
    patent = f"<parent-grant-document><document-id><date>{granted}</date></document-id></parent-grant-document>"
    return (
        f"<{name}><relation><parent-doc><document-id><country>US</country><doc-number>1</doc-number><date>{filed}</date>"
        f"</document-id>{patent if granted else ''}</parent-doc><child-doc/></relation></{name}>"
    )


PROVISIONAL = (
    "<us-provisional-application><document-id><date>20100101</date></document-id></us-provisional-application>"
    "<related-publication><document-id><date>20090101</date></document-id></related-publication>"
)


@each_case(
    ("related", "expected"),
    [
        (PROVISIONAL, {}),
        (relation("substitution", "20100101"), {}),
        (relation("continuation", "20140301") + PROVISIONAL, {"earliest_filed_on": "2014-03-01"}),
        (relation("division", "20140301") + relation("division", "20110301"), {"earliest_filed_on": "2011-03-01"}),
        (relation("continuation-in-part", "20140301"), {"earliest_filed_on": "2014-03-01"}),
        (relation("continuation", "20160102"), {}),
        (relation("continuation", "unknown"), {}),
        (
            relation("reissue", "20140301", "20151201") + relation("continuation", "20110301"),
            {"earliest_filed_on": "2011-03-01", "reissue_of": {"filed_on": "2014-03-01", "granted_on": "2015-12-01"}},
        ),
        (
            f"<us-reexamination-reissue-merger>{relation('reissue', '20140301')}</us-reexamination-reissue-merger>",
            {"earliest_filed_on": "2014-03-01", "reissue_of": {"filed_on": "2014-03-01"}},
        ),
    ],
)
def test_red_book_names_the_applications_whose_benefit_is_claimed(related: str, expected: dict[str, Any]) -> None:
    document = grant_xml(more=f"<us-related-documents>{related}</us-related-documents>")
    assert term_of(red_book.read, document) == expected


@each_case(
    ("number", "printed", "expected"),
    [
        ("10000001", "<us-term-extension>287</us-term-extension>", {"term_adjustment_days": 287}),
        ("10000001", "<us-term-extension>0</us-term-extension>", {}),
        ("10000001", "<length-of-grant>17</length-of-grant>", {}),
        ("10000001", "<disclaimer><text>...</text></disclaimer>", {"terminal_disclaimer": True}),
        (
            "10000001",
            "<disclaimer><date>20301231</date></disclaimer>",
            {"terminal_disclaimer": True, "disclaimed_after": "2030-12-31"},
        ),
        ("D0967598", "<length-of-grant>15</length-of-grant>", {"term_months": 180}),
    ],
)
def test_red_book_prints_adjustments_disclaimers_and_the_length_of_a_design(
    number: str, printed: str, expected: dict[str, Any]
) -> None:
    kind = "S1" if number[0] == "D" else "B2"
    document = grant_xml(number, kind, more=f"<us-term-of-grant>{printed}</us-term-of-grant>")
    assert term_of(red_book.read, document) == expected


def test_red_book_prints_the_international_application_of_a_national_stage() -> None:
    filed = (
        "<pct-or-regional-filing-data><document-id><date>20141006</date></document-id></pct-or-regional-filing-data>"
    )
    assert term_of(red_book.read, grant_xml(more=filed)) == {"earliest_filed_on": "2014-10-06"}


def parent(date: str, more: str = "") -> str:
    return f"<PARENT-US><PDOC><DOC><DATE><PDAT>{date}</PDAT></DATE></DOC></PDOC>{more}</PARENT-US>"


GRANTED = "<PPUB><DOC><DATE><PDAT>19991231</PDAT></DATE></DOC></PPUB>"


@each_case(
    ("more", "expected"),
    [
        ("<B600><B680US><DOC><DATE><PDAT>19981218</PDAT></DATE></DOC></B680US></B600>", {}),
        (f"<B600><B620>{parent('19981218')}</B620></B600>", {"earliest_filed_on": "1998-12-18"}),
        (f"<B600><B630><B631>{parent('19981218')}</B631></B630></B600>", {"earliest_filed_on": "1998-12-18"}),
        (
            f"<B600><B640>{parent('19981218', GRANTED)}</B640></B600>",
            {
                "earliest_filed_on": "1998-12-18",
                "reissue_of": {"filed_on": "1998-12-18", "granted_on": "1999-12-31"},
            },
        ),
        (
            "<B400><B472><B473US/><B474US><PDAT>45</PDAT></B474US></B472></B400>",
            {"terminal_disclaimer": True, "term_adjustment_days": 45},
        ),
    ],
)
def test_patdoc_has_them_too(more: str, expected: dict[str, Any]) -> None:
    assert term_of(patdoc.read, patdoc_xml().replace("<B700>", f"{more}<B700>")) == expected


def test_a_national_stage_of_2002_is_filed_on_the_international_date() -> None:
    more = "<B800><B860><B861><DOC><DATE><PDAT>19981008</PDAT></DATE></DOC></B861></B860></B800></SDOBI>"
    (grant,) = patdoc.read(patdoc_xml().replace("</SDOBI>", more).encode())
    assert event_from(granted(grant))["data"]["filed_on"] == "1998-10-08"


@each_case(
    ("changes", "expected"),
    [
        ({"RLAP": "COD  72\nAPN  351745\nAPD  19730416\nPSC  03\n"}, {"earliest_filed_on": "1973-04-16"}),
        (
            {"RLAP": "COD  71\nAPD  19730416\nCOD  82\nAPD  19710416\n"},
            {"earliest_filed_on": "1971-04-16"},
        ),
        ({"RLAP": "COD  99\nAPD  19730416\n"}, {}),
        ({"DCD": "19920505"}, {"terminal_disclaimer": True, "disclaimed_after": "1992-05-05"}),
        ({"WKU": "D02385621", "TRM": "3 1/2", "CLAS": "OCL  D 2750\n"}, {"term_months": 42}),
        ({"WKU": "D02385621", "TRM": "14", "CLAS": "OCL  D 2750\n"}, {"term_months": 168}),
    ],
)
def test_green_book_has_them_in_sections_of_their_own(changes: dict[str, str], expected: dict[str, Any]) -> None:
    assert term_of(green_book.read, aps(**changes)) == expected


@each_case(
    ("dates", "numbers", "expected"),
    [
        # A document alone: series 60 to 63 are provisional.
        (["2014-03-01", "2010-02-01"], ["14/123456", "61/123456"], {"earliest_filed_on": "2014-03-01"}),
        (["2015-12-01"], ["14/123456"], {"earliest_filed_on": "2015-12-01"}),
        # A page: only what no later application follows within 14 months is certainly no provisional one.
        (["2015-03-01"], None, {}),
        (["2014-03-01"], None, {"earliest_filed_on": "2014-03-01"}),
        (["2014-03-01", "2013-03-01"], None, {"earliest_filed_on": "2014-03-01"}),
        (["2014-03-01", "2011-03-01", "2010-03-01"], None, {"earliest_filed_on": "2011-03-01"}),
    ],
)
def test_the_search_gives_the_dates_of_parents(
    dates: list[str], numbers: list[str] | None, expected: dict[str, Any]
) -> None:
    document = search_line(
        relatedApplFilingDate=[f"{day}T00:00:00Z" for day in dates],
        **({"relatedApplNumber": numbers} if numbers else {}),
    )
    assert term_of(search_json.read, document) == expected


def test_the_tables_of_patentsview_have_them(tmp_path: Path) -> None:
    related = {"patent_id": "10000001", "related_doc_type": "continuation", "related_doc_kind": "parent document"}
    tables = TABLES | {
        "g_us_rel_doc": [
            related | {"related_doc_published_date": "2012-05-23"},
            related | {"related_doc_kind": "child document", "related_doc_published_date": "2010-05-23"},
            related | {"related_doc_type": "us-provisional-application", "related_doc_published_date": "2009-05-23"},
        ],
        "g_us_term_of_grant": [
            {
                "patent_id": "10000001",
                "disclaimer_date": "",
                "term_disclaimer": "This patent is subject to a terminal disclaimer.",
                "term_grant": "",
                "term_extension": "287",
            }
        ],
        "g_patent": [PATENT],
        "g_application": [APPLICATION],
    }
    (event,) = imported_tables(tmp_path, tables).events
    assert {name: event["data"][name] for name in FIELDS if name in event["data"]} == {
        "earliest_filed_on": "2012-05-23",
        "term_adjustment_days": 287,
        "terminal_disclaimer": True,
    }


def test_a_fifth_of_the_offices_inventions_ends_earlier_by_the_date_of_a_parent(office_data: Path) -> None:
    """Counted in the XML: 88 adjustments above 0, 22 disclaimers, 3 reissues."""
    counted: Counter[str] = Counter()
    for result in imported_grants(*grant_files(office_data)):
        if isinstance(result, Imported) and not result.again:
            data = event_from(result)["data"]
            counted.update(name for name in FIELDS if name in data)
            counted["inventions"] += data["right"] == "invention"
            if data["right"] == "invention" and "earliest_filed_on" in data:
                days = (number(data["filed_on"]), number(data["occurred_on"]))
                benefit = {"earliest_filed_on": number(data["earliest_filed_on"])}
                by_parent = term_end("US", RIGHTS["invention"], *days, benefit) or 0
                counted["earlier"] += by_parent < (term_end("US", RIGHTS["invention"], *days) or 0)
    assert (counted["term_adjustment_days"], counted["terminal_disclaimer"], counted["reissue_of"]) == (88, 22, 3)
    assert (counted["inventions"], counted["earlier"]) == (134, 24)


def number(day: str) -> int:
    return int(day.replace("-", ""))
