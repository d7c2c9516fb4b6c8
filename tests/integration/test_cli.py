"""The command line as outside checks rely on it (DESIGN section 7): shapes, exit codes, data only on stdout."""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.book.position import parse_position
from ledger.views import VIEWS
from schemas.codec import Refusal, judge
from schemas.events import EVENT_TYPES
from schemas.topics import LOG_TOPIC, REJECTION_TOPIC, TOPICS
from streams import topics
from streams.cluster import Cluster
from tests.events import TOPIC_PARTITIONS, asset, cancelled, corrected, granted, money, registered, value_of, voided
from tests.processes import Finished, Installation

EXAMPLES = Path(__file__).parents[2] / "examples"
AWAY = "127.0.0.1:1"
PLEDGE = registered("p1", secured=money("1234567.80"), occurred_on="2023-05-04", region="CN-SH")
EVENTS = [
    value_of(PLEDGE),
    value_of(PLEDGE),  # a duplicate
    value_of(registered("p1", secured=money("1.00"))),  # a conflict
    value_of(granted("g1", occurred_on="2024-01-02")),
    value_of(cancelled("c9", subject="P9", occurred_on="2024-02-02")),  # of a pledge without registration
    value_of(registered("p2", subject="P2", secured=money("5", "JPY"), occurred_on="2023-06-01")),
    value_of(voided(registered("p2", subject="P2"), "v2")),
]


