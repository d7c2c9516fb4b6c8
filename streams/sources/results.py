"""What a source gives: events ready to be published, and what gave none, with the rule and the reason."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from schemas.codec import Refusal, judge
from schemas.reasons import first_fault
from schemas.wording import message_of


class SkipReason(Enum):
    """Why a document, or a part of one, gave no event: what the rule means, and whether the input is at fault."""

    UNREADABLE_FILE = ("the file cannot be opened, or not be read to its end", True)
    UNKNOWN_FORMAT = ("the file is in no format that this kind of import reads", True)
    UNKNOWN_TABLE = ("a statistical table that does not say what it counts", True)
    TOO_LARGE = ("one document has more bytes, or more parts, than are held", True)
    BAD_DOCUMENT = ("the document lacks what its event needs, or has it in a form that cannot be read", True)
    BAD_EVENT = ("the ledger would refuse the event", True)
    ANOTHER_DOCUMENT = ("a document of another sort, which stands between those that are taken", False)
    NOT_GRANTED = ("an application, published or not: no grant", False)
    STATUTORY_REGISTRATION = ("a statutory invention registration or a defensive publication: no patent", False)
    BLANK_CONVEYANCE = ("a conveyance without text: nobody can say what it is", False)
    NO_DAY = ("neither a recorded nor an execution date", False)
    NO_PARTY = ("a conveyance without assignor or assignee", False)
    NO_ASSET = ("a conveyance without properties", False)
    NO_OWNER = ("a mark of which no applicant, or no owner up to its registration, is named", False)
    NO_FILING_DATE = ("an application whose filing date is not said", False)
    NO_NICE_CLASS = ("a registration in no class of the Nice Classification", False)
    UNKNOWN_CODE = ("a legal event under a code that the table of office codes does not have", False)
    NO_EVENT = ("what an office announces and no event says, or a code that does not tell which event does", False)
    NO_PATENT = ("a legal event of an application of which the file has no granted patent", False)
    NOT_ENOUGH = ("a legal event without what its event must say", False)
    CORRECTED_RELEASE = ("a corrected release of a security interest: it changes no pledge", False)
    TOO_MANY_ASSETS = ("an assignment of more than 5,000 properties, which one event cannot name", True)
    NO_VALUE = ("a table has no value there", False)
    NO_COUNTRY = ("a group of countries, an organisation, or a state that was", False)
    NO_CURRENCY = ("a currency that ISO 4217 no longer has", False)
    NO_METRIC = ("a figure of what no metric of the ledger counts", False)

    def __init__(self, meaning: str, fault: bool) -> None:
        self.meaning, self.fault = meaning, fault

    @property
    def label(self) -> str:
        """Its name in reports: `blank_conveyance`."""
        return self.name.lower()


class Imported(NamedTuple):
    """One event: the record's value (a line of JSON without its end), its subject and its type.

    `again` is true where another format in the same import has told of the same event before, and more fully.
    """

    value: bytes
    subject: str
    type: str
    again: bool = False


class Skipped(NamedTuple):
    """What gave no event. `place` is a line or an item of `file`, or these and a reel/frame."""

    file: str
    place: str
    rule: SkipReason
    reason: str

    @property
    def fault(self) -> bool:
        """Whether the input is bad; else it was understood and is deliberately not taken."""
        return self.rule.fault


Result = Imported | Skipped
Model = TypeVar("Model", bound=BaseModel)


class Unreadable(ValueError):
    """A document that should have given an event and cannot."""

    def __init__(self, reason: str, rule: SkipReason = SkipReason.BAD_DOCUMENT) -> None:
        super().__init__(reason)
        self.rule = rule


class Skip(Exception):
    """A document that was understood and is deliberately not taken."""

    def __init__(self, rule: SkipReason, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule


def event(envelope: dict[str, str], data: dict[str, Any]) -> Imported:
    """The event of these attributes (`id`, `source`, `type`, `subject`, `time`) and data, keys in that order.

    Values of `data` that are None are left out. Raises Unreadable if the ledger would refuse the event.
    """
    known = {name: value for name, value in data.items() if value is not None}
    try:
        value = orjson.dumps({"specversion": "1.0", **envelope, "datacontenttype": "application/json", "data": known})
    except orjson.JSONEncodeError as error:
        raise Unreadable(
            f"{envelope['subject']}: it cannot be written as JSON: {error}", SkipReason.BAD_EVENT
        ) from error
    verdict = judge(value)
    if isinstance(verdict, Refusal):
        place = verdict.path or "the event"
        reason = f"{envelope['subject']}: {verdict.rule.label}: {place}: {verdict.message}"
        raise Unreadable(reason, SkipReason.BAD_EVENT)
    return Imported(value, envelope["subject"], envelope["type"])


def parsed(model: type[Model], content: Any, what: str) -> Model:
    """A document of JSON (bytes), or a part of one, as a model; Unreadable (`not {what}: {place}: {rule}`) if it is
    none."""
    try:
        return model.model_validate_json(content) if isinstance(content, bytes) else model.model_validate(content)
    except ValidationError as error:
        path, reason, arguments = first_fault(error)
        raise Unreadable(f"not {what}: {path or 'the document'}: {message_of(reason, arguments)}") from error
