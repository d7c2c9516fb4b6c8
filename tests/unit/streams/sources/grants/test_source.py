import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from schemas.ipc import common_spelling
from streams.sources.importers import IMPORTERS, importer_of
from streams.sources.reading import Reading
from streams.sources.report import Report
from streams.sources.results import Imported, Result, Skipped, SkipReason
from tests.unit.streams.sources.documents import PROLOG, event_from, grant_xml, refused, search_line, written

from .documents import PROLOG_24, PROLOG_25, aps, patdoc, sgml

SEARCH = "us-grants-search-json/ppubs-docs.jsonl.gz"
XML = "us-grants-xml"


def read(*paths: Path) -> tuple[Reading, list[Result]]:
    reading = Reading(paths, importer_of)
    return reading, list(IMPORTERS["uspto-grants"].results(reading))


def imported(*paths: Path) -> list[Result]:
    return read(*paths)[1]


def grant_files(office_data: Path) -> list[Path]:
    """Return all files of grants in XML, SGML and APS text, in the order of the table of golden counts."""
    return [*sorted((office_data / XML).glob("*.xml.gz")), *sorted((office_data / XML).glob("singles/*.gz"))]


def data_of(results: Iterable[Result]) -> list[dict[str, Any]]:
    return [event_from(result)["data"] for result in results if isinstance(result, Imported)]


def first_of_each_identity(results: list[Result]) -> list[Imported]:
    first: dict[tuple[str, str], Imported] = {}
    for result in results:
        if isinstance(result, Imported):
            first.setdefault((result.subject, event_from(result)["id"]), result)
    return list(first.values())


def subjects(results: Iterable[Result]) -> list[str]:
    return [result.subject for result in results if isinstance(result, Imported)]


def test_a_weekly_file_gives_its_grants_and_reports_skipped_documents(tmp_path: Path) -> None:
    listing = f'{PROLOG.replace("us-patent-grant", "sequence-cwu")}<sequence-cwu id="S"><p/></sequence-cwu>\n'
    bomb = PROLOG.replace("[ ]", '[<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]')
    documents = [
        grant_xml("06836899", title="One"),
        listing,
        grant_xml("06836900")[:700] + "\n",
        grant_xml("06836901", prolog=bomb, title="&b;"),
        grant_xml("H0002292", "H1"),
        grant_xml("06836902", day="20180631"),
        grant_xml("06836903", title="Two"),
    ]
    path = written(tmp_path / "week.xml.gz", *documents)
    lines = [1 + "".join(documents[:index]).count("\n") for index in range(len(documents))]
    results = imported(path)
    assert [event_from(results[0])["subject"], event_from(results[6])["subject"]] == ["US6836899B2", "US6836903B2"]
    others = [refused(result) for result in results[1:6]]
    assert [other.rule for other in others] == [
        SkipReason.ANOTHER_DOCUMENT,
        SkipReason.BAD_DOCUMENT,
        SkipReason.BAD_DOCUMENT,
        SkipReason.STATUTORY_REGISTRATION,
        SkipReason.BAD_DOCUMENT,
    ]
    assert [(other.file, other.location) for other in others] == [(str(path), f"line {n}") for n in lines[1:6]]


