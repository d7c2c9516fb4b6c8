"""Commands for texts of patents: read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from ledger.commands.context import connect_cluster, open_book, settings
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import echo_err
from ledger.files import open_output, opened_input
from schemas.errors import UsageError

if TYPE_CHECKING:
    from ledger.valuations.reading import TextModel
    from ledger.valuations.text_model import AskText

_COLUMNS = ("patent", "question", "state", "answer", "quote", "quote_at", "detail")


class NoReader(UsageError):
    """No address of a model that reads is known. Set LEDGER_READER_URL, such as http://127.0.0.1:8000/v1, and
    LEDGER_READER_KEY if it needs a key."""


class BadModelName(UsageError):
    """{text!r} names no model. Write ID@VERSION, as in its registration (`ip.reference.model`)."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("read")(read_command)


@in_formats()
def read_command(
    texts: Annotated[
        str, typer.Argument(metavar="TEXTS", help="A file of JSON lines of patent, part and text; - is stdin.")
    ],
    questions: Annotated[str, typer.Option(metavar="FILE", help="JSON lines of question, asked and answers.")],
    model: Annotated[str, typer.Option(metavar="ID@VERSION", help="The registered model that reads.")],
    to: Annotated[str | None, typer.Option("--to", metavar="FILE", help="Write JSON lines instead.")] = None,
    *,
    printer: Printer,
) -> None:
    """Let a model read texts of patents, and publish its answers (ip.patent.read). An answer whose quote is
    not in the text is refused, exit code 1. A question whose answer is in the book is not asked again.

    Examples:
      ip-ledger read claims.ndjson --questions questions.ndjson --model example-reader@2026-01
      ip-ledger read - --questions questions.ndjson --model example-reader@2026-01 --to read.ndjson < claims.ndjson
    """
    from ledger.valuations.reading import QuestionLine, TextLine, parsed_lines, read_texts, require_registered
    from streams.producer import Producer

    reader = _reader(model)
    day, ask = datetime.now(UTC).date(), _asker(reader.id)
    with ExitStack() as stack:
        asked = [*parsed_lines(stack.enter_context(opened_input(questions)), questions, QuestionLine)]
        given = [*parsed_lines(stack.enter_context(opened_input(texts)), texts, TextLine)]  # all, before one is asked
        book = stack.enter_context(open_book())
        require_registered(book, reader, day)
        send: Callable[[bytes], object]
        if to is None:
            send = stack.enter_context(Producer(connect_cluster())).publish
        else:
            send = _line_to(stack.enter_context(open_output(to, [Path(questions), Path(texts)])))
        outcomes = []
        for outcome, value in read_texts(book, given, asked, reader, day, ask):
            outcomes.append(outcome)
            if value is not None:
                send(value)
    states = Counter(outcome.state for outcome in outcomes)
    rows = [outcome._asdict() for outcome in outcomes]
    printer.write(Sheet(rows, {"day": day.isoformat(), "readings": rows}, "Readings", _COLUMNS, key="readings"))
    if printer.is_table:
        echo_err(f"{states['read']} read, {states['known']} known before, {states['refused']} refused.")
    raise typer.Exit(Exit.DIFFERENT if states["refused"] else Exit.FINE)


def _reader(text: str) -> TextModel:
    from ledger.valuations.reading import TextModel

    name, _, version = text.rpartition("@")
    if not (name and version):
        raise BadModelName(text=text)
    return TextModel(name, version)


def _line_to(file: IO[bytes]) -> Callable[[bytes], object]:
    return lambda value: file.write(value + b"\n")


def _asker(model: str) -> AskText:
    from ledger.valuations.model_limits import ModelLimits
    from ledger.valuations.models import text_asker

    given = settings()
    if not given.reader_url:
        raise NoReader
    key = given.reader_key.get_secret_value() if given.reader_key else None
    return text_asker(given.reader_url, key, model, ModelLimits(given.model_seconds))
