from typing import Any

import pytest

from streams.sources.grants import red_book
from streams.sources.grants.grant import Grant, GrantParty, Term, granted
from streams.sources.results import Skip, Unreadable
from tests.each_case import each_case
from tests.unit.streams.sources.documents import APPLICANT, IPC, PROLOG, event_from, grant_xml

CITED = """<{0}><patcit num="1"><document-id><country>{1}</country><doc-number>{2}</doc-number><kind>{3}</kind>
<name>Roe</name><date>{4}</date></document-id></patcit><category>cited by examiner</category></{0}>"""


def read(document: str) -> Grant:
    (grant,) = red_book.read(document.encode())
    return grant


def test_a_grant_is_read_with_windows_line_ends_too() -> None:
    document = grant_xml(
        more="<priority-claims><priority-claim><date>20150102</date></priority-claim></priority-claims>"
        "<number-of-claims>20</number-of-claims>"
    )
    assert read(document) == Grant(
        number="10000001",
        kind="B2",
        granted_on="20180619",
        us_class="",
        title="A kite",
        application="15123456",
        filed_on="20160102",
        priorities=["20150102"],
        ipc=["G06N3/0475"],
        cpc=[],
        applicants=[GrantParty("Kite & Co", "US-CA")],
        inventors=[],
        assignees=[],
        claims="20",
        citations=[],
        term=Term([""], [], "", "", disclaimed=False, last_day=""),
    )
    assert granted(read(document.replace("\n", "\r\n"))) == granted(read(document))


def test_ipc_of_v40_is_in_columns_and_ordered() -> None:
    classes = """<classification-ipc><edition>7</edition><main-classification>A01B  102</main-classification>
    <further-classification>H01L 21302</further-classification></classification-ipc>"""
    assert event_from(granted(read(grant_xml(classes=classes))))["data"]["ipc"] == ["A01B0001020000", "H01L0021302000"]


def test_a_locarno_class_is_not_an_ipc_symbol() -> None:
    classes = "<classification-locarno><main-classification>0601</main-classification></classification-locarno>"
    assert event_from(granted(read(grant_xml("D0967598", "S1", classes=classes))))["data"]["ipc"] == []


def test_only_inventive_cpc_symbols_are_imported() -> None:
    main = f"<classification-cpc>{IPC}<classification-value>I</classification-value></classification-cpc>"
    further = main.replace("0475", "08").replace(">I<", ">A<") + main.replace("0475", "02")
    classes = (
        f"<classifications-cpc><main-cpc>{main}</main-cpc><further-cpc>{further}</further-cpc></classifications-cpc>"
    )
    assert read(grant_xml(classes=classes)).cpc == ["G06N3/0475", "G06N3/02"]


PERSON = """<{0} sequence="1" app-type="{1}"><addressbook><last-name>Li</last-name><first-name>Bo</first-name>
<address><country>unknown</country></address></addressbook></{0}>"""
ASSIGNEE = """<assignee><orgname>Wind AG</orgname><address><country>DE</country></address></assignee>"""
INVENTOR = PERSON.format("applicant", "applicant-inventor")
DEAD = PERSON.format("us-deceased-inventor", "").replace(">Bo<", ">Jo<")
INVENTORS = f"<inventors>{PERSON.format('inventor', '')}{PERSON.format('deceased-inventor', '')}</inventors>"
OWNERS = f"<assignees>{ASSIGNEE}</assignees>"
WIND, LI, KITE = {"name": "Wind AG", "country": "DE"}, {"name": "Bo Li"}, {"name": "Kite & Co", "country": "US"}


@each_case(
    ("parties", "expected"),
    [
        (f"<parties><applicants>{INVENTOR}</applicants></parties>", {"applicants": [LI], "inventors": [LI]}),
        (
            f"<parties><applicants>{APPLICANT}{INVENTOR}</applicants></parties>".replace("us-applicant", "applicant"),
            {"region": "US-CA", "applicants": [KITE, LI], "inventors": [LI]},
        ),
        (
            f"<parties><applicants>{INVENTOR}{PERSON.format('applicant', 'applicant')}</applicants></parties>",
            {"applicants": [LI, LI], "inventors": [LI]},
        ),
        (
            f"<parties><applicants>{INVENTOR}{PERSON.format('applicant', 'applicant')}</applicants></parties>{DEAD}",
            {"applicants": [LI, LI], "inventors": [LI, {"name": "Jo Li"}]},
        ),
        (
            f"<us-parties><us-applicants>{APPLICANT}</us-applicants>{INVENTORS}</us-parties>{OWNERS}",
            {"region": "US-CA", "applicants": [KITE], "inventors": [LI, LI], "assignees": [WIND]},
        ),
        (
            f"<parties/><assignees>{ASSIGNEE}{ASSIGNEE}</assignees>",
            {"region": "DE", "applicants": [WIND, WIND], "assignees": [WIND, WIND]},
        ),
        ("<parties><applicants><applicant/></applicants></parties>", {"applicants": []}),
        (
            f"<us-parties><inventors>{PERSON.format('inventor', '')}</inventors></us-parties>".replace(
                "</first-name>", "</first-name><orgname>Kite University</orgname>"
            ),
            {"applicants": [], "inventors": [LI]},
        ),
        ("", {"applicants": []}),
    ],
)
def test_applicants_inventors_and_assignees_are_distinguished(parties: str, expected: dict[str, Any]) -> None:
    data = event_from(granted(read(grant_xml(parties=parties))))["data"]
    known = {name: data[name] for name in ("region", "applicants", "inventors", "assignees") if name in data}
    assert known == expected


