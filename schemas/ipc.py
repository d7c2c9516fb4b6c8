"""Symbols of the International Patent Classification (IPC), and of the CPC where they have the same form.

The wire form is the 14 characters of WIPO's IPC master files: section, class, subclass, main group of 4 digits padded
on the left, subgroup of 6 digits padded on the right. `G06N 3/0475` is `G06N0003047500`.
"""

import re

from schemas.wording import InvalidValue

_IPC = re.compile(r"[A-H][0-9]{2}[A-Z](?!0000)[0-9]{10}").fullmatch

_CPC = re.compile(r"[A-HY][0-9]{2}[A-Z](?!0000)[0-9]{10}").fullmatch

_SPELLINGS = (
    # with a slash: `G06N 3/0475`, `A61K  39/395`, `G06N3/0475(2023.01)I`
    re.compile(r"([A-Z][0-9]{2}[A-Z]) *([0-9]{1,4}) */ *([0-9]{2,6})(?: *\([0-9]{4}\.[0-9]{2}\) *[A-Z]?)?").fullmatch,
    # in columns, the main group right-aligned in 5 to 7: `A01B 102`, `H01L 21302`, `C07C24900`
    re.compile(r"([A-Z][0-9]{2}[A-Z])(  [0-9]| [0-9]{2}|[0-9]{3})([0-9]{2,6})").fullmatch,
    # columns whose spaces a tool collapsed: a subgroup has two digits, so `E03C 104` can only be 1/04
    re.compile(r"([A-Z][0-9]{2}[A-Z]) ([0-9])([0-9]{2})").fullmatch,
)


def check_ipc_symbol(text: str) -> str:
    """Return the symbol if it has the 14-character form with a section A to H. Raise InvalidValue otherwise.

    Section Y of the CPC is rejected: it only tags documents that have another symbol.
    """
    if not _IPC(text):
        raise InvalidValue("ipc_symbol", text=text[:64])
    return text


def check_cpc_symbol(text: str) -> str:
    """Return the symbol if it has the 14-character form of the CPC, which adds section Y; else raise InvalidValue."""
    if not _CPC(text):
        raise InvalidValue("cpc_symbol", text=text[:64])
    return text


def ipc_symbol(text: str) -> str:
    """Return the 14-character form of an IPC symbol in any common spelling. Raise ValueError if it has none.

    Accepted are `G06N 3/0475`, with or without spaces and edition, the space-padded columns of older US documents
    (`A01B 102` is A01B 1/02; the number of spaces counts), and the 14-character form.
    """
    symbol = _unspelled(text)
    if not _IPC(symbol):
        raise ValueError(f"IPC symbol {text[:64]!a}: it must read like G06N 3/0475")
    return symbol


def common_spelling(symbol: str) -> str:
    """Return the common spelling of a 14-character symbol, `G06N 3/0475`; a subgroup keeps at least two digits."""
    return f"{symbol[:4]} {int(symbol[4:8])}/{symbol[8:10]}{symbol[10:].rstrip('0')}"


def _unspelled(text: str) -> str:
    spelled = text.strip().upper()
    for spelling in _SPELLINGS:
        if match := spelling(spelled):
            subclass, main_group, subgroup = match.groups()
            return f"{subclass}{main_group.strip():0>4}{subgroup:0<6}"
    return spelled
