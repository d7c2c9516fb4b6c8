"""The plain loop: confluent-kafka, orjson, SQLite, and no promises.

It computes the rows of an event from the event alone, as simply as possible. Rows that depend on other events of the
entity, and rows of the entity's state, are recorded before the run. The loop does no validation, has no identities and
looks up nothing.
"""

from __future__ import annotations

import pickle
import secrets
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import confluent_kafka
import orjson

from benchmarks.measure import Spent, Stopwatch, Task
from benchmarks.rows import Row, Rows, Written, make, record_rows, remaining, together
from ledger.audit.together import BATCH_RECORDS
from ledger.book.book import Book
from ledger.book.connection import transaction
from ledger.book.writer import INSERT_POSTING, INSERT_RECORD, addition_sql
from ledger.posting.allocation import allocate
from ledger.posting.cells import (
    ALL_INDUSTRIES,
    BLOCK,
    INDUSTRY_NUMBERS,
    LOW,
    MIXED,
    RIGHTS,
    UNKNOWN,
    Amounts,
    Basis,
    Cell,
    Kind,
    Stock,
)
from ledger.posting.constants import Outcome
from ledger.posting.sums import Sums
from schemas.currencies import CURRENCIES
from schemas.events import EVENT_TYPES
from schemas.industry import industry_of, is_genai
from schemas.topics import TOPICS, TopicPartition
from streams.batch import Record

ADVANCE = "UPDATE position SET next = next + :n, accepted = accepted + :n WHERE topic = :topic AND partition = :p"
Lines = list[tuple[Cell, Amounts]]


def plain_loop(task: Task) -> Spent:
    """Process the log; the recorded rows are in a file next to the book."""
    make(task)
    given: Rows = pickle.loads(_prepared_rows(task.book).read_bytes())
    with Book(task.book, writable=True) as book:
        ranges = remaining(book, task.ends)
        settings = {"group.id": f"bench-{secrets.token_hex(4)}", "fetch.queue.backoff.ms": 2}
        client = confluent_kafka.Consumer(task.cluster.librdkafka(**settings))
        watch = Stopwatch()
        watch.start()
        client.assign(
            [confluent_kafka.TopicPartition(task.cluster.topic(t), p, start) for (t, p), (start, _) in ranges.items()]
        )
        left = sum(end - start for start, end in ranges.values())
        while left:
            messages = client.consume(BATCH_RECORDS, 0.02)
            for (topic, partition), run in groupby(messages, key=lambda each: (each.topic(), each.partition())):
                _write(book.connection, (task.cluster.plain(topic) or "", partition), list(run), given)
            left -= len(messages)
        watch.stop()
        client.close()
    return watch.spent


def prepare(task: Task, begin: Path) -> None:
    """Record next to the task's book the rows that the loop cannot compute from an event alone, starting at `begin`."""
    given = record_rows(replace(task, book=begin), made)
    _prepared_rows(task.book).write_bytes(pickle.dumps(given, pickle.HIGHEST_PROTOCOL))


def _prepared_rows(book: Path) -> Path:
    return book.with_suffix(".rows")


def _write(connection: Any, at: TopicPartition, messages: list[Any], given: Rows) -> None:
    numbers = (TOPICS[at[0]].number, at[1])
    journal: list[Row] = []
    postings: list[Row] = []
    sums, others = Sums(), Written()
    for message in messages:
        offset, value = message.offset(), message.value()
        event = orjson.loads(value)
        written = given.get((*at, offset), [])
        given_facts = [rows[0][-1] for sql, rows in written if sql == INSERT_RECORD]
        others += [(sql, rows) for sql, rows in written if sql != INSERT_RECORD]
        if not given_facts:
            facts, lines, stands = _alone(event)
            journal.append(_row(numbers, offset, message.timestamp()[1], value, event, orjson.dumps(facts)))
            postings += _postings(numbers, offset, lines)
            _sum_up(sums, lines, stands)
        else:
            journal.append(_row(numbers, offset, message.timestamp()[1], value, event, given_facts[0]))
    with transaction(connection):
        connection.executemany(INSERT_RECORD, journal)
        connection.executemany(INSERT_POSTING, postings)
        for sql, values in together([_added(sums), others]):
            connection.executemany(sql, values)
        connection.execute(ADVANCE, {"n": len(messages), "topic": numbers[0], "p": numbers[1]})


def made(at: TopicPartition, record: Record) -> Written | None:
    """Return the rows of this record if it is the only one of its entity; None if that has no meaning."""
    numbers, value = (TOPICS[at[0]].number, at[1]), record.value or b""
    event = orjson.loads(value)
    if event["type"] not in _FIRST:
        return None
    facts, lines, stands = _alone(event)
    written: Written = [
        (INSERT_RECORD, [_row(numbers, record.offset, record.timestamp, value, event, orjson.dumps(facts))]),
        (INSERT_POSTING, list(_postings(numbers, record.offset, lines))),
    ]
    sums = Sums()
    _sum_up(sums, lines, stands)
    return written + _added(sums)


