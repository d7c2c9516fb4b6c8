"""A group that imports a command when it runs, so that help and each command start fast."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_group

_EXAMPLES = "\nExamples:\n"
"""The heading of the examples in a command's docstring: one per line, to its end."""
_OUTPUT = ("columns", "sort", "limit", "position", "watch")
"""Options of the output, besides the formats (`as_csv`, ...)."""
_SENTENCE_END = re.compile(r"(?<=\.)\s")
_DIGITS = re.compile(r"[0-9]{1,18}").fullmatch


class Listed(NamedTuple):
    """A command that is not imported yet: its module in `ledger.commands`, and its summary in one line."""

    module: str
    summary: str


class CommandGroup(TyperGroup):
    """A group that lists its commands by who uses them, and imports only the one that runs."""

    listed: Mapping[str, Mapping[str, Listed]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Imported({name: one for group in self.listed.values() for name, one in group.items()})

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options of the group."""
        return _read_quickly(super().get_params(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands, by who uses them."""
        width = max(map(len, self.commands))
        for heading, commands in self.listed.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:<{width}}", one.summary) for name, one in commands.items()])


class _Imported(MutableMapping[str, Any]):
    """Name -> command, imported at the first look-up."""

    def __init__(self, listed: Mapping[str, Listed]) -> None:
        self._listed = listed
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known |= commands_of(self._listed[name].module)
        return self._known[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        del self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def __contains__(self, name: object) -> bool:
        return name in self._listed


def commands_of(module: str) -> dict[str, Any]:
    """Return the commands of a module of `ledger.commands`, by name."""
    app = typer.Typer(rich_markup_mode=None)
    import_module(f"ledger.commands.{module}").add_to(app)
    commands: dict[str, Any] = dict(get_group(app).commands)
    for command in commands.values():
        _in_plain_words(command)
    return commands


def _in_plain_words(command: Any) -> None:
    """Print placeholders instead of Python types, the examples of a docstring below the options, and the whole first
    sentence in the list of a group's commands."""
    text, heading, examples = (command.help or "").partition(_EXAMPLES)
    command.help = text.strip()
    command.short_help = " ".join(_SENTENCE_END.split(command.help, maxsplit=1)[0].split())
    if heading:
        command.epilog = f"\b\nExamples:\n{examples.rstrip()}"
    for parameter in command.params:
        _name_value(parameter)
    params = command.get_params
    command.get_params = lambda ctx: _read_quickly(params(ctx))
    if not hasattr(command, "commands"):
        command.format_options = partial(_write_options, command)
    for below in getattr(command, "commands", {}).values():
        _in_plain_words(below)


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the arguments, the options of the command, and those that many commands share, each under a heading."""
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": [], "Output": []}
    for parameter in command.get_params(ctx):
        if record := parameter.get_help_record(ctx):
            shared = parameter.name in _OUTPUT or (parameter.name.startswith("as_") and parameter.name != "as_of")
            heading = "Output" if shared else "Options"
            sections["Arguments" if parameter.param_type_name == "argument" else heading].append(record)
    for heading, records in sections.items():
        if records:
            with formatter.section(heading):
                formatter.write_dl(records)


def _read_quickly(parameters: list[Any]) -> list[Any]:
    """Return parameters that take texts and digits as they are: for any value, Typer would import pydantic, which
    takes a third of the time of a command."""
    for parameter in parameters:
        if not isinstance(parameter.get_runtime_param, _Quickly):
            parameter.get_runtime_param = _Quickly(parameter.get_runtime_param)
    return parameters


class _Quickly:
    """The converter of a parameter's value: itself where there is nothing to convert, else Typer's."""

    def __init__(self, others: Callable[[], Any]) -> None:
        self._others = others

    def __call__(self) -> _Quickly:
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value that the command gets. Raise BadParameter."""
        several, descriptor = param.multiple or param.nargs == -1, param.type_descriptor
        if value is None:
            return () if several else None
        if descriptor.annotation is str and isinstance(value, str):
            return value
        if descriptor.annotation == list[str] and all(isinstance(one, str) for one in value):
            return list(value)
        if descriptor.annotation is int and not descriptor.is_ranged and _DIGITS(str(value)):
            return int(value)
        return self._others().coerce(value, param=param, ctx=ctx)


def _name_value(parameter: Any) -> None:
    """Give a parameter a placeholder: N for a number, else its name."""
    number = parameter.type_descriptor.is_ranged or parameter.bare_type() == "int"
    if parameter.metavar is None:
        parameter.metavar = "N" if number else parameter.name.upper().replace("_", "-")
    if parameter.param_type_name == "argument":
        several = "..." if parameter.nargs != 1 and not parameter.metavar.endswith("...") else ""
        shown = f"{parameter.metavar}{several}"
        parameter.display_type_rich = lambda ctx: ""
        parameter.get_usage_pieces = lambda ctx: [shown if parameter.required else f"[{shown}]"]
