"""Transactions with intellectual property: licences, assignments, loans; and trademarks.

Articles are those of the Chinese Patent Law (2020) and Trademark Law (2019).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from schemas.data.common import (
    BasisPoints,
    EventData,
    Items,
    KnownParties,
    OneParty,
    Parties,
    Prose,
    check_once,
    check_order,
)
from schemas.data.pledge import Asset, PledgedAssets
from schemas.events import (
    ASSIGNED,
    COMPENSATED,
    DISBURSED,
    LICENCE_CANCELLED,
    LICENCE_MODIFIED,
    LICENSED,
    MARK_CEASED,
    MARK_FILED,
    MARK_REGISTERED,
    MARK_RENEWED,
    NEED_PUBLISHED,
    OFFER_ACCEPTED,
    OFFER_WITHDRAWN,
    OFFERED,
    REPAID,
    SUBSIDISED,
)
from schemas.money import Money
from schemas.values import Day, Office, Region, RegistrationNo, ShortText, SubjectCode, Text
from schemas.wording import InvalidValue

RoyaltyBase = Literal["net_sales", "gross_sales", "units", "profit", "other"]
FeeMode = Literal["fixed", "royalty", "free", "mixed"]
FEE_IN_WORDS_OF_JSON_SCHEMA = ConfigDict(
    json_schema_extra={
        "allOf": [
            {
                "if": {"properties": {"fee": {"enum": ["free", other, None]}}},
                "then": {"properties": {name: {"type": "null"}}},
            }
            for name, other in (("amount", "royalty"), ("royalty_bp", "fixed"))
        ]
    }
)
"""JSON Schema of the rules that `check_fee` enforces."""


def _each_asset_once(assets: tuple[Asset, ...]) -> tuple[Asset, ...]:
    check_once("asset", [asset.id for asset in assets])
    return assets


def _each_class_once(classes: tuple[int, ...]) -> tuple[int, ...]:
    check_once("class", classes)
    return classes


DistinctPool = Annotated[PledgedAssets, AfterValidator(_each_asset_once)]
Classes = Annotated[
    Items[Annotated[int, Field(ge=1, le=45)]],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_class_once),
]


class LicenceRecord(EventData):
    """A licence contract was recorded (SIPO Order 62 of 2011; gazette code EE01)."""

    model_config = FEE_IN_WORDS_OF_JSON_SCHEMA

    occurred_on: Day = Field(description="date of the record")
    region: Region | None = Field(None, description="of the first licensor")
    contract_no: RegistrationNo
    licence: Literal["exclusive", "sole", "ordinary", "open"] | None = Field(
        None, description="exclusive: not even the licensor may use the right; sole: the licensor may"
    )
    fee: FeeMode | None = Field(None, description="left out where the register does not have it")
    amount: Money | None = Field(None, description="the fixed fee")
    royalty_bp: BasisPoints | None = Field(
        None, description="the running royalty in hundredths of a percent of its base"
    )
    royalty_base: RoyaltyBase | None = Field(None, description="what the running royalty is a percentage of")
    term_from: Day | None = None
    term_to: Day | None = Field(None, description="its last day")
    licensors: KnownParties
    licensees: KnownParties
    assets: DistinctPool

    @model_validator(mode="after")
    def _is_paid_as_it_says(self) -> LicenceRecord:
        check_fee(self.fee, self.amount, self.royalty_bp)
        check_order(self, "term_from", "term_to")
        return self


class LicenceModification(EventData):
    """A recorded licence was changed, from the date of the change on (gazette code EM01)."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [name]} for name in ("amount", "royalty_bp", "term_to")]}
    )

    occurred_on: Day = Field(description="date of the change")
    contract_no: RegistrationNo
    amount: Money | None = Field(None, description="the fixed fee from now on")
    royalty_bp: BasisPoints | None = None
    royalty_base: RoyaltyBase | None = None
    term_to: Day | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> LicenceModification:
        if self.amount is None and self.royalty_bp is None and self.term_to is None:
            raise InvalidValue("no_change", fields="amount, royalty_bp, term_to")
        return self


