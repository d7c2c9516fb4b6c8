"""Docstrings, comments and messages use the field's standard words."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = ("acceptance", "clients", "fuzz", "generators", "integration", "model", "property", "security")
PACKAGES = ("schemas", "streams", "benchmarks", *(f"tests/{kind}" for kind in KINDS))
WORST = re.compile(r"\b(?:said|told|telling|anew|things|neither where|follow-ups?)\b", re.IGNORECASE)
KEYS = {'"things"', '"told_again"'}
"""JSON keys of the import report, which programs read."""


def prose_of(source: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", None)):
            yield token.string


def test_prose_is_found_in_comments_docstrings_and_messages() -> None:
    assert list(prose_of('said = "told"  # anew\n"""things"""\n')) == ['"told"', "# anew", '"""things"""']


def test_no_prose_has_the_worst_words() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for text in prose_of(path.read_text())
        if text not in KEYS and WORST.search(text)
    ]
    assert found == []
