import pytest

from streams.sources.conveyances import assignment_search
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import SkipReason, Unreadable
from tests.unit.streams.sources.conveyances.samples import Property, Sample, padx, search, search_doc


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
    missing, conveyance = assignment_search.read(search_doc(Sample(properties=every)).encode())
    assert isinstance(missing, Unreadable)
    assert missing.rule is SkipReason.NO_NUMBER
    assert isinstance(conveyance, Conveyance)
    assert [asset[1:] for asset in conveyance.assets] == [
        ("US9424304", "invention"),
        ("29/123456", "design"),
        ("USD811183", "design"),
        ("USRE42401", "invention"),
        ("US20160123457", "invention"),
        ("PCT/US2012/030214", "invention"),
        ("PCT/EP2017/051719", "invention"),
    ]
    assert conveyance.assignors == [{"name": "KITE & CO"}]
    assert conveyance.assignees == [{"name": "LENDER BANK", "country": "US"}]


@pytest.mark.parametrize("hour", ["04", "05"])
def test_a_midnight_in_the_time_of_the_office_keeps_its_date(hour: str) -> None:
    conveyance = read(search_doc(Sample()).replace("T04:00:00Z", f"T{hour}:00:00Z"))
    assert (conveyance.recorded, conveyance.executed) == ("2015-02-06", "2015-02-03")


def test_null_and_days_of_the_year_1_are_missing_values() -> None:
    conveyance = read(search_doc(Sample(text="", recorded="", executed="", assignor="", state="")))
    assert (conveyance.text, conveyance.recorded, conveyance.executed, conveyance.assignors) == (None, None, None, [])
    assert conveyance.assignees == [{"name": "LENDER BANK"}]


def test_of_several_execution_dates_the_last_counts() -> None:
    names = "<str>A</str><str>B</str><str>C</str>"
    days = "<date>2015-02-04T05:00:00Z</date><date>0001-01-01T00:00:00Z</date><date>2015-02-01T05:00:00Z</date>"
    doc = search_doc(Sample(executed="")).replace("<str>KITE &amp; CO</str>", names)
    conveyance = read(doc.replace("<date>0001-01-01T00:00:00Z</date>", days))
    assert conveyance.executed == "2015-02-04"
    assert conveyance.assignors == [{"name": "A"}, {"name": "B"}, {"name": "C"}]


def test_arrays_that_are_short_or_missing_do_not_mix_properties() -> None:
    doc = search_doc(Sample(properties=(Property("15123456", "9424304"), Property("15123457", "9424305"))))
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
def test_an_invalid_doc_is_reported_with_its_reason(doc: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(doc)


def test_a_response_is_recognised_by_its_fields() -> None:
    recognises = assignment_search.FORMAT.recognises
    assert recognises(search(Sample()).encode())
    assert recognises(search_doc(Sample()).encode())
    assert not recognises(padx(Sample()).encode())
    assert not recognises(b"<response><result><doc><str name='id'>1</str></doc></result></response>")
    assert not recognises(b"""The field <str name='reelNo'> holds the reel.""")