class LicenceCancellation(EventData):
    """A recorded licence was cancelled (gazette code EC01)."""

    occurred_on: Day = Field(description="date of the cancellation")
    contract_no: RegistrationNo
    reason: Prose | None = None


class AssignmentRecord(EventData):
    """Rights were transferred, or their owner changed its name (gazette codes TR01, TA01, CP01)."""

    occurred_on: Day = Field(description="date of the record, when a transfer takes effect (Patent Law Art. 10)")
    region: Region | None = Field(None, description="of the first assignor")
    contract_no: RegistrationNo
    conveyance: Literal["assignment", "merger", "change_of_name", "government_interest", "other"]
    price: Money | None = None
    executed_on: Day | None = Field(None, description="date of the contract")
    assignors: KnownParties
    assignees: KnownParties
    assets: DistinctPool


class OpenLicenceDeclaration(EventData):
    """A patentee offered a licence to everyone (Patent Law Art. 50; gazette code OL01)."""

    model_config = FEE_IN_WORDS_OF_JSON_SCHEMA

    occurred_on: Day = Field(description="date of the announcement")
    region: Region | None = Field(None, description="of the first patentee")
    fee: FeeMode | None = Field(None, description="left out where the announcement does not have it")
    amount: Money | None = Field(None, description="the fixed fee that each licensee pays")
    royalty_bp: BasisPoints | None = None
    royalty_base: RoyaltyBase | None = None
    term_from: Day | None = None
    term_to: Day | None = None
    patentees: Parties
    assets: DistinctPool

    @model_validator(mode="after")
    def _is_paid_as_it_says(self) -> OpenLicenceDeclaration:
        check_fee(self.fee, self.amount, self.royalty_bp)
        check_order(self, "term_from", "term_to")
        return self


class OpenLicenceWithdrawal(EventData):
    """An open licence offer was withdrawn; licences granted before continue (Patent Law Art. 50; gazette code OL02)."""

    occurred_on: Day = Field(description="date of the announcement")


class OpenLicenceAcceptance(EventData):
    """A licensee accepted an open licence by written notice and payment (Patent Law Art. 51)."""

    occurred_on: Day = Field(description="date of the notice")
    licensee: OneParty
    amount: Money | None = Field(None, description="the fixed fee paid")


class Need(EventData):
    """Somebody looks for rights: the counterpart of an open licence."""

    occurred_on: Day = Field(description="date of the publication")
    region: Region | None = Field(None, description="where the right is to be used")
    text: Text = Field(description="what is sought, in words")
    codes: Annotated[Items[SubjectCode], Field(max_length=50)] | None = Field(
        None, description="IPC or CPC: subclasses `H01M`, main groups `H01M0010`, symbols of 14 characters"
    )
    seeker: OneParty | None = Field(None, description="left out where the publisher does not name it")
    valid_to: Day | None = Field(None, description="its last day")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Need:
        check_order(self, "occurred_on", "valid_to")
        return self


class LoanDisbursement(EventData):
    """A lender paid out a loan or a part of it."""

    occurred_on: Day = Field(description="date of the payment")
    region: Region | None = Field(None, description="of the borrower")
    amount: Money = Field(description="what was paid out")
    rate_bp: BasisPoints | None = Field(None, description="interest a year in hundredths of a percent")
    due_on: Day | None = None
    lender: OneParty
    borrower: OneParty | None = None
    guarantor: OneParty | None = None
    insurer: OneParty | None = None

    @model_validator(mode="after")
    def _is_due_later(self) -> LoanDisbursement:
        check_order(self, "occurred_on", "due_on")
        return self


class LoanRepayment(EventData):
    """The borrower repaid principal."""

    occurred_on: Day = Field(description="date of the payment")
    amount: Money = Field(description="principal; interest is not counted")


