import pytest

from streams.sources.conveyances import assignment_search
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import Unreadable
from tests.unit.streams.sources.conveyances.tellings import Property, Told, padx, search, search_doc


def read(doc: str) -> Conveyance:
    (conveyance,) = assignment_search.read(doc.encode())
    assert isinstance(conveyance, Conveyance)
    return conveyance


def test_a_doc_is_a_conveyance_with_its_parallel_arrays() -> None:
    every = (
        Property("15123456", "9424304", "20160123456"),
        Property("29123456"),
        Property("29512345", "D811183"),
        Property("10722168", "RE42401"),
        Property("", "", "20160123457"),
        Property("", "", "", "US1230214"),
        Property("", "", "20160123458", "EP2017051719"),
        Property(""),
    )
    told = read(search_doc(Told(properties=every)))
    assert [asset[1:] for asset in told.assets] == [
        ("US9424304", "invention"),
        ("29/123456", "design"),
        ("USD811183", "design"),
        ("USRE42401", "invention"),
        ("US20160123457", "invention"),
        ("PCT/US2012/030214", "invention"),
        ("PCT/EP2017/051719", "invention"),
    ]
    assert told.assignors == [{"name": "KITE & CO"}]
    assert told.assignees == [{"name": "LENDER BANK", "country": "US"}]


@pytest.mark.parametrize("hour", ["04", "05"])
def test_a_midnight_of_the_office_is_the_day_that_is_written(hour: str) -> None:
    told = read(search_doc(Told()).replace("T04:00:00Z", f"T{hour}:00:00Z"))
    assert (told.recorded, told.executed) == ("2015-02-06", "2015-02-03")


def test_null_and_days_of_the_year_one_are_nothing() -> None:
    told = read(search_doc(Told(text="", recorded="", executed="", assignor="", state="")))
    assert (told.text, told.recorded, told.executed, told.assignors) == (None, None, None, [])
    assert told.assignees == [{"name": "LENDER BANK"}]


def test_several_assignors_have_days_of_their_own_and_the_last_counts() -> None:
    names = "<str>A</str><str>B</str><str>C</str>"
    days = "<date>2015-02-04T05:00:00Z</date><date>0001-01-01T00:00:00Z</date><date>2015-02-01T05:00:00Z</date>"
    doc = search_doc(Told(executed="")).replace("<str>KITE &amp; CO</str>", names)
    told = read(doc.replace("<date>0001-01-01T00:00:00Z</date>", days))
    assert told.executed == "2015-02-04"
    assert told.assignors == [{"name": "A"}, {"name": "B"}, {"name": "C"}]


def test_arrays_of_different_lengths_and_missing_ones_do_not_mix_properties() -> None:
    doc = search_doc(Told(properties=(Property("15123456", "9424304"), Property("15123457", "9424305"))))
    doc = doc.replace("<str>9424304</str><str>9424305</str>", "<str>9424304</str>")
    assert [asset.id for asset in read(doc).assets] == ["US9424304", "15/123457"]
    without = doc.replace('<arr name="publNum"><str>NULL</str><str>NULL</str></arr>', "")
    assert read(without) == read(doc)


@pytest.mark.parametrize(
    ("doc", "reason"),
    [
        ("<doc>", "not well-formed XML"),
        ("<doc></doc>", "reel/frame 'None/None'"),
    ],
)
def test_a_bad_doc_says_what_is_wrong(doc: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(doc)


def test_an_answer_is_known_by_its_fields() -> None:
    recognises = assignment_search.FORMAT.recognises
    assert recognises(search(Told()).encode())
    assert recognises(search_doc(Told()).encode())
    assert not recognises(padx(Told()).encode())
    assert not recognises(b"<response><result><doc><str name='id'>1</str></doc></result></response>")
    assert not recognises(b"""The field <str name='reelNo'> holds the reel.""")
