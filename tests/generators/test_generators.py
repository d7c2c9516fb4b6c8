"""Types generated from the published schemas accept every event, and write it again without loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generators.generators import GENERATORS, Generator
from tests.generators.page import PAGE, page
from tests.generators.samples import ROOT, samples
from tests.generators.toolbox import Toolbox

TOOLS = Toolbox(ROOT / ".generators")
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


def test_the_page_names_the_installed_versions() -> None:
    for generator in GENERATORS:
        needs(generator)
    assert PAGE.read_text("utf-8") == page(TOOLS), "run `make generators`"
