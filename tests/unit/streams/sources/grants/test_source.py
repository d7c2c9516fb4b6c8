from collections import Counter
from pathlib import Path

import pytest

from streams.sources.kinds import KINDS
from streams.sources.results import Imported, NotTaken, Result

from tests.unit.streams.sources.documents import PROLOG, grant_xml, refused, said, search_line, written

SEARCH = "us-grants-search-json/ppubs-docs.jsonl.gz"


def imported(*paths: Path) -> list[Result]:
    return list(KINDS["uspto-grants"](paths))


def v4_files(office_data: Path) -> list[Path]:
    xml = office_data / "us-grants-xml"
    singles = (path for path in xml.glob("singles/*.xml.gz") if ".patdoc." not in path.name)
    return [*sorted(xml.glob("ipg*.xml.gz")), *sorted(singles)]


def first_of_each_identity(results: list[Result]) -> list[Imported]:
    first: dict[tuple[str, str], Imported] = {}
    for result in results:
        if isinstance(result, Imported):
            first.setdefault((result.subject, said(result)["id"]), result)
    return list(first.values())


def test_a_weekly_file_gives_its_grants_and_names_what_it_did_not_take(tmp_path: Path) -> None:
    listing = f'{PROLOG.replace("us-patent-grant", "sequence-cwu")}<sequence-cwu id="S"><p/></sequence-cwu>\n'
    bomb = PROLOG.replace("[ ]", '[<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]')
    documents = [
        grant_xml("06836899", title="One"),
        listing,
        grant_xml("06836900")[:700] + "\n",
        grant_xml("06836901", prolog=bomb, title="&b;"),
        grant_xml("H0002292", "H1"),
        grant_xml(
            "06836902",
            classes="<classification-ipc><main-classification>?</main-classification></classification-ipc>",
        ),
        grant_xml("06836903", title="Two"),
    ]
    path = written(tmp_path / "week.xml.gz", *documents)
    lines = [1 + "".join(documents[:index]).count("\n") for index in range(len(documents))]
    results = imported(path)
    assert [said(results[0])["subject"], said(results[6])["subject"]] == ["US6836899B2", "US6836903B2"]
    others = [refused(result) for result in results[1:6]]
    assert [other.fault for other in others] == [False, True, True, False, True]
    assert [(other.file, other.place) for other in others] == [(str(path), f"line {n}") for n in lines[1:6]]


def test_lines_of_the_search_go_on_after_a_bad_one(tmp_path: Path) -> None:
    path = written(tmp_path / "docs.jsonl", "\ufeff", search_line(), '{"type": \n', search_line(type="US-PGPUB"))
    first, bad, application = imported(path)
    assert said(first)["subject"] == "US10000001B2"
    assert (refused(bad).place, refused(bad).fault) == ("line 2", True)
    assert (refused(application).place, refused(application).fault) == ("line 3", False)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("PATN\nWKU  039327094\n", "APS text (Green Book) is a format not taken in this version"),
        ("HHHHHT     APS1\nPATN\n", "APS text (Green Book) is a format not taken in this version"),
        (
            '<?xml version="1.0"?>\n<PATDOC DTD="2.5"></PATDOC>\n',
            "grant XML v2.x (PATDOC) is a format not taken",
        ),
        ('{\n "type": "USPAT"\n}\n', "neither Red Book XML v4.x nor search JSON, one document a line"),
        ("number,kind\n1,2\n", "neither Red Book XML v4.x nor search JSON"),
        ("<html><body/></html>", "a document <html> is not a grant"),
    ],
)
def test_a_format_that_is_not_taken_is_a_fault_with_file_and_place(content: str, reason: str, tmp_path: Path) -> None:
    path = written(tmp_path / "file", content)
    (result,) = map(refused, imported(path))
    assert (result.file, result.place, result.fault) == (str(path), "line 1", True)
    assert reason in result.reason


