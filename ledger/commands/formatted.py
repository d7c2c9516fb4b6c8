"""The format that a person asks for: an option for each module of `ledger/commands/formats`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from inspect import Parameter, signature
from pkgutil import iter_modules
from typing import Annotated, Any

import typer

from ledger.commands import formats
from ledger.commands.formats import Format, json, table

AS_JSON, AS_TABLE = json.FORMAT, table.FORMAT


def _found() -> list[Format]:
    modules = (import_module(f"{formats.__name__}.{module.name}") for module in iter_modules(formats.__path__))
    return sorted((module.FORMAT for module in modules), key=lambda form: (form.rank, form.name))


FORMATS = _found()
"""All formats, in the order of their options."""


def chosen(asked: Format | None) -> Format:
    """The format asked for; without a wish a table on a terminal, else JSON."""
    return asked or (AS_TABLE if sys.stdout.isatty() else AS_JSON)


def json_or_table(as_json: bool) -> Format:
    """The same, for a command that prints no rows but a document."""
    return chosen(AS_JSON if as_json else None)


def in_formats(**helps: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command that takes a `form` an option for each format instead. `helps` are the command's own words on a
    format, by its name."""

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*arguments: Any, **options: Any) -> None:
            asked = [form for form in FORMATS if options.pop(f"as_{form.name}", False)]
            command(*arguments, form=chosen(asked[0] if asked else None), **options)

        taken = signature(command, eval_str=True)
        others = [given for given in taken.parameters.values() if given.name != "form"]
        added = [_option(form, helps.get(form.name, form.help)) for form in FORMATS if form.help]
        run.__annotations__ = {given.name: given.annotation for given in (*others, *added)}
        vars(run)["__signature__"] = taken.replace(parameters=[*others, *added])
        return run

    return with_options


def _option(form: Format, words: str) -> Parameter:
    option = Annotated[bool, typer.Option(f"--{form.name}", help=words)]
    return Parameter(f"as_{form.name}", Parameter.POSITIONAL_OR_KEYWORD, default=False, annotation=option)
