"""The results of an import: events ready to be published, and skipped documents with reasons."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from schemas.codec import Refusal, judge
from schemas.reasons import first_fault
from schemas.wording import message_of
from streams.sources import regions


class SkipReason(Enum):
    """A reason why a document, or a part of one, gave no event: its meaning, and whether the input is at fault."""

    UNREADABLE_FILE = ("the file cannot be opened or not read to its end", True)
    UNKNOWN_FORMAT = ("the file is in none of the formats of this import", True)
    UNKNOWN_TABLE = ("a statistical table whose content does not show what it counts", True)
    TOO_LARGE = ("a document has too many bytes or parts", True)
    BAD_DOCUMENT = ("the document lacks a required value, or has it in an unreadable form", True)
    BAD_PROPERTY = ("a property whose number cannot be read; the rest of its conveyance stands", True)
    BAD_DATE = ("a date of a conveyance that cannot be read; the conveyance goes on without it", True)
    BAD_EVENT = ("the ledger would reject the event", True)
    ANOTHER_DOCUMENT = ("a document of another kind between those to import", False)
    NOT_GRANTED = ("an application, not a grant", False)
    STATUTORY_REGISTRATION = ("a statutory invention registration or a defensive publication, not a patent", False)
    BLANK_CONVEYANCE = ("a conveyance without text, whose kind is unknown", False)
    NO_DAY = ("neither a recorded nor an execution date", False)
    NO_PARTY = ("a change of a pledge that names neither a lender nor properties", False)
    NO_NUMBER = ("properties of a conveyance that have no number; the rest of the conveyance stands", False)
    NO_ASSET = ("a conveyance without properties", False)
    NO_OWNER = ("a mark without an applicant, or without an owner up to its registration", False)
    NO_FILING_DATE = ("an application without a filing date", False)
    NO_NICE_CLASS = ("a registration without a class of the Nice Classification", False)
    UNKNOWN_CODE = ("a legal event whose code is not in the table of office codes", False)
    NO_EVENT = ("an announcement for which the ledger has no event, or a code that does not determine the event", False)
    NO_PATENT = ("a legal event of an application without a granted patent in the file", False)
    NOT_ENOUGH = ("a legal event without a required value", False)
    NOT_UNDERSTOOD = ("a conveyance whose text no rule understands: it is recorded as `other`", False)
    TOO_MANY_ASSETS = ("an assignment of more than 5,000 properties, the limit of one event", True)
    UNREAD_VALUE = ("a value that cannot be read: its event goes without it", False)
    NO_VALUE = ("a table cell without a value", False)
    NO_COUNTRY = ("a group of countries, an organisation, or a former state", False)
    NO_CURRENCY = ("a currency that ISO 4217 did not have that day", False)
    NO_METRIC = ("a figure that no metric of the ledger measures", False)

    def __init__(self, meaning: str, fault: bool) -> None:
        self.meaning, self.fault = meaning, fault

    @property
    def label(self) -> str:
        """The reason's name in reports: `blank_conveyance`."""
        return self.name.lower()


class Imported(NamedTuple):
    """One event: the record's value (a line of JSON without its end), its subject and its type.

    `again` is true if another format in the same import already gave the same event, more completely. `omitted` lists
    countries and regions that the document names and ISO 3166 does not have on that day, `unread` its values that
    cannot be read.
    """

    value: bytes
    subject: str
    type: str
    again: bool = False
    omitted: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class Skipped(NamedTuple):
    """A document without an event. `location` is a line or an item of `file`, or these and a reel/frame."""

    file: str
    location: str
    rule: SkipReason
    reason: str

    @property
    def fault(self) -> bool:
        """True if the input is bad; otherwise it was understood and is skipped on purpose."""
        return self.rule.fault


Result = Imported | Skipped
Model = TypeVar("Model", bound=BaseModel)


class Unreadable(ValueError):
    """A document that should have given an event but is unreadable."""

    def __init__(self, reason: str, rule: SkipReason = SkipReason.BAD_DOCUMENT) -> None:
        super().__init__(reason)
        self.rule = rule


class Skip(Exception):
    """A document that is skipped on purpose."""

    def __init__(self, rule: SkipReason, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule


def event(envelope: dict[str, str], data: dict[str, Any], unread: tuple[str, ...] = ()) -> Imported:
    """Return the event of these attributes (`id`, `source`, `type`, `subject`, `time`) and data, keys in that order.

    `unread` are values of its document that cannot be read. Omit values of `data` that are None, and countries and
    regions that were none of ISO 3166 on its day. Raise Unreadable if the ledger would reject the event.
    """
    known, omitted = regions.of_the_day({name: value for name, value in data.items() if value is not None})
    try:
        value = orjson.dumps({"specversion": "1.0", **envelope, "datacontenttype": "application/json", "data": known})
    except orjson.JSONEncodeError as error:
        raise Unreadable(
            f"{envelope['subject']}: it cannot be written as JSON: {error}", SkipReason.BAD_EVENT
        ) from error
    verdict = judge(value)
    if isinstance(verdict, Refusal):
        path = verdict.path or "the event"
        reason = f"{envelope['subject']}: {verdict.rule.label}: {path}: {verdict.message}"
        raise Unreadable(reason, SkipReason.BAD_EVENT)
    return Imported(value, envelope["subject"], envelope["type"], omitted=omitted, unread=unread)


def validated(model: type[Model], content: Any, what: str) -> Model:
    """Return a JSON document (bytes) or a part of one as a model. Raise Unreadable (`not {what}: {path}: {rule}`) if
    it does not match."""
    try:
        return model.model_validate_json(content) if isinstance(content, bytes) else model.model_validate(content)
    except ValidationError as error:
        path, reason, arguments = first_fault(error)
        raise Unreadable(f"not {what}: {path or 'the document'}: {message_of(reason, arguments)}") from error
