"""The commands, by who uses them. Each is imported when it runs."""

from __future__ import annotations

import typer

from ledger.commands.group import CommandGroup, Listed


class Commands(CommandGroup):
    """All commands of `ip-ledger`."""

    listed = {  # noqa: RUF012 - never changed in place
        "Try it": {
            "demo": Listed("running", "Run everything once, from broker to verified totals."),
            "broker": Listed("running", "Start, stop or show the embedded Apache Kafka."),
            "generate": Listed("producing", "Print synthetic events as JSON lines."),
        },
        "Produce events": {
            "schema": Listed("producing", "Print the JSON Schema or an example of a type of event."),
            "publish": Listed("producing", "Publish events from JSON lines."),
            "import": Listed("importing", "Make events from office files and publish them."),
            "read": Listed("texts", "Let a model read texts of patents, and publish its answers."),
            "formats": Listed("importing", "List the importers of office files."),
        },
        "Operate": {
            "worker": Listed("running", "Run the worker that posts the log to the book."),
            "evaluator": Listed("evaluating", "Answer requests for valuations."),
            "alerts": Listed("evaluating", "List the reasons to watch pledges that have no alert yet."),
            "serve": Listed("serving", "Serve the dashboard, the API and the live stream."),
            "token": Listed("serving", "Create a token."),
            "status": Listed("operating", "Show where each partition stands."),
            "doctor": Listed("running", "Check everything that the worker and readers need."),
            "topics": Listed("running", "Create, copy or check the topics."),
            "rejections": Listed("rejections", "List, show, export or publish rejections and conflicts."),
            "backup": Listed("running", "Copy the book while the worker runs."),
            "archive": Listed("archiving", "Append new records of the log to an archive."),
            "restore": Listed("archiving", "Rebuild a book or a log from an archive."),
        },
        "Read figures": {
            "growth": Listed("reading", "Compare a period with the same period of last year."),
            "totals": Listed("reading", "Show totals by kind and currency."),
            "view": Listed("reading", "Show a view, filtered by its columns."),
            "views": Listed("catalogue", "List the views, or describe one."),
            "show": Listed("showing", "Show any record or entity, and its effect."),
            "reconcile": Listed("auditing", "Compare published figures with the book."),
            "fields": Listed("classifying", "Count patents by WIPO's 35 fields of technology."),
            "pledge-amounts": Listed("classifying", "Sum secured amounts of registered pledges by WIPO's 35 fields."),
            "map": Listed("classifying", "Check a map from IPC symbols to classes."),
            "compare-maps": Listed("classifying", "Show which counts of patents by class and year would differ."),
            "match": Listed("matching", "Match needs with patents on offer."),
            "evaluate": Listed("evaluating", "Value an asset, or prove all answers."),
            "calibration": Listed("evaluating", "Compare valuations with the prices that came after them."),
        },
        "Audit": {
            "trace": Listed("tracing", "Trace a figure to its records, or a record to the figures that it moved."),
            "diff": Listed("tracing", "Show which totals moved between two positions or times."),
            "replay": Listed("auditing", "Rebuild a book from the log."),
            "verify": Listed("auditing", "Compare the book with a replay of the log."),
            "prove": Listed("proving", "Write a file that proves a figure to somebody without the ledger."),
            "audit": Listed("proving", "Sign and witness checkpoints of the book, export its trees."),
            "compare": Listed("auditing", "Show which totals differ between two books."),
            "merge": Listed("auditing", "Merge books that hold shares of one log."),
            "spark": Listed("spark", "Fold the log on Apache Spark into a lake."),
        },
    }


app = typer.Typer(
    name="ip-ledger",
    cls=Commands,
    help="An event-driven ledger of intellectual-property transactions: every figure provable by replay.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 fine, 1 differences found or part of the input refused, 2 usage, 65 no input usable, "
    "69 broker, book or output unavailable, 70 a promise cannot be kept, 130 interrupted. "
    "`ip-ledger --version` prints the version.",
)


@app.callback()
def ip_ledger() -> None:
    """Hold what all commands share; each command does its work itself."""
