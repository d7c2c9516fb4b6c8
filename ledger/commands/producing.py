"""Commands for producers: schema, publish, generate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.commands.context import open_book
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formats.json import print_json
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import counted, echo_err
from ledger.commands.output import print_line, progress_bar
from ledger.commands.sending import Warnings, sent_events
from ledger.files import lines, opened_input
from ledger.standard import OutputUnwritable

if TYPE_CHECKING:
    from ledger.queries.pledge_check import Objection, PledgeCheck
    from schemas.codec import Judged, Refusal

WARNINGS_SHOWN = 5
"""Lines with a warning that are printed one by one; the rest is counted."""
DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Check everything, publish nothing.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("publish")(publish_command)
    app.command("generate")(generate_command)
    app.command("schema")(schema_command)


def publish_command(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Events as JSON lines; - for standard input.")],
    dry_run: DRY_RUN = False,
    strict: Annotated[bool, typer.Option("--strict", help="Check pledges against the book; see pledge_flags.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each line of input.")] = False,
) -> None:
    """Publish events from JSON lines, one event per line. Invalid lines are reported by number; the valid ones are
    published.

    Examples:
      ip-ledger publish events.ndjson
      ip-ledger schema ip.pledge.registered.v1 --example | ip-ledger publish - --dry-run
    """
    tally = Tally()
    with tally.counted_at_least(dry_run=dry_run), ExitStack() as stack:
        check = _check(stack) if strict else None
        given = lines(stack.enter_context(opened_input(file)))
        passed = check.passed(given) if check else given
        warnings = Warnings(stack, of_any_log=dry_run)
        answers = _judged(passed, warnings.look) if dry_run else sent_events(passed, stack, warnings.look)
        _print_answers(answers, tally, check.positions if check else {}, warnings, as_json=as_json)
    if check:
        echo_err(_checked(check.position))
    done = "Would publish" if dry_run else "Published"
    if (more := tally.warned - WARNINGS_SHOWN) > 0 and not as_json:
        echo_err(f"{counted(more, 'more line has', 'more lines have')} such a warning; --json prints each.")
    echo_err(f"{done} {counted(tally.taken, 'event', 'events')}; refused {tally.refused:,}.")
    raise typer.Exit(tally.exit_code)


def generate_command(
    events: Annotated[int, typer.Option(min=0, help="Number of events.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same events.")] = 1,
    every_type: Annotated[
        bool, typer.Option("--all", help="Print events of every type but erasures; else pledges and grants.")
    ] = False,
) -> None:
    """Print synthetic events as JSON lines, deterministic, in every situation of an entity's life.

    Examples:
      ip-ledger generate --events 1000 | ip-ledger publish -
      ip-ledger generate --events 5000 --seed 7 --all > events.ndjson
    """
    from streams.synthetic.market import generate_all
    from streams.synthetic.pledges import generate_pledges

    out = sys.stdout.buffer
    for value in (generate_all if every_type else generate_pledges)(events, seed):
        out.write(value + b"\n")


@in_formats()
def schema_command(
    event_type: Annotated[
        str | None, typer.Argument(metavar="TYPE", help="A type, such as ip.patent.granted.v1, or ip.rejection.v1.")
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="A valid event on one line, ready to publish.")] = False,
    *,
    printer: Printer,
) -> None:
    """Print the JSON Schema or an example of a type of event; without a type, list all.

    Examples:
      ip-ledger schema
      ip-ledger schema ip.patent.granted.v1 --example
    """
    from ledger.nearest import UnknownName
    from schemas.catalogue import example_of, json_schema_of, rejection_schema
    from schemas.events import EVENT_TYPES
    from schemas.topics import REJECTION_TOPIC

    if event_type is None:
        if example:
            for name in EVENT_TYPES:
                print_line(example_of(name))
            return
        rows = [{"type": t.name, "topic": t.topic, "number": t.number} for t in EVENT_TYPES.values()]
        printer.write(Sheet(rows, {"types": rows}, "Types of events", units={"number": "number"}, key="types"))
        return
    if event_type == REJECTION_TOPIC:
        print_line(rejection_schema()["examples"][0]) if example else print_json(rejection_schema())
        return
    if event_type not in EVENT_TYPES:
        otherwise = "`ip-ledger schema` lists all, such as ip.patent.granted.v1."
        raise UnknownName(what="the type", given=event_type, known=EVENT_TYPES, otherwise=otherwise)
    if example:
        print_line(example_of(event_type))
    else:
        print_json(json_schema_of(event_type))


class Tally:
    """The numbers of accepted and refused events, and of warnings."""

    def __init__(self) -> None:
        self.taken = self.refused = self.warned = 0

    @property
    def exit_code(self) -> Exit:
        """The exit code: 1 if some lines were refused, 65 if all were."""
        if self.refused == 0:
            return Exit.FINE
        return Exit.DIFFERENT if self.taken else Exit.UNUSABLE

    @contextmanager
    def counted_at_least(self, *, dry_run: bool) -> Iterator[None]:
        """Print how many events were published at least, where the answers cannot be printed."""
        try:
            yield
        except OutputUnwritable:
            if not dry_run:
                count = counted(self.taken, "event", "events")
                echo_err(f"Published at least {count}, and perhaps those of some lines behind them.")
            raise


def _check(stack: ExitStack) -> PledgeCheck:
    from ledger.queries.pledge_check import PledgeCheck

    return PledgeCheck(stack.enter_context(open_book()))


def _checked(position: str | None) -> str:
    from ledger.book.position import brief_position

    if position is None:
        return "No line registers a pledge, so nothing was compared with the book."
    return f"Compared with the book at {brief_position(position)}; it may lag the log."


def _judged(
    lines: Iterable[bytes | Refusal | Objection], on_taken: Callable[[int, Judged], object]
) -> Iterator[tuple[int, Any]]:
    from schemas.codec import Judged, judge

    for number, line in enumerate(lines, start=1):
        if not isinstance(line, bytes):
            yield number, line
        elif line.strip():
            judged = judge(line.rstrip(b"\r\n"))
            if isinstance(judged, Judged):
                on_taken(number, judged)
            yield number, judged


def _print_answers(
    answers: Iterator[tuple[int, Any]],
    tally: Tally,
    positions: dict[int, str],
    warnings: dict[int, str],
    *,
    as_json: bool,
) -> None:
    """Count the answers and print them: as JSON a line each, with the position at which the line was checked and its
    warning; else only refused lines and the first warnings."""
    from ledger.queries.pledge_check import Objection
    from schemas.codec import Refusal
    from streams.producer import Receipt

    progress, task = progress_bar("published", None)
    with progress:
        for number, answer in answers:
            progress.advance(task)
            at = {"position": position} if (position := positions.pop(number, None)) else {}
            if isinstance(answer, Refusal):
                answer = Objection(answer.rule.label, answer.path, answer.message + _meant(answer))
            if isinstance(answer, Objection):
                tally.refused += 1
                if as_json:
                    refused = {name: value for name, value in answer._asdict().items() if value is not None}
                    print_line({"line": number, "refused": refused})
                else:
                    echo_err(f"line {number}: {answer.rule}: {answer.path or 'the event'}: {answer.message}")
            else:
                tally.taken += 1
                warning = warnings.pop(number, None)
                tally.warned += warning is not None
                if as_json:
                    receipt = answer._asdict() if isinstance(answer, Receipt) else {"accepted": answer.type.name}
                    print_line({"line": number, **receipt, **at, **({"warning": warning} if warning else {})})
                elif warning and tally.warned <= WARNINGS_SHOWN:
                    echo_err(f"line {number}: warning: {warning}")


def _meant(refusal: Refusal) -> str:
    from ledger.nearest import nearest
    from schemas.events import EVENT_TYPES
    from schemas.rules import Rule

    if refusal.rule is not Rule.UNKNOWN_TYPE or refusal.envelope is None:
        return ""
    meant = nearest(refusal.envelope.type, tuple(EVENT_TYPES))
    return f"; did you mean {meant}?" if meant else "; `ip-ledger schema` lists all"
