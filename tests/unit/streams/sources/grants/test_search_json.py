import json
from typing import Any

import pytest

from streams.sources.formats import LINE, WHOLE_FILE, Cut, JsonItems
from streams.sources.grants import search_json
from streams.sources.grants.grant import Grant, granted
from streams.sources.results import Skip, Unreadable
from tests.each_case import each_case
from tests.unit.streams.sources.documents import event_from, search_line


def data_of(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = event_from(granted(read(search_line(**changes))))["data"]
    return data


def read(document: str) -> Grant:
    (grant,) = search_json.read(document.encode())
    return grant


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
        "assignees": [{"name": "Owner Ltd"}],
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


def test_a_document_alone_has_regions_inventors_claims_and_citations() -> None:
    data = data_of(
        applicantName=[],
        assigneeName=["Roe; Jo", "Wind AG", ""],
        assigneeCountry=[],
        assigneeState=["TX", "N/A"],
        inventorsName=["Henley; Fran\u00e7ois J.", "Li; Bo"],
        inventorCountry=["US", "CN"],
        inventorState=["CA"],
        numberOfClaims="28",
        urpn=["5825759", "D454425", "Re31419", "8711504", "6249393", "9053728", "20050174672", "N/A"],
        usRefIssueDate=["19981000", "20020300", "19831000", "20140400", "20010600", "20150600", "20050800", "N/A"],
        usRefGroup=[
            "5825759 19981000 Roe 219/121P",
            "US D454425 S Roe 20020300 cited by examiner",
            "Re31419 19831000 Roe 219/121P",
            "US 8711504 B1 Roe 20140400 cited by examiner G11B 5/59655 360/49",
            "US 6249394 B2 Roe 20010600 cited by examiner",
            "N/A",
            "US 20050174672 A1 Roe 20050800 cited by applicant",
        ],
    )
    assert data["region"] == "US-CA"
    assert data["assignees"] == [{"name": "Jo Roe", "country": "US"}, {"name": "Wind AG"}]
    assert (
        data["applicants"]
        == data["inventors"]
        == [
            {"name": "Fran\u00e7ois J. Henley", "country": "US"},
            {"name": "Bo Li", "country": "CN"},
        ]
    )
    assert (data["claims"], data["backward_cites"]) == (
        28,
        ["US5825759A", "USD454425S1", "USRE31419E", "US8711504B1", "US6249393", "US9053728", "US20050174672A1"],
    )


def test_a_state_gives_the_country_of_an_old_patent() -> None:
    nowhere = {"inventorCountry": ["N/A", "N/A"], "assigneeCountry": ["N/A"], "assigneeState": ["CA"]}
    data = data_of(applicantName=None, inventorsName=["Roe; Jo", "N/A"], inventorState=["CA", "N/A"], **nowhere)
    assert (data["region"], data["assignees"]) == ("US-CA", [{"name": "Owner Ltd", "country": "US"}])
    assert data["inventors"] == [{"name": "Jo Roe", "country": "US"}]


def test_a_page_of_documents_cites_by_numbers_alone() -> None:
    cited = ["D238214", "1091280", "Re33372", "8711504", "2002/0127820", "20050174672", "H1234", "8711504"]
    ids = ["USD238214S", "US1091280A", "USRE33372E", "US8711504", "US20020127820", "US20050174672"]
    assert data_of(urpn=cited)["backward_cites"] == ids
    assert data_of(urpn=cited, usRefIssueDate=["19981000"], usRefGroup=["US D238214 S1 Roe"])["backward_cites"] == ids


@each_case(
    "identity",
    [
        {"guid": "US-11803561-B1", "publicationReferenceDocumentNumber": None, "kindCode": None},
        {"publicationReferenceDocumentNumber": "US11803561B1", "kindCode": []},
        {"guid": "US-11803561-B1", "publicationReferenceDocumentNumber": "11803561", "kindCode": []},
        {"guid": "US-11803561-B1", "publicationReferenceDocumentNumber": "", "kindCode": ["B1"]},
    ],
)
def test_number_and_kind_come_from_their_fields_or_the_guid(identity: dict[str, Any]) -> None:
    document = read(search_line(**identity))
    assert (document.number, document.kind) == ("11803561", "B1")


def test_a_design_has_an_application_of_series_29_and_an_empty_title_is_omitted() -> None:
    data = data_of(
        publicationReferenceDocumentNumber="D369194", kindCode=["S"], applicationNumber="D/029532",
        datePublished="1996-04-23T00:00:00Z", inventionTitle="TEXT NOT AVAILABLE", type="USOCR",
    )  # fmt: skip
    assert (data["application_number"], "title" in data) == ("29/029532", False)


@each_case(
    ("content", "cut"),
    [
        (search_line(), LINE),
        (json.dumps({"numFound": 1, "patents": [json.loads(search_line())]}), JsonItems("patents")),
        (json.dumps({"docs": [json.loads(search_line())]}, indent=1), JsonItems("docs")),
        (json.dumps([json.loads(search_line())]), JsonItems("")),
        (json.dumps(json.loads(search_line()), indent=2), WHOLE_FILE),
        ('{"guid": "US-6103599-A", "type": "USPAT"}', LINE),
        ('{"applId": "15123456"}', None),
        ('{"patents": [{"patent_id": "1"}]}', None),
        ("publicationReferenceDocumentNumber,kind", None),
    ],
)
def test_documents_are_lines_or_part_of_an_answer(content: str, cut: Cut | None) -> None:
    head = content.encode()[:65536]
    assert next((form.cut for form in search_json.FORMATS if form.recognises(head)), None) == cut


def test_a_published_application_is_skipped() -> None:
    with pytest.raises(Skip, match="20090150362 is a published application"):
        read(search_line(type="US-PGPUB", publicationReferenceDocumentNumber="20090150362"))


@each_case(
    ("line", "reason"),
    [
        ("{", "is not JSON"),
        ("[]", "is not an object"),
        ("{}", "type: is missing"),
        ('{"type": "\\ud800"}', "is not JSON"),
        (search_line(type="EPO"), "type 'EPO' is not a grant; grants are USPAT and USOCR"),
        (search_line(kindCode="B2"), "kindCode: "),
        (search_line(applicantName="Kite Co"), 'applicantName: "Kite Co" is not an array'),
        ("[" * 5000, "is not JSON"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(line)
