"""Commands for rejected records: rejections list, show, export, publish."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated, Any

import typer

from ledger.commands.context import connect_cluster, open_book, settings
from ledger.commands.formats import Sheet
from ledger.commands.formats.json import print_json
from ledger.commands.formatted import Printer, in_formats, json_or_table
from ledger.commands.messages import echo_err
from ledger.commands.output import print_line, shown_bytes
from ledger.place import PLACE_COLUMNS
from schemas.errors import UsageError

NEWEST = 50
_MOST_ROWS = 2**63 - 1
"""SQLite counts no further."""
BRIEF = (*PLACE_COLUMNS, "offsets", "rule", "path", "message", "id")
_UNITS = {"partition": "number", "offset": "offset"}
RULE = Annotated[str | None, typer.Option(help="Only those of one rule, such as bad_data or conflict.")]

rejections_app = typer.Typer(
    help="List, show, export or publish rejections and conflicts.", invoke_without_command=True
)


class NotRefused(UsageError):
    """The book has no rejection or conflict at {place}. `ip-ledger show {place}` shows what the book has there,
    `ip-ledger rejections list` lists both."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(rejections_app, name="rejections")


@rejections_app.callback()
def rejections(context: typer.Context) -> None:
    """List, show, export or publish rejections and conflicts. Without a command: list."""
    if context.invoked_subcommand is None:
        list_rejections()


@rejections_app.command("list")
@in_formats(
    cites=True,
    asks=True,
    watches=True,
    json="Print JSON: all of them, in the order of the log.",
    csv="Print CSV: all of them, in the order of the log.",
)
def list_rejections(
    rule: RULE = None,
    newest: Annotated[
        int | None,
        typer.Option(
            min=0, max=_MOST_ROWS, metavar="N", help=f"The last N, newest first; without it a table has {NEWEST}."
        ),
    ] = None,
    *,
    printer: Printer,
) -> None:
    """List records with outcome rejected or conflict. A table shows the newest, and counts them by rule.

    A batch that cannot be read is one row; its `offsets` is the number of offsets that it covers.

    Examples:
      ip-ledger rejections list --rule bad_data
      ip-ledger rejections list --csv --columns topic,partition,offset,rule,message
    """
    from ledger.book.position import position_text
    from ledger.queries import rejections
    from ledger.queries.snapshot import read_snapshot
    from schemas.wording import arguments_text

    if printer.is_table and newest is None:
        newest = NEWEST
    with open_book() as book, ExitStack() as stack:
        if newest is None:
            positions = book.positions()
            rows = rejections.summaries(book, rule, positions)
        else:
            stack.enter_context(read_snapshot(book))
            positions = book.positions()
            rows = rejections.newest(book, newest, rule)
        position = position_text(positions)
        in_cells = (row | {"arguments": arguments_text(row["arguments"])} for row in rows)
        sheet = Sheet(in_cells, {"rows": rows, "position": position}, "Rejections", rejections.SUMMARY_COLUMNS, _UNITS)
        if printer.is_table:
            shown = list(in_cells)
            brief = sheet if printer.columns else sheet._replace(columns=BRIEF)
            printer.write(brief._replace(rows=shown))
            echo_err(*_summary(rejections.counts(book, rule), sum(row["offsets"] for row in shown)))
        else:
            printer.write(sheet)
    printer.cite(position)


@rejections_app.command("show")
def show_rejection(
    place: Annotated[str, typer.Argument(metavar="TOPIC:PARTITION=OFFSET", help="A place of `rejections list`.")],
    value: Annotated[bool, typer.Option("--value", help="Print only the value, byte for byte as it came.")] = False,
) -> None:
    """Print one rejection or conflict in full, with its bytes.

    Examples:
      ip-ledger rejections show ip.pledge.v1:0=17
      ip-ledger rejections show ip.pledge.v1:0=17 --value
    """
    from ledger.book.position import parse_position
    from ledger.queries.rejections import kept_at

    out = sys.stdout.buffer
    with open_book() as book:
        for (topic, partition), offset in parse_position(place).items():
            row = kept_at(book, topic, partition, offset)
            if row is None:
                raise NotRefused(place=f"{topic}:{partition}={offset}")
            if value:
                out.write(shown_bytes(row["value"] or b"", out))
            else:
                print_json(_exported(row))


@rejections_app.command("export")
def export_rejections(
    rule: RULE = None,
    values: Annotated[
        bool, typer.Option("--values", help="Only the events, one per line, as `publish` takes them once repaired.")
    ] = False,
) -> None:
    """Print rejections and conflicts as JSON lines.

    For repair: place, rule, and the value as it came (value_base64 if it is not UTF-8); for a record in binary mode
    also the event in structured mode.

    Examples:
      ip-ledger rejections export --rule bad_data > refused.ndjson
      ip-ledger rejections export --values > repair.ndjson
    """
    from ledger.queries.rejections import kept, rejected_event

    left_out, out = 0, sys.stdout.buffer
    with open_book() as book:
        for row in kept(book, rule):
            if not values:
                print_line(_exported(row))
            elif (line := rejected_event(row)) and not re.search(rb"[\r\n]", line):
                out.write(shown_bytes(line, out) + b"\n")
            else:
                left_out += 1
    if left_out:
        echo_err(f"{left_out:,} values skipped: empty, several lines, or no event. `rejections show` prints each.")


@rejections_app.command("publish")
def publish_rejections(
    again: Annotated[bool, typer.Option("--all", help="Publish all of them again, not only new ones.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Publish each rejection for its producer.

    It goes to the topic ip.rejection.v1, at least once.

    Examples:
      ip-ledger rejections publish
      ip-ledger rejections publish --all --json
    """
    from ledger.book.position import brief_position, position_text
    from ledger.book.recognition import same_log
    from ledger.publishing import publish
    from streams.log_identity import identity
    from streams.rejections import RejectionTopic

    cluster = connect_cluster()
    with open_book() as book:
        same_log(book, identity(cluster))
        with RejectionTopic(cluster, settings().group or book.group) as topic:
            sent = publish(book, topic, again=again)
    position = position_text(sent.positions)
    if json_or_table(as_json).cites:
        print_json({"published": sent.published, "position": position})
    else:
        echo_err(f"{sent.published:,} rejections published, of a book at {brief_position(position)}")


def _summary(by_rule: dict[str, int], shown: int) -> Iterator[str]:
    whole = sum(by_rule.values())
    rules = ", ".join(f"{count} {rule}" for rule, count in by_rule.items())
    yield f"{whole:,} in all: {rules}" if whole else "nothing was rejected"
    if whole > shown:
        yield f"{whole - shown:,} more: --newest {whole} shows all, --rule those of one rule; --json has all"


def _exported(row: dict[str, Any]) -> dict[str, Any]:
    from ledger.queries.rejections import attributes, rejected_event

    exported = {name: value for name, value in row.items() if name not in ("key", "value", "headers")}
    exported["headers"] = json.loads(row["headers"] or b"[]")
    for name in ("key", "value"):
        content = row[name]
        try:
            exported[name] = None if content is None else content.decode()
        except UnicodeDecodeError:
            exported[f"{name}_base64"] = base64.b64encode(content).decode()
    if attributes(row) is not None:
        exported["event"] = _text(rejected_event(row))
    return exported


def _text(content: bytes | None) -> str | None:
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
        return None
