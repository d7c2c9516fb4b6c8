"""Other people's text is shown without invisible characters, and reads the same for people."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.escapes import escaped, escaped_json
from schemas.values import PRINTABLE
from tests.each_case import each_case

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories: controls, formats, halves of surrogate pairs, ends of lines and paragraphs."""


@pytest.mark.slow
def test_no_hidden_character_stays() -> None:
    characters = map(chr, range(0x110000))
    hidden = [c for c in characters if unicodedata.category(c) in HIDDEN or not re.fullmatch(PRINTABLE, c)]
    assert len(hidden) > 2000
    assert [c for c in hidden if escaped(c).isascii() is False] == []
    assert [c for c in hidden if c != "\n" and escaped_json(c).isascii() is False] == []


@each_case(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", r"\u001b]0;owned\u0007"),
        ("a\r\n\tb\x7f", r"a\r\n\tb\u007f"),
        ("\x9b2J", r"\u009b2J"),
        ("\u202etxt.exe\u2069", r"\u202etxt.exe\u2069"),
        ("\u200e\u200f\u061c", r"\u200e\u200f\u061c"),
        ("a\u200bb\u200cc\u200dd\ufeffe\u00adf\u2060", r"a\u200bb\u200cc\u200dd\ufeffe\u00adf\u2060"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("A\U000e0041\U000e007f", r"A\U000e0041\U000e007f"),
        ("\udcff\ud800", r"\udcff\ud800"),
        ("\u3164\u115f\uffa0\u2800", r"\u3164\u115f\uffa0\u2800"),
        ("a\ufe0fb\U000e0101", r"a\ufe0fb\U000e0101"),
        ("😀\ufe0f\ufe01\U000e0102\U000e0103", "😀\ufe0f" + r"\ufe01\U000e0102\U000e0103"),
        ("😀\u200d\u200d😀\u200d", r"😀\u200d\u200d😀\u200d"),
    ],
)
def test_invisible_characters_are_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


@each_case(
    "text",
    [
        "质押 东亚、中国 山田　太郎 한국어",
        "Zoë e\u0301 Łódź Ελλάδα Москва עברית العربية हिन्दी",
        "a\u00a0b — “c” €",
        "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 🇨🇳 👩🏽\u200d💻 🏳\ufe0f\u200d🌈",
        "葛\U000e0100 神\ufe00",
        r"C:\new [red]bold[/red] \u202e",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert escaped(text) == text
    assert escaped_json(json.dumps(text, ensure_ascii=False)) == json.dumps(text, ensure_ascii=False)


@given(
    st.text(
        st.characters(exclude_categories=()) | st.sampled_from("\u200d\ufe0f\u202e\x9b\n\U000e0041😀1"), max_size=12
    )
)
def test_any_text_is_one_line_and_the_same_json(text: str) -> None:
    shown = escaped(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert escaped(shown) == shown, "what is shown can be shown again"
    written = escaped_json(json.dumps({text: [text]}, ensure_ascii=False, indent=2))
    written.encode()
    assert json.loads(written) == {text: [text]}
