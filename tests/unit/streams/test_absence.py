"""Log lines about unreachable brokers."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from streams import absence
from streams.absence import Absence
from streams.cluster import Cluster

NOBODY = Cluster("127.0.0.1:1")


def test_unreachable_brokers_are_logged_once_a_minute() -> None:
    seen = Absence(NOBODY)
    with capture_logs() as lines:
        for _ in range(100):
            seen.away(NOBODY.unavailable("no route"))
    assert [(line["event"], line["reason"]) for line in lines] == [("brokers away", "no route")]


def test_they_are_logged_again_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absence, "_QUIET_SECONDS", 0.0)
    seen = Absence(NOBODY)
    with capture_logs() as lines:
        seen.away()
        seen.away()
        seen.back()
        seen.back()
    assert [line["event"] for line in lines] == ["brokers away", "brokers away", "brokers back"]
    assert {line["brokers"] for line in lines} == {"127.0.0.1:1"}


def test_the_end_of_an_unlogged_absence_is_not_logged() -> None:
    seen = Absence(NOBODY)
    with capture_logs() as lines:
        seen.away()
        seen.back()
        seen.away()  # within the same minute
        seen.back()
    assert [line["event"] for line in lines] == ["brokers away", "brokers back"]
