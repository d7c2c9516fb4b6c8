"""Money around rights: valuations, loans, and what is lent upon what value.

Appraised values, secured debts, what was disbursed and what is outstanding stand beside each other here, and never
meet in one sum.
"""

from __future__ import annotations

from ledger.views.columns import amount_columns
from ledger.views.view import Column, View

CURRENCY = Column("currency", "ISO 4217 code", "of the amounts", "currency")
REGION_UNIT = "ISO 3166"

#  ---- policies

MOST_SPECIFIC = (
    "the most specific policy that is in force counts: one of the right before one of all rights, then one of the "
    "region, then of its country, then of all regions, then the one that came into force last, then the last in the log"
)


# ---- valuations

_VALUED_AS = (
    Column("purpose", "text", "what it was valued for: `pledge_financing`, `licence`, `transfer`, ..."),
    Column("platform", "text", "the platform that valued it; null where not said"),
)
_INDUSTRY = Column(
    "industry", "code", "industry of the first IPC symbol said with the valuation; `UNK` without one", "industry"
)
_LATEST = (
    "Of the valuations of one subject for one purpose the latest counts: that of the latest day for which the value "
    "holds (as_of), of several of that day the last in the log"
)

VALUATIONS = View(
    "valuations",
    f"one row a valuation completed up to the day. {_LATEST}; every other one is superseded by the next. mid is the "
    "value, low and high its range as said; null where not said. An appraised value is neither a debt nor a loan "
    "(GB/T 42748-2023 names its uses; methods after IVS 210: cost, market, income)",
    (
        Column("subject", "text", "what was valued, such as a canonical patent id"),
        Column("valuation_id", "text", "the valuation"),
        *_VALUED_AS,
        Column("method", "text", "`cost`, `market`, `income`, `ai_model`, `mixed` or `other`"),
        Column("model_id", "text", "the model of a valuation by `ai_model`"),
        Column("model_version", "text", "its version"),
        Column("appraiser", "text", "name of the appraiser; null where not said"),
        Column("region", REGION_UNIT, "region said with the valuation; null where not said"),
        Column("right", "text", "kind of right; null where not said", "right"),
        _INDUSTRY,
        Column("completed_on", "date", "business date of the valuation", "day"),
        Column("as_of", "date", "the day for which the value holds", "day"),
        CURRENCY,
        *amount_columns("low", "lower end"),
        *amount_columns("mid", "the value"),
        *amount_columns("high", "upper end"),
        Column("superseded_by", "text", "the valuation that came next; null for the one that counts"),
    ),
)

_FLOW_KEY = (*_VALUED_AS, _INDUSTRY, Column("year", "year", "in which the valuation was completed"))
VALUATION_CONVERTED = View(
    "valuation_converted",
    "sum of mid of the valuations that count, as of the day, by the year in which they were completed; and the same "
    f"in yuan and in dollars, approximately. {_LATEST}. So a later valuation takes an earlier one out of its year, a "
    "closed year too; with --as-of the last day of a year it shows what counted then. converted = sum of mid x "
    "fx(as_of of the valuation, source), the rate of that day or of the last one of the 10 days before for which the "
    "source has one (weekends and holidays have none); an older rate never stands in. Where the source has no rate "
    "from the currency to the target on that day, its inverse counts, else two of its rates of the same day crossed "
    "(for the ECB, whose base is always the euro: CNY/USD = CNY/EUR / (USD/EUR)), over the first third currency by "
    "code. A row each source of rates in the book: rows of two sources or two targets are the same money, never to be "
    "added; those of one source and target hold each valuation once. Null where no valuation has a rate; with_rate "
    "says how many have one, and only their values are in the sum. The target's own currency has factor 1 and no rate "
    "day. Exact: amount, in the currency as said; approximate: converted, a floating-point number. As of a day, rates "
    "of later days are not used",
    (
        *_FLOW_KEY,
        CURRENCY,
        Column("valuations", "count", "valuations that count"),
        *amount_columns("amount", "exact sum of their mid values in their currency"),
        Column("target", "ISO 4217 code", "into what is converted: CNY or USD"),
        Column("rate_source", "text", "who published the rates, such as ECB; null where the book has no rates"),
        Column("with_rate", "count", "how many of the valuations could be converted"),
        Column("converted", "approximate", "their sum in the target currency (in units, not in minor units)"),
        Column("first_rate_day", "date", "the first day of the rates used", "day"),
        Column("last_rate_day", "date", "the last day of the rates used", "day"),
        Column("oldest_rate_days", "days", "at most so many days a rate is older than its valuation's as_of; 0 to 10"),
    ),
    uses=("valuation_on_day", "rate_asked", "exchange_rate"),
    narrowed={"industry": {"valuation_on_day": "valuation_on_day_of_industry"}},
)


