"""Money around rights: valuations, loans, and loan to value.

Appraised, secured, disbursed and outstanding amounts are side by side here; no sum mixes them.
"""

from __future__ import annotations

from ledger.views.columns import amount_columns
from ledger.views.view import Column, View

AMOUNTS_CURRENCY = Column("currency", "ISO 4217 code", "currency of the amounts", "currency")
REGION_UNIT = "ISO 3166"

# ---- valuations

_VALUED_AS = (
    Column("purpose", "text", "purpose: `pledge_financing`, `licence`, `transfer`, ..."),
    Column("platform", "text", "platform of the valuation"),
)
_INDUSTRY = Column("industry", "code", "industry of the valuation's first IPC symbol, or `UNK`", "industry")
_VALUATIONS = View(
    "valuations",
    "Each row is a valuation completed up to the day. mid is the value, low and high its range. Of those of one "
    "subject and purpose the latest counts: the latest as_of, then the last in the log; each other one is "
    "superseded by the next. Approaches and bases of value: IVS 103 and 102; purposes: GB/T 42748-2023.",
    (
        Column("subject", "text", "valued subject, such as a canonical patent id"),
        Column("valuation_id", "text", "valuation id"),
        *_VALUED_AS,
        Column("method", "text", "an approach, `ai_model` or `other`"),
        Column("approach", "text", "`cost`, `market`, `income` or `mixed`; null: not given"),
        Column("basis_of_value", "text", "premise of the value: `market_value`, ...; null: not given"),
        Column("model_id", "text", "model, for method `ai_model`"),
        Column("model_version", "text", "version of the model"),
        Column("appraiser", "party", "name of the appraiser"),
        Column("region", REGION_UNIT, "region given by the valuation"),
        Column("right", "text", "kind of right", "right"),
        _INDUSTRY,
        Column("completed_on", "date", "completion date", "day"),
        Column("as_of", "date", "valuation date", "day"),
        AMOUNTS_CURRENCY,
        *amount_columns("low", "lower end of the range"),
        *amount_columns("mid", "middle value"),
        *amount_columns("high", "upper end of the range"),
        Column("superseded_by", "text", "next valuation; null for the one that counts"),
    ),
    details=("An appraised value is neither a debt nor a loan.",),
    main=("subject", "as_of", "currency", "mid", "method", "low", "high", "completed_on"),
)

_FLOW_KEY = (*_VALUED_AS, _INDUSTRY, Column("year", "year", "year of completion"))
VALUATION_CONVERTED = View(
    "valuation_converted",
    "Each row sums mid of the valuations that count (see `valuations`) and were completed in a year, in their "
    "currency and converted into CNY or USD. converted = sum of mid x rate on the valuation's as_of, by source of "
    "rates; approximate (floating point). Rates are at most 10 days older than as_of (weekends, holidays).",
    (
        *_FLOW_KEY,
        AMOUNTS_CURRENCY,
        Column("valuations", "count", "number of valuations that count"),
        *amount_columns("amount", "exact sum of the mid values"),
        Column("target", "ISO 4217 code", "target currency: CNY or USD"),
        Column("rate_source", "text", "source of the rates, such as ECB; null without rates"),
        Column("with_rate", "count", "valuations with a rate"),
        Column("converted", "approximate", "sum in the target currency, in units (not minor units)"),
        Column("first_rate_day", "date", "first day of the rates used", "day"),
        Column("last_rate_day", "date", "last day of the rates used", "day"),
        Column("oldest_rate_days", "days", "largest age of a rate at the valuation's as_of, 0 to 10"),
    ),
    details=(
        (
            "A later valuation removes the earlier one from its year, even a closed one; `--as-of` the last day of a "
            "year shows what counted then."
        ),
        (
            "Without a direct rate on that day the inverse is used, else two rates of the source on the same day, "
            "crossed over the first third currency by code (for the ECB, whose base is the euro: CNY/USD = CNY/EUR / "
            "(USD/EUR))."
        ),
        "Rates of days after the day asked for are not used.",
        (
            "One row per source and target: rows of two sources or targets are the same money and are never added; "
            "those of one source and target have each valuation once."
        ),
        "converted is null if no valuation has a rate; it has only the with_rate valuations that have one.",
        "The target's own currency has factor 1 and no rate day.",
        "amount is exact.",
    ),
    uses=("valuation_on_day", "rate_asked", "exchange_rate"),
    narrowed={"industry": {"valuation_on_day": "valuation_on_day_of_industry"}},
    main=("industry", "year", "currency", "amount", "target", "converted", "valuations", "with_rate"),
)


# ---- loans, and loan to value

LOANS_VIEW = View(
    "loans",
    "Each row is a deal in one currency, as of the day. outstanding = disbursed - repaid - compensated (paid for "
    "the borrower by guarantors, insurers and risk funds). overdue_days = day - due_on while anything is "
    "outstanding, else 0. inclusive = 1 if disbursed is at most the policy `inclusive_loan` on the day of the "
    "first payment.",
    (
        Column("deal", "text", "deal id"),
        Column("region", REGION_UNIT, "region of the borrower"),
        AMOUNTS_CURRENCY,
        Column("disbursed_on", "date", "first payment to the borrower in this currency", "day"),
        *amount_columns("disbursed", "sum of payments to the borrower"),
        *amount_columns("repaid", "sum of principal repaid"),
        *amount_columns("compensated", "sum of payments by others for the borrower"),
        *amount_columns("outstanding", "disbursed - repaid - compensated"),
        Column("rate_bp", "basis points", "interest per year"),
        Column("due_on", "date", "due date of the loan", "day"),
        Column("overdue_days", "days", "days outstanding after due_on"),
        Column("threshold", "decimal", "largest inclusive loan by policy, in currency units"),
        Column("inclusive", "0 or 1", "1 for an inclusive loan"),
    ),
    details=(
        "due_on and rate_bp come from the last payment to the borrower that gives them, region from the first.",
        (
            "The threshold is dated (it rose from 10 m to 20 m yuan) and in the loan's currency; the most specific "
            "policy counts (see the glossary)."
        ),
        "inclusive is null without a policy in force, or if the deal has several currencies.",
        "overdue_days is null without a due date.",
    ),
    uses=("policy_level", "policy_money"),
    main=("deal", "currency", "disbursed", "outstanding", "due_on", "overdue_days", "repaid", "region"),
)