def test_other_members_of_a_weekly_archive_are_not_faults(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ipgb20180619_wk25.zip", "w") as archive:
        archive.writestr("ipgb20180619lst.txt", "D0967598\nD0967599\n")
        archive.writestr("ipgb20180619.xml", grant_xml() + grant_xml("10000002"))
    listed, *grants = imported(tmp_path / "ipgb20180619_wk25.zip")
    assert (refused(listed).rule, subjects(grants)) == (SkipReason.ANOTHER_DOCUMENT, ["US10000001B2", "US10000002B2"])


@pytest.mark.parametrize("prolog", [PROLOG_24, PROLOG_25, "", '<?xml version="1.0"?>\n', "\n<!-- x -->"])
def test_patdoc_is_cut_at_any_prolog_and_a_truncated_document_leaves_the_next_intact(
    prolog: str, tmp_path: Path
) -> None:
    document = sgml if prolog == PROLOG_24 else patdoc
    documents = [document(number=f"0620000{n}", prolog=prolog) for n in range(1, 4)]
    documents[1] = documents[1][:700] + "\n"
    results = imported(written(tmp_path / "pg010313.sgm", *documents))
    assert subjects(results) == ["US6200001B1", "US6200003B1"]
    (broken,) = (refused(result) for result in results if isinstance(result, Skipped))
    line = 1 + documents[0].count("\n") + prolog.count("\n")
    assert (broken.location, "is truncated" in broken.reason) == (f"line {line}", True)


def test_a_week_of_aps_text_has_a_line_before_its_grants(tmp_path: Path) -> None:
    header = "HHHHHT        APS1        ISSUE - 760210\n"
    path = written(tmp_path / "pftaps19760210_wk06.txt", header, aps(), aps(WKU="", TTL="x"), aps(WKU="D02393310"))
    first, *results = imported(path)
    assert (refused(first).location, refused(first).rule) == ("line 1", SkipReason.ANOTHER_DOCUMENT)
    assert subjects(results) == ["US3937375A", "USD239331S"]
    assert refused(results[1]).location == f"line {2 + aps().count(chr(10))}"


def test_lines_of_the_search_continue_after_a_bad_one(tmp_path: Path) -> None:
    path = written(tmp_path / "docs.jsonl", "\ufeff", search_line(), '{"type": \n', search_line(type="US-PGPUB"))
    first, bad, application = imported(path)
    assert event_from(first)["subject"] == "US10000001B2"
    assert (refused(bad).location, refused(bad).rule) == ("line 2", SkipReason.BAD_DOCUMENT)
    assert (refused(application).location, refused(application).rule) == ("line 3", SkipReason.NOT_GRANTED)


@pytest.mark.parametrize(
    "envelope", ['{{"numFound": 2, "patents": [{0}, {1}]}}', '{{\n"docs": [\n{0},\n{1}]\n}}', "[{0},{1}]", "{0}{1}"]
)
def test_an_answer_of_the_search_gives_the_same_as_its_documents(envelope: str, tmp_path: Path) -> None:
    lines = search_line(), search_line(publicationReferenceDocumentNumber="10000002")
    results = imported(written(tmp_path / "answer.json", envelope.format(*lines)))
    assert results == imported(written(tmp_path / "docs.jsonl", *lines))
    assert len(results) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("number,kind\n1,2\n", "none of the formats of this import: red-book-xml, patdoc, green-book, search-json"),
        ("<html><body/></html>", "none of the formats"),
        ('{"applId": "15123456"}', "the file belongs to the kind uspto-assignments: import it with that kind"),
    ],
)
def test_a_file_of_another_format_is_a_fault_with_file_and_location(content: str, reason: str, tmp_path: Path) -> None:
    path = written(tmp_path / "file", content)
    (result,) = map(refused, imported(path))
    assert (result.file, result.location, result.rule) == (str(path), "its beginning", SkipReason.UNKNOWN_FORMAT)
    assert reason in result.reason


def test_all_formats_of_a_grant_have_one_identity_and_different_bytes(tmp_path: Path) -> None:
    design = {"number": "D0452059", "day": "20011218", "kind": "S"}
    results = imported(
        written(tmp_path / "a", grant_xml("D0452059", "S1", "20011218")),
        written(tmp_path / "b", sgml(**design)),
        written(tmp_path / "c", aps(WKU="D04520599", ISD="20011218")),
        written(tmp_path / "d", search_line(
            publicationReferenceDocumentNumber="D452059", kindCode=["S"], datePublished="2001-12-18T00:00:00Z"
        )),
        written(tmp_path / "e", patdoc(**design | {"kind": "S1"})),
    )  # fmt: skip
    identities = {
        tuple(event_from(result)[name] for name in ("subject", "source", "id", "type", "time")) for result in results
    }
    assert [identity[0] for identity in identities] == ["USD452059S1"]
    assert len({result.value for result in results if isinstance(result, Imported)}) == 5


def test_a_report_counts_grants_as_offices_do(tmp_path: Path) -> None:
    owned = grant_xml("10000002", more="<assignees><assignee><orgname>Wind AG</orgname></assignee></assignees>")
    path = written(tmp_path / "week.xml", grant_xml(), owned, grant_xml("D0967598", "S1", "20221025", classes=""))
    reading, results = read(path)
    report = Report(reading)
    for result in results:
        report.take(result)
    assert report.as_json()["counts"] == {
        "grant in section G of the IPC": 2,
        "grant of 2018": 2,
        "grant of 2022": 1,
        "grant of kind B2": 2,
        "grant of kind S1": 1,
        "grant without IPC": 1,
        "grant without assignee": 2,
    }


