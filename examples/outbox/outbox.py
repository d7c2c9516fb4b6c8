"""Write a repayment and its event in one transaction, and relay the events to the ledger. See README.md."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import urllib.error
import urllib.request
import uuid
from datetime import date

TABLES = """
CREATE TABLE IF NOT EXISTS repayment (loan TEXT, paid_on TEXT, amount TEXT, currency TEXT);
CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY, event TEXT NOT NULL, receipt TEXT, refusal TEXT);
CREATE INDEX IF NOT EXISTS pending ON outbox (number) WHERE receipt IS NULL AND refusal IS NULL;
"""
PENDING = "SELECT number, event FROM outbox WHERE receipt IS NULL AND refusal IS NULL ORDER BY number"


def repay(database: sqlite3.Connection, loan: str, amount: str, currency: str) -> None:
    """Write a repayment and its event: both or neither."""
    today = date.today().isoformat()
    event = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),  # made once and kept, so that sending twice counts once
        "source": "urn:example:bank",
        "type": "ip.loan.repaid.v1",
        "subject": loan,
        "data": {"occurred_on": today, "amount": {"amount": amount, "currency": currency}},
    }
    with database:
        database.execute("INSERT INTO repayment VALUES (?, ?, ?, ?)", (loan, today, amount, currency))
        database.execute("INSERT INTO outbox (event) VALUES (?)", (json.dumps(event),))


def relay(database: sqlite3.Connection, server: str, token: str = "") -> int:
    """Post the pending events, oldest first, and return the number of refused ones.

    Raise OSError if the ledger does not confirm an event: it stays pending, and so do those after it.
    """
    refused = 0
    for number, event in database.execute(PENDING).fetchall():
        receipt, refusal = _post(event, server, token)
        with database:
            database.execute("UPDATE outbox SET receipt = ?, refusal = ? WHERE number = ?", (receipt, refusal, number))
        refused += refusal is not None
    return refused


def _post(event: str, server: str, token: str) -> tuple[str | None, str | None]:
    """Return the receipt, or the refusal."""
    headers = {"Content-Type": "application/cloudevents+json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"{server}/api/v1/events", event.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # 201: the log has it
            return answer.read().decode(), None
    except urllib.error.HTTPError as error:
        with error:
            if error.code not in (413, 422):  # too large, or against a rule: it always will be
                raise
            return None, error.read().decode()


def main() -> None:
    """Run `repay` or `relay`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("repay")
    for name in ("loan", "amount", "currency"):
        one.add_argument(name)
    commands.add_parser("relay").add_argument("server", nargs="?", default="http://127.0.0.1:8000")
    given = parser.parse_args()
    database = sqlite3.connect(given.database)
    database.executescript(TABLES)
    if given.command == "repay":
        repay(database, given.loan, given.amount, given.currency)
        return
    try:
        refused = relay(database, given.server, os.environ.get("LEDGER_TOKEN", ""))
    except OSError as error:
        raise SystemExit(f"The ledger did not confirm an event: {error}. It stays pending: relay again.") from error
    if refused:
        raise SystemExit(f"The ledger refused {refused} events: see the column `refusal` of the outbox.")


if __name__ == "__main__":
    main()
