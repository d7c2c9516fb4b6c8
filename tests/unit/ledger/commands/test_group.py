"""The commands as a group: their users, examples, and suggestions for mistyped names."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from typer.testing import CliRunner

from docs.generate import commands
from ledger.cli import main
from ledger.commands import Commands, app
from ledger.views import VIEWS
from ledger.views.guide import LONGEST_SUMMARY, OTHERS, grouped
from tests.each_case import each_case

COMMANDS = dict(commands())


def invoked(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, list(words))
    return found.exit_code, found.output


def test_help_is_grouped_by_who_uses_a_command() -> None:
    _, out = invoked("--help")
    headings = re.findall(r"^(\w[\w ]+):$", out, re.MULTILINE)
    assert headings == ["Options", "Try it", "Produce events", "Operate", "Read figures", "Audit"]
    assert max(map(len, out.splitlines())) <= 80


def test_commands_that_show_figures_can_watch_the_book() -> None:
    watching = {name for name, command in COMMANDS.items() if any(one.name == "watch" for one in command.params)}
    rest = {"fields", "pledge-amounts", "compare-maps", "calibration", "rejections list"}
    assert watching == {"totals", "growth", "view"} | rest


@each_case("name", [name for group in Commands.listed.values() for name in group])
def test_the_summary_of_a_command_begins_its_help(name: str) -> None:
    (listed,) = [group[name] for group in Commands.listed.values() if name in group]
    _, out = invoked(name, "--help")
    assert listed.summary.removesuffix(".") in " ".join(out.split())


@each_case("name", COMMANDS)
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


USAGE = {
    "totls": "UnknownCommand: `ip-ledger` has no command 'totls'. Did you mean totals?",
    "rejections shw": "UnknownCommand: `ip-ledger rejections` has no command 'shw'. Did you mean show?",
    "totals --yeer 3": "UnknownOption: `ip-ledger totals` has no option --yeer. Did you mean --year?",
    "totals -q": "UnknownOption: `ip-ledger totals` has no option -q. `ip-ledger totals --help` lists its options.",
    "totals --year x": "BadArgument: --year cannot be used: it should be a valid integer. `ip-ledger totals --help` "
    "describes it.",
    "totals --year": "BadArgument: --year cannot be used: it needs a value.",
    "status --json=3": "BadArgument: --json cannot be used: it takes no value.",
    "totals --limit -3": "BadArgument: --limit cannot be used: -3 is less than 0.",
    "totals --csv --json": "SeveralFormats: A command prints one format. Choose one of --table, --json",
    "import": "MissingArgument: IMPORTER is missing. Write `ip-ledger import [OPTIONS] IMPORTER FILE...`; "
    "`ip-ledger import --help` has examples.",
    "generate": "MissingArgument: --events is missing. Write `ip-ledger generate --events N [OPTIONS]`; "
    "`ip-ledger generate --help` has examples.",
    "verify x": "ExtraArgument: `ip-ledger verify` takes no argument 'x'. Write `ip-ledger verify [OPTIONS]`; "
    "`ip-ledger verify --help` has examples.",
    "view grants --as-of 2023-02-30": "BadDay: '2023-02-30' is not a day. Write a day of the calendar as YYYY-MM-DD.",
    "view grants --where year": "BadFilter: 'year' is not a filter.",
}


@pytest.mark.parametrize("words", USAGE)
def test_usage_errors_are_named_errors_that_say_what_to_write(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["ip-ledger", *words.split()])
    with pytest.raises(SystemExit, match="2"):
        main()
    err = capsys.readouterr().err
    assert err.startswith(USAGE[words])
    assert len(err.splitlines()) == 1


def test_a_group_without_a_command_shows_its_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["ip-ledger", "topics"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert capsys.readouterr().err.startswith("Usage: ip-ledger topics [OPTIONS] COMMAND")


@each_case("name", COMMANDS)
def test_help_has_placeholders_and_no_types_of_python(name: str) -> None:
    _, out = invoked(*name.split(), "--help")
    assert not re.search(r"<\w|[{}]|Path\b|\bstr\b|\bint\b", out)
    assert not re.search(r"\.{3} *$", out.partition("Examples:")[0].partition("Commands:")[2], re.MULTILINE)


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


@pytest.mark.parametrize("group", ["broker", "rejections", "topics"])
def test_no_summary_of_a_subcommand_is_cut_off(group: str) -> None:
    _, out = invoked(group, "--help")
    listed = out.partition("\nCommands:\n")[2].splitlines()
    assert listed
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


def test_help_lists_the_options_of_the_output_apart() -> None:
    _, out = invoked("totals", "--help")
    own, output = out.partition("\nOutput:\n")[::2]
    assert "--kind" in own
    assert "--as-csv" not in out
    for option in ("--columns", "--limit", "--position", "--table", "--csv"):
        assert option in output
        assert option not in own


def test_the_list_of_a_group_has_whole_sentences() -> None:
    _, out = invoked("audit", "--help")
    assert "sign the head of that log." in " ".join(out.split())
    assert "..." not in out.partition("Commands:")[2]
