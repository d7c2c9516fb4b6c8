"""The docs are true: generated pages are up to date, and every name in them exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from docs.generate import ROOMS, commands, errors, pages
from ledger.commands.exit_codes import Exit
from ledger.posting import cells
from ledger.settings import Settings
from ledger.views import VIEWS
from schemas.events import EVENT_TYPES, Role
from schemas.models import DATA
from schemas.rules import Rule
from schemas.topics import TOPICS
from streams.sources.importers import IMPORTERS
from streams.sources.results import SkipReason
from tests.each_case import each_case
from tests.unit.schemas.test_errors import all_errors

ROOT = Path(__file__).parents[2]
DEMO = {"ServerLost", "ServerSlow", "WorkerLost", "WorkerSlow"}
"""Errors of the demo alone."""
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = dict(commands())
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^]]+\]\(([^)\s]+)\)")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@each_case("path", [path for path in pages() if path.startswith("docs/")])
def test_a_generated_page_is_up_to_date(path: str) -> None:
    assert text(path) == pages()[path](), "run `make generate`"


@each_case("page", PAGES)
def test_commands_in_shell_blocks_exist(page: Path) -> None:
    for words in _calls(page):
        name = _command(words)
        assert name, f"{named(page)}: ip-ledger {' '.join(words)}"
        known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        options = [word.partition("=")[0] for word in words if word.startswith("--")]
        assert set(options) <= known, f"{named(page)}: ip-ledger {' '.join(words)}"


@each_case("page", PAGES)
def test_commands_in_the_text_exist(page: Path) -> None:
    for command in re.findall(r"`ip-ledger ([a-z]+(?:-[a-z]+)*(?: [a-z]+)?)", page.read_text("utf-8")):
        known = _command(command.split()) or any(name.startswith(f"{command} ") for name in COMMANDS)
        assert known, f"{named(page)}: {command}"


@each_case("page", PAGES)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{named(page)}: {link}"
        assert not anchor or anchor in _anchors(target), f"{named(page)}: {link}"


@each_case("page", PAGES)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    content = page.read_text("utf-8")
    named_targets = re.findall(r"`make ([a-z-]+)", content) + re.findall(r"^\$ make ([a-z-]+)", content, re.MULTILINE)
    assert set(named_targets) <= targets


def test_every_page_can_be_found_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page.is_dir():
            waiting += page.glob("*.md")
        elif page not in seen and page.suffix == ".md":
            seen.add(page)
            links = LINK.findall(page.read_text("utf-8"))
            waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links if "://" not in link]
    assert {*PAGES} - seen - {ROOT / "CHANGELOG.md"} == set()


def test_no_block_of_commands_is_empty() -> None:
    assert [match[1] for match in FENCE.finditer(text("docs/commands.md")) if not match[2].strip()] == []


def test_every_setting_is_described() -> None:
    aliases = {
        name: str(field.validation_alias or f"LEDGER_{name.upper()}") for name, field in Settings.model_fields.items()
    }
    for variable in aliases.values():
        assert f"`{variable}`" in text("docs/operators.md"), variable
    sample = re.findall(r"^#?(LEDGER_[A-Z_]+)=", text(".env.example"), re.MULTILINE)
    assert set(sample) == {variable for variable in aliases.values() if variable.startswith("LEDGER_")}
    described = re.findall(r"`(LEDGER_[A-Z_]+)`", "".join(page.read_text("utf-8") for page in PAGES))
    assert set(described) - set(aliases.values()) == {"LEDGER_OFFICE_DATA"}, "only the tests read that one"


def test_defaults_of_settings_are_as_described() -> None:
    rows = dict(re.findall(r"^\| `(LEDGER_\w+)` \| `?([^|`]+?)`? \|", text("docs/operators.md"), re.MULTILINE))
    for name, field in Settings.model_fields.items():
        default = rows.get(f"LEDGER_{name.upper()}")
        if default and field.default not in (None, "") and field.default_factory is None:
            expected = field.default
            shown = f"{expected:g}" if isinstance(expected, float) else str(expected)
            assert default == (shown.lower() if isinstance(expected, bool) else shown), name


def test_every_exit_code_is_described() -> None:
    rows = re.findall(r"^\| ([0-9]+) \|", text("docs/operators.md"), re.MULTILINE)
    assert [int(code) for code in rows] == [code.value for code in Exit]


def test_every_error_is_described() -> None:
    assert {f"### {error.__name__}" for error in errors()} <= set(text("docs/errors.md").splitlines())


def test_errors_that_have_narrower_ones_are_described_if_they_are_raised_themselves() -> None:
    described = {error.__name__ for error in errors()}
    assert {"BookUnavailable", "BookFault", "BrokerUnavailable", "NotMade"} <= described
    assert described.isdisjoint({"LedgerError", "UsageError", "Unavailable", "PromiseBroken", "BrokerError"})
    sources = [module.read_text("utf-8") for room in ROOMS for module in (ROOT / room).rglob("*.py")]
    raised = set(re.findall(r"\b(?:raise|return) ([A-Z]\w+)\(", "".join(sources)))
    assert {error.__name__ for error in all_errors()} & raised <= described


def test_every_error_that_stops_the_worker_has_a_next_step() -> None:
    section = text("docs/operators.md").partition("## When it stops with 70")[2]
    broken = text("docs/errors.md").partition(f"## Exit code {Exit.BROKEN.value}")[2].partition("\n## ")[0]
    names = set(re.findall(r"^### (\w+)", broken, re.MULTILINE)) - DEMO
    assert names
    assert [name for name in names if f"`{name}`" not in section] == []


def test_every_rule_view_topic_and_kind_is_described() -> None:
    producers = text("docs/producers.md")
    rules = re.findall(r"^\| `(\w+)` \|", producers.partition("## Rules")[2].partition("\n## ")[0], re.MULTILINE)
    assert rules == [rule.label for rule in Rule], "in the order in which they are tried"
    for topic in TOPICS.values():
        assert re.search(rf"\| `{re.escape(topic.name)}` \| {topic.partitions} \|", producers), topic.name
    importing = producers.partition("## Import office data")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", importing, re.MULTILINE)
    assert {kind for cell in cells for kind in re.findall(r"`([a-z-]+)`", cell)} == IMPORTERS.keys()
    assert all(f"## {name}" in text("docs/views.md") for name in VIEWS)


def test_every_kind_of_import_has_its_pages_and_every_rule_that_skips_is_described() -> None:
    pages = {page.stem for page in (ROOT / "docs" / "formats").glob("*.md")}
    for kind, imported in IMPORTERS.items():
        assert pages & {kind, *(form.name for form in imported.formats)}, kind
    index = text("docs/formats/README.md")
    assert {f"]({page}.md)" for page in pages - {"README"}} <= set(re.findall(r"\]\([a-z0-9-]+\.md\)", index))
    rules = re.findall(r"^\| `(\w+)` \| (.*) \| (yes|no) \|$", index, re.MULTILINE)
    assert rules == [(rule.label, rule.meaning, "yes" if rule.fault else "no") for rule in SkipReason]


def test_named_types_of_events_exist() -> None:
    for page in PAGES:
        for name in re.findall(r"\bip(?:\.[a-z_]+){2,3}\.v1\b", page.read_text("utf-8")):
            assert name in EVENT_TYPES, f"{named(page)}: {name}"


def test_every_original_type_is_described_with_its_required_fields() -> None:
    section = text("docs/producers.md").partition("## All events")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z_.]+)` \|.*\| ([^|]*) \|$", section, re.MULTILINE)
    assert {f"ip.{stem}.v1": set(re.findall(r"`(\w+)`", required)) for stem, required in rows} == {
        event_type.name: {name for name, field in DATA[event_type.number].model_fields.items() if field.is_required()}
        - {"occurred_on"}
        for event_type in EVENT_TYPES.values()
        if event_type.role == Role.ORIGINAL
    }


def test_every_kind_of_total_is_described_with_its_amount() -> None:
    section = text("docs/glossary.md").partition("## Kinds of totals")[2]
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", section, re.MULTILINE))
    assert list(rows) == list(cells.KINDS), "in the order of their numbers"
    assert {kind for kind, amount in rows.items() if amount == "none"} == {
        kind for kind, number in cells.KINDS.items() if number in cells.WITHOUT_MONEY
    }


def test_every_promise_is_in_the_readme() -> None:
    assert re.findall(r"^\| (P[0-9]+) \| \*\*", text("README.md"), re.MULTILINE) == [f"P{n}" for n in range(1, 10)]


def test_decisions_are_numbered_without_gaps() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in decisions] == [f"{n:04d}" for n in range(1, len(decisions) + 1)]
    for page in decisions:
        assert page.read_text("utf-8").startswith(f"# {page.name[:4]} "), page.name


def test_the_glossary_is_in_order() -> None:
    words = re.findall(r"^\| \*\*([a-z ]+)\*\* \|", text("docs/glossary.md"), re.MULTILINE)
    assert len(words) > 30
    assert words == sorted(words)


def _calls(page: Path) -> Iterator[list[str]]:
    """Yield the words after `ip-ledger` of each call in a shell block."""
    for language, block in FENCE.findall(page.read_text("utf-8")):
        if language not in ("sh", "console"):
            continue
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"\||&&|;|\$\(|\)|&(?=\s|$)", line.removeprefix("$ ").partition(" #")[0]):
                words = _words(part)
                if "ip-ledger" in words:
                    yield words[words.index("ip-ledger") + 1 :]


def _words(part: str) -> list[str]:
    try:
        return shlex.split(part)
    except ValueError:  # a quoted statement that goes on in the next line
        return []


def _command(words: list[str]) -> str | None:
    """Return the command at the beginning of these words."""
    for length in (2, 1):
        name = " ".join(words[:length])
        if name in COMMANDS:
            return name
    return None


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
