from pathlib import Path
from zipfile import ZipFile

import pytest

from streams.sources.results import SkipReason
from tests.unit.streams.sources.documents import grant_xml

from .imports import Taken, reasons, taken

ROWS = {
    "Reexaminations": "0",
    "Statuatory Invention Registrations": "0",
    "Design Patents": "450",
    "Plant Patents": "17",
    "Reissue Patents": "7",
    "Utility - General &amp; Mechanical, Chemical, Electrical": "5,965",
    "Total": "6,439",
}


def report(columns: str = "<td>Range</td><td>&nbsp;Count</td><td>Count</td>", **counts: str) -> str:
    rows = "".join(
        f"<tr><td align='left'><b>{label}</b></td><td>1-2 (6,498)</td><td>{count}</td><td>59</td></tr>"
        for label, count in (ROWS | counts).items()
    )
    return f"""<!DOCTYPE HTML><html><body><center><h3>UNITED STATES PATENT AND TRADEMARK OFFICE</h3>
<h3>Patent Grant Bibliographic Data/XML ICE v4.7 (Grant Red Book Issue 20221025)
  </h3><h3>Issue Date: 20221025</h3></center><table><tr><td></td><td><b>Document</b></td></tr>
<tr><td><b><u>Type &nbsp;</u></b></td>{columns}</tr>{rows}<tr><td>CWU Math Count</td><td>3,939</td></tr></table>
<table><tr><td>11477964</td></tr></table></body></html>"""


def of(tmp_path: Path, content: str) -> Taken:
    path = tmp_path / "rpt.html"
    path.write_text(content)
    return taken("uspto-issue-reports", path)


def test_the_counts_of_an_issue_are_figures_by_sort(tmp_path: Path) -> None:
    found = of(tmp_path, report())
    assert found.by_subject["figure/uspto/issue/2022-10-25/design"] == {
        "occurred_on": "2022-10-25",
        "figure": "US patents issued 2022-10-25: design",
        "metric": "grants",
        "right": "design",
        "office": "US",
        "kinds": ["S1"],
        "period_from": "2022-10-25",
        "period_to": "2022-10-25",
        "value": "450",
        "precision": "1",
        "publisher": "USPTO",
        "document": "count report of the weekly issue, Grant Red Book Issue 20221025",
    }
    assert {subject[30:]: (data["value"], data.get("kinds")) for subject, data in found.by_subject.items()} == {
        "design": ("450", ["S1"]),
        "plant": ("17", ["P2", "P3"]),
        "reissue": ("7", ["E1"]),
        "utility": ("5965", ["B1", "B2"]),
        "total": ("6439", None),
    }
    assert found.rules == {SkipReason.NO_METRIC: 1, SkipReason.STATUTORY_REGISTRATION: 1}
    assert "scope" not in found.by_subject["figure/uspto/issue/2022-10-25/total"]


def test_a_total_that_includes_other_documents_has_that_scope(tmp_path: Path) -> None:
    found = of(tmp_path, report(Reexaminations="3", Total="6,442"))
    total = found.by_subject["figure/uspto/issue/2022-10-25/total"]
    assert total["scope"] == "with 3 reexamination certificates and statutory invention registrations"
    assert ("no_metric", "3 in the issue of 2022-10-25: reexamination certificates are not grants") in reasons(found)


def test_the_reports_of_other_years_have_other_columns_and_several_sorts_of_utility_patents(tmp_path: Path) -> None:
    old = report("<td>Count</td>", **{"Utility Patents - Chemical": "35", "Total": "6,474"})
    old = old.replace("<td>1-2 (6,498)</td>", "").replace("<!DOCTYPE HTML>", "").replace("Date:", "Date ")
    found = of(tmp_path, _total_last(old))
    assert found.by_subject["figure/uspto/issue/2022-10-25/utility"]["value"] == "6000"


def _total_last(page: str) -> str:
    begin = page.index("<tr><td align='left'><b>Total")
    total = page[begin : page.index("</tr>", begin) + 5]
    return page.replace(total, "").replace("<tr><td>CWU", f"{total}<tr><td>CWU")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (report().replace("20221025</h3></center>", "</h3></center>"), "the report has no line `Issue Date: YYYYMMDD`"),
        (report(Total="6,440"), "the total is 6440, but its rows add up to 6439"),
        (report().replace(">Total<", ">Sum<"), "row 'Sum' of the counts is not one of Design, "),
        (report(columns="<td>Sum</td>"), "the report has no table of counts that ends with a total"),
        (report(**{"Plant Patents": "some"}), "Plant Patents: the value 'some' must be digits"),
    ],
)
def test_a_contradictory_report_gives_no_figures(content: str, reason: str, tmp_path: Path) -> None:
    found = of(tmp_path, content)
    assert not found.events
    ((rule, message),) = reasons(found)
    assert rule == "bad_document"
    assert message.startswith(reason)


def test_a_weeks_archive_has_list_and_grants_next_to_its_report(tmp_path: Path) -> None:
    path = tmp_path / "ipgb20221025_wk43.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("ipgb20221025.xml", grant_xml())
        archive.writestr("ipgb20221025lst.txt", "D0967598\r\n11477929\r\n20221025\r\n")
        archive.writestr("ipgb20221025rpt.html", report())
    found = taken("uspto-issue-reports", path)
    assert len(found.events) == 5
    assert not any(skipped.fault for skipped in found.skipped)
    assert ("another_document", "the file belongs to the kind uspto-grants: import it with that kind") in reasons(found)


def test_golden_counts(office_data: Path) -> None:
    week = office_data / "us-grants-xml/ipgb20221025"
    found = taken("uspto-issue-reports", Path(f"{week}rpt.html.gz"), Path(f"{week}lst.txt.gz"))
    counts = {data["figure"].rpartition(" ")[2]: int(data["value"]) for data in found.by_subject.values()}
    assert counts == {"design": 450, "plant": 17, "reissue": 7, "utility": 5965, "total": 6439}
    assert any(reason.startswith("a list of 6498 document numbers") for _, reason in reasons(found))
