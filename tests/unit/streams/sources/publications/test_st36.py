"""Invented documents with the elements of ST.36; no real file was available."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streams.sources.results import SkipReason
from tests.unit.streams.sources.statistics.imports import Taken, reasons, taken


def identified(country: str, number: str, kind: str, day: str) -> str:
    parts = {"country": country, "doc-number": number, "kind": kind, "date": day}
    return f"<document-id>{''.join(f'<{name}>{text}</{name}>' for name, text in parts.items() if text)}</document-id>"


def document(
    country: str = "EP",
    number: str = "2345678",
    kind: str = "A1",
    day: str = "20110720",
    *,
    root: str = "ep-patent-document",
    national: str = "",
    more: str = "",
) -> str:
    """Return one document. `national` is the prefix of elements that only one office has."""
    return f"""<{root} lang="en" country="{country}" doc-number="{number}" kind="{kind}" family-id="4711">
<{national}bibliographic-data lang="en">
<{national}publication-reference data-format="docdb">{identified(country, number, kind, day)}
</{national}publication-reference>
<publication-reference data-format="epodoc">{identified(country, f"0{number}", "", "")}</publication-reference>
<classifications-ipcr><classification-ipcr sequence="1"><text>G06N   3/0475      20230101AFI20110720BHEP</text>
</classification-ipcr><classification-ipcr sequence="2"><section>H</section><class>04</class><subclass>L</subclass>
<main-group>9</main-group><subgroup>40</subgroup></classification-ipcr></classifications-ipcr>
<application-reference data-format="docdb">{identified(country, "10012345", "A", "20100104")}</application-reference>
<priority-claims><priority-claim sequence="1" kind="national"><country>DE</country><doc-number>1</doc-number>
<date>20090105</date></priority-claim><priority-claim sequence="2"><document-id><date>20090304</date></document-id>
</priority-claim></priority-claims>
<parties><applicants>
<applicant sequence="1" data-format="docdb"><applicant-name><name>KITE AG</name></applicant-name></applicant>
<applicant sequence="1" data-format="original"><addressbook><orgname>Kite &amp; Drachen AG</orgname>
<address><city>Ulm</city><country>DE</country></address></addressbook></applicant></applicants>
<inventors><inventor sequence="1"><addressbook><last-name>Lovelace</last-name><first-name>Ada</first-name>
<address><country>GB</country></address></addressbook></inventor></inventors></parties>
<invention-title lang="de">Ein Drachen</invention-title><invention-title lang="en">A <b>kite</b></invention-title>
{more}</{national}bibliographic-data><description><p>&bad; prose</p></description></{root}>
"""


def imported(tmp_path: Path, *documents: str) -> Taken:
    (tmp_path / "x.xml").write_text("".join(documents))
    return taken("patent-publications", tmp_path / "x.xml")


FACTS: dict[str, Any] = {
    "occurred_on": "2011-07-20",
    "region": "DE",
    "office": "EP",
    "number": "2345678",
    "kind": "A1",
    "right": "invention",
    "title": "A kite",
    "application_number": "10012345",
    "filed_on": "2010-01-04",
    "priority_on": "2009-01-05",
    "ipc": ["G06N0003047500", "H04L0009400000"],
    "applicants": [{"name": "Kite & Drachen AG", "country": "DE"}],
    "inventors": [{"name": "Ada Lovelace", "country": "GB"}],
    "family_id": "4711",
}


def test_a_published_application(tmp_path: Path) -> None:
    found = imported(tmp_path, '<?xml version="1.0"?>\n', document())
    (event,) = found.events
    assert (event["type"], event["subject"]) == ("ip.patent.published.v1", "EP2345678A1")
    assert event["source"] == "urn:office:ep:epo"
    assert event["data"] == FACTS
    assert found.read == [("st36", 1)]
    assert found.counts == {"document of EP, kind A1": 1}


@pytest.mark.parametrize(
    ("country", "number", "kind", "subject"),
    [
        ("WO", "9812345", "A1", "WO1998012345A1"),
        ("WO", "1998012345", "A1", "WO1998012345A1"),
        ("US", "2022000060", "A1", "US20220000060A1"),
        ("US", "20220000060", "A1", "US20220000060A1"),
    ],
)
def test_an_application_has_one_subject(tmp_path: Path, country: str, number: str, kind: str, subject: str) -> None:
    (event,) = imported(tmp_path, document(country, number, kind)).events
    assert (event["type"], event["subject"]) == ("ip.patent.published.v1", subject)


def test_a_granted_patent_has_claims_and_citations(tmp_path: Path) -> None:
    cited = "".join(
        f"<citation><patcit>{identified(*of)}</patcit></citation>"
        for of in (
            ("US", "5825759", "A", "19981000"),
            ("US", "2005123456", "A1", "20050609"),
            ("WO", "9812345", "A1", "19980326"),
            ("EP", "1234567", "A1", "20050101"),
            ("JP", "H01", "", ""),
        )
    )
    more = f"<number-of-claims>12</number-of-claims><references-cited>{cited}</references-cited>"
    (event,) = imported(tmp_path, document(kind="B1", day="20140305", more=more)).events
    assert (event["type"], event["subject"]) == ("ip.patent.granted.v1", "EP2345678B1")
    assert event["data"] == FACTS | {
        "occurred_on": "2014-03-05",
        "kind": "B1",
        "claims": 12,
        "backward_cites": ["US5825759A", "US20050123456A1", "WO1998012345A1", "EP1234567A1"],
    }


@pytest.mark.parametrize(
    ("country", "number", "kind", "what", "right"),
    [
        ("CN", "101234567", "A", "published", "invention"),
        ("CN", "101234567", "B", "granted", "invention"),
        ("CN", "201234567", "U", "granted", "utility_model"),
        ("CN", "301234567", "S", "granted", "design"),
        ("WO", "2011012345", "A1", "published", "invention"),
        ("WO", "2011012345", "A2", "published", "invention"),
        ("JP", "2011123456", "A", "published", "invention"),
        ("JP", "4567890", "B2", "granted", "invention"),
        ("KR", "101234567", "B1", "granted", "invention"),
        ("DE", "102010012345", "A1", "published", "invention"),
        ("AU", "2010212345", "B2", "granted", "invention"),
        ("AU", "2010212345", "C1", None, None),
        ("GB", "2123456", "B", "granted", "invention"),
        ("GB", "2123456", "C", None, None),
        ("DE", "102004012345", "B4", "granted", "invention"),
        ("DE", "102004012345", "C5", None, None),
        ("DE", "2345678", "B2", None, None),
        ("DE", "2345678", "C3", "granted", "invention"),
        ("RU", "2123456", "C2", "granted", "invention"),
        ("US", "6123456", "C1", None, None),
        ("US", "20050123456", "P1", "published", "plant"),
        ("EP", "2345678", "A3", None, None),
        ("EP", "2345678", "A9", None, None),
        ("EP", "2345678", "B2", None, None),
        ("EP", "2345678", "B9", None, None),
        ("DE", "202010012345", "U1", None, None),
    ],
)
def test_kinds_say_whether_a_document_publishes_or_grants(
    country: str, number: str, kind: str, what: str | None, right: str | None, tmp_path: Path
) -> None:
    found = imported(tmp_path, document(country, number, kind, root="patent-document"))
    if what is None:
        assert found.rules == {SkipReason.ANOTHER_DOCUMENT: 1}
        return
    (event,) = found.events
    assert (event["type"], event["subject"]) == (f"ip.patent.{what}.v1", f"{country}{number}{kind}")
    assert event["data"]["right"] == right


def test_us_documents_of_kind_b_are_patents_since_2001_and_reexaminations_before(tmp_path: Path) -> None:
    before = imported(tmp_path, document("US", "4123456", "B1", "19890606", root="patent-document"))
    assert before.rules == {SkipReason.ANOTHER_DOCUMENT: 1}
    (event,) = imported(tmp_path, document("US", "6167569", "B1", "20010102", root="patent-document")).events
    assert event["subject"] == "US6167569B1"


def test_names_of_offices_and_prefixes_do_not_matter(tmp_path: Path) -> None:
    plain = imported(tmp_path, document("CN", "101234567", "B", root="cn-patent-document")).events
    chinese = document("CN", "101234567", "B", root="cn-patent-document", national="cn-")
    assert imported(tmp_path, chinese).events == plain
    exchanged = document("CN", "101234567", "B", root="exch:exchange-document", national="exch:")
    wrapped = f'<exch:exchange-documents xmlns:exch="urn:x">{exchanged}</exch:exchange-documents>'
    assert imported(tmp_path, wrapped).events == plain


EUROPEAN = """<ep-patent-document id="EP10012345B1" lang="en" country="EP" doc-number="2345678" kind="B1" status="n">
<SDOBI lang="en"><B000><eptags><B001EP>AT</B001EP></eptags></B000>
<B100><B110>2345678</B110><B120><B121>EUROPEAN PATENT SPECIFICATION</B121></B120><B130>B1</B130>
<B140><date>20140305</date></B140><B190>EP</B190></B100>
<B200><B210>10012345.6</B210><B220><date>20100104</date></B220></B200>
<B300><B310>1</B310><B320><date>20090105</date></B320><B330><ctry>DE</ctry></B330></B300>
<B500><B510EP><classification-ipcr sequence="1"><text>G06N   3/0475      20230101AFI20110720BHEP</text>
</classification-ipcr></B510EP><B520EP><classifications-cpc><classification-cpc sequence="1">
<text>G06N   3/0475      20130101 FI20140305BHEP</text></classification-cpc></classifications-cpc></B520EP>
<B540><B541>de</B541><B542>Ein Drachen</B542><B541>en</B541><B542>A kite</B542></B540>
<B560><B561><text>EP-A1- 1 234 567</text></B561><B561><text>US-A- 5 825 759</text></B561>
<B562><text>ROE: Kites</text></B562></B560></B500>
<B700><B720><B721><snm>Lovelace, Ada</snm><adr><city>London</city><ctry>GB</ctry></adr></B721></B720>
<B730><B731><snm>Kite AG</snm><iid>1</iid><adr><city>Ulm</city><ctry>DE</ctry></adr></B731></B730></B700>
</SDOBI><claims id="claims01" lang="en"/></ep-patent-document>"""


def test_a_publication_of_the_epo_has_elements_of_st32(tmp_path: Path) -> None:
    (event,) = imported(tmp_path, EUROPEAN).events
    assert (event["type"], event["subject"]) == ("ip.patent.granted.v1", "EP2345678B1")
    assert event["data"] == {
        "occurred_on": "2014-03-05",
        "region": "DE",
        "office": "EP",
        "number": "2345678",
        "kind": "B1",
        "right": "invention",
        "title": "A kite",
        "application_number": "10012345.6",
        "filed_on": "2010-01-04",
        "priority_on": "2009-01-05",
        "ipc": ["G06N0003047500"],
        "cpc": ["G06N0003047500"],
        "applicants": [{"name": "Kite AG", "country": "DE"}],
        "assignees": [{"name": "Kite AG", "country": "DE"}],
        "inventors": [{"name": "Lovelace, Ada", "country": "GB"}],
        "backward_cites": ["EP1234567A1", "US5825759A"],
    }


def test_a_us_patent_is_the_event_of_the_us_offices_own_files(tmp_path: Path) -> None:
    (event,) = imported(tmp_path, document("US", "10000001", "B2", "20180619", root="patent-document")).events
    assert (event["subject"], event["source"]) == ("US10000001B2", "urn:office:us:uspto")
    assert event["id"].startswith("20180619-")


def test_a_bad_document_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "<patent-documents>",
        document(day="20110231", root="patent-document"),
        document(kind="", root="patent-document"),
        document(number="12", root="patent-document"),
        "<patent-document><x/></patent-document>",
        document(root="patent-document"),
        document(root="patent-document").partition("<description>")[0],
        "</patent-documents>",
    )
    assert [event["subject"] for event in found.events] == ["EP2345678A1"]
    messages = [reason for _, reason in reasons(found)]
    assert messages[0] == "EP2345678A1: publication date: '20110231' is not a day from 1900 on"
    assert messages[1] == "a publication without kind"
    assert messages[2].startswith("EP publication number '12'") or "'12'" in messages[2]
    assert messages[3:] == [
        "a patent-document that has no bibliographic data",
        "a patent-document that does not end",
    ]
    assert all(skipped.fault for skipped in found.skipped)


DOCDB = """<exch:exchange-document country="EP" doc-number="2345678" kind="A1" date-publ="20110720" status="A">
<exch:bibliographic-data><exch:publication-reference data-format="docdb"><document-id><country>EP</country>
<doc-number>2345678</doc-number><kind>A1</kind></document-id></exch:publication-reference>
<exch:parties><exch:applicants>
<exch:applicant sequence="1" data-format="docdb"><exch:applicant-name><name>KITE AG</name></exch:applicant-name>
<residence><country>DE</country></residence></exch:applicant>
<exch:applicant sequence="2" data-format="epodoc"><exch:applicant-name><name>TAIL BV [NL]</name></exch:applicant-name>
</exch:applicant>
<exch:applicant sequence="1" data-format="original"><exch:applicant-name><name>Kite AG</name></exch:applicant-name>
</exch:applicant>
<exch:applicant sequence="2" data-format="original"><exch:applicant-name><name>Tail BV</name></exch:applicant-name>
</exch:applicant>
</exch:applicants></exch:parties></exch:bibliographic-data></exch:exchange-document>"""


def exchanged(*documents: str) -> str:
    return f'<exch:exchange-documents xmlns:exch="urn:exch">{"".join(documents)}</exch:exchange-documents>'


def test_a_document_of_docdb_has_its_day_and_the_countries_of_its_parties_in_any_format(tmp_path: Path) -> None:
    (event,) = imported(tmp_path, exchanged(DOCDB)).events
    assert (event["subject"], event["data"]["occurred_on"], event["data"]["region"]) == (
        "EP2345678A1",
        "2011-07-20",
        "DE",
    )
    assert event["data"]["applicants"] == [{"name": "Kite AG", "country": "DE"}, {"name": "Tail BV", "country": "NL"}]


def test_a_document_that_its_office_deleted_gives_no_event(tmp_path: Path) -> None:
    found = imported(tmp_path, exchanged(DOCDB.replace('status="A"', "status='D'"), DOCDB))
    assert len(found.events) == 1
    assert reasons(found) == [("another_document", "EP2345678A1: its office deleted it")]


def test_an_envelope_without_documents_is_read_and_is_no_fault(tmp_path: Path) -> None:
    found = imported(tmp_path, exchanged())
    assert (found.events, found.skipped, found.read) == ([], [], [("st36", 0)])


def test_an_answer_of_open_patent_services_is_read(tmp_path: Path) -> None:
    body = document(root="exchange-document").replace(' data-format="docdb"', "").replace(' data-format="epodoc"', "")
    types = body.replace("<document-id>", '<document-id document-id-type="docdb">').replace("<date>20100104</date>", "")
    dated = '<document-id document-id-type="epodoc"><doc-number>EP1</doc-number><date>20100104</date></document-id>'
    answer = types.replace("</application-reference>", f"{dated}</application-reference>")
    missing = '<exchange-document country="EP" doc-number="1" kind="A1" status="not found"/>'
    found = imported(tmp_path, f'<ops:world-patent-data xmlns:ops="urn:o">{answer}{missing}</ops:world-patent-data>')
    assert [event["data"]["filed_on"] for event in found.events] == ["2010-01-04"]
    assert reasons(found) == [("another_document", "EP1A1: it was asked for and not found")]


@pytest.mark.parametrize(("encoding", "name"), [("ISO-8859-1", "Müller"), ("GB2312", "风筝"), ("UTF-8", "风筝")])
def test_a_document_in_the_declared_encoding_is_the_same_in_utf_8(encoding: str, name: str, tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{document().replace("Lovelace", name)}'
    (tmp_path / "y.xml").write_bytes(text.encode(encoding))
    (event,) = taken("patent-publications", tmp_path / "y.xml").events
    assert event["data"]["inventors"] == [{"name": f"Ada {name}", "country": "GB"}]


def test_a_document_that_is_not_in_the_declared_encoding_is_bad_and_the_others_are_read(tmp_path: Path) -> None:
    good, bad = document().encode(), document().replace("Lovelace", "Lov").encode().replace(b"Lov", b"\xff\xff")
    (tmp_path / "y.xml").write_bytes(b'<?xml version="1.0" encoding="GBK"?>' + bad + good)
    found = taken("patent-publications", tmp_path / "y.xml")
    assert len(found.events) == 1
    assert reasons(found) == [("bad_document", "a document that is not in gb18030, as its file declares")]
