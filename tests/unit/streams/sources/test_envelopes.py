from datetime import date
from uuid import UUID

from streams.sources import envelopes

DAY = date(2018, 6, 19)


def test_an_envelope_is_the_first_second_of_its_business_date() -> None:
    assert envelopes.envelope("urn:a", "t", "s", DAY, "asset 1") == {
        "id": envelopes.import_id("urn:a", "asset 1", "20180619"),
        "source": "urn:a",
        "type": "t",
        "subject": "s",
        "time": "2018-06-19T00:00:00Z",
    }


def test_ids_of_assets_and_offices_differ_and_are_uuids_of_version_8() -> None:
    ids = {envelopes.import_id(source, f"asset {n}", "20180619") for source in ("urn:a", "urn:b") for n in range(100)}
    assert len(ids) == 200
    assert {(UUID(each).version, UUID(each).variant) for each in ids} == {(8, "specified in RFC 4122")}
    assert all(each.startswith("20180619-") for each in ids)


def test_a_growing_series_replaces_the_day() -> None:
    days = [envelopes.envelope("urn:a", "t", "s", date(2018, 6, n), "asset 1", series=45455) for n in (18, 19)]
    assert days[0]["id"] == days[1]["id"] == envelopes.import_id("urn:a", "asset 1", "00045455")
    assert days[0]["time"] != days[1]["time"]
