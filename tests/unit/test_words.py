"""Names, docstrings, comments and messages use the field's standard words."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "streams", "ledger", "benchmarks", "docs", "examples", "clients", "tests")
WORST = re.compile(
    r"(?<![^\W_])(?:said|told|telling|anew|things|beside)(?![^\W_])"
    r"|(?-i:^\"\"\"(?:What|Whether|Why|How|Where|Which|Who)\b)"
    r"|\b(?:neither where|follow-?ups?|again and again|made again|(?:return|yield|print) what)\b",
    re.IGNORECASE,
)
"""Words of prose, and parts of names between underscores."""
PROSE_AND_NAMES = {tokenize.COMMENT, tokenize.STRING, tokenize.NAME, getattr(tokenize, "FSTRING_MIDDLE", None)}


def words_of(source: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in PROSE_AND_NAMES:
            yield token.string


def test_words_are_found_in_names_comments_docstrings_and_messages() -> None:
    source = 'was_said = "as told"  # made anew\n"""things"""\n"""What it is."""\nfortold = anything\n'
    assert [text for text in words_of(source) if WORST.search(text)] == [
        "was_said",
        '"as told"',
        "# made anew",
        '"""things"""',
        '"""What it is."""',
    ]


@pytest.mark.slow
def test_no_name_and_no_prose_has_the_worst_words() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if path != Path(__file__)
        for text in words_of(path.read_text())
        if WORST.search(text)
    ]
    assert found == []