# format, documents that are no grants, kinds, years, and grants without IPC, without assignee, with several assignees
GOLDEN = {
    "ipg050104.sample25.xml.gz": ("red-book-xml", 0, {"B1": 8, "B2": 17}, {"2005": 25}, 0, 5, 1),
    "ipg070102.sample25.xml.gz": ("red-book-xml", 1, {"B1": 4, "B2": 17, "S1": 4}, {"2007": 25}, 4, 2, 0),
    "ipg090106.sample25.xml.gz": ("red-book-xml", 0, {"B1": 2, "B2": 20, "S1": 3}, {"2009": 25}, 3, 1, 0),
    "ipg100824.one.xml.gz": ("red-book-xml", 0, {"B2": 1}, {"2010": 1}, 0, 0, 0),
    "ipg110104.sample25.xml.gz": ("red-book-xml", 0, {"B1": 2, "B2": 22, "S1": 1}, {"2011": 25}, 1, 2, 1),
    "ipg120327.design196.xml.gz": ("red-book-xml", 0, {"S1": 196}, {"2012": 196}, 196, 35, 0),
    "ipg130416.sample25.xml.gz": ("red-book-xml", 2, {"B1": 2, "B2": 21, "S1": 2}, {"2013": 25}, 2, 1, 1),
    "ipgb20221025.cut.xml.gz": (
        "red-book-xml", 0, {"B2": 5, "E1": 3, "P2": 1, "S1": 2}, {"2022": 10, "2023": 1}, 2, 3, 0,
    ),
    "pg020507.patdoc-first50.xml.gz": ("patdoc", 0, {"S1": 50}, {"2002": 50}, 50, 24, 0),
    "US03932709.aps.txt.gz": ("green-book", 0, {"A": 1}, {"1976": 1}, 0, 0, 0),
    "US03937375-19760210.aps.txt.gz": ("green-book", 0, {"A": 1}, {"1976": 1}, 0, 1, 0),
    "US06334226-20020101.patdoc.xml.gz": ("patdoc", 0, {"B1": 1}, {"2002": 1}, 0, 0, 0),
    "US06336130-20020101.patdoc.xml.gz": ("patdoc", 0, {"B1": 1}, {"2002": 1}, 0, 0, 0),
    "US06859910-20050222.xml.gz": ("red-book-xml", 0, {"B2": 1}, {"2005": 1}, 0, 0, 0),
    "US07272630-20070918.xml.gz": ("red-book-xml", 0, {"B2": 1}, {"2007": 1}, 0, 0, 0),
    "US08926509-20150106.xml.gz": ("red-book-xml", 0, {"B2": 1}, {"2015": 1}, 0, 0, 0),
    "US08930553-20150106.xml.gz": ("red-book-xml", 0, {"B2": 1}, {"2015": 1}, 0, 0, 0),
    "US09358892-20160607.xml.gz": ("red-book-xml", 0, {"B1": 1}, {"2016": 1}, 0, 0, 0),
    "US10000000-20180619.xml.gz": ("red-book-xml", 0, {"B2": 1}, {"2018": 1}, 0, 0, 0),
    "USD0452599-20020101.patdoc.xml.gz": ("patdoc", 0, {"S1": 1}, {"2002": 1}, 1, 1, 0),
}  # fmt: skip


def rule_of(result: Result) -> SkipReason | None:
    return result.rule if isinstance(result, Skipped) else None


def counted(results: list[Result]) -> tuple[Any, ...]:
    grants = data_of(results)
    owners = [len(grant.get("assignees", ())) for grant in grants]
    kinds = dict(Counter(grant["kind"] for grant in grants))
    years = dict(Counter(grant["occurred_on"][:4] for grant in grants))
    return kinds, years, sum(not grant["ipc"] for grant in grants), owners.count(0), sum(n > 1 for n in owners)


def test_each_file_of_grants_is_counted_as_the_office_counts_it(office_data: Path) -> None:
    for path in grant_files(office_data):
        form, others, *golden = GOLDEN[path.name]
        reading, results = read(path)
        documents = [result for result in results if rule_of(result) is not SkipReason.UNREAD_VALUE]
        assert [(file.format, file.documents) for file in reading.read] == [(form, len(documents))], path
        assert counted(results) == tuple(golden), path
        not_grants = [refused(result) for result in documents if isinstance(result, Skipped)]
        assert [refusal.rule for refusal in not_grants] == [SkipReason.ANOTHER_DOCUMENT] * others, path
        assert all(refusal.reason == "a sequence listing, not a grant" for refusal in not_grants)


