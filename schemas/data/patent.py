"""The life of a patent: filed, published, granted, ceased, restored, challenged, and other recorded events.

Statuses are those of WIPO ST.27, whose categories are letters. Terms are those of the Chinese Patent Law (2020, cited
as Patent Law) and its implementing rules.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from schemas import identifiers
from schemas.data.common import Count, EventData, EventPart, Items, NotStored, OneParty, PartyList, Prose
from schemas.events import (
    AWARDED,
    CEASED,
    CHALLENGED,
    DISCHARGED,
    FEE_PAID,
    FILED,
    GRANTED,
    INVALIDATED,
    PRESERVED,
    PUBLISHED,
    READ,
    RESTORED,
    TAGGED,
    TERM_ADJUSTED,
    UPHELD,
)
from schemas.money import Money
from schemas.values import CpcSymbol, Day, IpcSymbol, Office, Proportion, Region, Right, Sha256, ShortText, Text
from schemas.wording import InvalidValue

Passage = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
"""A text that a model reads."""
TextPart = Literal["title", "abstract", "claims", "description", "other"]
"""The part of a patent document that a text is."""
UNKNOWN_ANSWER = "unknown"
"""The answer to a question about which a text says nothing."""


OwnerType = Literal["company", "university", "organisation", "person", "government", "other"]
"""The sort of an owner, where the office or the producer states it; never guessed from a name."""


class _Application(EventPart):
    @field_validator("application_number", check_fields=False)
    @classmethod
    def _is_an_application_number(cls, number: str | None, info: ValidationInfo) -> str | None:
        if number is not None and "office" in info.data:
            return identifiers.application_number(info.data["office"], number)
        return number


class PatentFiling(EventData, _Application):
    """An application was filed (Patent Law Art. 28). It may not be classified yet."""

    occurred_on: Day = Field(description="filing date")
    region: Region | None = Field(None, description="of the first applicant")
    owner_type: OwnerType | None = Field(
        None,
        description="of the first assignee, else applicant; organisation: a company or a university, not stated which",
    )
    office: Office
    application_number: str
    right: Right
    title: Text | None = None
    priority_on: Day | None = None
    ipc: Items[IpcSymbol] | None = Field(None, description="ordered; the first symbol is the primary one")
    cpc: Items[CpcSymbol] | None = None
    applicants: PartyList = Field(description="may be empty, as in registers that publish applications without them")
    inventors: PartyList | None = None
    family_id: ShortText | None = None


class _Document(EventData, _Application):
    occurred_on: Day
    region: Region | None = Field(None, description="of the first applicant")
    owner_type: OwnerType | None = Field(
        None,
        description="of the first assignee, else applicant; organisation: a company or a university, not stated which",
    )
    office: Office
    kind: Annotated[str, NotStored()]
    number: Annotated[str, NotStored()]
    right: Right
    title: Text | None = None
    application_number: str | None = None
    filed_on: Day | None = None
    priority_on: Day | None = None
    ipc: Items[IpcSymbol] = Field(description="ordered; the first symbol is the primary one")
    cpc: Items[CpcSymbol] | None = None
    applicants: PartyList
    assignees: PartyList | None = Field(None, description="owners as printed on the document")
    family_id: ShortText | None = Field(None, description="the same id for all documents of one invention")
    tags: Items[ShortText] | None = Field(None, description="declared by the producer: genai, sei, ...")
    inventors: PartyList | None = None

    @field_validator("number")
    @classmethod
    def _is_a_publication_number(cls, number: str, info: ValidationInfo) -> str:
        if "office" in info.data and "kind" in info.data:
            identifiers.publication_number(info.data["office"], number, info.data["kind"])
        return number


class PatentPublication(_Document):
    """An application was published (Patent Law Art. 34; gazette code PB01), with its bibliographic data on that
    date."""

    occurred_on: Day = Field(description="publication date")


class ReissuedPatent(EventPart):
    """The patent that a reissue replaces."""

    filed_on: Day
    granted_on: Day | None = None


class PatentGrant(_Document):
    """A patent was granted (Patent Law Arts. 39 and 40; gazette code GR01), with its bibliographic data on that
    date."""

    occurred_on: Day = Field(description="grant date: that of the announcement")
    claims: Annotated[int, Field(ge=1, le=10_000)] | None = Field(None, description="how many")
    backward_cites: Items[ShortText] | None = Field(None, description="canonical ids of the cited patents")
    earliest_filed_on: Day | None = Field(
        None,
        description="filing date of the earliest application whose benefit is claimed (35 U.S.C. 120, 121, 365(c), "
        "386(c)); a US term counts from it. Not of a provisional or foreign application",
    )
    reissue_of: ReissuedPatent | None = Field(
        None, description="the original: a reissue has the rest of its term (35 U.S.C. 251)"
    )
    term_adjustment_days: Annotated[int, Field(ge=0, le=20_000)] | None = Field(
        None, description="days of adjustment or extension as printed (35 U.S.C. 154(b))"
    )
    term_months: Annotated[int, Field(ge=1, le=1_200)] | None = Field(
        None, description="length of a US design's term as printed, from the grant"
    )
    terminal_disclaimer: bool | None = Field(
        None, description="a part of the term is disclaimed (35 U.S.C. 253); it may end earlier than computed"
    )
    disclaimed_after: Day | None = Field(
        None, description="the last day that a terminal disclaimer leaves, where the document gives it"
    )

    @field_validator("number")
    @classmethod
    def _is_a_number_of_a_grant(cls, number: str, info: ValidationInfo) -> str:
        office = info.data.get("office", "")
        if identifiers.is_us_application(office, number):
            raise InvalidValue("us_granted_number", text=number[:64])
        return number


class PatentCessation(EventData):
    """A patent ceased to be in force (Patent Law Arts. 42 and 44; ST.27 H; gazette codes CF01, CX01, AV01)."""

    occurred_on: Day = Field(description="the first day on which it is not in force")
    reason: Literal["fee", "expired", "abandoned", "surrendered", "other"] = Field(
        description="fee: an annual fee was not paid; expired: the end of its term"
    )


class PatentInvalidation(EventData):
    """A patent was declared invalid, in full or in part (Patent Law Arts. 46 and 47; gazette codes IW01, IP01)."""

    occurred_on: Day = Field(description="date of the decision")
    extent: Literal["full", "partial"]


class PatentRestoration(EventData):
    """A ceased patent was restored, as if it had never ceased (Implementing Rules, Rule 6; gazette codes RR01,
    RA01)."""

    occurred_on: Day = Field(description="date of the decision")


class PatentChallenge(EventData):
    """A patent was opposed, or its invalidation was requested (Patent Law Art. 45)."""

    occurred_on: Day = Field(description="date of the request")
    challenger: OneParty | None = None


class PatentUpholding(EventData):
    """All requests against a patent were rejected (Patent Law Art. 46) or withdrawn."""

    occurred_on: Day = Field(description="date of the decision")


class PatentPreservation(EventData):
    """A court preserved a patent: it can be neither transferred nor pledged (gazette code PP01)."""

    occurred_on: Day = Field(description="the first day of the preservation")
    court: ShortText | None = None


class PatentDischarge(EventData):
    """A preservation ended (gazette code PD01)."""

    occurred_on: Day = Field(description="the first day after the preservation")


class TermAdjustment(EventData):
    """A patent's term was adjusted or extended (Patent Law Art. 42; gazette codes TG01, TP01)."""

    occurred_on: Day = Field(description="date of the decision")
    expires_on: Day = Field(description="the last day of the term as adjusted")


