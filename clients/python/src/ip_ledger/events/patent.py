"""Data of the events `ip.patent.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Money, Party


class PatentAward(Model):
    """A patent won an award. The first two kinds make an invention high-value by CNIPA's fifth criterion."""

    TYPE: ClassVar[str] = "ip.patent.awarded.v1"

    occurred_on: date
    """date of the award"""
    award: Literal["state_science_technology", "china_patent", "other"]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    name: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None


class PatentCessation(Model):
    """A patent ceased to be in force (Patent Law Arts. 42 and 44; ST.27 H; gazette codes CF01, CX01, AV01)."""

    TYPE: ClassVar[str] = "ip.patent.ceased.v1"

    occurred_on: date
    """the first day on which it is not in force"""
    reason: Literal["fee", "expired", "abandoned", "surrendered", "other"]
    """fee: an annual fee was not paid; expired: the end of its term"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class PatentChallenge(Model):
    """A patent was opposed, or its invalidation was requested (Patent Law Art. 45)."""

    TYPE: ClassVar[str] = "ip.patent.challenged.v1"

    occurred_on: date
    """date of the request"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    challenger: Party | None = None


class PatentDischarge(Model):
    """A preservation ended (gazette code PD01)."""

    TYPE: ClassVar[str] = "ip.patent.discharged.v1"

    occurred_on: date
    """the first day after the preservation"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class FeePayment(Model):
    """An annual fee was paid (Patent Law Art. 43)."""

    TYPE: ClassVar[str] = "ip.patent.fee_paid.v1"

    occurred_on: date
    """date of the payment"""
    fee_year: Annotated[int, Field(ge=1, le=25)]
    """year of the patent's life, from filing"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    amount: Money | None = None


