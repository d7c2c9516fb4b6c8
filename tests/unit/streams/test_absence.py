"""What the log says of brokers that are away."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from streams import absence
from streams.absence import Absence
from streams.cluster import Cluster

NOBODY = Cluster("127.0.0.1:1")


def test_brokers_that_are_away_are_spoken_of_once_a_minute() -> None:
    seen = Absence(NOBODY)
    with capture_logs() as lines:
        for _ in range(100):
            seen.away(NOBODY.unavailable("no route"))
    assert [(line["event"], line["reason"]) for line in lines] == [("brokers away", "no route")]


def test_and_again_when_the_minute_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absence, "QUIET_SECONDS", 0.0)
    seen = Absence(NOBODY)
    with capture_logs() as lines:
        seen.away()
        seen.away()
        seen.back()
        seen.back()
    assert [line["event"] for line in lines] == ["brokers away", "brokers away", "brokers back"]
    assert {line["brokers"] for line in lines} == {"127.0.0.1:1"}


def test_an_absence_that_was_not_spoken_of_ends_without_a_word() -> None:
    seen = Absence(NOBODY)
    with capture_logs() as lines:
        seen.away()
        seen.back()
        seen.away()  # a moment later: the minute is not over
        seen.back()
    assert [line["event"] for line in lines] == ["brokers away", "brokers back"]
