"""Words for people: the sentence of each reason for which a record is refused.

The book keeps a reason as a short code with the arguments of its sentence. The sentence is made here, whenever it is
shown, so other words change no book. **Codes and names of arguments are for life**: a new one may be added.

Of the arguments `given` is what the record said, as JSON; it is shown on one line, and cut where it is long. A template
with `!a` writes a text in ASCII, as a Python's idea of Unicode must not show.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from schemas.escapes import shown
from schemas.industry import INDUSTRIES

LONGEST_QUOTE = 80
LONGEST_MESSAGE = 400

Arguments = Mapping[str, str | int]
"""What the sentence of a reason names: a few scalars, each of them short."""

_BATCH = "the batch of {offsets} records cannot be read: "
_JSON = "the value is not JSON: "
_NUMBER = "{office} publication number {text!a}: it must be "
_KEY = "the key must be the subject {subject}, it is "

TEMPLATES = {
    # a record batch
    "batch_codec": _BATCH + "codec {codec} is not known",
    "batch_damaged": _BATCH + "the {codec} payload is damaged",
    "batch_frame_damaged": _BATCH + "the {codec} payload is damaged, or bytes follow its last frame",
    "batch_breaks_off": _BATCH + "the {codec} payload breaks off",
    "batch_frames": _BATCH + "the {codec} payload has more than {most} frames",
    "batch_bytes": _BATCH + "it unpacks to more than {most} bytes",
    "batch_records": _BATCH + "it has {records} records, at most {most} are taken",
    "batch_headers": _BATCH + "its records have more than {most} headers",
    "batch_form": _BATCH + "its records are not well-formed",
    # a value
    "value_bytes": "the value has {bytes} bytes, at most {most} are taken",
    "no_value": "the record has no value",
    "byte": "byte {place} (0x{byte:02x}) is not UTF-8",
    "json_byte_order_mark": _JSON + "it begins with a byte order mark",
    "json_depth": _JSON + "it is nested deeper than {most}",
    "json_surrogate": _JSON + "a text holds half of a surrogate pair",
    "json_key_twice": _JSON + "the key {text!a} is said twice",
    "json_constant": _JSON + "{text} is not a JSON number",
    "json_breaks_off": _JSON + "it breaks off after {characters} characters",
    "json_syntax": _JSON + "from character {place} on, {text!a}",
    "line_bytes": "the line has {bytes} bytes, a value has at most {most}",
    "line_end": "the line has no end after {bytes} bytes: nothing more is read",
    # an envelope
    "attributes_bytes": "the attributes in its headers have {bytes} bytes, at most {most} are taken",
    "header_twice": "the header {given} is there twice",
    "header_data": "the data is the value: no header ce_data can say it",
    "header_not_utf8": "the header {given} is not UTF-8",
    "no_object": "{given} is not an object",
    "batch_of_events": "{given} is not an object: the ledger takes no batches, one event a record",
    "data_base64": "data is in data_base64: the ledger takes JSON data only",
    "attribute_type": "{given}: an attribute must be a text, a number, true, false or null",
    "media_type": "{given} must be 'application/json' or another media type of JSON",
    "charset": "{given}: the ledger takes JSON in UTF-8 only, not in {charset}",
    "type": "type {given} is not known",
    # a field of any kind; the codes are pydantic's
    "missing": "is missing",
    "json_invalid": "is not JSON",
    "extra_forbidden": "is not a field that is known here",
    "too_short": "is empty",
    "too_long": "has {actual_length} items, at most {max_length} are taken",
    "string_too_short": "is empty",
    "string_type": "{given} is not a text",
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
    # a text of a form
    "form": "{given}: it must be of the form {pattern}",
    "form_printable_40": "{given}: it must be 1 to 40 printable characters",
    "form_printable_64": "{given}: it must be 1 to 64 printable characters",
    "form_printable_128": "{given}: it must be 1 to 128 printable characters",
    "form_uri": "{given}: it must be a URI reference of 1 to 256 ASCII characters, without blanks",
    "form_date": "{given}: it must be a date such as 2023-05-04",
    "form_time": "{given}: it must be a time with its zone, such as 2023-05-04T02:00:00Z",
    "form_country": "{given}: it must be two capital letters, such as CN",
    "form_region": "{given}: it must be a code of ISO 3166, such as CN or CN-SH",
    "form_kind": "{given}: it must be a code of WIPO ST.16, such as B2",
    "form_currency": "{given}: it must be three capital letters, such as CNY",
    "form_decimal": "{given}: it must be a number such as 7.27078: up to 18 digits, a point, up to 12 digits",
    "form_signed_decimal": "{given}: it must be a number such as -13.5: up to 18 digits, a point, up to 12 digits",
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
    "not_positive": "{number} is not more than 0",
    "industry": f"industry {{text!a}}: it must be one of {', '.join(INDUSTRIES)}",
    "ipc_symbol": "IPC symbol {text!a}: it must have 14 characters such as G06N0003047500",
    "cpc_symbol": "CPC symbol {text!a}: it must have 14 characters such as Y02E0010500000",
    # money
    "currency": "currency {given} is not one of ISO 4217 that has a minor unit",
    "decimals": "amount {amount} has {decimals} decimals, {code} has {most}",
    "amount": "amount {amount} {code} is more than 10^15 minor units",
    # identifiers
    "cn_application_number": "CN application number {text!a}: it must be a year (2003 on: 4 digits, before: 2), a type"
    " of 1, 2, 3, 8 or 9, 7 digits (before: 5), and a check digit",
    "cn_application_check": "CN application number {text!a}: the check digit is {check} and should be {expected}",
    "pct_application_number": "PCT application number {text!a}: it must be PCT/, an office code, a year, / and 6 digits"
    " (short year: 5)",
    "us_application_number": "US application number {text!a}: it must be a series of 2 digits, / and 6 digits",
    "application_number": "application number {text!a}: it must be 1 to 40 printable characters",
    "office": "office {text!a}: it must be the two capital letters of WIPO ST.3",
    "publication_number": _NUMBER + "1 to 20 of A-Z and 0-9",
    "cn_publication_number": _NUMBER + "7 to 10 digits that begin with 1, 2 or 3, or the 8 digits of 1985 to 1988",
    "us_publication_number": _NUMBER + "6 to 8 digits, D, H or T and up to 7 digits, or RE or PP and up to 6",
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
    "valuation_model": "model_id and model_version must be given for a valuation by ai_model",
    "tag_model": "model_id and model_version must be given for a tag by a model",
    "tag_without_model": "confidence, model_id, model_version are for a tag by a model only",
    "fee_amount": "an amount belongs to a fee that is fixed or mixed",
    "fee_royalty": "royalty_bp belongs to a fee that is royalty or mixed",
    "rate_currencies": "base and quote are both {code}",
    "policy_currency": "currency must be given for {policies}, and for no other",
    # a place
    "topic": "{type} belongs on {topic}, not on {found}",
    "no_key": _KEY + "none",
    "key": _KEY + "'{given}'",
    "partition": "the subject {subject} belongs on partition {right}, not on {found}: the producer needs Java's"
    " murmur2: librdkafka partitioner=murmur2_random, sarama NewMurmur2Partitioner, segmentio Murmur2Balancer, kafkajs"
    " DefaultPartitioner; see docs/producers.md",
    "other_bytes": "the same id stands with other bytes at offset {offset}",
}
"""Code of a reason -> its sentence, without the place, which stands beside it."""


class Reason(NamedTuple):
    """The code of a reason, and the arguments of its sentence."""

    reason: str
    arguments: Arguments


class Wrong(ValueError):
    """What is wrong with a value: the code of the reason, and the arguments of its sentence."""

    def __init__(self, reason: str, **arguments: str | int) -> None:
        self.reason, self.arguments = reason, short(arguments)
        super().__init__(reason, arguments)

    def __str__(self) -> str:
        return message_of(self.reason, self.arguments)


def message_of(reason: str, arguments: Arguments) -> str:
    """Return the sentence of a reason, on one line, with what cannot be seen written out."""
    facts = dict(arguments)
    for many in ("array", "object"):
        if many in facts:
            facts["given"] = f"an {many} of {facts.pop(many)}"
    given = facts["given"] = shown(str(facts.get("given", "the value")), LONGEST_QUOTE)
    try:
        return shown(TEMPLATES[reason].format_map(facts), LONGEST_MESSAGE)
    except (LookupError, ValueError):  # of a library's or a later program's
        del facts["given"]
        further = f" ({', '.join(f'{name} {facts[name]}' for name in sorted(facts))})" if facts else ""
        return shown(f"{given} breaks the rule {reason}{further}", LONGEST_MESSAGE)


def given(value: object) -> dict[str, str | int]:
    """Return the argument that stands for a JSON value: the beginning of its JSON, or how many it holds if many."""
    if isinstance(value, str):
        value = value[: LONGEST_QUOTE + 1]
    elif isinstance(value, list | dict) and len(value) > LONGEST_QUOTE:
        return {"object" if isinstance(value, dict) else "array": len(value)}
    return {"given": json.dumps(value, ensure_ascii=False, default=str)[: LONGEST_QUOTE + 1]}


def short(arguments: Arguments) -> dict[str, str | int]:
    """Return the arguments, each text cut where it is longer than what is ever quoted of one."""
    return {name: said[: LONGEST_QUOTE + 1] if isinstance(said, str) else said for name, said in arguments.items()}


def arguments_text(arguments: Arguments) -> str:
    """Return the arguments as the book keeps them: JSON in ASCII, sorted by name, the same on every machine."""
    return json.dumps(arguments, sort_keys=True, separators=(",", ":"))


def arguments_of(text: str) -> dict[str, str | int]:
    """Return the arguments that a book keeps; of what no book of ours has, nothing."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    found = content.items() if isinstance(content, dict) else ()
    return {name: said for name, said in found if isinstance(said, str | int)}