LTV = View(
    "ltv",
    "Each row is a pledge in force on the day. ltv = secured / appraised value of the assets still in it. "
    "loan_ltv = outstanding of the deal's loan / appraised value of all its pledges in force. breach = 1 if above "
    "the policy `ltv_cap` of the day for right and region; exactly the cap is not a breach.",
    (
        Column("pledge", "text", "pledge id"),
        Column("registration_no", "text", "registration number"),
        Column("deal", "text", "deal id"),
        Column("region", REGION_UNIT, "region of the first pledgor"),
        Column("right", "text", "kind of right; `mixed` for several", "right"),
        Column("assets", "count", "assets not released"),
        Column("appraised_assets", "count", "assets with an appraised value"),
        Column("currency", "ISO 4217 code", "currency of the debt; null if undisclosed", "currency"),
        *amount_columns("secured", "debt after the last change; null if undisclosed", "secured_decimals"),
        Column("appraised_currency", "ISO 4217 code", "currency of the appraised values; null if several", "currency"),
        *amount_columns(
            "appraised",
            "sum of appraised values; null unless all are in one currency",
            "appraised_decimals",
        ),
        Column("loan_currency", "ISO 4217 code", "currency of the loan; null without one or if several", "currency"),
        *amount_columns("outstanding", "outstanding of the deal's loan; null without one currency", "loan_decimals"),
        Column("ltv", "ratio", "secured / appraised"),
        Column("loan_ltv", "ratio", "outstanding / appraised, over the whole deal"),
        Column("ltv_cap", "decimal", "highest ratio by policy; null without one"),
        Column("breach", "0 or 1", "1 if ltv is above the cap; null if one is null"),
        Column("loan_breach", "0 or 1", "1 if loan_ltv is above the cap; null if one is null"),
    ),
    details=(
        (
            "Ratios are null unless all assets are appraised, in one currency, that of the debt or loan, with a sum "
            "above 0: an asset without an appraisal is not worth 0."
        ),
        "A deal may pool patents, trademarks and copyrights in several registrations.",
        "The most specific policy counts (see the glossary); over assets of several rights, the lowest cap.",
        (
            "Banks lend a part of the appraised value, such as 0.25 on inventions and 0.15 on utility models (Bank of "
            "Communications, Beijing, 2006)."
        ),
    ),
    uses=("policy_level", "cap_in_force"),
    main=(
        "pledge",
        "currency",
        "secured",
        "appraised",
        "ltv",
        "ltv_cap",
        "breach",
        "loan_ltv",
        "loan_breach",
        "outstanding",
    ),
)

COLLATERAL = View(
    "collateral",
    "Each row is a pledge in force on the day: its debt and the latest valuations of its assets. ltv_low = secured "
    "/ (lower ends, less the policy `haircut`). ltv_30 and ltv_60: the same if prices fall by 30 and 60 percent. "
    "breach: above the policy `ltv_cap`; at the cap there is no breach.",
    (
        Column("pledge", "text", "pledge id"),
        Column("region", REGION_UNIT, "region of the first pledgor"),
        Column("right", "text", "kind of right; `mixed` for several", "right"),
        Column("assets", "count", "assets not released"),
        Column("valued", "count", "assets with a valuation in the currency of the debt"),
        Column("currency", "ISO 4217 code", "currency of the debt; null if undisclosed", "currency"),
        *amount_columns("secured", "debt after the last change; null if undisclosed"),
        *amount_columns("mid", "sum of the middle values; null unless all assets are valued"),
        *amount_columns("low", "sum of the lower ends; null unless all assets are valued"),
        Column("valued_on", "date", "day of the oldest of these valuations", "day"),
        Column("ltv_mid", "ratio", "secured / mid"),
        Column("ltv_low", "ratio", "secured / (low, less haircuts)"),
        Column("ltv_30", "ratio", "the same after a fall of 30 percent"),
        Column("ltv_60", "ratio", "the same after a fall of 60 percent"),
        Column("ltv_cap", "decimal", "highest ratio by policy; null without one"),
        Column("breach", "0 or 1", "1 if ltv_low is above the cap"),
        Column("breach_30", "0 or 1", "1 if ltv_30 is above the cap"),
        Column("breach_60", "0 or 1", "1 if ltv_60 is above the cap"),
    ),
    details=(
        "The latest valuation has the latest as_of, then the last place in the log.",
        "Valuations for a licence and floors do not count: they are not prices of the asset.",
        "A valuation without a range counts with its middle value as the lower end.",
        "Ratios are null unless all assets are valued in the currency of the debt. Without a policy no haircut.",
    ),
    uses=("policy_level", "policy_in_force", "cap_in_force", "collateral_asset"),
    main=("pledge", "currency", "secured", "low", "ltv_low", "ltv_30", "ltv_60", "ltv_cap", "breach", "breach_30"),
)

VIEWS = (_VALUATIONS, VALUATION_CONVERTED, LOANS_VIEW, LTV, COLLATERAL)
