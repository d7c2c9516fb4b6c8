"""Words, numbers and dates of a page in English or Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Final

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from schemas.errors import LedgerError
from schemas.wording import message_of

LANGUAGES = {"en": "English", "zh": "简体中文"}
_LOCALES = {"en": Locale("en", "GB"), "zh": Locale("zh", script="Hans")}
_SCALES = {
    "en": ((10**12, "tn"), (10**9, "bn"), (10**6, "m")),
    "zh": ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")),
}
"""Units of large amounts, largest first."""
MINUS, NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


def N(text: str) -> str:  # noqa: N802
    """Return the text: it is translated where it is shown."""
    return text


_OF_TEXTS: Final = ("", "formulas.", "reasons.")
"""Catalogues of texts that are translated before their facts are filled in."""
_NAMED_FACTS: Final = ("area", "source")
"""Facts of a sentence that may be words of the ledger too."""


@cache
def catalogue(lang: str, of: str = "") -> dict[str, str]:
    """Return text -> translation, of the pages or, with `of`, of other texts: `formulas.` of views, `reasons.` of
    rejections, `sentences.` with their facts filled in. `errors.` and `views.` have names instead of texts: of an
    error's class -> its message, of a view -> its summary. English has none."""
    if lang == "en":
        return {}
    text = files("ledger.web").joinpath("translations", f"{of}{lang}.po").read_bytes()
    return {str(entry.id): str(entry.string) for entry in read_po(BytesIO(text)) if entry.id and entry.string}


@cache
def _sentences(lang: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the pattern of each sentence, with a group for each fact, and its translation."""
    parts = {text: re.split(r"\{(\w+)\}", text) for text in catalogue(lang, "sentences.")}
    patterns = {
        text: "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(split))
        for text, split in parts.items()
    }
    return [(re.compile(patterns[text]), words) for text, words in catalogue(lang, "sentences.").items()]


def language(asked: str, accepted: str) -> str:
    """Return the language of a page: the one asked for, else the best of an Accept-Language header, else English."""
    if asked in LANGUAGES:
        return asked
    wanted = [part.partition(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    found = negotiate_locale([name for name in wanted if name], [*LANGUAGES, "zh_CN", "zh_TW", "zh_HK", "zh_SG"])
    return (found or "en").partition("_")[0]


class Translator:
    """Translates texts and renders values in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.tag = {"en": "en", "zh": "zh-Hans"}[lang]
        self._texts = {text: words for of in _OF_TEXTS for text, words in catalogue(lang, of).items()}
        self._locale = _LOCALES[lang]

    def __call__(self, text: str, **facts: object) -> str:
        """Return a text in this language, with its {facts}."""
        found = self._texts.get(text, text)
        return found.format(**facts) if facts else found

    def error(self, error: LedgerError) -> str:
        """Return the message of an error: translated if it is one that pages often have, else in English."""
        found = catalogue(self.lang, "errors.").get(type(error).__name__)
        if found is None:
            return str(error)
        worded = ("hint", "what", "reason")
        return found.format(
            **{name: self.sentence(str(fact)) if name in worded else fact for name, fact in error.facts.items()}
        )

    def sentence(self, text: str) -> str:
        """Return a text of the ledger whose facts are filled in already, in this language; others as they are."""
        if text in self._texts:
            return self._texts[text]
        for pattern, words in _sentences(self.lang):
            if found := pattern.fullmatch(text):
                facts = found.groupdict()
                return words.format(
                    **facts | {name: self.sentence(facts[name]) for name in _NAMED_FACTS if name in facts}
                )
        return text

    def message(self, rejected: Mapping[str, Any]) -> str:
        """Return the message of a rejected record; an en dash where names of parties are hidden."""
        if rejected["message"] is None:
            return "–"
        return message_of(rejected["reason"], rejected["arguments"], self)

    def number(self, value: Decimal | int | str, decimals: int | None = None) -> str:
        """Return a number with separators; its own decimals unless their count is given."""
        exact = Decimal(value)
        if decimals is not None:
            exact = _rounded(exact, decimals)
        digits = max(0, -int(exact.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(exact, pattern, locale=self._locale, decimal_quantization=False).replace("-", MINUS)

    def compact(self, value: Decimal | int | str) -> tuple[str, str]:
        """Return a large number as its three or four leading digits and a unit: `17.44`, `bn` or `174.4`, `亿`."""
        exact = Decimal(value)
        for scale, unit in _SCALES[self.lang]:
            if abs(exact) >= scale:
                part = exact / scale
                return self.number(part, 2 if abs(part) < 100 else 1 if abs(part) < 1000 else 0), unit
        whole = exact == exact.to_integral_value()
        return self.number(exact, 0 if whole or abs(exact) >= 1000 else 2), ""

    def short(self, value: Decimal | int | str) -> str:
        """Return `compact` as one text."""
        digits, unit = self.compact(value)
        return f"{digits}{'' if self.lang == 'zh' else ' '}{unit}".strip() if unit else digits

    def percent(self, ratio: float | Decimal | None, decimals: int = 1, signed: bool = False) -> str:
        """Return a ratio as a percentage; an en dash without one."""
        if ratio is None:
            return "–"
        exact = _rounded(Decimal(str(ratio)) * 100, decimals)
        sign = "+" if signed and exact > 0 else ""
        return f"{sign}{self.number(exact)}%"

    def day(self, day: date | str | None) -> str:
        """Return a day in words that stay on one line; an en dash without one."""
        if not day:
            return "–"
        given = date.fromisoformat(day) if isinstance(day, str) else day
        return format_date(given, "medium", locale=self._locale).replace(" ", NO_BREAK)

    def moment(self, milliseconds: int | None) -> str:
        """Return a time since 1970 in UTC, to the second."""
        if milliseconds is None:
            return "–"
        given = datetime.fromtimestamp(milliseconds / 1000, UTC)
        pattern = "y年M月d日 HH:mm:ss" if self.lang == "zh" else "d MMM y, HH:mm:ss"
        return f"{format_datetime(given, pattern, tzinfo=UTC, locale=self._locale)} UTC"

    def span(self, seconds: float) -> str:
        """Return a span of time, rounded to its largest unit."""
        return format_timedelta(
            timedelta(seconds=max(seconds, 0)), granularity="second", threshold=1.2, locale=self._locale
        )

    def listed(self, texts: Sequence[str]) -> str:
        """Return texts separated by commas."""
        return ("、" if self.lang == "zh" else ", ").join(texts)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
