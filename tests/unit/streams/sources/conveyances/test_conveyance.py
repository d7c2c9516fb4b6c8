import pytest

from streams.sources.conveyances.conveyance import Class, ReelFrame, cited, class_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", Class.BLANK),
        (" \n", Class.BLANK),
        (None, Class.BLANK),
        ("Release of  security\ninterest", Class.RELEASE),
        ("TERMINATION OF LIEN", Class.RELEASE),
        ("AFFIDAVIT ABOUT THE RELEASE OF A SECURITY INTEREST", Class.RELEASE),
        ("PARTIAL RELEASE OF SECURITY INTEREST", Class.PARTIAL_RELEASE),
        ("SECURITY INTEREST PARTIALLY SUBJECT TO RELEASE", Class.PARTIAL_RELEASE),
        ("IMPARTIAL RELEASE", Class.RELEASE),
        ("CORRECTIVE RELEASE OF A SECURITY INTEREST", Class.AMENDMENT),
        ("CORRECTIVE DOCUMENT ABOUT THE RELEASE OF A NAME", Class.OTHER),
        ("SECOND LIEN PATENT SECURITY AGREEMENT", Class.SECURITY),
        ("PATENT MORTGAGE", Class.SECURITY),
        ("ASSIGNMENT FOR COLLATERAL", Class.SECURITY),
        ("ASSIGNMENT OF SECURITY AGREEMENTS", Class.AMENDMENT),
        ("PATENT SECURITY AGREEMENT SUPPLEMENT", Class.AMENDMENT),
        ("ASSIGNMENT OF ASSIGNORS INTEREST", Class.OTHER),
        ("MERGER WITH ALLIED SECURITY TRUST", Class.OTHER),
        ("LICENCE FOR A CLIENT, RELEASED", Class.OTHER),
    ],
)
def test_the_text_decides_the_kind(text: str | None, kind: Kind) -> None:
    assert class_of(text) is kind


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
