"""What is made from the code: `schemas/published`; in `docs` the pages on views, commands, errors, lives and reasons.

`make generate` writes them, and what a new type of event begins with. A test fails where a page is not what
the code says.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any

from typer.main import get_command

import ledger
import schemas
import streams
from ledger.commands import app
from ledger.commands.exit_codes import Exit
from ledger.posting.entity import LIVES
from ledger.posting.life import START, NoEffect, Turn
from ledger.posting.rows import END
from ledger.views import VIEWS
from schemas.catalogue import example_of, json_schema_of, rejection_schema
from schemas.errors import LedgerError
from schemas.events import EVENT_TYPES, Role
from schemas.wording import TEMPLATES
from streams.producer import Refused

ROOMS = ("schemas", "streams", "ledger")
ROOT = Path(__file__).parents[1]
MADE = "<!-- Made by `make generate`. Change the code, not this page. -->\n"
ONLY_IN_PYTHON = (Refused,)
"""Errors that no command ends with: `publish` names the line instead."""


def pages() -> dict[str, str]:
    """Path below the repository -> content, of everything that is made from the code."""
    published = {f"schemas/published/{name}.json": _schema(json_schema_of(name)) for name in EVENT_TYPES}
    published["schemas/published/derived/ip.rejection.v1.json"] = _schema(rejection_schema())
    made = {"views": _views, "commands": _commands, "errors": _errors, "lives": _lives, "reasons": _reasons}
    return published | {f"docs/{name}.md": page() for name, page in made.items()}


def write() -> None:
    """Write all pages, and take away schemas of types that the catalogue does not know."""
    made = pages()
    for file in (ROOT / "schemas" / "published").glob("*.json"):
        if f"schemas/published/{file.name}" not in made:
            file.unlink()
    for path, content in made.items():
        (ROOT / path).write_text(content, encoding="utf-8")
    for path, content in firsts().items():
        (ROOT / path).write_text(content, encoding="utf-8")


def firsts() -> dict[str, str]:
    """Path -> content of what a new type begins with and nobody changes after it: its number, and its example as a
    line that stays valid."""
    fixtures = ROOT / "tests" / "fixtures"
    numbers = json.loads((fixtures / "numbers.json").read_text("utf-8"))
    for event_type in EVENT_TYPES.values():
        if event_type.role == Role.ORIGINAL:
            numbers.setdefault(event_type.name.removesuffix(".v1"), event_type.number)
    lines = {
        f"tests/fixtures/published/{name}.ndjson": f"{json.dumps(example_of(name), ensure_ascii=False)}\n"
        for name in EVENT_TYPES
        if not (fixtures / "published" / f"{name}.ndjson").exists()
    }
    return {"tests/fixtures/numbers.json": f"{json.dumps(numbers, indent=1)}\n"} | lines


def commands() -> Iterator[tuple[str, Any]]:
    """(words after `ip-ledger`, command) of every command, in the order of `--help`."""
    yield from _below(get_command(app), "")


def errors() -> list[type[LedgerError]]:
    """The named errors of the house that are raised (those that only bring others together are not)."""
    for room in (schemas, streams, ledger):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            import_module(module.name)
    return sorted(_leaves(LedgerError), key=lambda error: error.__name__)


def _leaves(error: type[LedgerError]) -> Iterator[type[LedgerError]]:
    below = [
        kind for kind in error.__subclasses__() if kind.__module__.split(".")[0] in ("schemas", "streams", "ledger")
    ]
    for kind in below:
        yield from _leaves(kind)
    if not below:
        yield error


def _below(group: Any, words: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        called = f"{words} {name}".strip()
        if not hasattr(command, "commands"):
            yield called, command
            continue
        if command.invoke_without_command:
            yield called, command
        yield from _below(command, called)


def _schema(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _views() -> str:
    lines = [
        "# Views",
        "",
        MADE,
        "Every book holds these SQL views. `ip-ledger view NAME` shows one with the position that it stands on; any",
        "SQLite client can read them. The words are in the [glossary](glossary.md).",
    ]
    for view in VIEWS.values():
        lines += ["", f"## {view.name}", "", f"Formula: {view.formula}."]
        if view.takes_a_day:
            without = "all days" if view.day == str(END) else "the newest business date in the book"
            lines += ["", f"Can be asked for as of a day: `--as-of YYYY-MM-DD`; without one, {without}."]
        if view.takes_a_basis:
            lines += ["", f"As recorded: `--recorded`, in SQL `{view.name}_recorded`."]
        lines += ["", "| column | unit | meaning |", "|---|---|---|"]
        lines += [f"| `{column.name}` | {column.unit} | {column.meaning} |" for column in view.columns]
    return "\n".join(lines) + "\n"


def _reasons() -> str:
    lines = [
        "# Reasons",
        "",
        MADE,
        "Why a record is refused, within its [rule](producers.md#rules): the code of the reason, and its sentence.",
        "A book keeps `reason` and `arguments` (JSON); the sentence is made whenever it is shown. Codes and names of",
        "arguments are for life, sentences are not: a program branches on the code. `given` is the value",
        "as JSON, cut where it is long; of an array or object that holds much there is `array` or `object` instead,",
        "with how many. A type of error of pydantic that is not here is a code of its own, and its sentence names it.",
        "",
        "| reason | message |",
        "|---|---|",
    ]
    lines += [f"| `{reason}` | {_sentence(template)} |" for reason, template in TEMPLATES.items()]
    return "\n".join(lines) + "\n"


def _sentence(template: str) -> str:
    named = (f"{text}`{{{name}}}`" if name else text for text, name, _, _ in Formatter().parse(template))
    return "".join(named)


def _commands() -> str:
    lines = [
        "# Commands",
        "",
        MADE,
        "Data goes to stdout, talk to stderr. Data is a table on a terminal, else JSON; `--json`, `--csv` and",
        "`--excel` choose ([what they hold](operators.md#what-is-printed)).",
        "Exit codes and settings are in [operators.md](operators.md#exit-codes), errors in [errors.md](errors.md).",
    ]
    for name, command in commands():
        arguments = [_name(each) for each in command.params if each.param_type_name == "argument"]
        required = [_name(each) for each in command.params if each.param_type_name == "option" and each.required]
        lines += ["", f"## {name}", "", inspect.cleandoc(command.help or "")]
        lines += ["", f"    {' '.join(['ip-ledger', name, *required, *arguments])}"]
        if command.params:
            lines += ["", "| | |", "|---|---|"]
        lines += [f"| `{_name(each)}` | {_meaning(each)} |".replace("|-`", "\\|-`") for each in command.params]
    return "\n".join(lines) + "\n"


def _name(parameter: Any) -> str:
    metavar = parameter.metavar or parameter.name.upper()
    if parameter.param_type_name == "argument":
        return str(metavar)
    return parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {parameter.metavar or 'VALUE'}"


def _meaning(parameter: Any) -> str:
    given = parameter.default
    shown = "" if given in (None, "", False) or parameter.required else f" Default: `{given}`."
    return f"{parameter.help or ''}{shown}"


def _errors() -> str:
    lines = [
        "# Errors",
        "",
        MADE,
        "Every error has a name, says what is wrong, and names the next step. Words in braces are filled in.",
    ]
    coded = [(Exit(kind.exit_code), kind) for kind in errors() if kind not in ONLY_IN_PYTHON]
    for code in sorted({code for code, _ in coded}):
        lines += ["", f"## Exit code {code.value}: {code.name.lower()}"]
        for kind in (kind for other, kind in coded if other is code):
            lines += ["", f"### {kind.__name__}", "", _message(kind)]
    lines += ["", "## In Python only"]
    for kind in ONLY_IN_PYTHON:
        lines += ["", f"### {kind.__name__}", "", _message(kind)]
    return "\n".join(lines) + "\n"


def _message(kind: type[LedgerError]) -> str:
    text = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
    return re.sub(r"\{(\w+)[^}]*\}", r"{\1}", text)


LIFE = """
What is said of one subject is its **life**. It has one or more **tracks** that go on independently of each other, and
on each it is in one state. The tables say what each event does in each state; the ledger works by these very tables.

