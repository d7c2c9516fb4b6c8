"""Rows: the state of an entity on a basis, as the book keeps it in typed tables.

Days are YYYYMMDD, money is in minor units next to the ISO 4217 number of its currency, rights and industries are the
numbers of `cells`. A row with `since` and `until` holds on the days `since <= day < until`; END is later than every
day. None means that no event gives a value.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ledger.posting import collateral_rows, valuation_rows

END: Final = 99_991_231
"""YYYYMMDD later than every day."""

_Parties = str | None
"""A JSON array of {name, country?, id?}, in the order of the event."""


class PledgeRow(NamedTuple):
    """A pledge as it is registered. `debtor` is None unless the registration names one."""

    offset: int
    registered_on: int
    region: str | None
    registration_no: str
    deal_id: str | None
    amount_status: str
    right: int
    currency: int | None
    minor: int | None
    debt_from: int | None
    debt_to: int | None
    pledgors: _Parties
    pledgees: _Parties
    debtor: _Parties
    consent: int | None
    waivers: str | None


class PledgeStateRow(NamedTuple):
    """A pledge between two days. `pledgees` is None as long as they are those of the registration; `inferred_by` is the
    rule by which somebody found that a cancellation is about this pledge, None where the register says so."""

    since: int
    until: int
    currency: int | None
    minor: int | None
    debt_to: int | None
    pledgees: _Parties
    cancelled_on: int | None
    cancelled_for: str | None
    defaulted_on: int | None
    realised_on: int | None
    inferred_by: str | None


class PledgeAssetRow(NamedTuple):
    """An asset in a pool, from the day it joins to the day it is released.

    `ordinal` numbers the assets in log order. An asset that is never in the pool has one row that begins and ends on
    the day of registration.
    """

    ordinal: int
    since: int
    until: int
    id: str
    right: int
    industry: int
    currency: int | None
    appraised: int | None


class DocumentRow(NamedTuple):
    """A patent's filing, publication or grant. `ipc` has each symbol once; `cited` counts the patents that it cites;
    `country` is that of the only applicant, "" if there are several."""

    type: int
    offset: int
    day: int
    office: str
    region: str | None
    right: int
    industry: int
    filed_on: int | None
    family_id: str | None
    ipc: str | None
    scope: int
    claims: int | None
    applicants: _Parties
    country: str | None
    assignees: _Parties
    inventor_countries: str | None
    cited: int | None
    owner_type: str | None


class CitationRow(NamedTuple):
    """A patent that a grant cites. The day is that of the grant."""

    id: str


class PatentRow(NamedTuple):
    """A granted patent (`subject`) between two days. `term_end` is the first day after its term; with `disclaimed` (1)
    a terminal disclaimer may end it earlier. `ended_on` is the first day of a cessation or full invalidation."""

    since: int
    until: int
    subject: str
    office: str
    region: str | None
    right: int
    industry: int
    family_id: str | None
    filed_on: int | None
    granted_on: int
    term_end: int | None
    disclaimed: int
    ended_on: int | None
    invalid_on: int | None
    preserved_on: int | None
    challenged_on: int | None


class PatentFeeRow(NamedTuple):
    """An annual fee: the last payment in the log for a year of the patent's life."""

    fee_year: int
    since: int
    until: int
    offset: int
    currency: int | None
    minor: int | None


class PatentNoteRow(NamedTuple):
    """A dated note on a patent. `what` is `tag` (with its source), `award`, or `survived` (a challenge)."""

    offset: int
    ordinal: int
    day: int
    what: str
    name: str
    source: str | None


class TrademarkRow(NamedTuple):
    """A trademark between two days; `filing_office` and `filing_region` are those of its application."""

    since: int
    until: int
    filed_on: int | None
    filing_office: str | None
    filing_region: str | None
    registered_on: int | None
    office: str | None
    region: str | None
    valid_to: int | None
    ceased_on: int | None


class PctFilingRow(NamedTuple):
    """An international application. `region` is its origin."""

    filed_on: int
    region: str | None
    office: str


class DealRow(NamedTuple):
    """A licence, an assignment or an open licence (by `type`), between two days. The amount is the fixed fee, or the
    price. `first_minor` is the amount as first recorded."""

    type: int
    since: int
    until: int
    offset: int
    recorded_on: int
    region: str | None
    form: str | None
    fee: str | None
    currency: int | None
    minor: int | None
    first_currency: int | None
    first_minor: int | None
    royalty_bp: int | None
    royalty_base: str | None
    term_to: int | None
    ended_on: int | None
    executed_on: int | None
    assignees: _Parties


class DealAssetRow(NamedTuple):
    """An asset of a deal."""

    type: int
    ordinal: int
    id: str
    right: int
    industry: int
    currency: int | None
    appraised: int | None


class AcceptanceRow(NamedTuple):
    """An acceptance of an open licence."""

    offset: int
    day: int
    currency: int | None
    minor: int | None


