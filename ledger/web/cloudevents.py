"""Events in an HTTP request: the HTTP protocol binding of CloudEvents 1.0.2, in its three modes.

Events stay byte for byte as they came: a batch is cut into its elements, and the data of binary mode is put into the
event unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import orjson

from schemas.errors import InputUnusable, UsageError
from schemas.media_types import check_json
from schemas.modes import BadAttribute, attributes_of, structured
from schemas.wording import InvalidValue

MOST_EVENTS = 500
"""Events of a batch."""
ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_BLANK = " \t\n\r"
_VERSION = b"ce-specversion"


class UnsupportedEvents(UsageError):
    """The content type {given!r} is not one of events. Send application/cloudevents+json (one event),
    application/cloudevents-batch+json (a JSON array of up to 500), or JSON data with the attributes in headers `ce-...`
    (binary mode)."""

    http_status = 415


class EncodedBody(UsageError):
    """The body has the content encoding {given!r}, which this server does not unpack. Nothing was published. Send it
    without a content encoding."""

    http_status = 415


class BadBatch(InputUnusable):
    """The batch cannot be read: {reason}. Nothing was published. Send a JSON array of 1 to 500 events."""


class BadHeader(InputUnusable):
    """The attribute {name!r} in the headers cannot be read: {reason}. Nothing was published. Correct it:
    docs/producers.md describes headers in binary mode."""


class Given(NamedTuple):
    """The values of a request, and whether they came as a batch."""

    values: list[bytes]
    is_batch: bool


def events_of(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Given:
    """Return the events of a request as structured values. Raise UnsupportedEvents, EncodedBody, BadBatch,
    BadHeader."""
    given = list(headers)
    encoding = next((value.decode("latin-1") for name, value in given if name == b"content-encoding"), "identity")
    if encoding.strip().lower() != "identity":
        raise EncodedBody(given=encoding[:100])
    content_type = next((value.decode("latin-1") for name, value in given if name == b"content-type"), "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == BATCH:
        return Given(_elements(body), True)
    if media_type == ONE:
        return Given([body], False)
    if media_type.startswith("application/cloudevents") or not any(name == _VERSION for name, _ in given):
        raise UnsupportedEvents(given=content_type[:100])
    try:
        check_json(content_type)
    except InvalidValue as error:
        raise UnsupportedEvents(given=content_type[:100]) from error
    return Given([_binary(given, body)], False)


def _binary(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> bytes:
    """Return the event of binary mode. In HTTP the values of attributes are percent-encoded (section 3.1.3.2). Data
    that is not JSON is returned alone, to be refused: text behind its end would become attributes."""
    written = [
        (b"ce_" + name[3:], unquote_to_bytes(value)) if name.startswith(b"ce-") else (name, value)
        for name, value in headers
        if name.startswith(b"ce-") or name == b"content-type"
    ]
    try:
        orjson.loads(body or b"null")
        return structured(attributes_of(written) or [], body or None)
    except orjson.JSONDecodeError:
        return body
    except BadAttribute as error:
        raise BadHeader(name=error.path, reason=error) from error


def _elements(body: bytes) -> list[bytes]:
    """Return the elements of a JSON array, byte for byte."""
    try:
        text = body.decode()
        decode = json.JSONDecoder().raw_decode
        values, at = [], _skip(text, 0)
        if text[at : at + 1] != "[":
            raise BadBatch(reason="it is not a JSON array")
        if text[_skip(text, at + 1) :] == "]":
            raise BadBatch(reason="it has no event")
        mark = "["
        while mark != "]":
            start = _skip(text, at + 1)
            _, end = decode(text, start)
            values.append(text[start:end].encode())
            at = _skip(text, end)
            mark = text[at : at + 1]
            if mark not in (",", "]") or len(values) > MOST_EVENTS:
                break
        if len(values) > MOST_EVENTS:
            raise BadBatch(reason=f"it has more than {MOST_EVENTS} events")
        if mark != "]" or _skip(text, at + 1) != len(text):
            raise BadBatch(reason=f"it is not JSON at character {at}")
    except (ValueError, RecursionError) as error:
        raise BadBatch(reason=f"it is not JSON ({error})"[:200]) from error
    return values


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at
