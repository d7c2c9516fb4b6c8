"""A reader whose brokers stop, and a slow caller."""

from __future__ import annotations

from collections.abc import Iterator

import confluent_kafka
import pytest

from streams import fetch as fetch_module
from streams import reader as reader_module
from streams.cluster import BrokerUnavailable, Cluster
from streams.reader import Reader


class MockBrokers:
    """librdkafka's mock brokers on loopback, with 20 records of 1 kB in one partition; they can be stopped."""

    def __init__(self) -> None:
        self._host = confluent_kafka.Producer({"test.mock.num.brokers": 1, "log_level": 0, "linger.ms": 0})
        for number in range(20):
            self._host.produce("ip.pledge.v1", b"%01000d" % number, b"k", partition=1)
            assert self._host.flush(30) == 0
        found = self._host.list_topics(timeout=30).brokers.values()
        self.addresses = ",".join(f"{broker.host}:{broker.port}" for broker in found)

    def go_away(self) -> None:
        self._host.close()


@pytest.fixture
def mock() -> Iterator[MockBrokers]:
    brokers = MockBrokers()
    yield brokers
    brokers.go_away()


@pytest.fixture
def no_prefetch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fetch so little ahead that the reader has to ask the brokers repeatedly."""
    monkeypatch.setattr(fetch_module, "OF_ALL", 1000)
    monkeypatch.setattr(fetch_module, "OF_ONE", 1000)


@pytest.mark.slow
@pytest.mark.usefixtures("no_prefetch")
def test_brokers_that_stop_while_reading_are_named_and_reading_ends(
    mock: MockBrokers, capfd: pytest.CaptureFixture[str]
) -> None:
    with Reader(Cluster(mock.addresses, timeout=1)) as reader:
        batches = reader.batches({("ip.pledge.v1", 1): (0, 20)}, size=1, idle=1)
        assert next(batches).start == 0
        mock.go_away()
        with pytest.raises(BrokerUnavailable, match=mock.addresses):
            list(batches)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_prefetch")
def test_the_caller_can_be_slow_between_batches(mock: MockBrokers, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(reader_module, "monotonic", lambda: clock[0])
    with Reader(Cluster(mock.addresses)) as reader:
        ends = []
        for batch in reader.batches({("ip.pledge.v1", 1): (0, 20)}, size=1, idle=1):
            clock[0] += 3600
            ends.append(batch.end)
        assert ends[-1] == 20