@each_case(
    ("role", "owner"),
    [
        ("02", "organisation"),
        ("03", "organisation"),
        ("04", "person"),
        ("15", "person"),
        ("06", "government"),
        ("01", None),
    ],
)
def test_the_first_assignees_role_is_the_sort_of_owner(role: str, owner: str | None) -> None:
    book = f"<addressbook><orgname>Wind AG</orgname><role>{role}</role></addressbook>"
    parties = f"<assignees><assignee>{book}</assignee>{ASSIGNEE}</assignees>"
    assert event_from(granted(read(grant_xml(parties=parties))))["data"].get("owner_type") == owner


@pytest.mark.parametrize(
    ("references", "citation"),
    [("references-cited", "citation"), ("us-references-cited", "us-citation"), ("references-cited", "us-citation")],
)
def test_us_documents_are_cited_by_their_ids_in_every_version(references: str, citation: str) -> None:
    texts = [
        ("US", "D424790", "S", "20000500"),
        ("US", "2005/0137607", "A1", "20050600"),
        ("JP", "5825759", "A", "19981000"),
        ("US", "6205482", "B1", "20010300"),
    ]
    more = f"<{references}>{''.join(CITED.format(citation, *text) for text in texts)}</{references}>"
    data = event_from(granted(read(grant_xml(more=more))))["data"]
    assert data["backward_cites"] == ["USD424790S", "US20050137607A1", "US6205482B1"]


def test_markup_in_a_title_is_flattened_and_named_characters_are_kept() -> None:
    title = "<i>Rosa </i>plant<!-- no --> &mdash;<?x y?> <b>&lsquo;K&alpha;<sub>2</sub></b>&#x2019; &amp; &#65;"
    assert read(grant_xml(title=title)).title == "Rosa plant — ‘Kα2’ & A"


def test_the_text_after_the_front_matter_may_be_malformed() -> None:
    assert read(grant_xml().replace("<p>Prose", "<q>Prose")) == read(grant_xml())


BOMB = PROLOG.replace("[ ]", '[<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]')
FILE = PROLOG.replace("[ ]", '[<!ENTITY a SYSTEM "file:///etc/hostname">]')


@each_case(
    ("document", "reason"),
    [
        (grant_xml(prolog=BOMB, title="&b;"), "declares its own entities"),
        (grant_xml(prolog=FILE, title="&a;"), "declares its own entities"),
        (grant_xml()[:900], "is truncated: it has no </us-bibliographic-data-grant>"),
        (grant_xml()[:-30], "is truncated: it has no </us-patent-grant>"),
        (grant_xml().replace("</title>", "").replace("</invention-title>", ""), "not well-formed XML: .* of it"),
        (grant_xml().replace("UTF-8", "no-such"), "not well-formed XML"),
        (grant_xml() + grant_xml(prolog=""), "there is content after the document's last tag, </us-patent-grant>"),
        ("<a>" * 300, "a document <a> is not a grant"),
        ('<?xml version="1.0"?>', "a document <nothing> is not a grant"),
        ("<us-patent-grant/>", "no us-bibliographic-data-grant"),
        (grant_xml().replace("US</country><doc", "EP</country><doc"), "country is 'EP', not US"),
    ],
)
def test_a_bad_document_says_what_is_wrong(document: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(document)


@pytest.mark.parametrize("root", ["sequence-cwu", "us-patent-application", "patent-application-publication"])
def test_other_documents_are_skipped(root: str) -> None:
    document = f'{PROLOG.replace("us-patent-grant", root)}<{root} id="a"/>'
    assert red_book.FORMAT.recognises(document.encode())
    with pytest.raises(Skip, match="not a grant"):
        read(document)
