"""The commands as a group: their users, examples, and suggestions for mistyped names."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from typer.testing import CliRunner

from docs.generate import commands
from ledger.commands import Commands, app
from ledger.views import VIEWS
from ledger.views.guide import LONGEST_SUMMARY, OTHERS, grouped

COMMANDS = dict(commands())


def invoked(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, list(words))
    return found.exit_code, found.output


def test_help_is_grouped_by_who_uses_a_command() -> None:
    _, out = invoked("--help")
    headings = re.findall(r"^(\w[\w ]+):$", out, re.MULTILINE)
    assert headings == ["Options", "Try it", "Produce events", "Operate", "Read and audit"]
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("name", [name for group in Commands.listed.values() for name in group])
def test_the_summary_of_a_command_begins_its_help(name: str) -> None:
    (listed,) = [group[name] for group in Commands.listed.values() if name in group]
    _, out = invoked(name, "--help")
    assert listed.summary.removesuffix(".") in " ".join(out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_two_examples_that_are_commands(name: str) -> None:
    command: Any = COMMANDS[name]
    examples = (command.epilog or "").partition("Examples:\n")[2].splitlines()
    if command.name == "rejections":  # `list` is the default subcommand
        return
    assert len(examples) == 2
    options = {option for parameter in command.params for option in parameter.opts}
    for example in examples:
        (call,) = [part for part in example.split(" | ") if f"ip-ledger {name}" in part]
        words = shlex.split(call.partition(">")[0] if "'" not in call else call)
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options
    shown = invoked(*name.split(), "--help")[1].splitlines()
    assert [line.strip() for line in shown[-2:]] == [example.strip() for example in examples]


def test_every_command_that_prints_rows_takes_each_format() -> None:
    rows = {name for name, command in COMMANDS.items() if "--csv" in {o for p in command.params for o in p.opts}}
    assert rows >= {
        "totals",
        "view",
        "views",
        "status",
        "doctor",
        "schema",
        "formats",
        "verify",
        "compare",
        "reconcile",
    }
    for name in rows:
        options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert options >= {"--table", "--json", "--csv", "--excel", "--columns", "--sort", "--limit"}, name


def test_a_mistyped_command_gets_a_suggestion() -> None:
    code, out = invoked("totls")
    assert code == 2
    assert "No such command 'totls'. Did you mean 'totals'?" in out


def test_every_view_has_one_line_in_the_guide() -> None:
    listed = [view.name for members in grouped().values() for view, _ in members]
    assert sorted(listed) == sorted(VIEWS)
    assert OTHERS not in grouped()
    longest = max(map(len, VIEWS))
    assert [s for members in grouped().values() for _, s in members if len(s) + longest + 4 > 80] == []
    assert LONGEST_SUMMARY < 80


def test_a_view_is_described_with_its_formula_columns_and_an_example() -> None:
    for name, view in VIEWS.items():
        code, out = invoked("views", name, "--table")
        assert code == 0
        found = " ".join(out.split())
        assert " ".join(view.formula.split()[:6]) in found
        assert f"Example: ip-ledger view {name}" in found
        assert all(column.name in found for column in view.columns)
    code, out = invoked("views", "pledge_stok")
    assert code != 0


@pytest.mark.parametrize("group", ["broker", "topics"])
def test_no_summary_of_a_subcommand_is_cut_off(group: str) -> None:
    _, out = invoked(group, "--help")
    listed = out.partition("\nCommands:\n")[2].splitlines()
    assert listed
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []
