"""Media types of JSON in UTF-8."""

from __future__ import annotations

from contextlib import suppress

import pytest

from schemas.media_types import check_json
from tests.each_case import each_case


@each_case(
    "text",
    [
        "application/json",
        "Application/JSON",
        "text/json",
        "application/vnd.cnipa.grant+json",
        "application/ld+JSON;profile=x",
        "application/json;charset=utf-8",
        "application/json ; charset=UTF-8",
        'application/json; Charset="utf-8"; q="a\\"; charset=gbk"',
        " application/json;; ;\t",
    ],
)
def test_json_in_utf_8(text: str) -> None:
    assert check_json(text) == text


@each_case(
    "text",
    [
        "",
        "json",
        "/json",
        "application/",
        "application/jsonp",
        "application/json5",
        "application/json-seq",
        "application/xjson",
        "application/json+xml",
        "application /json",
        "application/json, text/json",
        "application/json; charset",
        "application/json; charset =utf-8",
        'application/json; q="open',
        "application/json\n",
        "application/jſon",
        "应用/json",
    ],
)
def test_anything_else_is_not_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"^\".*\" must be 'application/json' or another media type of JSON$"):
        check_json(text)


@each_case("charset", ["gbk", "GB18030", "utf-16", "us-ascii", "utf8", '"iso-8859-1"', '""'])
def test_another_charset_is_named(charset: str) -> None:
    with pytest.raises(ValueError, match="JSON must be in UTF-8, not "):
        check_json(f"application/json; charset={charset}")


@each_case(
    "text",
    [
        "a" * 500_000,
        "a/" + "b+" * 250_000,
        "a/json;" + " " * 500_000,
        "a/json" + ";a=b" * 125_000,
        'a/json;a="' * 50_000,
    ],
)
def test_the_longest_text_is_scanned_once(text: str) -> None:
    """Quadratic time would take hours."""
    with suppress(ValueError):
        assert check_json(text) == text
