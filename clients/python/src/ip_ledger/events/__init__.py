"""The data of every type of event."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from typing import Final

from ip_ledger.base import Model
from ip_ledger.events.assignment import AssignmentRecord
from ip_ledger.events.collateral import CollateralAcknowledgement, CollateralAlert
from ip_ledger.events.common import Asset, Money, Party
from ip_ledger.events.licence import LicenceCancellation, LicenceModification, LicenceRecord
from ip_ledger.events.loan import LoanCompensation, LoanDisbursement, LoanRepayment
from ip_ledger.events.open_licence import OpenLicenceAcceptance, OpenLicenceDeclaration, OpenLicenceWithdrawal
from ip_ledger.events.patent import (
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
    ReissuedPatent,
    TermAdjustment,
)
from ip_ledger.events.pct import PctFiling
from ip_ledger.events.pledge import (
    PledgeCancellation,
    PledgeDefault,
    PledgeExtension,
    PledgeModification,
    PledgeRealisation,
    PledgeRegistration,
)
from ip_ledger.events.reference import FxRate, Policy, Population, PublishedFigure, TermWeights, WeightSet
from ip_ledger.events.trademark import TrademarkCessation, TrademarkFiling, TrademarkRegistration, TrademarkRenewal
from ip_ledger.events.valuation import Evidence, Scenario, Valuation, ValuationInput, ValuationRefusal, ValuationRequest

__all__ = [
    "MODELS",
    "Asset",
    "AssignmentRecord",
    "CollateralAcknowledgement",
    "CollateralAlert",
    "Evidence",
    "FeePayment",
    "FxRate",
    "LicenceCancellation",
    "LicenceModification",
    "LicenceRecord",
    "LoanCompensation",
    "LoanDisbursement",
    "LoanRepayment",
    "Money",
    "OpenLicenceAcceptance",
    "OpenLicenceDeclaration",
    "OpenLicenceWithdrawal",
    "Party",
    "PatentAward",
    "PatentCessation",
    "PatentChallenge",
    "PatentDischarge",
    "PatentFiling",
    "PatentGrant",
    "PatentInvalidation",
    "PatentPreservation",
    "PatentPublication",
    "PatentRestoration",
    "PatentTag",
    "PatentUpholding",
    "PctFiling",
    "PledgeCancellation",
    "PledgeDefault",
    "PledgeExtension",
    "PledgeModification",
    "PledgeRealisation",
    "PledgeRegistration",
    "Policy",
    "Population",
    "PublishedFigure",
    "ReissuedPatent",
    "Scenario",
    "TermAdjustment",
    "TermWeights",
    "TrademarkCessation",
    "TrademarkFiling",
    "TrademarkRegistration",
    "TrademarkRenewal",
    "Valuation",
    "ValuationInput",
    "ValuationRefusal",
    "ValuationRequest",
    "WeightSet",
]

MODELS: Final[dict[str, type[Model]]] = {
    "ip.assignment.recorded.v1": AssignmentRecord,
    "ip.collateral.acknowledged.v1": CollateralAcknowledgement,
    "ip.collateral.alerted.v1": CollateralAlert,
    "ip.licence.cancelled.v1": LicenceCancellation,
    "ip.licence.modified.v1": LicenceModification,
    "ip.licence.recorded.v1": LicenceRecord,
    "ip.loan.compensated.v1": LoanCompensation,
    "ip.loan.disbursed.v1": LoanDisbursement,
    "ip.loan.repaid.v1": LoanRepayment,
    "ip.open_licence.accepted.v1": OpenLicenceAcceptance,
    "ip.open_licence.declared.v1": OpenLicenceDeclaration,
    "ip.open_licence.withdrawn.v1": OpenLicenceWithdrawal,
    "ip.patent.awarded.v1": PatentAward,
    "ip.patent.ceased.v1": PatentCessation,
    "ip.patent.challenged.v1": PatentChallenge,
    "ip.patent.discharged.v1": PatentDischarge,
    "ip.patent.fee_paid.v1": FeePayment,
    "ip.patent.filed.v1": PatentFiling,
    "ip.patent.granted.v1": PatentGrant,
    "ip.patent.invalidated.v1": PatentInvalidation,
    "ip.patent.preserved.v1": PatentPreservation,
    "ip.patent.published.v1": PatentPublication,
    "ip.patent.restored.v1": PatentRestoration,
    "ip.patent.tagged.v1": PatentTag,
    "ip.patent.term_adjusted.v1": TermAdjustment,
    "ip.patent.upheld.v1": PatentUpholding,
    "ip.pct.filed.v1": PctFiling,
    "ip.pledge.cancelled.v1": PledgeCancellation,
    "ip.pledge.defaulted.v1": PledgeDefault,
    "ip.pledge.extended.v1": PledgeExtension,
    "ip.pledge.modified.v1": PledgeModification,
    "ip.pledge.realised.v1": PledgeRealisation,
    "ip.pledge.registered.v1": PledgeRegistration,
    "ip.reference.fx_rate.v1": FxRate,
    "ip.reference.policy.v1": Policy,
    "ip.reference.population.v1": Population,
    "ip.reference.published_figure.v1": PublishedFigure,
    "ip.reference.weight_set.v1": WeightSet,
    "ip.trademark.ceased.v1": TrademarkCessation,
    "ip.trademark.filed.v1": TrademarkFiling,
    "ip.trademark.registered.v1": TrademarkRegistration,
    "ip.trademark.renewed.v1": TrademarkRenewal,
    "ip.valuation.completed.v1": Valuation,
    "ip.valuation.input.v1": ValuationInput,
    "ip.valuation.refused.v1": ValuationRefusal,
    "ip.valuation.requested.v1": ValuationRequest,
}
"""Type of an original event -> the model of its data."""
