"""The command `show`: any record or entity."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.commands.context import open_book, require_running_cluster
from ledger.commands.formats import Sheet
from ledger.commands.formats.table import print_table
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import echo_err
from ledger.commands.output import print_heading, shown_bytes
from ledger.place import PLACE_COLUMNS, place_of
from schemas.errors import UsageError

if TYPE_CHECKING:
    from ledger.queries.show import Shown

ENVELOPE = ("type", "id", "source", "subject", "occurred_on", "value_hash")


class NotOneRecord(UsageError):
    """{asked} names {count} records, and --value prints the value of one. Name one of them: {places}."""


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("show")(show_command)


@in_formats(cites=True, asks=True)
def show_command(
    asked: Annotated[str, typer.Argument(metavar="ID|SUBJECT|TOPIC:PARTITION=OFFSET", help="A record or an entity.")],
    value: Annotated[
        bool, typer.Option("--value", help="Only the record's value, from the log; needs a broker.")
    ] = False,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Read the reasons of revisions from the log; needs a broker.")
    ] = False,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="As first recorded, without corrections and voids.")
    ] = False,
    *,
    printer: Printer,
) -> None:
    """Show any record or entity, and its effect: outcome, postings, revisions, and what it waits for.

    An id is unique within its source: where several records have it, all are shown.

    Examples:
      ip-ledger show P-00000218
      ip-ledger show ip.pledge.v1:0=17 --value
    """
    from ledger.queries.show import show

    with open_book() as book:
        found = show(book, asked, "recorded" if recorded else "corrected")
    if value:
        _print_value(found)
        return
    if reasons:
        _read_reasons(found)
    if printer.is_table and not printer.arranges:
        _print_entity(found) if found.entity else _print_records(found)
    else:
        rows = found.entity.events.shown_as_dicts() if found.entity else list(_flat(found.records))
        printer.write(Sheet(rows, found.as_json(), key=""))
    printer.cite(found.state.position, found.state.age_seconds)


def _print_entity(found: Shown) -> None:
    assert found.entity is not None, "the caller looked"
    for name, answer in found.entity.tables.items():
        print_heading(f"{found.asked}: {name}")
        units = {column.name: column.unit for column in answer.columns}
        rows = answer.shown_as_dicts()
        print_table(rows, "", _without_keys(answer.names, rows), units, more="--json")
    print_heading(f"{found.asked}: events, {found.entity.basis}")
    events = found.entity.events.shown_as_dicts()
    print_table(events, "", (*PLACE_COLUMNS, "type", "occurred_on", "no_effect", "id", "source"), more="--json")
    echo_err("`ip-ledger show PLACE` shows one event with its effect")


def _without_keys(names: list[str], rows: list[dict[str, Any]]) -> list[str]:
    """Return the columns without the keys of the table and without those that are empty in all rows."""
    return [
        name
        for name in names
        if name not in ("partition", "entity", "basis") and any(row[name] is not None for row in rows)
    ]


def _print_records(found: Shown) -> None:
    for record in found.records:
        for name, text in _facts(record):
            sys.stdout.write(f"{name:<{_WIDTH}}  {text}\n")
        if record["differs"]:
            print_table(record["differs"], "differs", ("field", "stands", "conflicting"))
        if record["effect"]:
            rows = _by_both_bases(record["effect"])
            print_table(rows, "effect on totals", [*rows[0]], {"amount": "decimal text"}, more="--json")
        elif record["outcome"] == "accepted":
            sys.stdout.write("effect on totals: none\n")
        if record["revisions"]:
            print_table(record["revisions"], "revisions", [*record["revisions"][0]])
        sys.stdout.write("\n")
    sys.stdout.flush()
    if any(record["revisions"] for record in found.records):
        echo_err("the reasons of revisions are in the log: --reasons prints them")


_WIDTH = 12


def _facts(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    from schemas.escapes import escaped

    yield "place", place_of(record)
    refused = record["refused"]
    state = f", {record['state']}" if record["state"] not in (None, "published") else ""
    stands = f"; {record['stands']} stands" if record["stands"] else ""
    yield "outcome", f"{record['outcome']}{state}{stands}"
    if refused:
        yield "rule", f"{refused['rule']} at {escaped(refused['path']) or 'the event'}: {escaped(refused['message'])}"
    for name in ENVELOPE:
        if record[name] is not None:
            yield name, escaped(str(record[name]))
    yield "broker time", time_text(record["broker_timestamp"])
    if record["target"]:
        yield "target", escaped(record["target"])
    for basis, reason in record["waits"].items():
        if reason:
            yield "no effect", f"{basis}: {reason}"


def time_text(milliseconds: int) -> str:
    """Return the timestamp of a record as a time."""
    from streams.moment import moment

    return f"{moment(milliseconds):%Y-%m-%d %H:%M:%S} UTC"


def _by_both_bases(effect: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each posting once, with the bases on which it stands."""
    bases: dict[tuple[Any, ...], list[str]] = {}
    for row in effect:
        bases.setdefault(tuple((name, value) for name, value in row.items() if name != "basis"), []).append(
            row["basis"]
        )
    return [{**dict(row), "basis": "both" if len(names) > 1 else names[0]} for row, names in bases.items()]


def _flat(records: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each record, for CSV. Lists stay in JSON."""
    for record in records:
        row = {name: value for name, value in record.items() if not isinstance(value, list | dict)}
        refused = record["refused"] or {}
        yield {**row, "refused": None, "rule": refused.get("rule"), "message": refused.get("message")}


def _print_value(found: Shown) -> None:
    records = found.records or (found.entity.events.shown_as_dicts() if found.entity else [])
    places = [place_of(record) for record in records]
    if len(places) != 1:
        raise NotOneRecord(asked=found.asked, count=len(places), places=", ".join(places[:5]))
    out = sys.stdout.buffer
    out.write(shown_bytes(_values(places)[0], out))
    out.flush()


def _read_reasons(found: Shown) -> None:
    from ledger.audit.reread import reasons_at
    from ledger.queries.show import Place

    revisions = [revision for record in found.records for revision in record["revisions"]]
    with open_book() as book:
        reasons = reasons_at(
            book, require_running_cluster(), [Place.parse(revision["place"]) for revision in revisions]
        )
    for revision in revisions:
        revision["reason"] = reasons[Place.parse(revision["place"])]


def _values(places: list[str]) -> list[bytes]:
    """Return the values at these places of the log. Raise NoBroker, ValueGone, OtherLog."""
    from ledger.audit.reread import reread, values_of
    from ledger.queries.show import Place

    with open_book() as book:
        return values_of(reread(book, require_running_cluster(), [Place.parse(place) for place in places]))
