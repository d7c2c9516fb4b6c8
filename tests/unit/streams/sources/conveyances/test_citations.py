import pytest

from streams.sources.conveyances.citations import LONGEST_RANGE, ReelFrame, cited_recordings, without_citations
from streams.sources.results import Unreadable
from tests.each_case import each_case


@each_case(
    "citation",
    [
        "REEL 045455 FRAME 0001",
        "REEL: 045455 FRAME: 0001.",
        "REEL NO. 45455, FRAME NO. 1",
        "REEL 045455, FRAME 0001",
        "REEL 045455/FRAME 0001",
        "(REEL 045455 / FRAME 0001)",
        "REEL/FRAME (045455/0001)",
        "REEL/FRAME NO. 45455/0001",
        "REEL/FRAME: 45455-1",
        "REEL:\n45455/FRAME:1",
        "R/F 045455/0001",
        "REEL 45455-1",
        "REEL - 045455/0001",
        "REEL AND FRAME NOS. 45455-0001",
        "REEL-FRAME NUMBERS 45455-0001",
        "REEL045455/FRAME0001",
        "REEL/FRAME NO.045455/0001",
        "045455/0001",
        "FRAME 0001 OF REEL 045455",
        "REEL 045455; FRAME 0001",
        "RELL/FAME 045455/0001",
        "RF 045455/0001",
        "REEL/FRAME: 045455:0001",
        "(045455-0001)",
    ],
)
def test_a_citation_is_read_in_every_form(citation: str) -> None:
    assert cited_recordings(f"Release of a security interest at {citation}") == [ReelFrame(45455, 1)]


def test_every_frame_in_a_list_of_one_reel_is_cited() -> None:
    text = "RELEASE OF REEL 45455, FRAMES 0001, 0020 AND 0033, 045456/0002 OF 2011"
    assert cited_recordings(text) == [ReelFrame(45455, frame) for frame in (1, 20, 33)] + [ReelFrame(45456, 2)]


def test_each_citation_counts_once_in_the_order_of_the_text() -> None:
    text = "RELEASE OF REEL/FRAMES 045456/0002, 045455/0001 AND REEL 45456 FRAME 2"
    assert cited_recordings(text) == [ReelFrame(45456, 2), ReelFrame(45455, 1)]


@each_case("between", [", ", "; ", " AND ", ", AND ", " & "])
def test_every_citation_in_a_list_is_read(between: str) -> None:
    text = f"RELEASE OF REEL/FRAMES {between.join(('9876/0001', '045455/0001', '27-3'))} OF THE DEED OF 08/31/2011"
    assert cited_recordings(text) == [ReelFrame(9876, 1), ReelFrame(45455, 1), ReelFrame(27, 3)]


@each_case(
    "text",
    [
        None,
        "RELEASE BY SECURED PARTY",
        "RELEASE OF AN AGREEMENT DATED 08/31/2011",
        "RELEASE OF AN AGREEMENT DATED 2011/08/31, FOR 2011/2012",
        "RELEASE OF 15/123456, 12/345,678 AND PCT/US2016/043890",
        "RELEASE IN CASE X12345/1 AND IN CASE 2011/12345/1",
        "RELEASE OF REEL 12345",
        "RELEASE BY A BANK, DE 19801-1234, IN 2019-2020",
        "RELEASE OF THE REEL 08/31/2011 DEED",
        "RELEASE OF THE R/F 08/31/2011 DEED",
    ],
)
def test_dates_and_other_numbers_are_not_citations(text: str | None) -> None:
    assert cited_recordings(text) == []


def test_leading_zeros_do_not_change_a_reel_and_frame() -> None:
    (at,) = cited_recordings("RELEASE AT REEL/FRAME 043433/0231")
    assert at == ReelFrame.of("43433", "231") == ReelFrame.of("043433", "0231")
    assert str(at) == "43433/231"


@each_case(("reel", "frame"), [(None, "1"), ("1", None), ("", "1"), ("1", "12345"), ("1234567", "1")])
def test_an_invalid_reel_or_frame_is_unreadable(reel: str | None, frame: str | None) -> None:
    with pytest.raises(Unreadable, match="a reel has up to 6 digits, a frame up to 4"):
        ReelFrame.of(reel, frame)


@each_case(
    "citation",
    [
        "REEL 45455 FRAMES 0001-0003",
        "REEL 45455, FRAMES 1 THROUGH 3",
        "REEL 45455 AND FRAMES 1 TO 3",
        "REEL/FRAME NOS. 45455/0001-0003",
        "045455/0001 - 0003",
        "FRAMES 0001-0003 OF REEL 45455",
        "REEL 45455, FRAMES 0001, 0002 AND 0003",
    ],
)
def test_a_range_cites_each_of_its_frames(citation: str) -> None:
    assert cited_recordings(f"RELEASE AT {citation}.") == [ReelFrame(45455, frame) for frame in (1, 2, 3)]


def test_one_list_can_mix_ranges_and_frames() -> None:
    text = "RELEASE AT REEL 45455, FRAMES 0001, 0005-0007 AND 0010; REEL/FRAME 45456/0001-0002 AND 45457/0009"
    frames = [(45455, 1), (45455, 5), (45455, 6), (45455, 7), (45455, 10), (45456, 1), (45456, 2), (45457, 9)]
    assert cited_recordings(text) == [ReelFrame(*each) for each in frames]


@pytest.mark.parametrize("last", [0, 1, LONGEST_RANGE + 1])
def test_a_descending_or_too_long_range_cites_its_first_frame(last: int) -> None:
    assert cited_recordings(f"RELEASE AT REEL 45455 FRAMES 0001-{last:04}") == [ReelFrame(45455, 1)]


def test_without_citations_keeps_the_other_words() -> None:
    text = "RELEASE AT REEL 45455, FRAMES 0001-0003 OF 08/31/2011, R/F 45456/0001"
    assert without_citations(text).split() == ["RELEASE", "AT", "OF", "08/31/2011,"]
