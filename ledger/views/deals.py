"""Transactions: licences, assignments, open licences; what becomes of what was valued; what comparable rights cost."""

from __future__ import annotations

from ledger.views.columns import INDUSTRY, amount_columns
from ledger.views.finance import CURRENCY
from ledger.views.view import Column, View

_NARROWED = {name: {"deal_posting": f"deal_posting_of_{name}"} for name in ("industry", "region")}
TRANSACTIONS = View(
    "transactions",
    "contracts by the year of their record: licences, assignments, mergers (rights that go over with a firm, apart "
    "from assignments), open licences declared (Patent Law Art. 50) and their acceptances (Art. 51). Changes of name "
    "and what a government is given are no transactions. amount is the sum of what was said to be paid: the fixed "
    "fee of a licence, the price of an assignment, as first recorded (later modifications are no part of it); running "
    "royalties are no amount. The amount of a contract is shared over its assets' industries by appraised value, "
    "else equally; a contract counts once in each industry that it touches, so counts do not add up over industries. "
    "fixed, royalty, free, mixed count licences by how they are paid, an acceptance as its offer (in 2021 China "
    "recorded 2,748 licences at fixed prices, 307 for royalties and 1,216 free ones: a missing amount is seldom 0)",
    (
        Column("kind", "text", "`licences`, `assignments`, `mergers`, `open_licences`, `open_licence_acceptances`"),
        INDUSTRY,
        Column("year", "year", "of the record"),
        Column("region", "ISO 3166", "of the first licensor, assignor or patentee; null where not said", "region"),
        Column("currency", "ISO 4217 code", "of the amount; null where none was said", "currency"),
        Column("contracts", "count", "contracts that touch this row"),
        Column("with_amount", "count", "how many of them had an amount"),
        *amount_columns("amount", "exact sum in the currency; null where no amount was said"),
        Column("fixed", "count", "licences for a fixed fee; null for assignments and mergers"),
        Column("royalty", "count", "licences for a running royalty"),
        Column("free", "count", "licences for nothing"),
        Column("mixed", "count", "licences for a fixed fee and a running royalty"),
    ),
    uses=("deal_posting", "contract_line"),
    narrowed=_NARROWED,
)

CONVERSION = View(
    "conversion",
    "of the patents valued up to the day, by purpose and the year of their first valuation for it: how many were "
    "licensed (a licence recorded, or an open licence of them accepted), assigned (a merger or a change of name is "
    "none) or pledged on or after the day on which that valuation was completed; converted: at least one of the "
    "three. rate = converted / patents. A patent counts once in each purpose, however often it was valued. Counted is "
    "what was valued under an id that the book knows as a patent's, or was said to be a patent right. Later years have "
    "had less time",
    (
        Column("purpose", "text", "what it was valued for: `pledge_financing`, `licence`, `transfer`, ..."),
        Column("year", "year", "in which its first valuation for the purpose was completed"),
        Column("patents", "count", "patents valued"),
        Column("licensed", "count", "how many of them were licensed afterwards"),
        Column("assigned", "count", "how many were assigned afterwards"),
        Column("pledged", "count", "how many were pledged afterwards"),
        Column("converted", "count", "how many were any of these"),
        Column("rate", "ratio", "converted / patents, 0 to 1"),
    ),
)

COMPARABLES = View(
    "comparables",
    "what comparable rights cost (the market approach of IVS 210): the fixed fees of licences and the prices of "
    "assignments recorded in the last 3 years up to the day (day - 3 years < record <= day), by industry and "
    "currency; of a contract over several industries each one's share, as in `transactions`. median: of an even "
    "number the mean of the two in the middle, rounded down to a minor unit; quartiles by nearest rank (the smallest "
    "price that a quarter, or three quarters, do not exceed). A price for one patent may follow from nothing here: "
    "pools differ in size, and most licences say no price",
    (
        Column("kind", "text", "`licences` or `assignments` (mergers are none)", "kind"),
        Column("industry", "code", "of the assets", "industry"),
        CURRENCY,
        Column("contracts", "count", "priced contracts that touch the industry"),
        *amount_columns("lower_quartile", "a quarter of the prices are at most this"),
        *amount_columns("median", "half of the prices are at most this"),
        *amount_columns("upper_quartile", "three quarters of the prices are at most this"),
    ),
    uses=("deal_posting", "contract_line"),
    narrowed={"industry": _NARROWED["industry"]},
)

VIEWS = (TRANSACTIONS, CONVERSION, COMPARABLES)
