"""Records and entities: shown from the book, with values and reasons from the log."""

from __future__ import annotations

import json

from tests.events import cancelled, registered, value_of, voided
from tests.processes import Installation

AWAY = "127.0.0.1:1"
VOIDED = value_of(voided(registered("p2", subject="P2"), "v2"))
WAITING = value_of(cancelled("c9", subject="P9", occurred_on="2024-02-02"))
EVENTS = [
    value_of(registered("p1")),
    value_of(registered("p1")),  # a duplicate
    WAITING,  # of a pledge that nobody registered
    value_of(registered("p2", subject="P2")),
    VOIDED,
]


def test_a_record_is_shown_from_the_book_and_its_value_and_reasons_from_the_log(installation: Installation) -> None:
    assert installation.run("publish", "-", given=b"\n".join(EVENTS)).code == 0
    worker = installation.worker()
    installation.wait_until_posted()
    assert worker.stop() == 0

    shown = installation.run("show", "c9", "--json", LEDGER_BROKERS=AWAY).json
    assert [(row["outcome"], row["waits"]["corrected"]) for row in shown["records"]] == [
        ("accepted", "registration_missing")
    ]
    assert installation.run("show", "c9", "--value").out.encode() == WAITING
    several = installation.run("show", "p1", "--value")
    assert (several.code, several.out) == (2, "")
    assert "NotOneRecord: p1 names 2 records" in several.err
    (record,) = installation.run("show", "p2", "--json", "--reasons").json["records"]
    assert [(row["type"], row["reason"]) for row in record["revisions"]] == [
        ("ip.pledge.registered.voided.v1", json.loads(VOIDED)["data"]["reason"])
    ]
    then = "ip.pledge.v1:0=0"
    moved = installation.run("diff", then, "now", "restated=1", "industry=ALL", "--events", "--reasons", "--json").json
    assert [(row["id"], row["events"], row["reason"]) for row in moved["rows"]] == [
        ("v2", -1, json.loads(VOIDED)["data"]["reason"])
    ]
    narrow = installation.run("diff", then, "now", "restated=1", "--events", "--reasons", "--columns", "id", "--csv")
    assert narrow.out.splitlines()[0] == "id,reason"
    traced = installation.run("trace", "--kind", "pledges", "--industry", "AI", "--json")
    assert traced.code == 0
    (standing,) = [record for record in traced.json["records"] if record["id"] == "p1"]
    assert standing["bytes"]["verdict"] == "same"
    assert [(rule["symbol"], rule["industry"]) for rule in standing["map"]] == [("G06N0003047500", "AI")]
    voided_one = next(record for record in traced.json["records"] if record["id"] == "p2")
    assert [one["reason"] for one in voided_one["revisions"]] == [json.loads(VOIDED)["data"]["reason"]]
    away = installation.run("show", "c9", "--value", LEDGER_BROKERS="", LEDGER_BROKER_DIR="nowhere")
    assert (away.code, away.out) == (69, "")
    assert "NoBroker: " in away.err
    entity = installation.run("show", "P1", "--table")
    assert entity.code == 0
    assert "P1: pledge_state" in entity.out