* A **state** in bold: the event has effect, and the state is that one from then on.
* **waits**: the event has no effect yet. It stands in the view `unmatched` with this reason until the track comes into
  a state in which it has one, or never will; of several that wait the earliest in the log has its turn first, again
  after each change of state. So nothing is lost that comes before what it needs.
* Any other reason: the event comes too late or for a second time. It stands in `unmatched`, and only a correction or a
  voiding of what was said before it can give it effect, on the corrected basis.

Events are taken in the order of the log, whatever their business dates: a date places what an event does in a year, and
never orders or refuses anything. Each basis has a life of its own: as recorded nothing was ever corrected or voided; as
corrected a corrected event is lived at its own place in the log with its new data, and a voided one is left out. Of
several follow-ups of one event the last in the log counts. A follow-up whose original was not said (same source, same
type, not itself a follow-up) waits on the corrected basis, with the reason `target_missing`.

An event that has effect is a **statement** (view `statements`). What an entity is on a day is what its statements dated
up to that day say; where several say the same thing otherwise, the last in the log counts. So a pledge whose amount was
changed and of which assets were set free has on each day the last amount said of days up to it, shared out over the
assets that no statement of days up to it set free.
"""


def _lives() -> str:
    lines = ["# Lives", "", MADE, LIFE.strip()]
    for topic, life in LIVES.items():
        lines += ["", f"## {topic}", "", inspect.cleandoc(life.__doc__ or "")]
        for track in life.tracks:
            states = [state or "nothing said" for state in track.table] if len(track.table) > 1 else ["at any time"]
            lines += ["", f"### {track.name.capitalize()}", "", f"| event | {' | '.join(states)} |"]
            lines += ["|---" * (len(states) + 1) + "|"]
            for event in track.table[START]:
                turns = [_turn(turns[event]) for turns in track.table.values()]
                name, _, value = event.partition(" ")
                lines.append(f"| `{name}`{value and f' ({value})'} | {' | '.join(turns)} |")
        if life.besides:
            lines += ["", "Reasons that no state alone can tell:", ""]
            lines += [f"* `{reason}`: {when}." for reason, when in life.besides.items()]
    return "\n".join(lines) + "\n"


def _turn(turn: Turn) -> str:
    if isinstance(turn, NoEffect):
        return f"waits: `{turn.reason}`" if turn.waits else f"`{turn.reason}`"
    return f"**{turn or 'has effect'}**"


if __name__ == "__main__":
    write()
