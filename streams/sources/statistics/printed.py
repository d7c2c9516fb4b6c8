"""A number as Chinese and English releases print it: `more than 14,000`, `227.6亿元`, `1.4万余件`, `23 billion yuan`.

Words become a bound, a unit becomes a power of ten, a currency or a measure. What is not understood is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from schemas.currencies import CURRENCIES
from streams.sources.results import Unreadable
from streams.sources.statistics.figure import number
from streams.sources.texts import with_plain_letters

_BOUNDS = {
    "above": "(?:well |just |slightly |a little )?(?:more than|over|above)|exceeding|in excess of|upwards of|"
    "greater than|>|超过|超出|超|突破|逾|多于|高于|大于|过(?=[百千万亿0-9])|破(?=[百千万亿0-9])",
    "at_least": "at least|no less than|not less than|no fewer than|>=|≥|不低于|不少于|至少|最少",
    "below": "(?:just |slightly )?(?:less than|fewer than|under|below)|<|不足|不到|低于|少于|小于",
    "at_most": "at most|up to|no more than|not more than|<=|≤|不超过|不多于|不高于|至多|最多",
    "nearly": "nearly|almost|close to|just under|将近|接近|近",
    "about": "about|around|approximately|some|roughly|~|≈|大约|约",
}
_BOUND = re.compile(
    "|".join(f"(?P<{bound}>{words})" for bound, words in reversed(_BOUNDS.items())), re.IGNORECASE
).match
_MORE = {
    "余": "above", "多": "above", "+": "above", "以上": "at_least", "or more": "at_least", "以下": "at_most",
    "以内": "at_most", "or less": "at_most", "左右": "about", "上下": "about", "or so": "about",
}  # fmt: skip
_OF_A_FALL = {"above": "below", "at_least": "at_most", "below": "above", "at_most": "at_least", "nearly": "about"}
"""The bound of a change that falls: one of more than 5 percent is below -5."""
_SAYS = re.compile(
    "(?:已|多|高)?达到?|[总共合]计|共|累计|为|[增升降]?至(?![少多])|"
    "a total of|reach(?:ed|ing)|total(?:l?ed|l?ing)|stood at",
    re.IGNORECASE,
).match
_BEFORE = r"(?:同比|[较比]上年(?:同期)?|a year-on-year |a )?"
_FALLS = re.compile(
    rf"{_BEFORE}(?:下降|减少|降低|下滑|下跌|降幅|(?:down|fell|declined|dropped|shrank|decreased)\b(?: by)?|"
    r"(?:decrease|decline|drop|fall) of\b)|[-\u2212]",
    re.IGNORECASE,
).match
_RISES = re.compile(
    rf"{_BEFORE}(?:增长|增加|上升|提高|上涨|增幅|增速|(?:up(?! to)|rose|grew|jumped|surged|climbed|"
    r"increased)\b(?: by)?|(?:increase|rise|growth) of\b)|\+",
    re.IGNORECASE,
).match
_A_YEAR_BEFORE = re.compile(
    r",? *(?:\(?(?:year[- ]on[- ]year|yoy|y-o-y)\)?|from a year (?:earlier|ago))$", re.IGNORECASE
).sub
_POWERS = {
    "万亿": 12, "千亿": 11, "百亿": 10, "亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3, "百": 2,
    "thousand": 3, "k": 3, "lakh": 5, "million": 6, "mln": 6, "mn": 6, "m": 6, "crore": 7, "billion": 9, "bln": 9,
    "bn": 9, "trillion": 12, "tn": 12, "": 0,
}  # fmt: skip
_CURRENCIES = {
    "元": "CNY", "元人民币": "CNY", "人民币": "CNY", "yuan": "CNY", "rmb": "CNY", "美元": "USD", "us$": "USD",
    "$": "USD", "us dollars": "USD", "u.s. dollars": "USD", "dollars": "USD", "欧元": "EUR", "€": "EUR", "euros": "EUR",
    "日元": "JPY", "日圆": "JPY", "yen": "JPY", "港元": "HKD", "hk$": "HKD", "新台币": "TWD", "nt$": "TWD", "£": "GBP",
    "pounds": "GBP", "英镑": "GBP", "won": "KRW", "韩元": "KRW",
}  # fmt: skip
_BY_LENGTH = sorted(_CURRENCIES, key=len, reverse=True)
_MEASURES = {
    "percent": "%|percent|per cent",
    "points": "个?百分点|percentage points?",
    "times": "倍|times|fold|-fold",
    "per_10k": r"件/万人|(?:patents |inventions )?per 10,?000(?: (?:people|persons|residents|inhabitants))?",
    "count": "件|笔|项|份|户|家|人|个|条|次|起|宗|单|名|patents?|applications?|items?|families|registrations?|"
    "projects?|persons?|people|residents?|trademarks?|inventions?|deals?|cases?|firms?|companies|enterprises|grants?|filings?",
}
_CODE = re.compile(r"[A-Z]{3}(?=[\s0-9])").match
_DIGITS = re.compile(
    rf"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?|[一二三四五六七八九十两百]+?|(?=[千万亿]))\s*(?P<more>[余多+])?\s*"
    rf"(?P<power>{'|'.join(filter(None, _POWERS))}|)(?![a-z])\s*(?P<more_behind>[余多+])?\s*"
    rf"(?:(?P<currency>{'|'.join(map(re.escape, _BY_LENGTH))})|"
    + "|".join(f"(?P<{measure}>{words})" for measure, words in _MEASURES.items())
    + rf"|)\s*(?P<behind>{'|'.join(list(_MORE)[3:])}|)",
    re.IGNORECASE,
).fullmatch
_CHINESE_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"两": 2}
_SIMPLIFIED = str.maketrans("萬億餘約筆項戶達較兩總計個長減", "万亿余约笔项户达较两总计个长减")
_REASONS = {
    r"[0-9][0-9.,]*\s*\D{0,12}(?:[-~/\u2010-\u2015到至]|\bto\b|\band\b)\s*\D{0,4}[0-9]": (
        "it is a range: give each bound in a line of its own, as `at least` and `at most`"
    ),
    "数[十百千万亿]|几[十百千万亿]|several|dozens|hundreds|thousands|millions|some$|上[千万]": "it gives no number",
    "¥": "¥ may be yuan or yen: give the currency's code",
    "环比|(?:month|quarter)[- ]on[- ](?:month|quarter)": "it compares with the month or quarter before",
}


class PrintedNumber(NamedTuple):
    """A printed number: its bound (None for an exact one, `about` if the precision is not known), its digits with their
    sign, the power of ten and the currency of the words behind it.

    `measure` is what the words behind it measure: `percent`, `points`, `times`, `per_10k`, `count`, or None without
    words. `moves` is true if a word before it says that it is a rise or a fall.
    """

    bound: str | None
    digits: str
    decimal: Decimal
    power: int
    currency: str | None
    measure: str | None = None
    moves: bool = False

    @property
    def is_rounded(self) -> bool:
        """True if its last digit does not show to what unit it is rounded: a zero without a point, words."""
        plain = "." not in self.digits and self.digits.endswith("0") and self.digits.strip("-") != "0"
        return plain or self.bound == "about" or not self.digits.strip("-")[:1].isdigit()


def measure_of(unit: str) -> str | None:
    """Return the measure of a unit: `percent`, `points`, `times`, `per_10k`; None for what is counted."""
    plain = unit.replace("_", " ")
    of = (measure for measure, words in _MEASURES.items() if re.fullmatch(words, plain, re.IGNORECASE))
    return next((measure for measure in of if measure != "count"), None)


def number_as_printed(text: str, what: str) -> PrintedNumber:
    """Return a printed number. Raise Skip if there is none (`na`), Unreadable; `what` names it for people."""
    plain = _A_YEAR_BEFORE("", with_plain_letters(text).translate(_SIMPLIFIED))
    bound, rest = _bound(plain)
    falls, rises, rest = _movement(rest)
    if bound is None:
        bound, rest = _bound(rest)
    currency, rest = _currency_before(rest)
    match = _DIGITS(rest)
    if match is None or (not match["digits"] and not (bound or match["more"] or match["more_behind"])):
        raise _refusal(plain, rest, what)
    behind = (match["more"] or match["more_behind"] or match["behind"] or "").lower()
    given = _CURRENCIES.get((match["currency"] or "").lower())
    if (currency and given and currency != given) or (bound and behind):
        raise Unreadable(f"{what}: {text[:64]!r} has two bounds or two currencies")
    digits = match["digits"]
    decimal = number(digits, what) if digits[:1].isdigit() else Decimal(_in_digits(digits, what))
    bound = bound or _MORE.get(behind)
    return PrintedNumber(
        bound=_OF_A_FALL.get(bound or "", bound) if falls else bound,
        digits=("-" if falls else "") + digits,
        decimal=-decimal if falls else decimal,
        power=_POWERS[match["power"].lower()],
        currency=currency or given,
        measure=next((measure for measure in _MEASURES if match[measure]), None),
        moves=falls or rises,
    )


def _refusal(text: str, rest: str, what: str) -> Unreadable:
    """Return why a text is not a number. Raise Skip for a missing value."""
    reason = next((reason for words, reason in _REASONS.items() if re.search(words, text, re.IGNORECASE)), None)
    if reason is None:
        number(rest, what)
        reason = "it is not understood"
    return Unreadable(f"{what}: the value {text[:64]!r}: {reason}")


def _bound(text: str) -> tuple[str | None, str]:
    """Return the bound of the words before a number, and what follows them."""
    text = _without(_SAYS, text)
    match = _BOUND(text)
    return (match.lastgroup, _without(_SAYS, text[match.end() :].strip())) if match else (None, text)


def _movement(text: str) -> tuple[bool, bool, str]:
    """Return whether a change falls, whether it rises, and what follows the word for it."""
    fallen, risen = _without(_FALLS, text), _without(_RISES, text)
    return fallen != text, risen != text, fallen if fallen != text else risen


def _currency_before(text: str) -> tuple[str | None, str]:
    """Return the currency before a number, and the number."""
    name = next((name for name in _BY_LENGTH if text.lower().startswith(name)), None)
    if name:
        return _CURRENCIES[name], text[len(name) :].strip()
    code = _CODE(text)
    return (code[0], text[3:].strip()) if code and code[0] in CURRENCIES else (None, text)


def _without(words: Callable[[str], re.Match[str] | None], text: str) -> str:
    match = words(text)
    return text[match.end() :].strip() if match else text


def _in_digits(text: str, what: str) -> int:
    """Return a Chinese number below 1,000 in digits: `四十` is 40, and nothing before a unit is 1. Raise Unreadable."""
    total, digit = 0, 0
    for letter in text:
        if letter in _CHINESE_DIGITS and not digit:
            digit = _CHINESE_DIGITS[letter]
        elif letter in "十百" and (digit or not total):
            total, digit = total + (digit or 1) * (10 if letter == "十" else 100), 0
        else:
            raise Unreadable(f"{what}: {text[:32]!r} is no Chinese number below a thousand")
    return total + digit if text else 1
