"""Handmade record batches on a real broker: each offset has one outcome, the same for worker, replay and verify."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

from schemas.topics import partition_of
from streams.record_batch import MOST_RECORDS
from tests.acceptance.fault import Fault
from tests.events import PATENT, granted, value_of
from tests.processes import Installation
from tests.record_batches import CODECS, RefusedByBroker, batch, header_section, produce, record

PARTITION = 1
MEGABYTE = 1_000_000
MOST_MEMORY_KB = 512 * 1024
"""The memory limit of a worker, whatever is sent."""
SO_OFTEN = 3
"""More than a worker holds at a time: so often comes a batch that is small enough to be unpacked."""
SKIPPABLE = b"\x50\x2a\x4d\x18" + struct.pack("<I", 3) + b"abc"
SUBJECTS = (name for name in (f"US{n}B2" for n in count(10_000_000)) if partition_of(name.encode(), 4) == PARTITION)


class Sent(NamedTuple):
    """A batch, and the expected outcome of each offset: `accepted` or a rule."""

    name: str
    content: bytes
    outcomes: list[str]


def good(delta: int = 0, section: bytes = b"\0") -> bytes:
    """Return a record with a valid event of this partition."""
    subject = next(SUBJECTS)
    value = value_of(granted("g1", subject, number=subject[2:-2]))
    return record(delta, subject.encode(), value, section)


def payload(records: int = 3) -> bytes:
    return b"".join(good(delta) for delta in range(records))


def damaged() -> Iterable[Sent]:
    """Yield batches of every codec with every kind of damaged payload, and with some that only look damaged."""
    for name, (codec, pack) in CODECS.items():
        yield Sent(f"{name}, one frame", batch(pack(payload()), 3, codec), ["accepted"] * 3)
        if name not in ("none", "snappy", "xerial"):
            whole = payload()
            yield Sent(f"{name}, two frames", batch(pack(whole[:50]) + pack(whole[50:]), 3, codec), ["accepted"] * 3)
            trailing = batch(pack(payload()) + b"trailing", 3, codec)
            yield Sent(f"{name}, trailing bytes", trailing, ["unreadable"] * 3)
        if name in ("lz4", "zstd"):
            skipped = batch(SKIPPABLE + pack(payload()), 3, codec)
            yield Sent(f"{name}, a skippable frame", skipped, ["accepted"] * 3)


def headers() -> Iterable[Sent]:
    """Yield batches with every form of a header, and a valid value."""
    forms = {
        "a key that is not UTF-8": header_section([(b"\xff", b"v")]),
        "a value that is not UTF-8": header_section([(b"k", b"\xff")]),
        "no value": header_section([(b"k", None)]),
        "an empty key": header_section([(b"", b"")]),
        "megabytes": header_section([(b"k", bytes(3 * MEGABYTE))]),
        "ten thousand": header_section([(b"k%d" % i, b"v") for i in range(10_000)]),
    }
    for name, section in forms.items():
        yield Sent(f"header: {name}", batch(good(0, section), 1), ["accepted"])


def values() -> Iterable[Sent]:
    """Yield records without a valid value, and impossible timestamps."""
    yield Sent("no value", batch(record(0, b"k", None), 1), ["empty"])
    yield Sent("times before 1970", batch(good(), 1, at=-(2**62)), ["accepted"])


def rules(installation: Installation, book: Path | None = None) -> list[str]:
    """Return the outcome or rule of each offset of the partition in a book."""
    other = Installation(installation.cluster, book or installation.book)
    sql = """SELECT coalesce(rule, outcome) FROM journal WHERE topic = ? AND partition = ? ORDER BY "offset" """
    return [rule for (rule,) in other.query(sql, PATENT, PARTITION)]


def send(installation: Installation, content: bytes) -> None:
    produce(installation.cluster.brokers, installation.cluster.topic(PATENT), PARTITION, content)


def accepted_by_broker(installation: Installation, sent: Sent) -> bool:
    try:
        send(installation, sent.content)
    except RefusedByBroker:
        return False
    return True


def assert_the_same_for_all(installation: Installation, expected: list[str]) -> None:
    """Assert that book, replay and verify agree, and that every offset has an outcome."""
    again = installation.book.with_name("again.db")
    assert installation.run("replay", "--book", str(again)).code == 0
    assert rules(installation, again) == expected
    assert_verified(installation, expected)


def assert_verified(installation: Installation, expected: list[str]) -> None:
    """Assert that book and verify, which replays the log, agree, and that every offset has an outcome."""
    assert rules(installation) == expected
    verdict = installation.run("verify", "--json")
    assert (verdict.code, verdict.json["verdict"], verdict.json["records"]) == (0, "equal", len(expected)), verdict.err
    status = installation.run("status", "--json").json
    (position,) = [p for p in status["partitions"] if (p["topic"], p["partition"]) == (PATENT, PARTITION)]
    assert status["balanced"]
    assert position["gap"] == position["lag"] == 0
    assert position["rejected"] == sum(rule != "accepted" for rule in expected)


def test_the_ledger_can_read_whatever_the_broker_accepts(installation: Installation, fault: Fault) -> None:
    """Every codec with one frame, two, skippable frames, trailing bytes; every form of a header"""
    corpus = [*damaged(), *headers(), *values()]
    worker = installation.worker()
    refused = [sent for sent in corpus if not accepted_by_broker(installation, sent)]
    corpus = [sent for sent in corpus if sent not in refused]
    assert len(refused) < len(corpus) / 4, [sent.name for sent in refused]  # newer brokers refuse more
    installation.wait_until_posted()
    assert worker.stop() == 0
    expected = [outcome for sent in corpus for outcome in sent.outcomes]
    names = [sent.name for sent in corpus for _ in sent.outcomes]
    found = dict(zip(names, zip(expected, rules(installation), strict=True), strict=True))
    assert {name: pair for name, pair in found.items() if pair[0] != pair[1]} == {}
    assert_the_same_for_all(installation, expected)

    rows = installation.run("rejections", "list", "--json", "--rule", "unreadable").json["rows"]
    assert sum(row["offsets"] for row in rows) == expected.count("unreadable")
    place = f"{rows[0]['topic']}:{rows[0]['partition']}={rows[0]['offset']}"
    shown = installation.run("rejections", "show", place).json
    assert (shown["rule"], shown["offsets"]) == ("unreadable", 3)

    worker = installation.worker()  # the next start recognises the log by any last record
    send(installation, batch(good(), 1))
    installation.wait_until_posted()
    assert worker.stop() == 0
    fault.ended("unreadable, or read; worker, replay and verify alike", len(corpus))


def zeros(name: str, records: int, outcome: str) -> Sent:
    codec, pack = CODECS[name]
    body = b"".join(record(i, b"k", bytes(MEGABYTE)) for i in range(records))
    return Sent(name, batch(pack(body), records, codec), [outcome] * records)


def packed(records: list[bytes], outcome: str) -> Sent:
    codec, pack = CODECS["zstd"]
    return Sent("zstd", batch(pack(b"".join(records)), len(records), codec), [outcome] * len(records))


SECTION = header_section([(b"k", bytes(3 * MEGABYTE))])
FEW = [header_section([(b"", None)] * count) for count in (300, 301)]
"""Headers that consist only of their lengths."""


def noise(delta: int) -> bytes:
    """Return a record that compresses to a thirtieth: part of it is incompressible."""
    return record(delta, None, Random(delta).randbytes(33_000) + bytes(MEGABYTE - 33_000))


BOMBS: dict[str, Callable[[], Sent]] = {
    "gzip, 600 MB": partial(zeros, "gzip", 600, "unreadable"),
    **{f"{name}, 100 MB": partial(zeros, name, 100, "unreadable") for name in ("zstd", "lz4")},
    **{f"{name}, 60 MB": partial(zeros, name, 60, "not_json") for name in ("gzip", "zstd", "lz4")},
    "too large": lambda: packed([record(i, None, bytes(4 * MEGABYTE)) for i in range(15)], "too_large"),
    "headers": lambda: packed([record(i, None, b"x", SECTION) for i in range(20)], "not_json"),
    "keys": lambda: packed([record(0, bytes(60 * MEGABYTE), None)], "empty"),
    "a thirtieth": lambda: packed([noise(i) for i in range(60)], "not_utf8"),
    "empty headers": lambda: packed([record(0, None, b"x", header_section([(b"", None)] * 450_000))], "not_json"),
    "too many headers": lambda: packed([record(i, None, b"", FEW[i % 2]) for i in range(9_000)], "unreadable"),
    "too many": lambda: packed([record(i, None, b"") for i in range(MOST_RECORDS + 1)], "unreadable"),
}


def test_memory_and_book_stay_small_whatever_the_uncompressed_size(installation: Installation, fault: Fault) -> None:
    """Batches that uncompress to 600 MB, to just below the limit, 100,001 records, values and headers of megabytes"""
    worker = installation.worker()
    send(installation, batch(good(), 1))
    installation.wait_until_posted()
    assert worker.stop() == 0
    before, expected, wire, peak, sends = installation.book.stat().st_size, ["accepted"], 0, 0, 0
    worker = installation.worker()
    for make in BOMBS.values():
        sent = make()
        times = 1 if "unreadable" in sent.outcomes else SO_OFTEN
        for _ in range(times):
            send(installation, sent.content)
        send(installation, batch(good(), 1))
        expected += [*sent.outcomes * times, "accepted"]
        wire += times * len(sent.content)
        sends += times
        installation.wait_until_posted()
        peak = highest_memory_kb(worker.process.pid)
        assert peak < MOST_MEMORY_KB, sent.name
    assert worker.stop() == 0
    assert installation.book.stat().st_size - before < 3 * wire + (1 << 20)  # the first allowance
    assert_verified(installation, expected)
    fault.ended(f"{peak >> 10} MB at the most", sends)


def test_a_flood_of_records_uses_a_row_each_and_no_memory(installation: Installation, fault: Fault) -> None:
    """A flood of 200,000 records without a value"""
    worker = installation.worker()
    flood = packed([record(i, None, b"") for i in range(MOST_RECORDS)], "empty")
    for _ in range(2):
        send(installation, flood.content)
    installation.wait_until_posted()
    assert highest_memory_kb(worker.process.pid) < MOST_MEMORY_KB
    assert worker.stop() == 0
    ((rejected, balanced),) = installation.query(
        "SELECT rejected, next - first = rejected FROM positions WHERE topic = ? AND partition = ?", PATENT, PARTITION
    )
    assert (rejected, balanced) == (2 * MOST_RECORDS, 1)
    fault.ended("empty, a row each", 1)


def highest_memory_kb(pid: int) -> int:
    """Return the peak resident size of a process in KB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
