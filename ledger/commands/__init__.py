"""The commands, by who uses them: the operator, the producer, the reader of figures, the auditor."""

from __future__ import annotations

import typer

from ledger.commands import auditing, importing, producing, reading, refused, running

app = typer.Typer(
    name="ip-ledger",
    help="An event-driven ledger of intellectual-property transactions: every figure provable by replay.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 fine, 1 differences found or part of the input refused, 2 usage, 65 nothing of the input "
    "usable, 69 broker, book or output unavailable, 70 a promise cannot be kept, 130 interrupted. "
    "`ip-ledger --version` prints the version.",
)
for module in (running, producing, importing, reading, refused, auditing):
    module.add_to(app)
