"""Pledges: maturities, encumbered assets, cohorts, concentration."""

from __future__ import annotations

from ledger.views.columns import amount_columns
from ledger.views.view import Column, View

# ---- maturities

_DUE = (
    "overdue",
    *(f"within_{term}" for term in ("30_days", "90_days", "180_days", "1_year", "3_years")),
    "later",
    "unknown",
)

MATURITY = View(
    "maturity",
    "Each row counts the pledges in force on the day (registration <= day < cancellation) by T, the last day of "
    "the debtor's performance period. `overdue`: T < day. `within_30_days`: day <= T <= day + 30 days. `unknown`: "
    "no T is known. An analysis by remaining term (IFRS 7 B11); the bands are chosen by judgement.",
    (
        Column("rung", "number", "order of the bands, 1 to 8"),
        Column("due", "text", ", ".join(f"`{word}`" for word in _DUE)),
        Column("currency", "ISO 4217 code", "currency of the amount; null if unknown", "currency"),
        Column("pledges", "count", "pledges in force in this band"),
        Column("defaulted", "count", "pledges with a default"),
        *amount_columns("amount", "exact sum of the secured amounts"),
    ),
    details=(
        "T and the amount are those after the last change or extension dated up to the day.",
        (
            "Each pledge is in one band: `within_90_days` and `within_180_days` reach that many days from the day, "
            "`within_1_year` and `within_3_years` to the same month-day 1 and 3 years later (29 February: 28 "
            "February), `later` beyond."
        ),
        "Overdue is by the register: the debt may be paid and only the cancellation missing.",
        "A pledge with a default counts in `defaulted`, in any band.",
        "Rows add up to `pledge_stock` on the day.",
        "An unknown amount is missing, not 0; currencies are never added.",
    ),
)

# ---- encumbered assets

ENCUMBERED = View(
    "encumbered",
    "Each row is an asset, not released, of one pledge in force on the day (registration <= day < cancellation). "
    "pledges = how many such pledges the asset is in. If more than 1, a registration should have been refused: "
    "ground R9 (Measures for Registration of Patent Pledge, CNIPA Announcement 461 of 2021).",
    (
        Column("id", "text", "canonical patent id, or registration number of a trademark or copyright"),
        Column("right", "text", "kind of right in the pledge", "right"),
        Column("pledge", "text", "pledge subject"),
        Column("since", "date", "registration date of the pledge", "day"),
        Column("debt_to", "date", "last day of the debtor's performance period", "day"),
        Column("pledges", "count", "pledges in force with this asset"),
    ),
    details=(
        "An asset that a pool names twice counts once.",
        (
            "Assets are identified by id: patents of all rights share one set of ids, trademarks and copyrights have "
            "their own."
        ),
        (
            "A right that has ended stays listed while the register has its pledge; the views of patents show whether "
            "it is in force."
        ),
    ),
)

# ---- cohorts

