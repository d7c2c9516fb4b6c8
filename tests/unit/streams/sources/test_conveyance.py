import pytest

from streams.sources.conveyance import Kind, ReelFrame, cited, kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", Kind.BLANK),
        (" \n", Kind.BLANK),
        (None, Kind.BLANK),
        ("Release of  security\ninterest", Kind.RELEASE),
        ("TERMINATION OF LIEN", Kind.RELEASE),
        ("AFFIDAVIT ABOUT THE RELEASE OF A SECURITY INTEREST", Kind.RELEASE),
        ("PARTIAL RELEASE OF SECURITY INTEREST", Kind.PARTIAL_RELEASE),
        ("SECURITY INTEREST PARTIALLY SUBJECT TO RELEASE", Kind.PARTIAL_RELEASE),
        ("IMPARTIAL RELEASE", Kind.RELEASE),
        ("CORRECTIVE RELEASE OF A SECURITY INTEREST", Kind.AMENDMENT),
        ("CORRECTIVE DOCUMENT ABOUT THE RELEASE OF A NAME", Kind.OTHER),
        ("SECOND LIEN PATENT SECURITY AGREEMENT", Kind.SECURITY),
        ("PATENT MORTGAGE", Kind.SECURITY),
        ("ASSIGNMENT FOR COLLATERAL", Kind.SECURITY),
        ("ASSIGNMENT OF SECURITY AGREEMENTS", Kind.AMENDMENT),
        ("PATENT SECURITY AGREEMENT SUPPLEMENT", Kind.AMENDMENT),
        ("ASSIGNMENT OF ASSIGNORS INTEREST", Kind.OTHER),
        ("MERGER WITH ALLIED SECURITY TRUST", Kind.OTHER),
        ("LICENCE FOR A CLIENT, RELEASED", Kind.OTHER),
    ],
)
def test_the_text_decides_the_kind(text: str | None, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    "citation",
    [
        "REEL 045455 FRAME 0001",
        "REEL: 045455 FRAME: 0001.",
        "REEL NO. 45455, FRAME NO. 1",
        "REEL 045455, FRAME 0001",
        "REEL 045455/FRAME 0001",
        "(REEL 045455 / FRAME 0001)",
        "REEL 45455 AND FRAMES 1-20",
        "REEL/FRAME (045455/0001)",
        "REEL/FRAME NO. 45455/0001",
        "REEL/FRAME: 45455-1",
        "REEL:\n45455/FRAME:1",
        "R/F 045455/0001",
        "045455/0001",
    ],
)
def test_a_citation_is_read_in_every_form(citation: str) -> None:
    assert cited(f"Release of a security interest at {citation}") == [ReelFrame(45455, 1)]


def test_each_citation_counts_once_in_the_order_of_the_text() -> None:
    text = "RELEASE OF REEL/FRAMES 045456/0002, 045455/0001 AND REEL 45456 FRAME 2"
    assert cited(text) == [ReelFrame(45456, 2), ReelFrame(45455, 1)]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "RELEASE BY SECURED PARTY",
        "RELEASE OF AN AGREEMENT DATED 08/31/2011",
        "RELEASE OF AN AGREEMENT DATED 2011/08/31, FOR 2011/2012",
        "RELEASE OF 15/123456, 12/345,678 AND PCT/US2016/043890",
        "RELEASE IN CASE X12345/1 AND IN CASE 2011/12345/1",
        "RELEASE OF REEL 12345",
    ],
)
def test_dates_and_other_numbers_are_no_citations(text: str | None) -> None:
    assert cited(text) == []


def test_a_conveyance_has_one_name_however_it_is_padded() -> None:
    (at,) = cited("RELEASE AT REEL/FRAME 043433/0231")
    assert (str(at), at.subject) == ("43433/231", "US-RF-43433-231")
