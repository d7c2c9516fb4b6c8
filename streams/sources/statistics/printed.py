"""A number as Chinese and English releases print it: `more than 14,000`, `227.6亿元`, `1.4万余件`, `23 billion yuan`.

Words become a bound, a unit becomes a power of ten and a currency. What is not understood is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from schemas.currencies import CURRENCIES
from streams.sources.results import Unreadable
from streams.sources.statistics.figure import number

_BOUNDS = {
    "above": "more than|over|above|exceeding|greater than|>|超过|超|突破|逾|多于|高于|大于",
    "at_least": "at least|no less than|not less than|no fewer than|>=|≥|不低于|不少于|至少",
    "below": "less than|fewer than|under|below|<|不足|不到|低于|少于|小于",
    "at_most": "at most|up to|no more than|not more than|<=|≤|不超过|不多于|不高于|至多",
    "nearly": "nearly|almost|close to|just under|将近|接近|近",
    "about": "about|around|approximately|some|roughly|~|大约|约",
}
_BOUND = re.compile(
    "|".join(f"(?P<{bound}>{words})" for bound, words in reversed(_BOUNDS.items())), re.IGNORECASE
).match
_MORE = {"余": "above", "多": "above", "+": "above", "以上": "at_least", "以下": "at_most", "左右": "about"}
_SAYS = re.compile("达到?|共计?|累计|合计|为").match
_FALLS = re.compile(
    r"(?:同比)?(?:下降|减少|降低)|(?:down|fell|decreased|a decrease of)\b(?: by)?|[-\u2212]", re.IGNORECASE
).match
_RISES = re.compile(
    r"(?:同比)?(?:增长|增加|上升|提高)|(?:up(?! to)|rose|increased|an increase of)\b(?: by)?", re.IGNORECASE
).match
_POWERS = {
    "万亿": 12, "千亿": 11, "百亿": 10, "亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3, "百": 2,
    "thousand": 3, "million": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12, "": 0,
}  # fmt: skip
_CURRENCIES = {
    "元": "CNY", "元人民币": "CNY", "人民币": "CNY", "yuan": "CNY", "rmb": "CNY", "美元": "USD", "us$": "USD",
    "$": "USD", "us dollars": "USD", "dollars": "USD", "欧元": "EUR", "€": "EUR", "euros": "EUR", "日元": "JPY",
    "港元": "HKD",
}  # fmt: skip
_COUNTED = (
    "件|笔|项|份|户|家|人|个|条|次|倍|个百分点|%|percent|per cent|percentage points?|patents?|applications?|items?|"
    "families|registrations?|projects?|persons?|residents?|trademarks?|times|fold"
)
_CODE = re.compile(r"[A-Z]{3}(?=[\s0-9])").match
_DIGITS = re.compile(
    rf"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?|[一二三四五六七八九十两百]+?)\s*(?P<more>[余多+])?\s*"
    rf"(?P<power>{'|'.join(filter(None, _POWERS))}|)(?![a-z])\s*(?P<more_behind>[余多+])?\s*"
    rf"(?P<unit>{'|'.join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))}|{_COUNTED}|)\s*"
    r"(?P<behind>以上|以下|左右|)",
    re.IGNORECASE,
).fullmatch
_CHINESE_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"两": 2}


class PrintedNumber(NamedTuple):
    """A printed number: its bound (None for an exact one, `about` if the precision is not known), its digits with their
    sign, the power of ten and the currency of the words behind it."""

    bound: str | None
    digits: str
    decimal: Decimal
    power: int
    currency: str | None

    @property
    def is_rounded(self) -> bool:
        """True if its last digit does not show to what unit it is rounded: a zero without a point, words."""
        plain = "." not in self.digits and self.digits.endswith("0") and self.digits.strip("-") != "0"
        return plain or self.bound == "about" or not self.digits.strip("-")[0].isdigit()


def number_as_printed(text: str, what: str) -> PrintedNumber:
    """Return a printed number. Raise Skip if there is none (`na`), Unreadable; `what` names it for people."""
    plain = unicodedata.normalize("NFKC", text).strip()
    bound, rest = _bound(plain)
    falls, rest = _sign(rest)
    if bound is None:
        bound, rest = _bound(rest)
    currency = next((code for name, code in _CURRENCIES.items() if rest.lower().startswith(name)), None)
    if currency:
        rest = rest[len(max((n for n in _CURRENCIES if rest.lower().startswith(n)), key=len)) :].strip()
    elif (code := _CODE(rest)) and code[0] in CURRENCIES:
        currency, rest = code[0], rest[3:].strip()
    match = _DIGITS(rest)
    if match is None:
        decimal = number(rest, what)  # it says what is wrong
        return PrintedNumber(bound, rest, decimal, 0, currency)
    behind = next(filter(None, (match["more"], match["more_behind"], match["behind"])), "")
    given = _CURRENCIES.get(match["unit"].lower())
    if (currency and given and currency != given) or (bound and behind):
        raise Unreadable(f"{what}: {text[:64]!r} has two bounds or two currencies")
    digits = match["digits"]
    decimal = number(digits, what) if digits[0].isdigit() else Decimal(_in_digits(digits, what))
    sign = "-" if falls else ""
    power = _POWERS[match["power"].lower()]
    return PrintedNumber(
        bound or _MORE.get(behind), sign + digits, -decimal if falls else decimal, power, currency or given
    )


def _bound(text: str) -> tuple[str | None, str]:
    """Return the bound of the words before a number, and what follows them."""
    text = _without(_SAYS, text)
    match = _BOUND(text)
    return (match.lastgroup, _without(_SAYS, text[match.end() :].strip())) if match else (None, text)


def _sign(text: str) -> tuple[bool, str]:
    """Return whether a change falls, and what follows the word for it."""
    rest = _without(_FALLS, text)
    return rest != text, _without(_RISES, rest)


def _without(words: Callable[[str], re.Match[str] | None], text: str) -> str:
    match = words(text)
    return text[match.end() :].strip() if match else text


def _in_digits(text: str, what: str) -> int:
    """Return a Chinese number below 1,000 in digits: `四十` is 40. Raise Unreadable."""
    total, digit = 0, 0
    for letter in text:
        if letter in _CHINESE_DIGITS and not digit:
            digit = _CHINESE_DIGITS[letter]
        elif letter in "十百" and (digit or letter == "十"):
            total, digit = total + (digit or 1) * (10 if letter == "十" else 100), 0
        else:
            raise Unreadable(f"{what}: {text[:32]!r} is no Chinese number below a thousand")
    return total + digit
