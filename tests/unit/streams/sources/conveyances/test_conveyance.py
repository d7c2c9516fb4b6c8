import pytest

from streams.sources.conveyances.conveyance import Conveyance, ConveyanceClass, ReelFrame, cited, class_of, transfer_of
from streams.sources.results import Unreadable
from streams.sources.uspto import ConveyedAsset


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", ConveyanceClass.BLANK),
        (" \n", ConveyanceClass.BLANK),
        (None, ConveyanceClass.BLANK),
        ("Release of  security\ninterest", ConveyanceClass.RELEASE),
        ("TERMINATION OF LIEN", ConveyanceClass.RELEASE),
        ("AFFIDAVIT ABOUT THE RELEASE OF A SECURITY INTEREST", ConveyanceClass.RELEASE),
        ("ABL RELEASE (REEL 44255 / FRAME 925)", ConveyanceClass.RELEASE),
        ("AFFIDAVIT TO AFFIRM THE RELEASE OF SECURITY INTEREST", ConveyanceClass.RELEASE),
        ("PARTIAL RELEASE OF SECURITY INTEREST", ConveyanceClass.PARTIAL_RELEASE),
        ("SECURITY INTEREST PARTIALLY SUBJECT TO RELEASE", ConveyanceClass.PARTIAL_RELEASE),
        ("RELEASE IN PART OF SECURITY INTEREST", ConveyanceClass.PARTIAL_RELEASE),
        ("IMPARTIAL RELEASE", ConveyanceClass.RELEASE),
        ("RELEASE OF SECURITY INTEREST IN PARTICULAR PATENTS", ConveyanceClass.RELEASE),
        ("CORRECTIVE RELEASE OF A SECURITY INTEREST", ConveyanceClass.AMENDMENT),
        ("CORRECTIVE DOCUMENT ABOUT THE RELEASE OF A NAME", ConveyanceClass.OTHER),
        ("SECOND LIEN PATENT SECURITY AGREEMENT", ConveyanceClass.SECURITY),
        ("PATENT SECURITY AGREEMENT (ABL)", ConveyanceClass.SECURITY),
        ("FIRST LIEN", ConveyanceClass.SECURITY),
        ("PATENT MORTGAGE", ConveyanceClass.SECURITY),
        ("ASSIGNMENT FOR COLLATERAL", ConveyanceClass.SECURITY),
        ("ASSIGNMENT OF SECURITY AGREEMENTS", ConveyanceClass.AMENDMENT),
        ("PATENT SECURITY AGREEMENT SUPPLEMENT", ConveyanceClass.AMENDMENT),
        (
            "COURT ORDER RELEASING ALL LIENS INCLUDING THE SECURITY INTEREST AT REEL/FRAME 045455/0001",
            ConveyanceClass.DISCHARGE,
        ),
        ("DISCHARGE OF SECURITY INTEREST", ConveyanceClass.DISCHARGE),
        ("SATISFACTION OF MORTGAGE", ConveyanceClass.DISCHARGE),
        ("ASSIGNMENT AND ASSUMPTION OF SECURITY INTEREST IN PATENTS", ConveyanceClass.SUCCESSION),
        ("NOTICE OF ASSIGNMENT OF FIRST LIEN PATENT SECURITY AGREEMENT", ConveyanceClass.SUCCESSION),
        ("PATENT COLLATERAL ASSIGNMENT AND SECURITY AGREEMENT", ConveyanceClass.SECURITY),
        ("CONDITIONAL ASSIGNMENT OF PATENTS AND SECURITY AGREEMENT", ConveyanceClass.SECURITY),
        ("COLLATERAL ASSIGNMENT OF PATENTS SECURITY AGREEMENT", ConveyanceClass.SECURITY),
        ("ASSIGNMENT OF ASSIGNORS INTEREST", ConveyanceClass.OTHER),
        ("CORRECTIVE ASSIGNMENT TO NAME SERIES 9 OF KITE SECURITY TRUST I", ConveyanceClass.OTHER),
        ("COLLATERALIZED LICENCE", ConveyanceClass.OTHER),
        ("LICENCE FOR A CLIENT, RELEASED", ConveyanceClass.OTHER),
    ],
)
def test_the_text_decides_the_class(text: str | None, kind: ConveyanceClass) -> None:
    assert class_of(text) is kind


def test_classes_are_counted_by_what_their_words_say() -> None:
    counted = {kind: kind.counted_as for kind in ConveyanceClass if kind.counted_as != kind.value}
    assert counted == {
        ConveyanceClass.PARTIAL_RELEASE: "release",
        ConveyanceClass.SUCCESSION: "security",
        ConveyanceClass.DISCHARGE: "security",
    }


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
        "REEL 45455-1",
        "REEL - 045455/0001",
        "REEL AND FRAME NOS. 45455-0001",
        "REEL-FRAME NUMBERS 45455-0001",
        "REEL 045455, FRAMES 0001-0020",
        "REEL045455/FRAME0001",
        "REEL/FRAME NO.045455/0001",
        "045455/0001",
    ],
)
def test_a_citation_is_read_in_every_form(citation: str) -> None:
    assert cited(f"Release of a security interest at {citation}") == [ReelFrame(45455, 1)]


