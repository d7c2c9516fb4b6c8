"""Usage errors: those of Typer, in the form of our own."""

from __future__ import annotations

import re
from typing import Any

from ledger.nearest import hint
from schemas.errors import UsageError


class UnknownOption(UsageError):
    """`{command}` has no option {option}. {hint}"""


class UnknownCommand(UsageError):
    """`{command}` has no command {name!r}. {hint}"""


class MissingArgument(UsageError):
    """{name} is missing. Write `{usage}`; `{command} --help` has examples."""


class ExtraArgument(UsageError):
    """`{command}` takes no argument {given!r}. Write `{usage}`; `{command} --help` has examples."""


class BadArgument(UsageError):
    """{name} cannot be used: {reason}. `{command} --help` describes it."""


class BadUsage(UsageError):
    """`{command}` cannot run: {reason}. See `{command} --help`."""


_COMMAND = re.compile(r"No such command '(.*?)'\.", re.DOTALL).match
_EXTRA = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)", re.DOTALL).fullmatch


def named(error: Any) -> UsageError:
    """Return the named error for a usage error of Typer."""
    context, message = error.ctx, str(error.message or "")
    command = context.command_path if context else "ip-ledger COMMAND"
    kind = type(error).__name__
    if kind == "NoSuchOption":
        known = [name for given in context.command.params for name in given.opts if name.startswith("--")]
        otherwise = f"`{command} --help` lists its options."
        return UnknownOption(command=command, option=error.option_name, hint=hint(error.option_name, known, otherwise))
    if unknown := _COMMAND(message):
        otherwise = f"`{command} --help` lists its commands."
        name = unknown[1]
        return UnknownCommand(command=command, name=name, hint=hint(name, context.command.commands, otherwise))
    if kind == "MissingParameter":
        return MissingArgument(name=_name(error.param), command=command, usage=_usage(context))
    if extra := _EXTRA(message):
        return ExtraArgument(command=command, given=extra[1], usage=_usage(context))
    if kind == "BadOptionUsage":
        reason = "it needs a value" if "requires" in message else "it takes no value"
        return BadArgument(name=error.option_name, reason=reason, command=command)
    if kind == "BadParameter" and error.param is not None:
        return BadArgument(name=_name(error.param), reason=_as_reason(message), command=command)
    return BadUsage(command=command, reason=_as_reason(message or str(error)))


def _name(parameter: Any) -> str:
    """Return how a user writes a parameter: an option by its name, an argument by its placeholder."""
    return str(parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or parameter.name)


def _usage(context: Any) -> str:
    required = (p for p in context.command.params if p.param_type_name == "option" and p.required)
    options = "".join(f"{option.opts[0]} {option.metavar} " for option in required)
    return " ".join(context.get_usage().split()).removeprefix("Usage: ").replace("[OPTIONS]", f"{options}[OPTIONS]", 1)


def _as_reason(message: str) -> str:
    """Return a message that can follow a colon."""
    text = (
        message.rstrip(".").replace("Input should", "it should").replace(", unable to parse string as an integer", "")
    )
    return text[:1].lower() + text[1:]
