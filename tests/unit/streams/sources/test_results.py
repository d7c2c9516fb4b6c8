import orjson
import pytest

from schemas.codec import Judged, judge
from streams.sources.results import Imported, Unreadable, event

ENVELOPE = {
    "id": "20180619-0000-8000-8000-000000000000",
    "source": "urn:office:us:uspto",
    "type": "ip.pledge.cancelled.v1",
    "subject": "US-RF-1-2",
    "time": "2018-06-19T00:00:00Z",
}


def test_an_event_is_valid_and_has_its_keys_in_order() -> None:
    imported = event(ENVELOPE, {"occurred_on": "2018-06-19", "registration_no": "1/2", "reason": None})
    assert isinstance(judge(imported.value), Judged)
    assert imported == Imported(imported.value, "US-RF-1-2", "ip.pledge.cancelled.v1")
    assert b"\n" not in imported.value
    assert list(orjson.loads(imported.value)) == ["specversion", *ENVELOPE, "datacontenttype", "data"]
    assert list(orjson.loads(imported.value)["data"]) == ["occurred_on", "registration_no"]


def test_an_invalid_event_is_unreadable_with_rule_path_and_reason() -> None:
    with pytest.raises(Unreadable, match=r"^US-RF-1-2: bad_data: data\.occurred_on: .*2018-06-32"):
        event(ENVELOPE, {"occurred_on": "2018-06-32", "registration_no": "1/2"})
