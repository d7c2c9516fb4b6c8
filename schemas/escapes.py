"""Escape invisible characters in untrusted text before it is shown.

Terminals and spreadsheets obey control characters, reverse text at directional characters and hide others, so that two
names look alike. The ranges are written out here because the Unicode version of a library must not affect the book.
"""

from __future__ import annotations

import base64
import re
from typing import Any

_C0 = "\\x00-\\x1f"
_BEYOND = (
    "\\x7f-\\x9f"  # DEL, C1
    "\\xad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
    "\\u200b-\\u200f\\u2028-\\u202f\\u2060-\\u206f\\u2800\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\uffff"
    "\\U000110bd\\U000110cd\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
)
# The categories Cc, Cf, Cs, Zl and Zp, characters without a glyph (Default_Ignorable_Code_Point of Unicode 16, and the
# blank Braille pattern), and everything else that an id may not contain (`schemas.values.PRINTABLE`).

_SYMBOLS = "\\xa9\\xae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u27ff\\u2900-\\u2bff\\u3030\\u303d\\u3297\\u3299"
_PICTURE = f"[{_SYMBOLS}\\U0001f000-\\U0001faff]"
_DRAWN = f"{_PICTURE}[\\ufe0e\\ufe0f]?[\\U0001f3fb-\\U0001f3ff]?"
_AT_HOME = (
    f"{_DRAWN}(?:\\u200d{_DRAWN})*"  # an emoji, also one joined from several
    "|[0-9#*]\\ufe0f\\u20e3"  # a keycap
    "|[\\u3400-\\u9fff\\uf900-\\ufaff\\U00020000-\\U0003ffff][\\ufe00-\\ufe02\\U000e0100-\\U000e01ef]"  # CJK variants
)
"""The characters around a joiner or a variation selector in its intended use."""

_unseen, _unseen_in_json = re.compile(f"[{_C0}{_BEYOND}]"), re.compile(f"[{_BEYOND}]")
_each = re.compile(f"(?P<home>{_AT_HOME})|[{_C0}{_BEYOND}]")
_ASCII = bytes(range(0x7F))
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(text: str) -> str:
    r"""Return the text on one line, with invisible characters written as `\n`, `\u202e` or `\U000e0041`. Letters of
    every script, accents and emoji stay."""
    if text.isascii() and text.isprintable():  # most texts; a search takes ten times as long
        return text
    return _each.sub(_written, text) if _unseen.search(text) else text


def escaped_json(text: str) -> str:
    r"""Return the same JSON, with invisible characters inside its strings written as `\u202e` (RFC 8259, section 7)."""
    # a search of a whole document takes longer than to write it: ASCII is taken out first, all at once
    other = text.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")
    return _each.sub(_of_json, text) if _unseen_in_json.search(other) else text


def shown(text: str, most: int) -> str:
    """Return untrusted text on one line, with invisible characters escaped, cut to `most` characters."""
    text = escaped(text[: most + 1])
    return text if len(text) <= most else text[: most - 3] + "..."


def readable(value: Any) -> str:
    """Return bytes as text if they are UTF-8, else as `base64:...`; anything else as a string."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"base64:{base64.b64encode(value).decode()}"


def csv_cell(value: Any) -> Any:
    """Return a value for a CSV cell: numbers unchanged, text and bytes with invisible characters escaped."""
    if isinstance(value, str):
        return escaped(value)
    return escaped(readable(value)) if isinstance(value, bytes) else value


def _written(found: re.Match[str]) -> str:
    if found["home"]:
        return found[0]
    number = ord(found[0])
    return _SHORT.get(found[0]) or (f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")


def _of_json(found: re.Match[str]) -> str:
    if found["home"] or found[0] == "\n":
        return found[0]  # a line end separates strings: inside a string it is escaped already
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
