"""Media types of JSON: which of them declare JSON in UTF-8."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from schemas.wording import InvalidValue, given

USUAL = "application/json"

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_QUOTED = r'"(?:[\t !#-\[\]-~]|\\[\t -~])*+"'
_PARAMETER = rf"({_WORD})=({_WORD}|{_QUOTED})"
_MEDIA_TYPE = re.compile(rf"[ \t]*({_WORD})/({_WORD})((?:[ \t]*;(?:[ \t]*{_PARAMETER})?)*+)[ \t]*").fullmatch
_PARAMETERS = re.compile(_PARAMETER).findall


def check_json(text: str) -> str:
    """Return the text if it is a media type of JSON. Raise InvalidValue otherwise.

    Types compare without case, spaces may surround `;`, and parameters are allowed (RFC 9110 section 8.3.1). A type is
    JSON if its subtype is `json` or ends with `+json` (JSON format of CloudEvents 1.0.2, section 3.1). A `charset` must
    be UTF-8 (RFC 8259 section 8.1).
    """
    if text == USUAL:
        return text
    match = _MEDIA_TYPE(text)
    if match is None or match[2].lower().rpartition("+")[2] != "json":
        raise InvalidValue("media_type", **given(text))
    for name, value in _PARAMETERS(match[3]):
        if name.lower() == "charset" and value.strip('"').lower() != "utf-8":
            raise InvalidValue("charset", **given(text), charset=value[:40])
    return text


JsonMediaType = Annotated[
    str,
    AfterValidator(check_json),
    Field(json_schema_extra={"pattern": "^[^/;]+/[^/;]*[Jj][Ss][Oo][Nn][^/;]*(;.*)?$"}),
]
"""A media type of JSON in UTF-8: `application/json`, `text/json`, `application/x+json; charset=UTF-8`."""
