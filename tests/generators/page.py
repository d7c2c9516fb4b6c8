"""The page on generators, `docs/generators.md`, written by `make generators` after its tests have passed."""

from __future__ import annotations

from tests.generators.generators import GENERATORS
from tests.generators.samples import ROOT, samples
from tests.generators.toolbox import Toolbox

PAGE = ROOT / "docs" / "generators.md"
HEAD = """# Types from the schemas

<!-- Made by `make generators`. Change the code, not this page. -->

Generators turn the [published schemas](../schemas/published) into types in any language. Each generator here made
types from all {types} schemas; the types compile, accept all {events} events (the example of every type, and
lines with its every field), and write them again; the ledger accepts the result as the same event.

| generator | version | language | call | events |
|---|---|---|---|---|
"""
TAIL = """
The ledger also checks rules that a schema cannot express in keywords that all generators support: calendar days, check
digits, invisible characters in texts. `ip-ledger publish --dry-run` checks as the ledger does.

Days and times are strings with a pattern. They have no `format`, because some generators turn that into a Date, which
writes a day with a time and truncates times to milliseconds.

An optional field may also be `null`: some types write it like that, and it means the same. The types have no fields for
extension attributes.
"""


def page(tools: Toolbox) -> str:
    """Return the page that is true if the tests pass: every generator keeps every event."""
    events, types = len(samples()), len({sample.module for sample in samples()})
    rows = [
        f"| {each.name} | {each.version(tools)} | {each.language} | `{each.call}` | {events} of {events} |\n"
        for each in GENERATORS
    ]
    return HEAD.format(types=types, events=events) + "".join(rows) + TAIL


if __name__ == "__main__":
    PAGE.write_text(page(Toolbox(ROOT / ".generators")), "utf-8")