COHORT_RISK = View(
    "cohort_risk",
    "Each row shows the state on the day of the pledges registered in a year: registered = cancelled + in_force; "
    "cancelled is the sum of its reasons. defaulted, realised: with one, cancelled or not. Shares are of "
    "registered. recovery = proceeds / overdue by currency; null if one is unknown or overdue is 0.",
    (
        Column("year", "year", "year of registration"),
        Column("registered", "count", "pledges registered in the year, up to the day"),
        Column("in_force", "count", "pledges not cancelled"),
        Column("cancelled", "count", "pledges cancelled"),
        Column("cancelled_paid", "count", "cancelled because the debt was paid"),
        Column("cancelled_refinanced", "count", "cancelled because another loan replaced the debt"),
        Column("cancelled_realised", "count", "cancelled because the assets were sold for the debt"),
        Column("cancelled_lapsed", "count", "cancelled because the right or the term ended"),
        Column("cancelled_other", "count", "cancelled for another reason"),
        Column("cancelled_unknown", "count", "cancelled, and the register does not say why"),
        Column("ended_without_default", "count", "cancelled for any reason without default or realisation"),
        Column("defaulted", "count", "pledges with a default"),
        Column("realised", "count", "pledges with a realisation"),
        Column("in_force_share", "ratio", "in_force / registered"),
        Column("ended_without_default_share", "ratio", "ended_without_default / registered"),
        Column("defaulted_share", "ratio", "defaulted / registered"),
        Column("realised_share", "ratio", "realised / registered"),
        Column("currency", "ISO 4217 code", "currency of the amounts", "currency"),
        Column("with_overdue", "count", "defaults with an overdue amount in this currency"),
        *amount_columns("overdue", "exact sum overdue at the defaults"),
        Column("with_proceeds", "count", "realisations with proceeds in this currency"),
        *amount_columns("proceeds", "exact sum of the proceeds"),
        Column("recovery", "ratio", "proceeds / overdue"),
    ),
    details=(
        "A realisation can come without a default if the parties agreed on it (Civil Code Art. 386).",
        (
            "overdue = sum of what was overdue at defaults; proceeds = sum of what pledgees were paid from the assets "
            "(Civil Code Arts. 436 and 446)."
        ),
        "A younger cohort has had less time: compare cohorts at the same age, each as of its own day.",
        (
            "recovery may exceed 1; it is neither discounted nor net of costs, so 1 - recovery is not the loss given "
            "default of Regulation (EU) 575/2013, Art. 5(2)."
        ),
        "Missing amounts are not 0: with_overdue and with_proceeds count the known ones.",
        "A cohort has one row per currency, with the same counts, or one row without a currency.",
    ),
    main=(
        "year",
        "currency",
        "registered",
        "in_force",
        "defaulted",
        "proceeds",
        "recovery",
        "defaulted_share",
        "overdue",
    ),
)

# ---- concentration

CONCENTRATION = View(
    "concentration",
    "Each row measures how few holders have the pledges in force on the day, by the Herfindahl-Hirschman index: "
    "hhi = sum of s_i^2, s_i = a_i / sum of a, from 1/n (n equal holders) to 1 (one holder). For `pledgees`, a_i "
    "is what a pledgee's pledges secure, as last changed; for `industries`, the share as in `pledge_stock`.",
    (
        Column("among", "text", "`pledgees` or `industries`"),
        Column("currency", "ISO 4217 code", "currency of the amounts; null if unknown", "currency"),
        Column("pledges", "count", "pledges in force in this currency"),
        Column("named", "count", "pledges with known pledgees; null among industries"),
        Column("holders", "count", "different pledgees or industries"),
        *amount_columns("amount", "exact sum of the secured amounts"),
        Column("hhi", "ratio", "index, 0 to 1"),
        Column("largest_share", "ratio", "largest s_i"),
    ),
    details=(
        "In force: registration <= day < cancellation, by events dated up to the day.",
        "hhi x 10,000 gives the points of competition authorities (US Merger Guidelines 2023, 2.1).",
        "Joint pledgees have equal parts in minor units; the remainder goes to those named first.",
        "A pledgee is its id, else its name as given: with an id once and without one once, it is two.",
        "`UNK` is one of the industries.",
        "One row per currency; hhi is null if no amount is known or all are 0.",
        "The row without a currency counts the pledges of unknown amount, which are in no index.",
        "Rounded to 12 decimals.",
        (
            "Sources: O. C. Herfindahl, Concentration in the U.S. Steel Industry (1950); A. O. Hirschman, The "
            "Paternity of an Index, American Economic Review 54 (1964)."
        ),
    ),
    main=("among", "currency", "holders", "amount", "hhi", "largest_share", "pledges"),
    uses=("pledge_difference",),
)

VIEWS = (MATURITY, ENCUMBERED, COHORT_RISK, CONCENTRATION)
