"""How messages become batches, whatever pieces they come in; and a reader whose brokers go away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import confluent_kafka
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import reader as reader_module
from streams.cluster import BrokerUnavailable, Cluster
from streams.reader import Reader, _Stretch


@dataclass(frozen=True, slots=True)
class Message:
    """A record, or the end of the partition, as confluent-kafka hands it over."""

    at: int
    ends: bool = False

    def offset(self) -> int:
        return self.at

    def error(self) -> object:
        return "end of partition" if self.ends else None

    def timestamp(self) -> tuple[int, int]:
        return (1, 1_700_000_000_000 + self.at)

    def key(self) -> bytes:
        return b"k%d" % self.at

    def value(self) -> bytes:
        return b"v%d" % self.at


@st.composite
def readings(draw: st.DrawFn) -> tuple[int, int, set[int], list[list[Message]]]:
    """A stretch [start, end) of a log with gaps, and what a consumer that starts there brings, in pieces."""
    last = draw(st.integers(1, 60))
    held = draw(st.sets(st.integers(0, last - 1)))
    start = draw(st.integers(0, last - 1))
    end = draw(st.integers(start + 1, last))
    messages = [Message(offset) for offset in sorted(held) if offset >= start] + [Message(last, ends=True)]
    cuts = sorted(draw(st.sets(st.integers(0, len(messages)))) | {0, len(messages)})
    return start, end, held, [messages[a:b] for a, b in pairwise(cuts)]


@given(readings())
def test_batches_cover_the_stretch_exactly_and_hold_its_records(
    reading: tuple[int, int, set[int], list[list[Message]]],
) -> None:
    start, end, held, pieces = reading
    stretch = _Stretch("ip.patent.v1", 2, start, end)
    batches = [batch for piece in pieces if stretch.next < end and (batch := stretch.take(piece))]
    edges = [start, *(batch.end for batch in batches)]
    assert [batch.start for batch in batches] == edges[:-1]
    assert edges[-1] == end
    assert [record.offset for batch in batches for record in batch.records] == sorted(held & set(range(start, end)))
    for batch in batches:
        assert (batch.topic, batch.partition) == ("ip.patent.v1", 2)
        assert batch.start < batch.end
        for record in batch.records:
            assert batch.start <= record.offset < batch.end
            assert (record.key, record.value) == (b"k%d" % record.offset, b"v%d" % record.offset)
            assert record.timestamp == 1_700_000_000_000 + record.offset


class MockBrokers:
    """librdkafka's own brokers with 20 records of 1 kB in one partition; on loopback; they can go away."""

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
    """Fetch so little ahead that the reader has to ask the brokers again and again."""
    small = {"fetch.message.max.bytes": 1000, "queued.max.messages.kbytes": 1, "queued.min.messages": 1}
    for name, value in small.items():
        monkeypatch.setitem(reader_module._SETTINGS, name, value)


@pytest.mark.usefixtures("no_prefetch")
def test_brokers_that_go_away_while_reading_are_named_and_reading_ends(
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
def test_the_caller_may_take_its_time_between_batches(mock: MockBrokers, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(reader_module, "monotonic", lambda: clock[0])
    monkeypatch.setattr(reader_module, "_LINGER", 0)  # so that it comes back empty, and looks at the clock
    with Reader(Cluster(mock.addresses)) as reader:
        ends = []
        for batch in reader.batches({("ip.pledge.v1", 1): (0, 20)}, size=1, idle=1):
            clock[0] += 3600
            ends.append(batch.end)
        assert ends[-1] == 20
