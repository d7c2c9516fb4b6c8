import pytest

from streams.sources import red_book
from streams.sources.grants.grant import granted
from streams.sources.results import LeftOut, Unreadable

from tests.unit.streams.sources.documents import APPLICANT, IPC, PROLOG, grant_xml, said


def test_a_grant_is_read_with_windows_line_ends_too() -> None:
    document = grant_xml(
        more="<priority-claims><priority-claim><date>20150102</date></priority-claim></priority-claims>"
    )
    read = red_book.read(document.encode())
    assert read._asdict() == {
        "number": "10000001",
        "kind": "B2",
        "granted_on": "20180619",
        "us_class": "",
        "title": "A kite",
        "application": "15123456",
        "filed_on": "20160102",
        "priorities": ["20150102"],
        "ipc": ["G06N3/0475"],
        "cpc": [],
        "region": "US-CA",
        "applicants": [{"name": "Kite & Co", "country": "US"}],
    }
    assert granted(red_book.read(document.replace("\n", "\r\n").encode())) == granted(read)


def test_ipc_of_v40_is_in_columns_and_ordered() -> None:
    classes = """<classification-ipc><edition>7</edition><main-classification>A01B  102</main-classification>
    <further-classification>H01L 21302</further-classification></classification-ipc>"""
    read = red_book.read(grant_xml(classes=classes).encode())
    assert said(granted(read))["data"]["ipc"] == ["A01B0001020000", "H01L0021302000"]


def test_a_locarno_class_is_no_ipc() -> None:
    classes = "<classification-locarno><main-classification>0601</main-classification></classification-locarno>"
    read = red_book.read(grant_xml("D0967598", "S1", classes=classes).encode())
    assert said(granted(read))["data"]["ipc"] == []


def test_inventive_cpc_symbols_are_taken_and_additional_ones_are_not() -> None:
    main = f"<classification-cpc>{IPC}<classification-value>I</classification-value></classification-cpc>"
    further = main.replace("0475", "08").replace(">I<", ">A<") + main.replace("0475", "02")
    classes = (
        f"<classifications-cpc><main-cpc>{main}</main-cpc><further-cpc>{further}</further-cpc></classifications-cpc>"
    )
    assert red_book.read(grant_xml(classes=classes).encode()).cpc == ["G06N3/0475", "G06N3/02"]


PERSON = """<applicant><addressbook><last-name>Li</last-name><first-name>Bo</first-name>
<address><country>unknown</country></address></addressbook></applicant>"""


ASSIGNEE = """<assignee><orgname>Wind AG</orgname><address><country>DE</country></address></assignee>"""


@pytest.mark.parametrize(
    ("parties", "applicants", "region"),
    [
        (f"<parties><applicants>{PERSON}</applicants></parties>", [{"name": "Bo Li"}], None),
        (
            f"<parties><applicants>{APPLICANT}{PERSON}</applicants></parties>".replace("us-applicant", "applicant"),
            [{"name": "Kite & Co", "country": "US"}, {"name": "Bo Li"}],
            "US-CA",
        ),
        (
            f"<parties/><assignees>{ASSIGNEE}</assignees>",
            [{"name": "Wind AG", "country": "DE"}],
            "DE",
        ),
        ("<parties><applicants><applicant/></applicants></parties>", [], None),
        ("", [], None),
    ],
)
def test_applicants_are_those_named_else_the_assignees(
    parties: str, applicants: list[dict[str, str]], region: str | None
) -> None:
    read = red_book.read(grant_xml(parties=parties).encode())
    assert (read.applicants, read.region) == (applicants, region)


def test_markup_in_a_title_is_flattened_and_named_characters_are_kept() -> None:
    title = "<i>Rosa </i>plant<!-- no --> &mdash;<?x y?> <b>&lsquo;K&alpha;<sub>2</sub></b>&#x2019; &amp; &#65;"
    read = red_book.read(grant_xml(title=title).encode())
    assert read.title == "Rosa plant — ‘Kα2’ & A"


def test_a_character_that_nobody_knows_is_not_lost_silently() -> None:
    with pytest.raises(Unreadable, match="the character &kite; is not known"):
        red_book.read(grant_xml(title="a &kite;").encode())


BOMB = PROLOG.replace("[ ]", '[<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]')
FILE = PROLOG.replace("[ ]", '[<!ENTITY a SYSTEM "file:///etc/hostname">]')


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (grant_xml(prolog=BOMB, title="&b;"), "declares entities of its own"),
        (grant_xml(prolog=FILE, title="&a;"), "declares entities of its own"),
        (grant_xml()[:900], "not well-formed XML: .* of the document"),
        (grant_xml().replace("UTF-8", "no-such"), "not well-formed XML: Unsupported encoding"),
        ("<a>" * 300, "a document <a> is not a grant"),
        ("<us-patent-grant>" * 300, "not well-formed XML"),
        ('<?xml version="1.0"?>', "a document <nothing> is not a grant"),
        ("<us-patent-grant/>", "no us-bibliographic-data-grant"),
        (grant_xml().replace("US</country><doc", "EP</country><doc"), "country is 'EP', not US"),
        (
            '<!DOCTYPE PATDOC SYSTEM "x" [<!ENTITY D1.TIF SYSTEM "D1.TIF" NDATA TIF>]><PATDOC/>',
            r"v2\.x \(PATDOC\)",
        ),
    ],
)
def test_a_bad_document_says_what_is_wrong(document: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        red_book.read(document.encode())


@pytest.mark.parametrize("root", ["sequence-cwu", "us-patent-application"])
def test_what_is_no_grant_is_left_out(root: str) -> None:
    with pytest.raises(LeftOut, match="not a grant"):
        red_book.read(f'{PROLOG.replace("us-patent-grant", root)}<{root} id="a"/>'.encode())
