from typing import Any

import pytest

from streams.sources import search_json
from streams.sources.grants.grant import granted
from streams.sources.results import LeftOut, Unreadable

from tests.unit.streams.sources.documents import said, search_line


def data_of(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = said(granted(search_json.read(search_line(**changes).encode())))["data"]
    return data


def test_a_line_is_a_grant_without_highlighting() -> None:
    assert data_of() == {
        "occurred_on": "2018-06-19",
        "office": "US",
        "number": "10000001",
        "kind": "B2",
        "right": "invention",
        "title": "A kite",
        "application_number": "15/123456",
        "filed_on": "2016-01-02",
        "priority_on": "2015-01-02",
        "ipc": ["G06N0003047500", "H04L0009400000"],
        "cpc": ["G06N0003047500"],
        "applicants": [{"name": "Kite & Co"}],
    }


def test_an_old_design_has_neither_ipc_nor_applicant_nor_filing_date() -> None:
    data = data_of(
        publicationReferenceDocumentNumber="D369194",
        kindCode=["S"],
        datePublished="1996-04-23T00:00:00Z",
        mainClassificationCode="D21/730",
        applicationNumber=None,
        applicationFilingDate=None,
        priorityClaimsDate=None,
        ipcCodeFlattened=None,
        cpcInventiveFlattened=None,
        applicantName=None,
        assigneeName=None,
    )
    assert (data["right"], data["ipc"], data["applicants"]) == ("design", [], [])
    assert "filed_on" not in data


def test_where_no_applicant_is_named_the_assignees_stand_in() -> None:
    assert data_of(applicantName=None)["applicants"] == [{"name": "Owner Ltd"}]


def test_a_published_application_is_left_out() -> None:
    with pytest.raises(LeftOut, match="20090150362 is a published application"):
        search_json.read(search_line(type="US-PGPUB", publicationReferenceDocumentNumber="20090150362").encode())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ("{}", "type: Field required"),
        ('{"type": "\\ud800"}', "Invalid JSON"),
        (search_line(type="USOCR"), "type 'USOCR' is not taken"),
        (search_line(kindCode=[]), "kindCode: "),
        (search_line(applicantName="Kite Co"), "applicantName: Input should be a valid array"),
        ("[" * 5000, "Invalid JSON"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        search_json.read(line.encode())