class LoanCompensation(EventData):
    """A party that shared the risk paid for the borrower."""

    occurred_on: Day = Field(description="date of the payment")
    amount: Money
    paid_by: Literal["guarantor", "insurer", "risk_fund", "other"]


class LoanSubsidy(EventData):
    """An authority paid interest of the loan, to the borrower or for it."""

    occurred_on: Day = Field(description="date of the payment")
    amount: Money
    programme: ShortText | None = Field(None, description="name of the programme or its document")
    payer: OneParty | None = None
    interest_from: Day | None = Field(None, description="the first day of the interest that is subsidised")
    interest_to: Day | None = Field(None, description="the last day of that interest")

    @model_validator(mode="after")
    def _is_for_a_period(self) -> LoanSubsidy:
        check_order(self, "interest_from", "interest_to")
        return self


class TrademarkFiling(EventData):
    """An application for a trademark was filed (Trademark Law Art. 22). It counts once, whatever its classes."""

    occurred_on: Day = Field(description="filing date")
    region: Region | None = Field(None, description="of the first applicant")
    office: Office
    application_number: ShortText
    classes: Classes | None = Field(
        None, description="of the Nice Classification; omitted if the office used another classification"
    )
    applicants: Parties


class TrademarkRegistration(EventData):
    """A trademark was registered for ten years (Trademark Law Art. 39)."""

    occurred_on: Day = Field(description="registration date")
    region: Region | None = Field(None, description="of the first owner")
    office: Office | None = Field(None, description="office of the register (WIPO ST.3)")
    classes: Classes = Field(description="of the Nice Classification")
    owners: Parties
    valid_to: Day | None = Field(None, description="the last day of its term")

    @model_validator(mode="after")
    def _is_registered_for_a_term(self) -> TrademarkRegistration:
        check_order(self, "occurred_on", "valid_to")
        return self


class TrademarkRenewal(EventData):
    """A trademark's term was renewed for ten more years (Trademark Law Art. 40)."""

    occurred_on: Day = Field(description="date of the renewal")
    valid_to: Day = Field(description="the last day of the new term")

    @model_validator(mode="after")
    def _is_renewed_for_a_term(self) -> TrademarkRenewal:
        check_order(self, "occurred_on", "valid_to")
        return self


class TrademarkCessation(EventData):
    """A trademark ceased to be registered."""

    occurred_on: Day = Field(description="the first day on which it is not registered")
    reason: Literal["expired", "cancelled", "surrendered", "invalidated", "other"]


def check_fee(fee: str | None, amount: Money | None, royalty_bp: int | None) -> None:
    """Raise InvalidValue unless an amount belongs to a fixed or mixed fee, and a royalty to a royalty or mixed fee."""
    if amount is not None and fee not in ("fixed", "mixed"):
        raise InvalidValue("fee_amount")
    if royalty_bp is not None and fee not in ("royalty", "mixed"):
        raise InvalidValue("fee_royalty")


MODELS: Final[dict[int, type[EventData]]] = {
    LICENSED: LicenceRecord,
    LICENCE_MODIFIED: LicenceModification,
    LICENCE_CANCELLED: LicenceCancellation,
    ASSIGNED: AssignmentRecord,
    OFFERED: OpenLicenceDeclaration,
    OFFER_WITHDRAWN: OpenLicenceWithdrawal,
    OFFER_ACCEPTED: OpenLicenceAcceptance,
    NEED_PUBLISHED: Need,
    DISBURSED: LoanDisbursement,
    REPAID: LoanRepayment,
    COMPENSATED: LoanCompensation,
    SUBSIDISED: LoanSubsidy,
    MARK_FILED: TrademarkFiling,
    MARK_REGISTERED: TrademarkRegistration,
    MARK_RENEWED: TrademarkRenewal,
    MARK_CEASED: TrademarkCessation,
}
"""Number of an original type -> the model of its data."""