@pytest.fixture(scope="module")
def ledger(brokers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Yield a ledger that has posted EVENTS; the tests only read it."""
    cluster = Cluster(brokers, f"c{secrets.token_hex(3)}-")
    topics.create(cluster)
    installation = Installation(cluster, tmp_path_factory.mktemp("cli") / "book.db")
    published = installation.run("publish", "-", "--json", given=b"\n".join(EVENTS))
    assert published.code == 0, published.err
    installation.worker()
    installation.wait_until_posted()
    assert installation.workers[0].stop() == 0
    yield installation
    installation.close()


def test_totals(ledger: Installation) -> None:
    answer = ledger.run("totals", "--json", "--kind", "pledges", "--by", "industry,year")
    assert answer.code == 0
    assert answer.err == ""
    found = answer.json
    assert set(found) >= {"position", "industry_map", "basis", "rows"}
    assert (found["industry_map"], found["basis"]) == ("1.0.0", "corrected")
    offsets = parse_position(found["position"])
    assert sorted(offsets) == sorted(TOPIC_PARTITIONS)
    assert sum(offsets.values()) == len(EVENTS)
    assert found["rows"] == [
        {
            "industry": "AI",
            "year": 2023,
            "kind": "pledges",
            "currency": "CNY",
            "events": 1,
            "with_amount": 1,
            "amount": "1234567.80",
            "amount_minor": 123456780,
        }
    ]


def test_totals_as_recorded_and_as_csv(ledger: Installation) -> None:
    answer = ledger.run("totals", "--csv", "--kind", "pledges", "--by", "year", "--recorded", "--position")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert [(row["year"], row["currency"], row["amount"]) for row in rows] == [
        ("2023", "CNY", "1234567.80"),
        ("2023", "JPY", "5"),
    ]
    position = answer.err.split("position ")[1].split()[0]
    whole = ledger.run("totals", "--json").json["position"]
    assert position == ",".join(part for part in whole.split(",") if not part.endswith("=0")) != ""


def test_the_position_that_a_figure_cites_can_be_replayed(ledger: Installation, tmp_path: Path) -> None:
    position = ledger.run("totals", "--json").json["position"]
    again = ledger.run("replay", "--book", str(tmp_path / "again.db"), "--to", position)
    assert (again.code, again.out) == (0, "")
    figures = [
        ledger.run("totals", "--json", "--by", "year,region,right", LEDGER_BOOK=str(book)).json["rows"]
        for book in (ledger.book, tmp_path / "again.db")
    ]
    assert figures[0] == figures[1] != []
    assert ledger.run("replay", "--book", str(tmp_path / "again.db")).code == 2


def test_status(ledger: Installation) -> None:
    found = ledger.run("status", "--json").json
    assert set(found) == {
        *("book", "fold_version", "share", "partitions", "transactions", "retention"),
        *("balanced", "age_seconds", "wal_bytes", "verified"),
    }
    assert [(part["topic"], part["partition"]) for part in found["partitions"]] == sorted(TOPIC_PARTITIONS)
    assert all(part["lag"] == 0 == part["end"] - part["next"] for part in found["partitions"])
    outcomes = ("accepted", "duplicate", "conflict", "rejected", "gap")
    assert [sum(part[outcome] for part in found["partitions"]) for outcome in outcomes] == [5, 1, 1, 0, 0]
    assert found["balanced"] is True
    assert found["age_seconds"] >= 0


def test_verify(ledger: Installation) -> None:
    answer = ledger.run("verify", "--json")
    assert answer.code == 0
    found = answer.json
    assert set(found) == {
        "verdict",
        "position",
        "records",
        "seconds",
        "digest",
        "tables",
        "differences",
        "erased",
        "reason",
        "views",
        "parts",
        "seed",
        "unsigned",
    }
    assert (found["verdict"], found["records"], found["differences"]) == ("equal", len(EVENTS), [])
    assert list(found)[-1] == "position"
    assert ledger.run("verify", "--table").out.splitlines()[-1] == "Verdict: equal"


def test_rejections(ledger: Installation) -> None:
    (row,) = ledger.run("rejections", "list", "--json").json["rows"]
    assert set(row) == {
        *("topic", "partition", "offset", "offsets", "outcome", "rule", "path", "message", "reason", "arguments", "id")
    }
    assert (row["outcome"], row["id"]) == ("conflict", "p1")
    place = f"{row['topic']}:{row['partition']}={row['offset']}"
    assert ledger.run("rejections", "show", place).json["value"].encode() == EVENTS[2]
    assert [line["value"].encode() for line in ledger.run("rejections", "export").lines] == [EVENTS[2]]
    assert ledger.run("rejections", "show", f"{row['topic']}:{row['partition']}=0").code in (0, 2)


def test_views_need_no_book_and_no_broker(ledger: Installation) -> None:
    answer = ledger.run("views", "--json", LEDGER_BOOK="/nowhere/book.db", LEDGER_BROKERS=AWAY)
    for view in answer.json["views"]:
        assert set(view) == {"name", "formula", "details", "columns"}
        assert all(set(column) == {"name", "unit", "meaning"} for column in view["columns"])


def test_a_view_has_its_documented_columns(ledger: Installation) -> None:
    for name in ("industry_year", "unmatched", "journal"):
        rows = ledger.run("view", name, "--json").json["rows"]
        columns = [column.name for column in VIEWS[name].columns]
        assert rows
        assert all(list(row) == columns for row in rows)


def test_a_stock_on_a_day(ledger: Installation) -> None:
    def pledges(*arguments: str) -> list[int]:
        return [
            row["pledges"] for row in ledger.run("view", "pledge_stock", "--industry", "ALL", *arguments).json["rows"]
        ]

    assert pledges("--as-of", "2023-05-03") == []
    assert pledges("--as-of", "2023-05-04") == [1]
    assert pledges() == [1]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["totals", "--kind", "loans"], "loan_disbursements"),
        (["totals", "--kind", "coins"], "pledge_cancellations"),
        (["totals", "--by", "colour"], "industry, year, region, right"),
        (["totals", "--industry", "SPACE"], "BIOPHARM"),
        (["view", "nothing"], "`ip-ledger views` lists all"),
        (["view", "pledge"], "pledge_stock"),
        (["view", "journal", "--as-of", "2023-01-01"], "not a stock"),
        (["view", "pledge_stock", "--as-of", "May"], "YYYY-MM-DD"),
        (["view", "journal", "--where", "colour=red"], "subject"),
        (["replay", "--book", "new.db", "--to", "pledge:0"], "topic:partition=offset"),
        (["replay", "--book", "new.db", "--to", "ip.pledge.v1:0=999"], "outside the log"),
        (["import", "coins", "file"], "uspto-grants"),
        (["schema", "ip.coin.minted.v1"], "`ip-ledger schema` lists all, such as ip.patent.granted.v1"),
        (["schema", "ip.patent.grnated.v1"], "Did you mean ip.patent.granted.v1?"),
        (["totals", "--year", "99999999999999999999"], "9999"),
        (["view", "industry_year", "--year", "-1"], "greater than or equal to 1"),
        (["totals", "--colour"], "has no option --colour"),
        (["dance"], "has no command 'dance'"),
    ],
)
def test_a_wrong_value_is_answered_with_the_possible_ones(
    ledger: Installation, arguments: list[str], hint: str
) -> None:
    answer = ledger.run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert hint in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "arguments", [["topics", "check"], ["status"], ["doctor"], ["worker"], ["publish", "-"], ["verify"]], ids=" ".join
)
def test_an_invalid_port_is_not_connected_to(ledger: Installation, arguments: list[str]) -> None:
    """Kafka clients would take it modulo 65,536."""
    answer = ledger.run(*arguments, given=EVENTS[0], LEDGER_BROKERS="127.0.0.1:99999")
    assert (answer.code, answer.out) == (2, "")
    assert "BadSetting: The setting LEDGER_BROKERS cannot be used: '127.0.0.1:99999' is not host:port" in answer.err
    assert "Traceback" not in answer.err


def test_unreachable_brokers(ledger: Installation, tmp_path: Path) -> None:
    """Each command waits before it gives up; run at the same time, they take no longer."""

    def asked(*arguments: str) -> Finished:
        return ledger.run(*arguments, given=EVENTS[0], LEDGER_BROKERS=AWAY)

    new = str(tmp_path / "new.db")
    commands = [["publish", "-"], ["verify"], ["topics", "check"], ["replay", "--book", new], ["status", "--json"]]
    with ThreadPoolExecutor() as threads:
        started = [threads.submit(asked, *arguments) for arguments in commands]
        started.append(threads.submit(ledger.run, "worker", LEDGER_BROKERS=AWAY, LEDGER_BOOK=new))
        *others, status, worker = [answer.result() for answer in started]
    for answer in (*others, worker):
        assert (answer.code, answer.out) == (69, "")
        line, *facts = answer.err.strip().splitlines()
        assert len(facts) == (answer is worker), "a worker also logs"
        assert "127.0.0.1:1" in line
        assert "ip-ledger broker start" in line
    assert status.code == 0
    assert {(part["end"], part["lag"]) for part in status.json["partitions"]} == {(None, None)}
    assert not Path(new).exists()


def test_a_missing_book(ledger: Installation) -> None:
    answer = ledger.run("totals", LEDGER_BOOK="/nowhere/book.db")
    assert (answer.code, answer.out) == (69, "")
    assert "/nowhere/book.db" in answer.err


def test_publish_names_invalid_lines_and_sends_the_rest(installation: Installation) -> None:
    lines = [EVENTS[0], b"{}", b"", EVENTS[3] + b"\r"]
    answer = installation.run("publish", "-", "--json", given=b"\n".join(lines))
    assert answer.code == 1
    first, refused, last = answer.lines
    assert set(first) == {"line", "topic", "partition", "offset"}
    assert (first["line"], first["topic"], first["offset"]) == (1, "ip.pledge.v1", 0)
    assert (refused["line"], refused["refused"]["rule"]) == (2, "bad_envelope")
    assert set(refused["refused"]) == {"rule", "path", "message"}
    assert (last["line"], last["topic"]) == (4, "ip.patent.v1")
    assert (sum(installation.ends().values()), answer.err) == (2, "Published 2 events; refused 1.\n")


def test_publish_warns_about_corrections_without_a_target(ledger: Installation, installation: Installation) -> None:
    good = granted("g9", "CN9")
    lines = b"\n".join(map(value_of, [voided(registered("r9", "P9")), good, corrected(good)]))
    warning = "its target r9 is not in the book at ip.pledge.v1:"
    dry = installation.run("publish", "-", "--dry-run", given=lines, LEDGER_BOOK=str(ledger.book))
    assert (dry.code, dry.err.count("warning")) == (0, 1)
    assert f"line 1: warning: {warning}" in dry.err
    receipt = {"line", "topic", "partition", "offset"}
    no_book = installation.run("publish", "-", "--json", given=lines)
    assert (no_book.code, [set(line) for line in no_book.lines]) == (0, [receipt] * 3)
    foreign = installation.run("publish", "-", "--json", given=lines, LEDGER_BOOK=str(ledger.book))
    assert (foreign.code, [set(line) for line in foreign.lines]) == (0, [receipt] * 3)
    assert "Targets of corrections are not looked for: " in foreign.err

    worker = installation.worker()
    installation.wait_until_posted()
    assert worker.stop() == 0
    own = installation.run("publish", "-", "--json", given=lines)
    assert (own.code, [set(line) for line in own.lines]) == (0, [receipt | {"warning"}, receipt, receipt])
    assert own.lines[0]["warning"].startswith(warning)


def test_a_mistyped_type_is_answered_with_a_suggestion(installation: Installation) -> None:
    mistyped = EVENTS[3].replace(b"patent.granted", b"patent.grnated")
    for arguments in (("--dry-run",), ()):
        answer = installation.run("publish", "-", *arguments, given=mistyped)
        assert answer.code == 65
        assert 'type "ip.patent.grnated.v1" is not known; did you mean ip.patent.granted.v1?' in answer.err


def test_publish_without_any_valid_line(installation: Installation) -> None:
    answer = installation.run("publish", "-", given=b"{}\nnot json\n")
    assert (answer.code, answer.out) == (65, "")
    assert "line 2: not_json" in answer.err
    assert sum(installation.ends().values()) == 0


def test_a_dry_run_sends_nothing(installation: Installation) -> None:
    answer = installation.run("publish", "-", "--dry-run", given=EVENTS[0])
    assert answer.code == 0
    assert sum(installation.ends().values()) == 0


def test_publish_strict_checks_pledges_against_the_book(ledger: Installation, installation: Installation) -> None:
    debt = {"occurred_on": "2023-07-01", "debt_from": "2023-07-01", "debt_to": "2026-06-30"}
    free = value_of(registered("s1", "S1", assets=[asset(id="CN7")], **debt))
    pledged = value_of(registered("s2", "S2", assets=[asset(id="CN7"), asset()], **debt))
    lines = b"\n".join([free, pledged, b"{}", EVENTS[3]])
    position = ledger.run("totals", "--json").json["position"]

    def published(*arguments: str) -> Finished:
        return installation.run("publish", "-", "--strict", *arguments, given=lines, LEDGER_BOOK=str(ledger.book))

    answer = published("--json")
    assert answer.code == 1
    first, refused, invalid, last = answer.lines
    assert (first["line"], first["topic"], first["offset"], first["position"]) == (1, "ip.pledge.v1", 0, position)
    message = "pledged already: P1, registered on 2023-05-04"
    assert refused == {
        "line": 2,
        "refused": {"rule": "R9", "path": "data.assets.1", "message": message, "position": position},
    }
    assert (invalid["line"], set(invalid["refused"])) == (3, {"rule", "path", "message"})
    assert (last["line"], set(last)) == (4, {"line", "topic", "partition", "offset"})
    assert "Compared with the book at" in answer.err
    assert "it may lag the log" in answer.err
    dry = published("--dry-run")
    assert (dry.code, dry.out, f"line 2: R9: data.assets.1: {message}" in dry.err) == (1, "", True)
    assert sum(installation.ends().values()) == 2
    nowhere = installation.run("publish", "-", "--strict", "--dry-run", given=lines, LEDGER_BOOK="/nowhere/book.db")
    assert (nowhere.code, nowhere.out) == (69, "")
    unasked = installation.run("publish", "-", "--strict", "--dry-run", given=EVENTS[3], LEDGER_BOOK=str(ledger.book))
    assert unasked.code == 0
    assert "nothing was compared with the book" in unasked.err


def test_every_example_can_be_published(installation: Installation) -> None:
    examples = installation.run("schema", "--example").out.encode()
    answer = installation.run("publish", "-", "--json", given=examples)
    assert (answer.code, len(answer.lines)) == (0, len(EVENT_TYPES))


def test_a_schema(ledger: Installation) -> None:
    found = ledger.run("schema", "ip.pledge.registered.v1", LEDGER_BROKERS=AWAY).json
    assert found["title"] == "ip.pledge.registered.v1"
    assert set(found["required"]) >= {"specversion", "id", "source", "type", "subject", "data"}


def test_synthetic_events_are_valid_distinct_and_repeatable(ledger: Installation) -> None:
    def generated(count: int, seed: int) -> list[bytes]:
        answer = ledger.run("generate", "--events", str(count), "--seed", str(seed), LEDGER_BROKERS=AWAY)
        assert answer.code == 0
        return answer.out.encode().splitlines()

    lines = generated(3000, 7)
    assert len(lines) == 3000
    assert not [line for line in lines if isinstance(judge(line), Refusal)]
    assert len({json.loads(line)["id"] for line in lines}) == 3000
    assert generated(3000, 7) == lines
    assert generated(3000, 8) != lines
    events = [json.loads(line) for line in lines]
    for kind in ("patent", "pledge"):
        subjects = [event["subject"] for event in events if event["type"].startswith(f"ip.{kind}.")]
        single = [subject for subject in set(subjects) if subjects.count(subject) == 1]
        assert 2 * len(single) >= len(set(subjects)), f"half of the subjects of {kind} have one event"
    assert {event["data"]["office"] for event in events if event["type"] == "ip.patent.granted.v1"} >= {
        "CN",
        "US",
        "EP",
        "WO",
    }
    amounts = [event["data"].get("secured") for event in events if event["type"] == "ip.pledge.registered.v1"]
    assert 2 * len([amount for amount in amounts if amount]) > len(amounts)
    assert {amount["currency"] for amount in amounts if amount} == {"CNY", "USD", "EUR", "JPY"}
    assert {event["type"] for event in events} == {
        f"ip.{stem}{revision}.v1"
        for stem in ("patent.granted", "pledge.registered", "pledge.modified", "pledge.cancelled")
        for revision in ("", ".corrected", ".voided")
    }


def test_topics_are_checked(installation: Installation) -> None:
    well = installation.run("topics", "check", "--json")
    assert (well.code, well.json) == (0, {"findings": []})
    missing: Finished = installation.run("topics", "check", "--json", LEDGER_TOPIC_PREFIX="nobody-")
    assert missing.code == 1
    assert {found["topic"] for found in missing.json["findings"]} == {f"nobody-{name}" for name in TOPICS}
    made = installation.run("topics", "create", "--json")
    assert [row["state"] for row in made.json["topics"]] == ["was there"] * len([*TOPICS, LOG_TOPIC, REJECTION_TOPIC])