def test_both_formats_of_a_grant_have_one_identity_and_different_bytes(tmp_path: Path) -> None:
    results = imported(written(tmp_path / "a", grant_xml()), written(tmp_path / "b", search_line()))
    xml, line = map(said, results)
    assert all(xml[name] == line[name] for name in ("subject", "source", "id", "type", "time"))
    assert results[0] != results[1]


def test_the_grants_of_the_office_are_counted_as_the_office_counts_them(office_data: Path) -> None:
    results = imported(*v4_files(office_data))
    grants = [said(result)["data"] for result in first_of_each_identity(results)]
    assert Counter(grant["kind"] for grant in grants) == {"S1": 207, "B2": 108, "B1": 19, "E1": 3, "P2": 1}
    assert Counter(grant["occurred_on"][:4] for grant in grants) == {
        "2005": 26, "2007": 26, "2009": 25, "2010": 1, "2011": 25, "2012": 196, "2013": 25, "2015": 2, "2016": 1,
        "2018": 1, "2022": 9, "2023": 1,
    }  # fmt: skip
    assert Counter(grant["right"] for grant in grants if not grant["ipc"]) == {"design": 207}
    assert Counter(grant["right"] for grant in grants) == {"design": 207, "invention": 130, "plant": 1}
    assert all(grant["region"] for grant in grants)
    others = [result for result in results if isinstance(result, NotTaken)]
    assert [(other.fault, other.reason) for other in others] == [(False, "a sequence listing, not a grant")] * 3
    subjects = Counter(result.value for result in results if isinstance(result, Imported))
    assert [said(Imported(value, "", ""))["subject"] for value, n in subjects.items() if n > 1] == ["USD967598S1"]


def test_the_grants_of_the_search_are_counted_as_the_office_counts_them(office_data: Path) -> None:
    results = imported(office_data / SEARCH)
    grants = [said(result)["data"] for result in first_of_each_identity(results)]
    assert Counter(grant["kind"] for grant in grants) == {"B2": 2586, "B1": 362, "S": 15, "E": 9, "A": 7}
    assert Counter(grant["occurred_on"][:4] for grant in grants) == {
        "1911": 1, "1991": 1, "1996": 3, "1998": 2, "2000": 1, "2001": 1, "2004": 1, "2005": 3, "2006": 8, "2007": 13,
        "2008": 9, "2009": 2, "2010": 16, "2011": 8, "2012": 3, "2013": 3, "2014": 4, "2015": 3, "2016": 3, "2017": 1,
        "2018": 2, "2021": 4, "2022": 1, "2023": 2360, "2024": 526,
    }  # fmt: skip
    assert Counter((grant["ipc"] or ["-"])[0][0] for grant in grants) == {
        "A": 362, "B": 361, "C": 61, "D": 6, "E": 80, "F": 174, "G": 1229, "H": 691, "-": 15,
    }  # fmt: skip
    assert not any("<" in grant["title"] or "&" in grant["title"].replace(" & ", "") for grant in grants)
    others = [result for result in results if isinstance(result, NotTaken)]
    assert [other.fault for other in others] == [False] * 20


def test_together_they_are_3316_grants_and_one_conflict_and_importing_twice_changes_nothing(
    office_data: Path,
) -> None:
    paths = [*v4_files(office_data), office_data / SEARCH]
    results = imported(*paths)
    assert results == imported(*paths)
    assert len(first_of_each_identity(results)) == 338 + 2979 - 1
    shapes = {result.value for result in results if isinstance(result, Imported) and "10000000" in result.subject}
    assert len(shapes) == 2
    assert len({(said(Imported(shape, "", ""))["id"]) for shape in shapes}) == 1


def test_older_formats_of_the_office_are_named(office_data: Path) -> None:
    xml = office_data / "us-grants-xml"
    older = [*sorted(xml.glob("singles/*.aps.txt.gz")), *sorted(xml.rglob("*patdoc*.xml.gz"))]
    results = [refused(result) for result in imported(*older)]
    assert len(results) == 2 + 50 + 3
    assert all(result.fault and "format not taken in this version" in result.reason for result in results)