def test_all_grants_in_files_are_counted_as_the_office_counts_them(office_data: Path) -> None:
    reading, results = read(*grant_files(office_data))
    grants = data_of(results)
    assert (len(grants), len(first_of_each_identity(results)), len(results)) == (394, 393, 397)
    assert not [result for result in results if rule_of(result) is SkipReason.UNREAD_VALUE]
    cited = {document for grant in grants for document in grant.get("backward_cites", [])}
    assert {"US45670A", "US82134A", "US18753A"} <= cited
    assert [subject for subject, n in Counter(subjects(results)).items() if n > 1] == ["USD967598S1"]
    assert len({result.value for result in results if isinstance(result, Imported)}) == 393
    kinds, years, _, without_assignee, several_assignees = counted(results)
    assert kinds == {"S1": 259, "B2": 108, "B1": 21, "E1": 3, "P2": 1, "A": 2}
    assert years == {
        "1976": 2, "2002": 53, "2005": 26, "2007": 26, "2009": 25, "2010": 1, "2011": 25, "2012": 196, "2013": 25,
        "2015": 2, "2016": 1, "2018": 1, "2022": 10, "2023": 1,
    }  # fmt: skip
    assert (without_assignee, several_assignees) == (75, 3)
    assert Counter((grant["ipc"] or ["-"])[0][0] for grant in grants) == {
        "A": 26, "B": 35, "C": 9, "E": 1, "F": 12, "G": 22, "H": 30, "-": 259,
    }  # fmt: skip
    subclasses = Counter(common_spelling(grant["ipc"][0])[:4] for grant in grants if grant["ipc"])
    assert subclasses.most_common(3) == [("H01L", 11), ("G06K", 5), ("G06F", 5)]
    assert [subclasses[name] for name in ("B32B", "B60R", "A63B", "A01G")] == [4, 3, 3, 3]
    assert Counter(grant["right"] for grant in grants if not grant["ipc"]) == {"design": 259}
    assert Counter(grant["right"] for grant in grants) == {"design": 259, "invention": 134, "plant": 1}
    assert all(grant["region"] and grant["inventors"] and grant["claims"] for grant in grants)
    assert not any("&" in grant["title"].replace(" & ", "") for grant in grants)
    assert reading.counts["grant of kind S1"] == 259
    assert reading.counts["grant without assignee"] == 75
    assert reading.counts["grant with several assignees"] == 3


@pytest.mark.slow
def test_the_grants_of_the_search_are_counted_as_the_office_counts_them(office_data: Path) -> None:
    results = imported(office_data / SEARCH)
    grants = data_of(first_of_each_identity(results))
    # Of 145,541 cited documents 18 are registrations (H) and 2 have numbers that are none of a patent (X840863).
    assert sum(len(grant.get("backward_cites", [])) for grant in grants) == 145_521
    kinds, years, without_ipc, without_assignee, several_assignees = counted(results)
    assert kinds == {"B2": 2586, "B1": 362, "S": 15, "E": 9, "A": 7}
    assert years == {
        "1911": 1, "1991": 1, "1996": 3, "1998": 2, "2000": 1, "2001": 1, "2004": 1, "2005": 3, "2006": 8, "2007": 13,
        "2008": 9, "2009": 2, "2010": 16, "2011": 8, "2012": 3, "2013": 3, "2014": 4, "2015": 3, "2016": 3, "2017": 1,
        "2018": 2, "2021": 4, "2022": 1, "2023": 2360, "2024": 526,
    }  # fmt: skip
    assert (without_ipc, without_assignee, several_assignees) == (15, 146, 96)
    assert Counter((grant["ipc"] or ["-"])[0][0] for grant in grants) == {
        "A": 362, "B": 361, "C": 61, "D": 6, "E": 80, "F": 174, "G": 1229, "H": 691, "-": 15,
    }  # fmt: skip
    subclasses = Counter(common_spelling(grant["ipc"][0])[:4] for grant in grants if grant["ipc"])
    assert subclasses.most_common(10) == [
        ("G06F", 445), ("H04L", 173), ("G06Q", 162), ("A61B", 145), ("H04W", 133), ("G06T", 85), ("H01L", 83),
        ("H04N", 69), ("G01S", 51), ("G01N", 43),
    ]  # fmt: skip
    assert {name: subclasses[name] for name in ("G06V", "G16Y", "H10K", "H10N")} == {
        "G06V": 32, "G16Y": 1, "H10K": 1, "H10N": 1,
    }  # fmt: skip
    assert [grant["number"] for grant in grants if "filed_on" not in grant] == ["1000000"]
    assert sum("cpc" not in grant for grant in grants) == 14
    assert Counter(grant["occurred_on"] for grant in grants).most_common(4) == [
        ("2023-01-17", 1002), ("2023-07-04", 875), ("2024-04-23", 525), ("2023-10-31", 482),
    ]  # fmt: skip
    titles = [grant.get("title", "") for grant in grants]
    assert (titles.count(""), any("<" in title or "&" in title.replace(" & ", "") for title in titles)) == (1, False)
    others = [refused(result).rule for result in results if isinstance(result, Skipped)]
    assert Counter(others) == {SkipReason.NOT_GRANTED: 20, SkipReason.UNREAD_VALUE: 1}


@pytest.mark.slow
def test_all_files_give_3371_grants_and_one_conflict_and_a_second_import_changes_nothing(office_data: Path) -> None:
    paths = [*grant_files(office_data), office_data / SEARCH]
    results = imported(*paths)
    assert results == imported(*paths)
    assert len(first_of_each_identity(results)) == 393 + 2979 - 1
    shapes = {result.value for result in results if isinstance(result, Imported) and "10000000" in result.subject}
    assert len(shapes) == 2
    assert len({(event_from(Imported(shape, "", ""))["id"]) for shape in shapes}) == 1
