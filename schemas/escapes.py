"""What a text may not do to whoever reads it: what cannot be seen is written out before the text is shown.

Terminals and spreadsheets obey control characters, turn the writing round at directional ones, and leave out others, so
that two names look alike. The ranges stand here, since a library's version of Unicode must not show in the book.
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
# What is in the categories Cc, Cf, Cs, Zl and Zp, or has no shape of its own (Default_Ignorable_Code_Point of Unicode
# 16, and the blank pattern of Braille), and whatever else no id may have (`schemas.values.PRINTABLE`).

_SYMBOLS = "\\xa9\\xae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u27ff\\u2900-\\u2bff\\u3030\\u303d\\u3297\\u3299"
_PICTURE = f"[{_SYMBOLS}\\U0001f000-\\U0001faff]"
_DRAWN = f"{_PICTURE}[\\ufe0e\\ufe0f]?[\\U0001f3fb-\\U0001f3ff]?"
_AT_HOME = (
    f"{_DRAWN}(?:\\u200d{_DRAWN})*"  # a picture, also one that is joined of several
    "|[0-9#*]\\ufe0f\\u20e3"  # a key
    "|[\\u3400-\\u9fff\\uf900-\\ufaff\\U00020000-\\U0003ffff][\\ufe00-\\ufe02\\U000e0100-\\U000e01ef]"  # of a character
)
"""Where a joiner or a variation selector does what it is for."""

_unseen, _unseen_in_json = re.compile(f"[{_C0}{_BEYOND}]"), re.compile(f"[{_BEYOND}]")
_each = re.compile(f"(?P<home>{_AT_HOME})|[{_C0}{_BEYOND}]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(text: str) -> str:
    """The same on one line, with what cannot be seen as `\\n`, `\\u202e` or `\\U000e0041`; letters of every script,
    accents and pictures stay."""
    return _each.sub(_written, text) if _unseen.search(text) else text


def escaped_json(text: str) -> str:
    """The same JSON; its texts, and nothing else of it, hold what cannot be seen, as `\\u202e` (RFC 8259, section
    7)."""
    return _each.sub(_of_json, text) if _unseen_in_json.search(text) else text


def shown(text: str, most: int) -> str:
    """Return a text of others on one line, with what cannot be seen written out, cut where it is longer than `most`."""
    text = escaped(text[: most + 1])
    return text if len(text) <= most else text[: most - 3] + "..."


def readable(value: Any) -> str:
    """Return bytes as the text that they are, else as `base64:` and theirs; anything else as a text."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"base64:{base64.b64encode(value).decode()}"


def csv_cell(value: Any) -> Any:
    """Return a value as it stands in CSV: a number as it is, a text and bytes with what cannot be seen written out."""
    return escaped(readable(value)) if isinstance(value, str | bytes) else value


def _written(found: re.Match[str]) -> str:
    if found["home"]:
        return found[0]
    number = ord(found[0])
    return _SHORT.get(found[0]) or (f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")


def _of_json(found: re.Match[str]) -> str:
    if found["home"] or found[0] == "\n":
        return found[0]  # a line's end stands between texts: inside of them it is escaped already
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
