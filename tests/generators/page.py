"""The page on generators, `docs/generators.md`, written by `make generators` after its tests have passed."""

from __future__ import annotations

from tests.generators.generators import GENERATORS
from tests.generators.samples import ROOT, samples
from tests.generators.toolbox import Toolbox

PAGE = ROOT / "docs" / "generators.md"
HEAD = """# Types from the schemas

<!-- Made by `make generators`. Change the code, not this page. -->

The [published schemas](../schemas/published) turn into types in any language. Each generator here made types of all
{types} schemas; they were compiled, took all {events} events (the example of every type, and lines that have its every
field), and wrote them again: the ledger takes what they wrote, and it says the same.

| generator | version | language | call | events |
|---|---|---|---|---|
"""
TAIL = """
What a schema cannot say in words that all of them know, the ledger asks all the same: days of the calendar, check
digits, and that a text holds no invisible character. `ip-ledger publish --dry-run` judges as the ledger does.

Days and moments are texts that match a pattern. They have no `format`: of that, some generators make a Date, which
writes a day with a time and cuts a moment to milliseconds.

A field that may be left out may be `null`, too: some of the types write it so, and it means the same. Extension
attributes are no fields of the types.
"""


def page(tools: Toolbox) -> str:
    """Return the page that is true where the tests pass: every generator keeps every event."""
    events, types = len(samples()), len({said.module for said in samples()})
    rows = [
        f"| {each.name} | {each.version(tools)} | {each.language} | `{each.call}` | {events} of {events} |\n"
        for each in GENERATORS
    ]
    return HEAD.format(types=types, events=events) + "".join(rows) + TAIL


if __name__ == "__main__":
    PAGE.write_text(page(Toolbox(ROOT / ".generators")), "utf-8")