class FeePayment(EventData):
    """An annual fee was paid (Patent Law Art. 43)."""

    occurred_on: Day = Field(description="date of the payment")

    fee_year: Annotated[int, Field(ge=1, le=25)] = Field(description="year of the patent's life, from filing")
    amount: Money | None = None


class PatentAward(EventData):
    """A patent won an award. The first two kinds make an invention high-value by CNIPA's fifth criterion."""

    occurred_on: Day = Field(description="date of the award")
    award: Literal["state_science_technology", "china_patent", "other"]
    name: ShortText | None = None


class PatentTag(EventData):
    """A subject tag was assigned to a patent, with its source."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"tag_source": {"const": "model"}}},
            "then": {
                "required": ["model_id", "model_version"],
                "properties": {"model_id": {"type": "string"}, "model_version": {"type": "string"}},
            },
            "else": {"properties": {name: {"type": "null"} for name in ("confidence", "model_id", "model_version")}},
        }
    )

    occurred_on: Day = Field(description="the day on which the tag was assigned")
    tag: ShortText = Field(description="genai, sei (a strategic emerging industry), ...")
    tag_source: Literal["ipc", "declared", "model"] = Field(
        description="the source of the tag; never guessed from a title"
    )
    confidence: Proportion | None = Field(None, description="of the model")
    model_id: ShortText | None = None
    model_version: ShortText | None = None

    @model_validator(mode="after")
    def _names_its_model(self) -> PatentTag:
        by_model = self.tag_source == "model"
        if by_model and (self.model_id is None or self.model_version is None):
            raise InvalidValue("tag_model")
        if not by_model and (self.confidence, self.model_id, self.model_version) != (None, None, None):
            raise InvalidValue("tag_without_model")
        return self


class PatentReading(EventData):
    """A model read a text of the patent and answered a question. The quote is what the answer stands on."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"answer": {"const": UNKNOWN_ANSWER}}},
            "then": {"properties": {"quote": {"type": "null"}, "quote_at": {"type": "null"}}},
            "else": {
                "required": ["quote", "quote_at"],
                "properties": {"quote": {"type": "string"}, "quote_at": {"type": "integer"}},
            },
        }
    )

    occurred_on: Day = Field(description="the day of the reading")
    question: ShortText = Field(description="its name, the same for all patents")
    asked: Prose = Field(description="the question in words")
    answer: ShortText = Field(description="one of the answers that were allowed; `unknown`: the text does not say")
    quote: Text | None = Field(None, description="the words of the text; left out for `unknown`")
    quote_at: Count | None = Field(None, description="the number of characters of the text before the quote")
    part: TextPart = Field(description="what was read")
    text: Annotated[Passage, NotStored()] = Field(description="all of what was read; the journal does not store it")
    text_hash: Sha256 = Field(description="SHA-256 of the text in UTF-8")
    prompt_hash: Sha256 = Field(description="SHA-256 of all that was sent to the model")
    model_id: ShortText
    model_version: ShortText

    @model_validator(mode="after")
    def _quotes_its_text(self) -> PatentReading:
        if sha256(self.text.encode()).hexdigest() != self.text_hash:
            raise InvalidValue("reading_text")
        unknown = self.answer == UNKNOWN_ANSWER
        if unknown != (self.quote is None) or unknown != (self.quote_at is None):
            raise InvalidValue("reading_quote")
        if self.quote is not None and not self.text.startswith(self.quote, self.quote_at):
            raise InvalidValue("reading_place", quote=self.quote, place=self.quote_at or 0)
        return self


MODELS: Final[dict[int, type[EventData]]] = {
    FILED: PatentFiling,
    PUBLISHED: PatentPublication,
    GRANTED: PatentGrant,
    CEASED: PatentCessation,
    INVALIDATED: PatentInvalidation,
    RESTORED: PatentRestoration,
    CHALLENGED: PatentChallenge,
    UPHELD: PatentUpholding,
    PRESERVED: PatentPreservation,
    DISCHARGED: PatentDischarge,
    TERM_ADJUSTED: TermAdjustment,
    FEE_PAID: FeePayment,
    AWARDED: PatentAward,
    TAGGED: PatentTag,
    READ: PatentReading,
}
"""Number of an original type -> the model of its data."""
