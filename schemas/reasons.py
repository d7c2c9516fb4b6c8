"""Why an event was refused, in words for the people who have to repair it.

A message names the value and what is asked for; the path beside it names the place. Both are kept in the book, so they
are our own words (a library's differ between its versions), in ASCII where a Python's idea of Unicode would show, and
short, however long the value is.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.escapes import escaped
from schemas.events import EXTENSION_NAME
from schemas.values import MOMENT, NO_SUCH_TIME, PRINTABLE

LONGEST_QUOTE = 80
LONGEST_MESSAGE = 300

FORMS = {
    **{f"^{PRINTABLE}{{1,{most}}}$": f"1 to {most} printable characters" for most in (40, 64, 128)},
    "^[A-Za-z0-9._~:/?#@!$&'()*+,;=%\\[\\]-]{1,256}$": "a URI reference of 1 to 256 ASCII characters, without blanks",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "a date such as 2023-05-04",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$": (
        "a time with its zone, such as 2023-05-04T02:00:00Z"
    ),
    "^[A-Z]{2}$": "two capital letters, such as CN",
    "^[A-Z]{2}(-[A-Z0-9]{1,3})?$": "a code of ISO 3166, such as CN or CN-SH",
    "^[A-Z][0-9]?$": "a code of WIPO ST.16, such as B2",
    "^[A-Z]{3}$": "three capital letters, such as CNY",
    "^[0-9]{1,18}(\\.[0-9]{1,12})?$": "a number such as 7.27078: up to 18 digits, a point, up to 12 digits",
    "^-?[0-9]{1,18}(\\.[0-9]{1,12})?$": "a number such as -13.5: up to 18 digits, a point, up to 12 digits",
    "^(0(\\.[0-9]{1,12})?|1(\\.0{1,12})?)$": "a number from 0 to 1, such as 0.93",
    "^[0-9a-f]{64}$": "64 of 0-9 and a-f",
    "^[0-9]+(\\.[0-9]+)?$": "digits with at most one point, such as 1234567.80; no sign, no exponent, no separators",
    EXTENSION_NAME: "1 to 64 lower-case letters and digits, as in every attribute's name",
}
"""What the patterns of texts ask for."""

_OF_THE_PLACE = {
    "missing": "is missing",
    "json_invalid": "is not JSON",
    "extra_forbidden": "is not a field that is known here",
    "too_short": "is empty",
    "too_long": "has {actual_length} items, at most {max_length} are taken",
    "string_too_short": "is empty",
}
_OF_THE_VALUE = {
    "string_type": "is not a text",
    "tuple_type": "is not an array",
    "list_type": "is not an array",
    "dict_type": "is not an object",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "literal_error": "must be {expected}",
    "string_too_long": "is longer than {max_length} characters",
    "int_parsing": "is not a whole number",
    "int_parsing_size": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_type": "must be a whole number such as 42, without quotes, point or exponent",
    "bool_type": "is not true or false",
}


def first_fault(error: ValidationError) -> tuple[str, str]:
    """Place (`data.assets.0.id`) and reason of the first fault that pydantic found."""
    fault = error.errors(include_url=False)[0]
    path = ".".join(map(str, fault["loc"]))
    return shown(path), shown(_reason(fault), LONGEST_MESSAGE)


def wrong_form(given: Any, pattern: str) -> str:
    """Why a text that does not match this pattern is refused."""
    return f"{quoted(given)}: it must be {FORMS.get(pattern, f'of the form {pattern}')}"


def quoted(given: Any) -> str:
    """A JSON value as it can be shown: on one line, with what cannot be seen written out, cut where it is long."""
    if isinstance(given, str):
        given = given[: LONGEST_QUOTE + 1]
    elif isinstance(given, list | dict) and len(given) > LONGEST_QUOTE:
        return f"{'an object' if isinstance(given, dict) else 'an array'} of {len(given)}"
    return shown(json.dumps(given, ensure_ascii=False, default=str))


def shown(text: str, most: int = LONGEST_QUOTE) -> str:
    """A text of others with what cannot be seen written out, cut where it is long."""
    text = escaped(text[: most + 1])
    return text if len(text) <= most else text[: most - 3] + "..."


def _reason(fault: ErrorDetails) -> str:
    kind, given, facts = fault["type"], fault.get("input"), fault.get("ctx", {})
    if kind in _OF_THE_PLACE:
        return _OF_THE_PLACE[kind].format(**facts)
    if kind in _OF_THE_VALUE:
        return f"{quoted(given)} {_OF_THE_VALUE[kind].format(**facts)}"
    match kind:
        case "string_pattern_mismatch" if facts["pattern"] == MOMENT:
            return f"{quoted(given)}: {NO_SUCH_TIME}"
        case "string_pattern_mismatch":
            return wrong_form(given, facts["pattern"])
        case "greater_than_equal":
            return f"{quoted(given)} is {'less than' if isinstance(facts['ge'], int) else 'before'} {facts['ge']}"
        case "less_than_equal":
            return f"{quoted(given)} is {'more than' if isinstance(facts['le'], int) else 'after'} {facts['le']}"
        case "value_error":
            return str(facts["error"])
        case _ if kind.startswith("date_"):
            return f"{quoted(given)}: there is no such date"
        case _:
            return fault["msg"]  # a PydanticCustomError: our own words already