# ---- loans, and what is lent upon what value

LOANS_VIEW = View(
    "loans",
    "one row a deal and currency, as of the day: outstanding = disbursed - repaid - compensated (what guarantors, "
    "insurers and risk funds paid for the borrower no longer stands with the lender). Due date and rate are those of "
    "the last payment to the borrower that says one, the region that of the first. overdue_days = day - due_on while "
    "anything is outstanding, else 0; null where no due date was said. inclusive = the disbursed sum is at most the "
    "policy `inclusive_loan` in force on the day of the first payment: the threshold is dated (10 m yuan was raised "
    f"to 20 m), so each loan is held against the one of its time, in its currency; {MOST_SPECIFIC}; null where none "
    "was in force, or the deal has several currencies",
    (
        Column("deal", "text", "deal id"),
        Column("region", REGION_UNIT, "of the borrower; null where not said"),
        CURRENCY,
        Column(
            "disbursed_on", "date", "the first payment to the borrower; null where none was in this currency", "day"
        ),
        *amount_columns("disbursed", "sum of the payments to the borrower"),
        *amount_columns("repaid", "sum of the principal paid back"),
        *amount_columns("compensated", "sum of what others paid for the borrower"),
        *amount_columns("outstanding", "disbursed - repaid - compensated"),
        Column("rate_bp", "basis points", "interest a year; null where not said"),
        Column("due_on", "date", "when the loan is due; null where not said", "day"),
        Column("overdue_days", "days", "for how long something has been outstanding after that"),
        Column("threshold", "decimal", "the largest inclusive loan by policy, in units of the currency"),
        Column("inclusive", "0 or 1", "whether the loan is an inclusive one"),
    ),
    uses=("policy_level", "policy_money"),
)

LTV = View(
    "ltv",
    "one row a pledge in force on the day: ltv = secured / sum of the appraised values of the assets still in it; "
    "loan_ltv = outstanding of the loan of its deal / sum of the appraised values of all pledges in force of that "
    "deal (a deal may pool patents, trademarks and copyrights in several registrations). Null unless all assets are "
    "appraised, in one currency, that of the debt or loan, and their sum is not 0: what is not appraised is not "
    "worth 0. The cap is the policy `ltv_cap` in force on the day, for the right and the pledge's region; "
    f"{MOST_SPECIFIC}; over assets of several rights the lowest cap. Banks lend at most a part of the appraised "
    "value, such as 0.25 on inventions and 0.15 on utility models (Bank of Communications, Beijing, 2006): a ratio "
    "of exactly the cap is no breach",
    (
        Column("pledge", "text", "pledge id"),
        Column("registration_no", "text", "number of the registration"),
        Column("deal", "text", "deal id; null where not said"),
        Column("region", REGION_UNIT, "of the first pledgor; null where not said"),
        Column("right", "text", "kind of right; `mixed` where assets differ", "right"),
        Column("assets", "count", "assets still in the pledge"),
        Column("appraised_assets", "count", "how many of them were appraised"),
        Column("currency", "ISO 4217 code", "of the secured debt; null where undisclosed", "currency"),
        *amount_columns("secured", "registered debt after the last change; null where undisclosed", "secured_decimals"),
        Column(
            "appraised_currency", "ISO 4217 code", "of the appraised values; null where they have several", "currency"
        ),
        *amount_columns(
            "appraised",
            "sum of the appraised values; null where they are not all said in one currency",
            "appraised_decimals",
        ),
        Column(
            "loan_currency", "ISO 4217 code", "of the loan; null where there is none, or it has several", "currency"
        ),
        *amount_columns(
            "outstanding", "what is outstanding of the deal's loan; null where that has no currency", "loan_decimals"
        ),
        Column("ltv", "ratio", "secured / appraised"),
        Column("loan_ltv", "ratio", "outstanding / appraised, over the deal"),
        Column("ltv_cap", "decimal", "the policy's highest ratio; null where no policy is in force"),
        Column("breach", "0 or 1", "whether ltv is above the cap; null where either is"),
        Column("loan_breach", "0 or 1", "whether loan_ltv is above the cap; null where either is"),
    ),
    uses=("policy_level", "policy_in_force"),
)

VIEWS = (VALUATIONS, VALUATION_CONVERTED, LOANS_VIEW, LTV)
