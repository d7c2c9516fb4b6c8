"""README.zh-CN.md agrees with README.md, and both show the commands at the end of the demo."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.commands.demo import NEXT

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r" +# .*$", re.MULTILINE)
LABEL = re.compile(r'\["[^"]*"\]|\("[^"]*"\)|\|[^|]*\|')


def test_headings_have_the_same_levels_in_the_same_order() -> None:
    levels = [re.findall(r"^(#+) ", FENCE.sub("", text), re.MULTILINE) for text in (ENGLISH, CHINESE)]
    assert levels[0] == levels[1]


def test_blocks_of_code_are_the_same_but_for_comments_and_labels() -> None:
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_links_and_rows_of_tables_are_the_same() -> None:
    for pattern in (r"\]\(((?!README)[^)]+)\)", r"^\| (P\d|\|)"):
        assert re.findall(pattern, ENGLISH, re.MULTILINE) == re.findall(pattern, CHINESE, re.MULTILINE)
    rows = [len(re.findall(r"^\|", text, re.MULTILINE)) for text in (ENGLISH, CHINESE)]
    assert rows[0] == rows[1]


def test_the_readme_shows_the_commands_at_the_end_of_the_demo() -> None:
    for meaning, command in NEXT.items():
        assert f"  # {meaning}\n  {command}\n" in ENGLISH


def blocks(text: str) -> list[tuple[str, str]]:
    """Return (language, code) of each block, without its translatable parts."""
    found = []
    for language, code in FENCE.findall(text):
        translated = {"mermaid": LABEL, "text": None}.get(language, COMMENT)
        found.append((language, translated.sub("", code) if translated else code))
    return found