def _row(numbers: tuple[int, int], offset: int, timestamp: int, value: bytes, event: Any, facts: bytes) -> Row:
    data = event["data"]
    day = data.get("data", data).get("occurred_on")
    return (
        *numbers,
        offset,
        Outcome.ACCEPTED,
        EVENT_TYPES[event["type"]].number,
        event["source"],
        bytes.fromhex(event["id"].replace("-", "")),
        event["subject"],
        day and _day(day),
        timestamp,
        sha256(value).digest(),
        facts,
    )


def _postings(numbers: tuple[int, int], offset: int, lines: Lines) -> Iterator[Row]:
    for (kind, date, *where), (events, known, amount) in lines:
        key = (*numbers, offset // BLOCK, kind, date, offset, *where, Basis.BOTH)
        yield (*key, events, known, amount // LOW, amount % LOW)


def _sum_up(sums: Sums, lines: Lines, stands: Lines) -> None:
    sums.add((Basis.BOTH, cell, amounts) for cell, amounts in lines)
    sums.change_stock([], [(Basis.BOTH, cell, amounts) for cell, amounts in stands])


def _added(sums: Sums) -> Written:
    return [(addition_sql(addition), rows) for addition, rows in sums.rows().items() if rows]


def _alone(event: Any) -> tuple[Any, Lines, Lines]:
    """Return facts, lines and stock of the first event of an entity."""
    return _FIRST[event["type"]](event["data"])


def _grant(data: Any) -> tuple[Any, Lines, Lines]:
    date, right, ipc = _day(data["occurred_on"]), RIGHTS[data["right"]], data["ipc"]
    industry = _industry(data)
    facts = _present(data, "region", "office")
    facts |= {"occurred_on": date, "right": right, "applicants": data["applicants"], "industry": industry}
    facts["scope"] = len({symbol[:4] for symbol in ipc})
    if any(map(is_genai, ipc)):
        facts["genai"] = 1
    region = data.get("region", "")
    lines: Lines = [((Kind.GRANTS, date, region, right, line, 0), (1, 0, 0)) for line in (ALL_INDUSTRIES, industry)]
    stands: Lines = [((Stock.PATENTS, *cell[1:]), amounts) for cell, amounts in lines]
    return facts, lines, stands


def _pledge(data: Any) -> tuple[Any, Lines, Lines]:
    date, region = _day(data["occurred_on"]), data.get("region", "")
    rights: dict[int, int] = {}
    assets = []
    for asset in data["assets"]:
        right, industry = RIGHTS[asset["right"]], _industry(asset)
        kept = {"id": asset["id"], "right": right}
        if "appraised" in asset:
            kept["appraised"] = _money(asset["appraised"])
        assets.append(kept | {"industry": industry})
        for line in (ALL_INDUSTRIES, industry):
            rights[line] = right if rights.get(line, right) == right else MIXED
    facts = _present(data, "region", "registration_no", "amount_status")
    facts |= {"occurred_on": date, "pledgors": data["pledgors"], "pledgees": data["pledgees"], "assets": assets}
    currency, amount = 0, 0
    if "secured" in data:
        currency, amount = facts["secured"] = _money(data["secured"])
    shares = dict.fromkeys(rights, 0) | {ALL_INDUSTRIES: amount}
    for asset, part in zip(assets, allocate(amount, _weights(assets)), strict=True):
        shares[asset["industry"]] += part
    lines: Lines = [
        ((Kind.PLEDGES, date, region, right, industry, currency), (1, int(currency != 0), shares[industry]))
        for industry, right in rights.items()
    ]
    return facts, lines, [((Stock.PLEDGES, *cell[1:]), amounts) for cell, amounts in lines]


def _present(data: Any, *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}


def _weights(assets: list[Any]) -> list[int]:
    worth = [asset.get("appraised", (0, 0)) for asset in assets]
    one_currency = len({code for code, _ in worth}) == 1 and worth[0][0] and any(minor for _, minor in worth)
    return [minor for _, minor in worth] if one_currency else [1] * len(worth)


_FIRST = {"ip.patent.granted.v1": _grant, "ip.pledge.registered.v1": _pledge}


def _day(text: str) -> int:
    return int(text.replace("-", ""))


def _industry(data: Any) -> int:
    ipc = data.get("ipc")
    return INDUSTRY_NUMBERS[industry_of(ipc[0])] if ipc else UNKNOWN


def _money(money: Any) -> tuple[int, int]:
    whole, _, fraction = money["amount"].partition(".")
    currency = CURRENCIES[money["currency"]]
    return currency.number, int(whole + fraction.ljust(currency.decimals, "0"))