class LoanRow(NamedTuple):
    """The sums of a loan's payments in one currency, on the days between `since` and `until`. Each sum is
    high * 10^12 + low."""

    currency: int
    since: int
    until: int
    region: str | None
    disbursed_on: int | None
    disbursed_high: int
    disbursed_low: int
    repaid_high: int
    repaid_low: int
    compensated_high: int
    compensated_low: int
    rate_bp: int | None
    due_on: int | None


class LoanPaymentRow(NamedTuple):
    """One payment on a loan. `borrower` is whom a disbursement names."""

    offset: int
    type: int
    day: int
    currency: int
    minor: int
    borrower: _Parties


class FxRateRow(NamedTuple):
    """An exchange rate: `rate` units of `quote` are one unit of `base`."""

    offset: int
    day: int
    rate_source: str
    base: str
    quote: str
    rate: str


class PopulationRow(NamedTuple):
    """Residents of a region on a day."""

    offset: int
    published_on: int
    region: str
    as_of: int
    persons: int
    publisher: str


class PolicyRow(NamedTuple):
    """A parameter that holds on the days `since <= day < until`; `valid_to` is its last day, None if open-ended."""

    offset: int
    since: int
    until: int
    policy: str
    region: str | None
    right: int | None
    value: str
    currency: str | None
    anchor: str | None
    issuer: str | None
    valid_to: int | None


class WeightSetRow(NamedTuple):
    """Relative weights of the terms of a score (0: the term does not count) on the days `since <= day < until`."""

    offset: int
    since: int
    until: int
    name: str
    purpose: str
    publisher: str
    document: str | None
    valid_to: int | None
    remaining_term: int
    claims: int
    survived: int
    scope: int
    backward_cites: int
    forward_cites: int
    family_offices: int
    grant_lag: int
    generality: int
    renewals: int
    priced_deals: int
    award: int


class PartyControlRow(NamedTuple):
    """A party and its parent on the days `since <= day < until`, each by its id, else by its name."""

    offset: int
    since: int
    until: int
    party: str
    party_name: str
    parent: str
    parent_name: str
    document: str | None
    valid_to: int | None


class PublishedFigureRow(NamedTuple):
    """A published figure, as printed. `rights` and `kinds` are JSON arrays."""

    offset: int
    published_on: int
    figure: str
    metric: str
    region: str | None
    rights: str | None
    industry: str | None
    office: str | None
    kinds: str | None
    scope: str | None
    purpose: str | None
    period_from: int | None
    period_to: int
    value: str
    precision: str | None
    rounding: str | None
    bound: str | None
    currency: str | None
    converted_to: str | None
    fx_source: str | None
    fx_on: int | None
    publisher: str
    document: str | None


Row = tuple[object, ...]
"""One of the rows above."""

_KEYS: dict[type[Row], tuple[str, int]] = {
    PledgeRow: ("pledge", 0),
    PledgeStateRow: ("pledge_state", 1),
    PledgeAssetRow: ("pledge_asset", 2),
    collateral_rows.PledgePaymentRow: ("pledge_payment", 1),
    collateral_rows.AlertRow: ("alert", 1),
    collateral_rows.AcknowledgementRow: ("acknowledgement", 1),
    DocumentRow: ("document", 1),
    CitationRow: ("citation", 1),
    PatentRow: ("patent", 1),
    PatentFeeRow: ("patent_fee", 2),
    PatentNoteRow: ("patent_note", 2),
    valuation_rows.GenaiPatentRow: ("genai_patent", 0),
    valuation_rows.PatentReadingRow: ("patent_reading", 1),
    TrademarkRow: ("trademark", 1),
    PctFilingRow: ("pct_filing", 0),
    DealRow: ("deal", 2),
    DealAssetRow: ("deal_asset", 2),
    AcceptanceRow: ("acceptance", 1),
    valuation_rows.NeedRow: ("need", 0),
    LoanRow: ("loan", 2),
    LoanPaymentRow: ("loan_payment", 1),
    valuation_rows.ValuationRow: ("valuation", 1),
    valuation_rows.ValuationRequestRow: ("valuation_request", 1),
    valuation_rows.ValuationRefusalRow: ("valuation_refusal", 1),
    valuation_rows.ValuationInputRow: ("valuation_input", 1),
    FxRateRow: ("fx_rate", 1),
    PopulationRow: ("population", 1),
    PolicyRow: ("policy", 1),
    WeightSetRow: ("weight_set", 1),
    valuation_rows.ValuationModelRow: ("valuation_model", 1),
    PartyControlRow: ("party_control", 1),
    PublishedFigureRow: ("published_figure", 1),
}
TABLE_OF = {kind: table for kind, (table, _) in _KEYS.items()}
"""A kind of row -> its table."""
KEY_COLUMNS = dict(_KEYS.values())
"""A table -> how many columns of its rows belong to the key, after partition, entity and basis."""
COLUMNS_OF: dict[str, tuple[str, ...]] = {table: kind._fields for kind, (table, _) in _KEYS.items()}  # type: ignore[attr-defined]
"""A table -> the columns of its rows, after partition, entity and basis."""