def test_frames_of_one_reel_are_read_to_their_end() -> None:
    text = "RELEASE OF REEL 45455, FRAMES 0001, 0020 AND 0033, 045456/0002 OF 2011"
    assert cited(text) == [ReelFrame(45455, frame) for frame in (1, 20, 33)] + [ReelFrame(45456, 2)]


def test_each_citation_counts_once_in_the_order_of_the_text() -> None:
    text = "RELEASE OF REEL/FRAMES 045456/0002, 045455/0001 AND REEL 45456 FRAME 2"
    assert cited(text) == [ReelFrame(45456, 2), ReelFrame(45455, 1)]


@pytest.mark.parametrize("between", [", ", "; ", " AND ", ", AND ", " & "])
def test_a_list_of_citations_is_read_to_its_end(between: str) -> None:
    text = f"RELEASE OF REEL/FRAMES {between.join(('9876/0001', '045455/0001', '27-3'))} OF THE DEED OF 08/31/2011"
    assert cited(text) == [ReelFrame(9876, 1), ReelFrame(45455, 1), ReelFrame(27, 3)]


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
        "RELEASE OF THE REEL 08/31/2011 DEED",
        "RELEASE OF THE R/F 08/31/2011 DEED",
    ],
)
def test_dates_and_other_numbers_are_no_citations(text: str | None) -> None:
    assert cited(text) == []


def test_a_conveyance_has_one_name_however_it_is_padded() -> None:
    (at,) = cited("RELEASE AT REEL/FRAME 043433/0231")
    assert at == ReelFrame.of("43433", "231") == ReelFrame.of("043433", "0231")
    assert str(at) == "43433/231"


@pytest.mark.parametrize(("reel", "frame"), [(None, "1"), ("1", None), ("", "1"), ("1", "12345"), ("1234567", "1")])
def test_what_is_no_reel_and_frame_is_unreadable(reel: str | None, frame: str | None) -> None:
    with pytest.raises(Unreadable, match="a reel has up to 6 digits, a frame up to 4"):
        ReelFrame.of(reel, frame)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ASSIGNMENT OF ASSIGNORS INTEREST (SEE DOCUMENT FOR DETAILS).", "assignment"),
        ("ASSIGNS THE ENTIRE INTEREST", "assignment"),
        ("NUNC PRO TUNC ASSIGNMENT", "assignment"),
        ("CONFIRMATORY ASSIGNMENT EFFECTIVE MAY 1, 2018", "assignment"),
        ("Merger and change of name", "merger"),
        ("CHANGE OF NAME (SEE DOCUMENT FOR DETAILS).", "change_of_name"),
        ("CHANGE OF ASSIGNEE'S NAME", "change_of_name"),
        ("CHANGE OF LEGAL NAME", "change_of_name"),
        ("CHANGE IN THE COMPANY'S NAME", "change_of_name"),
        ("CONFIRMATORY LICENSE", "government_interest"),
        ("EXECUTIVE ORDER 9424", "government_interest"),
        ("CORRECTIVE ASSIGNMENT TO CORRECT THE ASSIGNEE", "other"),
        ("RECORD TO CORRECT THE ASSIGNEE'S NAME ON A MERGER", "other"),
        ("CHANGE OF ADDRESS", "other"),
        ("ENTITY CONVERSION", "other"),
        ("LICENSE BY THE ASSIGNOR", "other"),
        (None, "other"),
    ],
)
def test_a_transfer_is_called_after_its_text(text: str | None, kind: str) -> None:
    assert transfer_of(text) == kind


def told(**changes: object) -> Conveyance:
    facts: dict[str, object] = {
        "reel": 1,
        "frame": 2,
        "text": None,
        "recorded": None,
        "executed": None,
        "assignors": [],
        "assignees": [],
        "assets": [],
    }
    return Conveyance(**facts | changes)  # type: ignore[arg-type]


def test_a_telling_is_fuller_by_text_then_days_then_parties_then_properties() -> None:
    asset, party = ConveyedAsset("15/1", "15/1", "invention"), {"name": "A"}
    rising = [
        told(),
        told(assets=[asset]),
        told(assignors=[party]),
        told(executed="2015-02-03", assignees=[party]),
        told(recorded="2015-02-06"),
        told(recorded="2015-02-06", executed="2015-02-03"),
        told(text="MERGER"),
        told(text="MERGER (SEE DOCUMENT)"),
    ]
    assert sorted(rising, key=lambda each: each.fullness) == rising


def test_a_document_that_names_fewer_properties_than_there_are_is_incomplete() -> None:
    asset = ConveyedAsset("15/1", "15/1", "invention")
    assert told(assets=[asset], properties=2).incomplete
    assert not told(assets=[asset], properties=1).incomplete
    assert not told(assets=[asset]).incomplete
