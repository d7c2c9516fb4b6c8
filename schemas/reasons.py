"""The reason why an event is rejected, as a code with arguments, without pydantic's wording.

`schemas.wording` has the sentences. Field codes are pydantic's error types. Distinctions that do not matter to people
(dates) share one code of ours; each required text form has its own code.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.envelope import EXTENSION_NAME
from schemas.escapes import shown
from schemas.values import MOMENT, PRINTABLE
from schemas.wording import LONGEST_MESSAGE, LONGEST_QUOTE, TEMPLATES, Arguments, InvalidValue, given, short

FORMS = {
    **{f"^{PRINTABLE}{{1,{most}}}$": f"form_printable_{most}" for most in (40, 64, 128)},
    "^[A-Za-z0-9._~:/?#@!$&'()*+,;=%\\[\\]-]{1,256}$": "form_uri",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "form_date",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$": "form_time",
    "^[A-Z]{2}$": "form_country",
    "^[A-Z]{2}(-[A-Z0-9]{1,3})?$": "form_region",
    "^[A-Z][0-9]?$": "form_kind",
    "^[A-Z]{3}$": "form_currency",
    "^[0-9]{1,18}(\\.[0-9]{1,12})?$": "form_decimal",
    "^-?[0-9]{1,18}(\\.[0-9]{1,12})?$": "form_signed_decimal",
    "^(0(\\.[0-9]{1,12})?|1(\\.0{1,12})?)$": "form_share",
    "^[A-HY][0-9]{2}[A-Z]([0-9]{4}([0-9]{6})?)?$": "form_subject_code",
    "^[0-9a-f]{64}$": "form_sha256",
    "^[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18}$": "form_place",
    "^[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18}(,[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18})*$": "form_position",
    "^[0-9]+(\\.[0-9]+)?$": "form_amount",
    EXTENSION_NAME: "form_attribute_name",
    MOMENT: "no_such_time",
}
"""Pattern of a text -> the code for its form."""

_WITHOUT_VALUE = ("missing", "json_invalid", "extra_forbidden", "too_short", "too_long", "string_too_short")
"""Codes whose message does not quote the value."""
_FACTS = {
    "too_long": ("actual_length", "max_length"),
    "literal_error": ("expected",),
    "string_too_long": ("max_length",),
    "greater_than_equal": ("ge",),
    "less_than_equal": ("le",),
}
"""Pydantic's context values that the message names."""


def first_fault(error: ValidationError) -> tuple[str, str, Arguments]:
    """Return path (`data.assets.0.id`), code and arguments of the first fault that pydantic found."""
    fault = error.errors(include_url=False)[0]
    path = ".".join(map(str, fault["loc"]))
    return shown(path, LONGEST_QUOTE), *_reason(fault)


def wrong_form(text: Any, pattern: str) -> tuple[str, Arguments]:
    """Return code and arguments for a text that does not match this pattern."""
    form = FORMS.get(pattern)
    return (form, given(text)) if form else ("form", given(text) | short({"pattern": pattern}))


def _reason(fault: ErrorDetails) -> tuple[str, Arguments]:
    kind, value, facts = fault["type"], fault["input"], fault.get("ctx", {})
    match kind:
        case "value_error":
            wrong = facts["error"]
            if isinstance(wrong, InvalidValue):
                return wrong.reason, wrong.arguments
            return "in_words", {"words": str(wrong)[:LONGEST_MESSAGE]}
        case "string_pattern_mismatch":
            return wrong_form(value, facts["pattern"])
        case "greater_than_equal" if not isinstance(facts["ge"], int):
            return "too_early", given(value) | {"least": str(facts["ge"])}
        case "less_than_equal" if not isinstance(facts["le"], int):
            return "too_late", given(value) | {"most": str(facts["le"])}
        case _ if kind.startswith("date_"):
            return "no_such_date", given(value)
    named = _FACTS.get(kind, ()) if kind in TEMPLATES else tuple(facts)
    arguments = {name: _scalar(facts[name]) for name in named}
    return kind, arguments if kind in _WITHOUT_VALUE else given(value) | arguments


def _scalar(fact: Any) -> str | int:
    return fact if isinstance(fact, int) else str(fact)[:LONGEST_MESSAGE]
