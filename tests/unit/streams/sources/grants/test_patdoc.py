import pytest

from streams.sources.grants import patdoc
from streams.sources.grants.grant import Grant, GrantParty
from streams.sources.results import Unreadable
from tests.each_case import each_case

from .documents import INVENTOR, PROLOG_24, PROLOG_25, cited, party, sgml, subject_and_data
from .documents import patdoc as patdoc_xml


def read(document: str) -> Grant:
    (grant,) = patdoc.read(document[document.index("<PATDOC") :].encode())
    return grant


KIND_OF_US, OF_JAPAN = "<KIND><PDAT>A</PDAT></KIND>", "<CTRY><PDAT>JP</PDAT></CTRY>"


def test_a_grant_of_v25_is_read() -> None:
    document = patdoc_xml(citations=cited("5825759", "19981000", KIND_OF_US) + cited("5825760", "19981000", OF_JAPAN))
    assert subject_and_data(read(document)) == (
        "US6400001B1",
        {
            "occurred_on": "2002-06-04",
            "region": "US-IA",
            "office": "US",
            "number": "6400001",
            "kind": "B1",
            "right": "invention",
            "title": "A kite",
            "application_number": "09/413215",
            "filed_on": "1999-10-05",
            "priority_on": "1997-04-08",
            "ipc": ["G06F0015160000", "G06F0013000000"],
            "applicants": [{"name": "Ada M\u00fcller", "country": "US"}],
            "assignees": [{"name": "Kite & Co", "country": "JP"}],
            "inventors": [{"name": "Ada M\u00fcller", "country": "US"}],
            "claims": 22,
            "backward_cites": ["US5825759A"],
        },
    )


def test_a_grant_of_v24_has_empty_elements_unquoted_attributes_and_lone_ampersands() -> None:
    title = "<PDAT>K&eacute;<HIL><SB>2 LVL=<INS-S DATE=20010313 ID=a>B</SB></HIL> & <EMI FILE=x.TIF></PDAT>"
    subject, data = subject_and_data(read(sgml(title=title)))
    assert (subject, data["title"]) == ("US6200001B1", "K\u00e92 LVL=B &")
    assert data["backward_cites"] == ["USD271298S"]
    assert read(sgml().replace("M&uuml;ller", "M\u00fcller")).inventors == read(sgml()).inventors


def test_malformed_xml_of_v25_is_a_fault() -> None:
    with pytest.raises(Unreadable, match="SDOBI is not well-formed XML"):
        read(sgml(dtd='"2.5"'))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_latin_characters_are_read_in_either_encoding(encoding: str) -> None:
    document = patdoc_xml(title="<PDAT>Caf\u00e9</PDAT>", prolog="").encode(encoding)
    assert [grant.title for grant in patdoc.read(document)] == ["Caf\u00e9"]


@each_case(("symbol", "ipc"), [("0202", []), ("D0202", []), ("02-02", []), ("E03C 104", ["E03C0001040000"])])
def test_a_locarno_class_is_not_an_ipc_symbol(symbol: str, ipc: list[str]) -> None:
    assert subject_and_data(read(patdoc_xml(ipc=f"<B511><PDAT>{symbol}</PDAT></B511>")))[1]["ipc"] == ipc


def test_a_design_and_a_reissued_design_are_designs() -> None:
    design = patdoc_xml("D0456588", "S1", ipc="<B511><PDAT>0202</PDAT></B511>", us_class="D 2732")
    assert subject_and_data(read(design))[0] == "USD456588S1"
    reissue = patdoc_xml("RE037700", "E1", ipc="<B511><PDAT>0202</PDAT></B511>", us_class="D 2732")
    subject, data = subject_and_data(read(reissue))
    assert (subject, data["right"], data["ipc"]) == ("USRE37700E1", "design", [])


def test_parties_are_persons_or_firms_and_a_state_is_in_the_us() -> None:
    person = "<FNM><PDAT>Bo</PDAT></FNM><SNM><STEXT><PDAT>Li</PDAT></STEXT></SNM>"
    owners = party("B731", person, "<STATE><PDAT>TX</PDAT></STATE>") + party("B731", "", "")
    read_parties = read(patdoc_xml(parties=f"<B730>{owners}</B730><B720>{INVENTOR}</B720>"))
    assert read_parties.assignees == [GrantParty("Bo Li", "US-TX")]
    assert read_parties.applicants == read_parties.inventors == [GrantParty("Ada M\u00fcller", "US-IA")]


def test_a_representative_of_a_dead_inventor_is_not_an_inventor() -> None:
    heir = "<LEGAL-REPRESENTATIVE><PARTY-US><NAM><SNM><PDAT>Roe</PDAT></SNM></NAM></PARTY-US></LEGAL-REPRESENTATIVE>"
    dead = INVENTOR.replace("</ADR>", "</ADR><DTXT><PDAT>deceased</PDAT></DTXT>").replace("</B721>", f"{heir}</B721>")
    assert read(patdoc_xml(parties=f"<B720>{dead}</B720>")).inventors == [GrantParty("Ada M\u00fcller", "US-IA")]


def test_indentation_and_a_missing_office_change_nothing() -> None:
    document = patdoc_xml()
    spread = document.replace("><", ">\n    <").replace("<B190>\n    <PDAT>US</PDAT>\n    </B190>", "")
    assert "B190" not in spread
    assert subject_and_data(read(spread)) == subject_and_data(read(document))


@each_case(
    ("document", "reason"),
    [
        (patdoc_xml(end=""), "is truncated: it has no </PATDOC>"),
        (patdoc_xml().replace("</SDOBI>", ""), "is truncated: it has no </SDOBI>"),
        (patdoc_xml().replace("SDOBI", "SDO"), "the document has no SDOBI"),
        (patdoc_xml().replace("<PDAT>US<", "<PDAT>EP<"), "country is 'EP', not US"),
    ],
)
def test_a_bad_document_says_what_is_wrong(document: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(document)


@each_case(
    ("head", "known"),
    [
        (PROLOG_24 + "<PATDOC>", True),
        (PROLOG_25 + "<PATDOC>", True),
        ('<PATDOC DTD="2.4">', True),
        ('<?xml version="1.0"?>\n<!-- <!DOCTYPE PATDOC PUBLIC "x" [ -->\n' + PROLOG_24, True),
        (PROLOG_24[:200], True),
        ("<!DOCTYPE us-patent-grant [ ]><us-patent-grant>", False),
        ("<?a?><!-- b -->" * 100 + "<x>", False),
        ("<x><PATDOC>", False),
    ],
)
def test_a_file_is_recognised_by_its_beginning(head: str, known: bool) -> None:
    assert patdoc.FORMAT.recognises(head.encode()) is known
