"""Types generated from the published schemas accept every event, and write it again without loss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.generators.generators import GENERATORS, Generator
from tests.generators.page import PAGE, page
from tests.generators.samples import ROOT, samples
from tests.generators.toolbox import Toolbox, run

TOOLS = Toolbox(ROOT / ".generators")
DOCUMENT = ROOT / "schemas" / "asyncapi.json"
EACH = pytest.mark.parametrize("generator", GENERATORS, ids=lambda each: f"{each.name}-{each.language.split(',')[0]}")


def needs(generator: Generator) -> None:
    """Skip if it is not installed."""
    if lacking := TOOLS.lacks(*generator.needs):
        pytest.skip(f"{', '.join(lacking)} not here: `make generators` installs what it can")


@EACH
def test_types_accept_every_event_and_write_it_again(generator: Generator, tmp_path: Path) -> None:
    needs(generator)
    events = samples()
    written = generator.through(TOOLS, tmp_path)
    assert len(written) == len(events)
    lost = [(each, value) for each, value in zip(events, written, strict=True) if not each.comes_back_as(value)]
    assert lost == []


def test_asyncapis_own_parser_finds_nothing_wrong(tmp_path: Path) -> None:
    if TOOLS.lacks("node", "node_modules/@asyncapi/parser"):
        pytest.skip("no AsyncAPI parser here: `make generators` installs what it can")
    script = str(ROOT / "tests" / "generators" / "asyncapi.mjs")
    found = {}
    broken = json.loads(DOCUMENT.read_text("utf-8"))
    broken["channels"]["ip.pledge.v1"]["adress"] = "x"
    wrong = DOCUMENT.with_name(f"{tmp_path.name}.json")  # next to the schemas to which it refers
    try:
        wrong.write_text(json.dumps(broken), "utf-8")
        for document in (DOCUMENT, wrong):
            found[document] = run(["node", script, str(document)], TOOLS.directory)
    finally:
        wrong.unlink(missing_ok=True)
    assert found[DOCUMENT] == ""
    assert "channels.ip.pledge.v1.adress" in found[wrong]


def test_the_page_names_the_installed_versions() -> None:
    for generator in GENERATORS:
        needs(generator)
    assert PAGE.read_text("utf-8") == page(TOOLS), "run `make generators`"
