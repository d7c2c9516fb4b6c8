"""The message for each reason for which a record is rejected.

The book stores a reason as a short code with arguments. The message is built here whenever it is shown, so rewording it
changes no book. **Codes and argument names never change**; new ones may be added.

The argument `given` is the record's own value as JSON; it is shown on one line and cut if long. `!a` in a template
writes a text in ASCII, because the Unicode version of a Python must not affect the message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from schemas.escapes import shown
from schemas.industry import INDUSTRIES

LONGEST_QUOTE = 80
LONGEST_MESSAGE = 400

Arguments = Mapping[str, str | int]
"""The arguments of a message: a few short scalars."""

_BATCH = "the batch of {offsets} records cannot be read: "
_JSON = "the value is not JSON: "
_NUMBER = "{office} publication number {text!a}: it must be "
_KEY = "the key must be the subject {subject}, but it is "

TEMPLATES = {
    # record batch
    "batch_codec": _BATCH + "codec {codec} is not known",
    "batch_damaged": _BATCH + "the {codec} payload is damaged",
    "batch_frame_damaged": _BATCH + "the {codec} payload is damaged, or bytes follow its last frame",
    "batch_breaks_off": _BATCH + "the {codec} payload is truncated",
    "batch_frames": _BATCH + "the {codec} payload has more than {most} frames",
    "batch_bytes": _BATCH + "it unpacks to more than {most} bytes",
    "batch_records": _BATCH + "it has {records} records, at most {most} are allowed",
    "batch_headers": _BATCH + "its records have more than {most} headers",
    "batch_form": _BATCH + "its records are not well-formed",
    # value
    "value_bytes": "the value has {bytes} bytes, at most {most} are allowed",
    "no_value": "the record has no value",
    "byte": "byte {place} (0x{byte:02x}) is not UTF-8",
    "json_byte_order_mark": _JSON + "it begins with a byte order mark",
    "json_depth": _JSON + "it is nested deeper than {most}",
    "json_surrogate": _JSON + "a string contains half of a surrogate pair",
    "json_key_twice": _JSON + "the key {text!a} appears twice",
    "json_constant": _JSON + "{text} is not a JSON number",
    "json_breaks_off": _JSON + "it ends early, after {characters} characters",
    "json_syntax": _JSON + "syntax error at character {place}: {text!a}",
    "line_bytes": "the line has {bytes} bytes, a value has at most {most}",
    "line_end": "the line does not end within {bytes} bytes: the rest is not read",
    # envelope
    "attributes_bytes": "the attributes in its headers have {bytes} bytes, at most {most} are allowed",
    "header_twice": "the header {given} appears twice",
    "header_data": "the value is the data: a header ce_data is not allowed",
    "header_not_utf8": "the header {given} is not UTF-8",
    "no_object": "{given} is not an object",
    "batch_of_events": "{given} is not an object: a record holds one event, not a batch",
    "data_base64": "data_base64 is not supported: data must be JSON",
    "attribute_type": "{given}: an attribute must be a string, a number, true, false or null",
    "media_type": "{given} must be 'application/json' or another media type of JSON",
    "charset": "{given}: JSON must be in UTF-8, not {charset}",
    "type": "type {given} is not known",
    # any field; the codes are pydantic's
    "missing": "is missing",
    "json_invalid": "is not JSON",
    "extra_forbidden": "is not a known field",
    "too_short": "is empty",
    "too_long": "has {actual_length} items, at most {max_length} are allowed",
    "string_too_short": "is empty",
    "string_type": "{given} is not a string",
    "tuple_type": "{given} is not an array",
    "list_type": "{given} is not an array",
    "dict_type": "{given} is not an object",
    "model_type": "{given} is not an object",
    "model_attributes_type": "{given} is not an object",
    "literal_error": "{given} must be {expected}",
    "string_too_long": "{given} is longer than {max_length} characters",
    "int_parsing": "{given} is not a whole number",
    "int_parsing_size": "{given} is not a whole number",
    "int_from_float": "{given} is not a whole number",
    "int_type": "{given} must be a whole number such as 42, without quotes, point or exponent",
    "bool_type": "{given} is not true or false",
    "greater_than_equal": "{given} is less than {ge}",
    "less_than_equal": "{given} is more than {le}",
    "in_words": "{words}",
    # form of a text
    "form": "{given}: it must match {pattern}",
    "form_printable_40": "{given}: it must be 1 to 40 printable characters",
    "form_printable_64": "{given}: it must be 1 to 64 printable characters",
    "form_printable_128": "{given}: it must be 1 to 128 printable characters",
    "form_uri": "{given}: it must be a URI reference of 1 to 256 ASCII characters, without spaces",
    "form_date": "{given}: it must be a date such as 2023-05-04",
    "form_time": "{given}: it must be a time with its zone, such as 2023-05-04T02:00:00Z",
    "form_country": "{given}: it must be two capital letters, such as CN",
    "form_region": "{given}: it must be a code of ISO 3166, such as CN or CN-SH",
    "form_kind": "{given}: it must be a code of WIPO ST.16, such as B2",
    "form_currency": "{given}: it must be three capital letters, such as CNY",
    "form_decimal": "{given}: it must be a number such as 7.27078: up to 18 digits, a point, up to 12 digits",
    "form_signed_decimal": "{given}: it must be a number such as -13.5: up to 18 digits, a point, up to 12 digits",
    "form_subject_code": "{given}: it must be a subclass, a main group or a symbol such as H01M, H01M0010,"
    " H01M0010056200",
    "form_share": "{given}: it must be a number from 0 to 1, such as 0.93",
    "form_sha256": "{given}: it must be 64 of 0-9 and a-f",
    "form_amount": "{given}: it must be digits with at most one point, such as 1234567.80; no sign, no exponent, no"
    " separators",
    "form_attribute_name": "{given}: it must be 1 to 64 lower-case letters and digits, as in every attribute's name",
    # days, times and numbers
    "no_such_date": "{given}: there is no such date",
    "no_such_time": "{given}: there is no such time",
    "too_early": "{given} is before {least}",
    "too_late": "{given} is after {most}",
    "not_positive": "{number} is not greater than 0",
    "industry": f"industry {{text!a}}: it must be one of {', '.join(INDUSTRIES)}",
    "ipc_symbol": "IPC symbol {text!a}: it must have 14 characters such as G06N0003047500",
    "cpc_symbol": "CPC symbol {text!a}: it must have 14 characters such as Y02E0010500000",
    "region_unknown": "region {code} is not a subdivision of ISO 3166-2",
    "country_unknown": "{code} is not a country of ISO 3166-1",
    "region_withdrawn": "{code} is valid up to {last}, not on {day}: ISO 3166 has withdrawn it",
    # money
    "currency": "currency {given} is not an ISO 4217 currency with a minor unit",
    "currency_not_yet": "currency {code} is valid from {first} on, not on {day}: it did not exist",
    "currency_withdrawn": "currency {code} is valid up to {last}, not on {day}: ISO 4217 has withdrawn it",
    "decimals": "amount {amount} has {decimals} decimals, {code} has {most}",
    "amount": "amount {amount} {code} is more than 10^15 minor units",
    # identifiers
    "cn_application_number": "CN application number {text!a}: it must be a year (2003 on: 4 digits, before: 2), a type"
    " of 1, 2, 3, 8 or 9, 7 digits (before: 5), and a check digit, which may be missing",
    "cn_application_check": "CN application number {text!a}: the check digit is {check} and should be {expected}",
    "pct_application_number": "PCT application number {text!a}: it must be PCT/, an office code, a year, / and 6 digits"
    " (short year: 5)",
    "us_application_number": "US application number {text!a}: it must be a series of 2 digits, / and 6 digits",
    "application_number": "application number {text!a}: it must be 1 to 40 printable characters",
    "office": "office {text!a}: it must be the two capital letters of WIPO ST.3",
    "publication_number": _NUMBER + "1 to 20 of A-Z and 0-9",
    "cn_publication_number": _NUMBER + "7 to 10 digits that begin with 1, 2 or 3, or the 8 digits of 1985 to 1988",
    "us_publication_number": _NUMBER
    + "above 0, 6 to 8 digits (up to 5, or X and up to 5, for kind A), D, H or T and up to 7, RE or PP and up to 6,"
    " or that of an application published before grant (a year and 6 or 7 digits, kind A1, A2, A9, P1, P4 or P9)",
    "us_granted_number": "US publication number {text!a} is that of an application: it belongs on patent.published",
    "ep_publication_number": _NUMBER + "7 digits",
    "wo_publication_number": _NUMBER + "a year of 4 digits and a number of 6, or (1978"
    " to 2003) a year of 2 digits and a number of 5 or 6",
    "kind": "kind {text!a}: it must be a capital letter and at most one digit (WIPO ST.16)",
    "uscc": "USCC {text!a}: it must be 2 letters or digits, 6 digits, and 10 letters or digits, without IOSVZ",
    "uscc_check": "USCC {text!a}: the check character is {check} and should be {expected}",
    "lei": "LEI {text!a}: it must be 18 capital letters or digits and 2 check digits",
    "lei_check": "LEI {text!a}: its check digits are wrong (ISO 7064 MOD 97-10)",
    "party_id": "party id {text!a}: it must be 1 to 64 printable characters",
    # rules between fields
    "order": "{last} {end} is before {first} {begin}",
    "twice": "{what} {name} is named twice",
    "no_change": "at least one of {fields} must be given",
    "range_currencies": "low, mid and high must be of one currency",
    "range": "low, mid and high must not decrease",
    "form_place": "{given}: it must be a place in the log such as ip.deal.v1:2=17",
    "form_position": "{given}: it must be a position such as ip.deal.v1:0=17,ip.patent.v1:3=4",
    "position_topic": "{text!a} is not of a topic of events",
    "comparables": "comparables must be given for the market approach, and for no other",
    "same_answer": "same_answer is allowed only for the market approach by the ledger's rule",
    "one_of": "exactly one of {fields} must be given",
    "scenario_currencies": "revenues must be of one currency",
    "valuation_model": "model_id and model_version must be given for a valuation by ai_model",
    "tag_model": "model_id and model_version must be given for a tag by a model",
    "tag_without_model": "confidence, model_id, model_version are allowed only for a tag by a model",
    "reading_text": "text_hash is not the SHA-256 of the text",
    "reading_quote": "quote and quote_at must be given for an answer, and left out for unknown",
    "reading_place": "the text does not have the quote {quote!a} at character {place}",
    "fee_amount": "an amount is allowed only for a fixed or mixed fee",
    "fee_royalty": "royalty_bp is allowed only for a royalty or mixed fee",
    "rate_currencies": "base and quote are both {code}",
    "control_parties": "party and parent are both {party}",
    "policy_currency": "currency must be given for {policies}, and for no other",
    # topic, key and partition
    "topic": "{type} belongs on {topic}, not on {found}",
    "no_key": _KEY + "missing",
    "key": _KEY + "'{given}'",
    "partition": "the subject {subject} belongs on partition {right}, not on {found}: the producer needs Java's"
    " murmur2: librdkafka partitioner=murmur2_random, sarama NewMurmur2Partitioner, segmentio Murmur2Balancer, kafkajs"
    " DefaultPartitioner; see docs/producers.md",
    "other_bytes": "offset {offset} already has an event with this id and different content",
}
"""Code of a reason -> its message, without the path, which is shown next to it."""
LARGE = {"array": "an array of {array}", "object": "an object of {object}"}
"""Argument for the size of a large value -> how a message names that value."""
NOT_QUOTED = "the value"
UNKNOWN_REASON = "{given} breaks the rule {reason}"
"""The message of a reason without a template."""


class Reason(NamedTuple):
    """A reason: its code and the arguments of its message."""

    reason: str
    arguments: Arguments


class InvalidValue(ValueError):
    """A wrong value: the code of the reason and the arguments of its message."""

    def __init__(self, reason: str, **arguments: str | int) -> None:
        self.reason, self.arguments = reason, short(arguments)
        super().__init__(reason, arguments)

    def __str__(self) -> str:
        return message_of(self.reason, self.arguments)


def message_of(reason: str, arguments: Arguments, words: Callable[[str], str] = str) -> str:
    """Return the message of a reason on one line, with invisible characters escaped. `words` translates templates."""
    facts = dict(arguments)
    for many, template in LARGE.items():
        if many in facts:
            facts["given"] = words(template).format_map(facts)
            del facts[many]
    given = facts["given"] = shown(str(facts.get("given", words(NOT_QUOTED))), LONGEST_QUOTE)
    try:
        return shown(words(TEMPLATES[reason]).format_map(facts), LONGEST_MESSAGE)
    except (LookupError, ValueError):  # the code comes from a library or a later version
        del facts["given"]
        further = f" ({', '.join(f'{name} {facts[name]}' for name in sorted(facts))})" if facts else ""
        return shown(words(UNKNOWN_REASON).format(given=given, reason=reason) + further, LONGEST_MESSAGE)


def given(value: object) -> dict[str, str | int]:
    """Return the argument that represents a JSON value: the beginning of its JSON, or its size if it is a large array
    or object."""
    if isinstance(value, str):
        value = value[: LONGEST_QUOTE + 1]
    elif isinstance(value, list | dict) and len(value) > LONGEST_QUOTE:
        return {"object" if isinstance(value, dict) else "array": len(value)}
    return {"given": json.dumps(value, ensure_ascii=False, default=str)[: LONGEST_QUOTE + 1]}


def short(arguments: Arguments) -> dict[str, str | int]:
    """Return the arguments, with each text cut to the longest quote."""
    return {name: value[: LONGEST_QUOTE + 1] if isinstance(value, str) else value for name, value in arguments.items()}


def arguments_text(arguments: Arguments) -> str:
    """Return the arguments as the book stores them: JSON in ASCII, sorted by name, the same on every machine."""
    return json.dumps(arguments, sort_keys=True, separators=(",", ":"))


def arguments_of(text: str) -> dict[str, str | int]:
    """Return the arguments that a book stores; nothing for content that no book of ours contains."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    found = content.items() if isinstance(content, dict) else ()
    return {name: value for name, value in found if isinstance(value, str | int)}
