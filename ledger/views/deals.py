"""Transactions: licences, assignments, open licences; conversion of valued patents; prices of comparable rights."""

from __future__ import annotations

from ledger.views.columns import INDUSTRY_COLUMN, amount_columns
from ledger.views.finance import AMOUNTS_CURRENCY
from ledger.views.view import Column, View

TRANSACTIONS = View(
    "transactions",
    "Each row counts the contracts recorded in a year: licences, assignments, mergers (rights that pass with a "
    "firm), open licences declared (Patent Law Art. 50) and accepted (Art. 51). amount = sum of fixed licence "
    "fees and assignment prices as first recorded, shared over the assets' industries by appraised value, else "
    "equally.",
    (
        Column("kind", "text", "`licences`, `assignments`, `mergers`, `open_licences`, `open_licence_acceptances`"),
        INDUSTRY_COLUMN,
        Column("year", "year", "year of record"),
        Column("region", "ISO 3166", "region of the first licensor, assignor or patentee", "region"),
        Column("currency", "ISO 4217 code", "currency of the amount", "currency"),
        Column("contracts", "count", "contracts in this row"),
        Column("with_amount", "count", "contracts with an amount"),
        *amount_columns("amount", "exact sum"),
        Column("fixed", "count", "licences for a fixed fee; null for assignments, mergers"),
        Column("royalty", "count", "licences for a running royalty"),
        Column("free", "count", "licences free of charge"),
        Column("mixed", "count", "licences for a fixed fee and a royalty"),
    ),
    details=(
        "Changes of name and interests given to a government are not transactions.",
        "Later modifications and running royalties are not in amount.",
        "A contract counts once in each industry that it touches, so counts do not add up over industries.",
        "fixed, royalty, free and mixed count licences by payment, an acceptance by that of its offer.",
        (
            "A missing amount is seldom 0: in 2021 China recorded 2,748 licences at fixed prices, 307 for royalties "
            "and 1,216 free ones."
        ),
    ),
    uses=("contract_stock",),
    narrowed={name: {"contract_stock": f"contract_stock_of_{name}"} for name in ("industry", "region")},
    main=("year", "kind", "industry", "region", "currency", "contracts", "amount"),
)

CONVERSION = View(
    "conversion",
    "Each row counts the patents valued up to the day for a purpose, by the year of their first valuation for it. "
    "licensed (a licence or an accepted open licence), assigned, pledged: on or after the day that valuation was "
    "completed. converted: at least one of them. rate = converted / patents.",
    (
        Column("purpose", "text", "purpose: `pledge_financing`, `licence`, `transfer`, ..."),
        Column("year", "year", "year of the first valuation for the purpose"),
        Column("patents", "count", "patents valued"),
        Column("licensed", "count", "patents licensed afterwards"),
        Column("assigned", "count", "patents assigned afterwards"),
        Column("pledged", "count", "patents pledged afterwards"),
        Column("converted", "count", "patents with at least one of these"),
        Column("rate", "ratio", "converted / patents, 0 to 1"),
    ),
    details=(
        "A patent counts once per purpose, however often it is valued.",
        "Mergers and changes of name are not assignments.",
        "Counted are subjects whose id the book knows as a patent's, or whose right is a patent right.",
        "Patents of later years have had less time.",
    ),
)

COMPARABLES = View(
    "comparables",
    "Each row shows prices of comparable rights in an industry (market approach, IVS 210): fixed fees of licences "
    "and prices of assignments recorded in the 3 years up to the day (day - 3 years < record <= day). Quartiles "
    "by nearest rank; median of an even number = mean of the middle two, rounded down to a minor unit.",
    (
        Column("kind", "text", "`licences` or `assignments`", "kind"),
        Column("industry", "code", "industry of the assets", "industry"),
        AMOUNTS_CURRENCY,
        Column("contracts", "count", "priced contracts in the industry"),
        *amount_columns("lower_quartile", "price that a quarter do not exceed"),
        *amount_columns("median", "price that half do not exceed"),
        *amount_columns("upper_quartile", "price that three quarters do not exceed"),
    ),
    details=(
        (
            "A contract over several industries counts with its share in each, as in `transactions`; mergers are "
            "excluded."
        ),
        (
            "The lower (upper) quartile is the smallest price that a quarter (three quarters) of the prices do not "
            "exceed."
        ),
        "No price of a single patent follows from this: pools differ in size, and most licences give no price.",
    ),
    uses=("deal_posting", "contract_posting", "contract_line"),
    narrowed={"industry": {"deal_posting": "deal_posting_of_industry"}},
)

ROYALTIES = View(
    "royalties",
    "Each row shows running royalties in an industry by what they are a percentage of: of licences and open licences "
    "recorded in the 3 years up to the day, as last modified. Quartiles by nearest rank; median of an even number = "
    "mean of the middle two, rounded down. Comparable transactions of relief from royalty (IVS 210).",
    (
        Column("kind", "text", "`licences` or `open_licences`", "kind"),
        Column("industry", "code", "industry of the assets", "industry"),
        Column("base", "text", "`net_sales`, `gross_sales`, `units`, `profit` or `other`; null if not given"),
        Column("contracts", "count", "contracts with a royalty in the industry"),
        Column("lower_quartile_bp", "basis points", "royalty that a quarter do not exceed, in hundredths of a percent"),
        Column("median_bp", "basis points", "royalty that half do not exceed"),
        Column("upper_quartile_bp", "basis points", "royalty that three quarters do not exceed"),
    ),
    details=(
        "Royalties of different bases are never in one row: 5 % of net sales is not 5 % of profit.",
        "A contract over several industries counts once in each. Contracts that ended count as well.",
    ),
)

VIEWS = (TRANSACTIONS, CONVERSION, COMPARABLES, ROYALTIES)