class PatentFiling(Model):
    """An application was filed (Patent Law Art. 28). It may not be classified yet."""

    TYPE: ClassVar[str] = "ip.patent.filed.v1"

    occurred_on: date
    """filing date"""
    office: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    application_number: str
    right: Literal["invention", "utility_model", "design", "plant"]
    applicants: list[Party]
    """may be empty, as in registers that publish applications without them"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first applicant"""
    owner_type: Literal["company", "university", "organisation", "person", "government", "other"] | None = None
    """of the first assignee, else applicant; organisation: a company or a university, not stated which"""
    title: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    priority_on: date | None = None
    ipc: list[Annotated[str, Field(pattern=r"^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]] | None = None
    """ordered; the first symbol is the primary one"""
    cpc: list[Annotated[str, Field(pattern=r"^[A-HY][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]] | None = None
    inventors: list[Party] | None = None
    family_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None


class ReissuedPatent(Model):
    """The patent that a reissue replaces."""

    filed_on: date
    granted_on: date | None = None


class PatentGrant(Model):
    """A patent was granted (Patent Law Arts. 39 and 40; gazette code GR01), with its bibliographic data on that date."""

    TYPE: ClassVar[str] = "ip.patent.granted.v1"

    occurred_on: date
    """grant date: that of the announcement"""
    office: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    kind: str
    number: str
    right: Literal["invention", "utility_model", "design", "plant"]
    ipc: list[Annotated[str, Field(pattern=r"^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]]
    """ordered; the first symbol is the primary one"""
    applicants: list[Party]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first applicant"""
    owner_type: Literal["company", "university", "organisation", "person", "government", "other"] | None = None
    """of the first assignee, else applicant; organisation: a company or a university, not stated which"""
    title: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    application_number: str | None = None
    filed_on: date | None = None
    priority_on: date | None = None
    cpc: list[Annotated[str, Field(pattern=r"^[A-HY][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]] | None = None
    assignees: list[Party] | None = None
    """owners as printed on the document"""
    family_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the same id for all documents of one invention"""
    tags: list[Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]] | None = None
    """declared by the producer: genai, sei, ..."""
    inventors: list[Party] | None = None
    claims: Annotated[int | None, Field(ge=1, le=10000)] = None
    """how many"""
    backward_cites: list[Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]] | None = None
    """canonical ids of the cited patents"""
    earliest_filed_on: date | None = None
    """filing date of the earliest application whose benefit is claimed (35 U.S.C. 120, 121, 365(c), 386(c)); a US term counts from it. Not of a provisional or foreign application"""
    reissue_of: ReissuedPatent | None = None
    """the original: a reissue has the rest of its term (35 U.S.C. 251)"""
    term_adjustment_days: Annotated[int | None, Field(ge=0, le=20000)] = None
    """days of adjustment or extension as printed (35 U.S.C. 154(b))"""
    term_months: Annotated[int | None, Field(ge=1, le=1200)] = None
    """length of a US design's term as printed, from the grant"""
    terminal_disclaimer: bool | None = None
    """a part of the term is disclaimed (35 U.S.C. 253); it may end earlier than computed"""
    disclaimed_after: date | None = None
    """the last day that a terminal disclaimer leaves, where the document gives it"""


class PatentInvalidation(Model):
    """A patent was declared invalid, in full or in part (Patent Law Arts. 46 and 47; gazette codes IW01, IP01)."""

    TYPE: ClassVar[str] = "ip.patent.invalidated.v1"

    occurred_on: date
    """date of the decision"""
    extent: Literal["full", "partial"]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class PatentPreservation(Model):
    """A court preserved a patent: it can be neither transferred nor pledged (gazette code PP01)."""

    TYPE: ClassVar[str] = "ip.patent.preserved.v1"

    occurred_on: date
    """the first day of the preservation"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    court: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None


class PatentPublication(Model):
    """An application was published (Patent Law Art. 34; gazette code PB01), with its bibliographic data on that date."""

    TYPE: ClassVar[str] = "ip.patent.published.v1"

    occurred_on: date
    """publication date"""
    office: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    kind: str
    number: str
    right: Literal["invention", "utility_model", "design", "plant"]
    ipc: list[Annotated[str, Field(pattern=r"^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]]
    """ordered; the first symbol is the primary one"""
    applicants: list[Party]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first applicant"""
    owner_type: Literal["company", "university", "organisation", "person", "government", "other"] | None = None
    """of the first assignee, else applicant; organisation: a company or a university, not stated which"""
    title: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    application_number: str | None = None
    filed_on: date | None = None
    priority_on: date | None = None
    cpc: list[Annotated[str, Field(pattern=r"^[A-HY][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]] | None = None
    assignees: list[Party] | None = None
    """owners as printed on the document"""
    family_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the same id for all documents of one invention"""
    tags: list[Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]] | None = None
    """declared by the producer: genai, sei, ..."""
    inventors: list[Party] | None = None


class PatentReading(Model):
    """A model read a text of the patent and answered a question. The quote is what the answer stands on."""

    TYPE: ClassVar[str] = "ip.patent.read.v1"

    occurred_on: date
    """the day of the reading"""
    question: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """its name, the same for all patents"""
    asked: Annotated[str, Field(min_length=1, max_length=2000)]
    """the question in words"""
    answer: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """one of the answers that were allowed; `unknown`: the text does not say"""
    part: Literal["title", "abstract", "claims", "description", "other"]
    """what was read"""
    text: Annotated[str, Field(min_length=1, max_length=100000)]
    """all of what was read; the journal does not store it"""
    text_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the text in UTF-8"""
    prompt_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of all that was sent to the model"""
    model_id: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    model_version: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    quote: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    """the words of the text; left out for `unknown`"""
    quote_at: Annotated[int | None, Field(ge=0, le=1000000000000)] = None
    """the number of characters of the text before the quote"""


class PatentRestoration(Model):
    """A ceased patent was restored, as if it had never ceased (Implementing Rules, Rule 6; gazette codes RR01, RA01)."""

    TYPE: ClassVar[str] = "ip.patent.restored.v1"

    occurred_on: date
    """date of the decision"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class PatentTag(Model):
    """A subject tag was assigned to a patent, with its source."""

    TYPE: ClassVar[str] = "ip.patent.tagged.v1"

    occurred_on: date
    """the day on which the tag was assigned"""
    tag: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """genai, sei (a strategic emerging industry), ..."""
    tag_source: Literal["ipc", "declared", "model"]
    """the source of the tag; never guessed from a title"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    confidence: Annotated[str | None, Field(pattern=r"^(0(\.[0-9]{1,12})?|1(\.0{1,12})?)$")] = None
    """of the model"""
    model_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    model_version: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None


class TermAdjustment(Model):
    """A patent's term was adjusted or extended (Patent Law Art. 42; gazette codes TG01, TP01)."""

    TYPE: ClassVar[str] = "ip.patent.term_adjusted.v1"

    occurred_on: date
    """date of the decision"""
    expires_on: date
    """the last day of the term as adjusted"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class PatentUpholding(Model):
    """All requests against a patent were rejected (Patent Law Art. 46) or withdrawn."""

    TYPE: ClassVar[str] = "ip.patent.upheld.v1"

    occurred_on: date
    """date of the decision"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
