"""The model of each type of event: its envelope around what it says.

Models take a third of a second to make, so each is made when the first event of its type comes, and commands that judge
no event do without this module.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, Literal

from schemas.data.common import Correction, Statement, Voiding
from schemas.data.market import (
    AssignmentRecord,
    LicenceCancellation,
    LicenceModification,
    LicenceRecord,
    LoanCompensation,
    LoanDisbursement,
    LoanRepayment,
    OpenLicenceAcceptance,
    OpenLicenceDeclaration,
    OpenLicenceWithdrawal,
    TrademarkCessation,
    TrademarkFiling,
    TrademarkRegistration,
    TrademarkRenewal,
    Valuation,
)
from schemas.data.patent import (
    FeePayment,
    PatentAward,
    PatentCessation,
    PatentChallenge,
    PatentDischarge,
    PatentFiling,
    PatentGrant,
    PatentInvalidation,
    PatentPreservation,
    PatentPublication,
    PatentRestoration,
    PatentTag,
    PatentUpholding,
    TermAdjustment,
)
from schemas.data.pledge import (
    PledgeCancellation,
    PledgeDefault,
    PledgeExtension,
    PledgeModification,
    PledgeRealisation,
    PledgeRegistration,
)
from schemas.data.reference import FxRate, PctFiling, Policy, Population, PublishedFigure
from schemas.events import (
    ASSIGNED,
    AWARDED,
    CANCELLED,
    CEASED,
    CHALLENGED,
    COMPENSATED,
    DEFAULTED,
    DISBURSED,
    DISCHARGED,
    EXTENDED,
    FEE_PAID,
    FILED,
    FX_RATE,
    GRANTED,
    INVALIDATED,
    LICENCE_CANCELLED,
    LICENCE_MODIFIED,
    LICENSED,
    MARK_CEASED,
    MARK_FILED,
    MARK_REGISTERED,
    MARK_RENEWED,
    MODIFIED,
    OFFER_ACCEPTED,
    OFFER_WITHDRAWN,
    OFFERED,
    PCT_FILED,
    POLICY,
    POPULATION,
    PRESERVED,
    PUBLISHED,
    PUBLISHED_FIGURE,
    REALISED,
    REGISTERED,
    REPAID,
    RESTORED,
    TAGGED,
    TERM_ADJUSTED,
    UPHELD,
    VALUED,
    Event,
    EventType,
    Role,
)

DATA: Final[dict[int, type[Statement]]] = {
    REGISTERED: PledgeRegistration,
    MODIFIED: PledgeModification,
    EXTENDED: PledgeExtension,
    CANCELLED: PledgeCancellation,
    DEFAULTED: PledgeDefault,
    REALISED: PledgeRealisation,
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
    VALUED: Valuation,
    LICENSED: LicenceRecord,
    LICENCE_MODIFIED: LicenceModification,
    LICENCE_CANCELLED: LicenceCancellation,
    ASSIGNED: AssignmentRecord,
    OFFERED: OpenLicenceDeclaration,
    OFFER_WITHDRAWN: OpenLicenceWithdrawal,
    OFFER_ACCEPTED: OpenLicenceAcceptance,
    DISBURSED: LoanDisbursement,
    REPAID: LoanRepayment,
    COMPENSATED: LoanCompensation,
    MARK_FILED: TrademarkFiling,
    MARK_REGISTERED: TrademarkRegistration,
    MARK_RENEWED: TrademarkRenewal,
    MARK_CEASED: TrademarkCessation,
    PCT_FILED: PctFiling,
    FX_RATE: FxRate,
    POPULATION: Population,
    POLICY: Policy,
    PUBLISHED_FIGURE: PublishedFigure,
}
"""The number of an original type -> what it says."""


@cache
def model_of(event_type: EventType) -> type[Event[Any, Any]]:
    """Return the model of an event of this type."""
    original = DATA[event_type.family]
    data: Any = original
    if event_type.role is Role.CORRECTED:
        data = Correction[original]  # type: ignore[valid-type]
    elif event_type.role is Role.VOIDED:
        data = Voiding
    return Event[Literal[event_type.name], data]  # type: ignore[name-defined]
