"""Pledges one by one: what falls due, what is encumbered, how cohorts fared, who holds how much."""

from __future__ import annotations

from ledger.views.columns import amount_columns
from ledger.views.view import Column, View

_IN_FORCE = "registration <= day < cancellation, as said up to the day"

# ---- what falls due

_DUE = (
    "overdue",
    *(f"within_{term}" for term in ("30_days", "90_days", "180_days", "1_year", "3_years")),
    "later",
    "not_said",
)

MATURITY = View(
    "maturity",
    f"the maturity ladder of the pledges in force on the day ({_IN_FORCE}): each stands on one rung by the last day T "
    "of the debtor's performance period, as last changed or extended, with the amount secured that day. `overdue`: T < "
    "day; `within_30_days`: day <= T <= day + 30 days, what falls due that very day too; `within_90_days`, "
    "`within_180_days`: up to so many days after the day, beyond the rung before; `within_1_year`, `within_3_years`: "
    "up to the same month-day 1 and 3 years later (of 29 February: 28 February); `later`: beyond; `not_said`: no T is "
    "known. Overdue is what the register says: the debt may have been paid and only the cancellation be missing; where "
    "a default was said, the pledge is counted in `defaulted`, on whichever rung. Rows add up to the pledges of "
    "`pledge_stock` on the day. An amount that is not known is missing, not 0, and two currencies never meet. It is a "
    "maturity analysis by remaining term, its bands set by judgement (IFRS 7 B11)",
    (
        Column("rung", "number", "1 to 8: the order of the rungs"),
        Column("due", "text", ", ".join(f"`{word}`" for word in _DUE)),
        Column("currency", "ISO 4217 code", "of the amount; null for pledges without a known amount", "currency"),
        Column("pledges", "count", "pledges in force on this rung"),
        Column("defaulted", "count", "how many of them the debtor has defaulted on"),
        *amount_columns("amount", "exact sum of what they secure; null where none is known"),
    ),
)

# ---- what is encumbered

ENCUMBERED = View(
    "encumbered",
    f"the assets that are pledged on the day, a row for each pledge in force ({_IN_FORCE}) that an asset is in and "
    "was not released from. pledges = in how many such pledges it is at once; where that is more than 1, a "
    "registration should have been refused (ground R9: Measures for Registration of Patent Pledge, CNIPA "
    "Announcement 461 of 2021). An asset that a pool names twice is in it once. Assets are told apart by id: a "
    "patent's is one whatever kind of patent was said, a mark's and a copyright's are of their own. A right that has "
    "ended is listed for as long as the register has its pledge: whether it is in force is for the views of patents",
    (
        Column("id", "text", "canonical patent id, or registration no. of a mark or a copyright"),
        Column("right", "text", "kind of right, as the pledge says", "right"),
        Column("pledge", "text", "subject of the pledge"),
        Column("since", "date", "its registration date", "day"),
        Column("debt_to", "date", "last day of the debtor's performance period; null where not said", "day"),
        Column("pledges", "count", "pledges in force that the asset is in"),
    ),
)

# ---- how cohorts fared

COHORT_RISK = View(
    "cohort_risk",
    "of the pledges registered in one year: what became of them up to the day. registered = cancelled + in_force. "
    "released: cancelled, and neither a default nor a realisation was said; defaulted, realised: one was said, "
    "whether cancelled since or not (a realisation can come without a default, where the parties agreed on it: Civil "
    "Code Art. 386). Shares are of registered; those of a younger cohort had less time, so compare cohorts at the "
    "same age, each as of its own day. overdue = sum of what was overdue at the defaults, proceeds = sum of what the "
    "pledgees were paid out of the assets (Civil Code Art. 436), both by currency; recovery = proceeds / overdue, null "
    "where one of them was not said or overdue is 0. It may exceed 1, and it is neither discounted nor net of costs: "
    "1 - recovery is not the loss given default of Regulation (EU) 575/2013, Art. 5(2). Amounts that were not said "
    "are missing, not 0: with_overdue and with_proceeds say how many there are. A cohort has a row for each currency "
    "of them, with the same counts of pledges, or one without a currency",
    (
        Column("year", "year", "of the registration"),
        Column("registered", "count", "pledges registered in the year, up to the day"),
        Column("in_force", "count", "how many of them are not cancelled"),
        Column("cancelled", "count", "how many are cancelled"),
        Column("released", "count", "how many are cancelled without a default or realisation"),
        Column("defaulted", "count", "of how many a default was said"),
        Column("realised", "count", "of how many a realisation was said, or several"),
        Column("in_force_share", "ratio", "in_force / registered"),
        Column("released_share", "ratio", "released / registered"),
        Column("defaulted_share", "ratio", "defaulted / registered"),
        Column("realised_share", "ratio", "realised / registered"),
        Column("currency", "ISO 4217 code", "of the amounts; null where none was said", "currency"),
        Column("with_overdue", "count", "defaults with an overdue amount in this currency"),
        *amount_columns("overdue", "exact sum of what was overdue at them; null where none was said"),
        Column("with_proceeds", "count", "realisations with proceeds in this currency"),
        *amount_columns("proceeds", "exact sum of the proceeds; null where none was said"),
        Column("recovery", "ratio", "proceeds / overdue"),
    ),
)

# ---- who holds how much

CONCENTRATION = View(
    "concentration",
    "HHI = sum over i of s_i^2, s_i = a_i / sum of a: the Herfindahl-Hirschman index of what is secured by the pledges "
    f"in force on the day ({_IN_FORCE}), from 1/n (n equal holders) to 1 (one has all); times 10,000 it is in the "
    "points of competition authorities (US Merger Guidelines 2023, 2.1). Among `pledgees`: a_i is what a pledgee's "
    "pledges secure, as last changed; joint pledgees of one pledge have equal parts of it in minor units, what is left "
    "over going to those named first. A pledgee is its id, else its name as said, so one that is said now with an id "
    "and now without is two. Among `industries`: a_i is an industry's share as in `pledge_stock`, `UNK` being one of "
    "them. By currency; null where no amount is known or all are 0; the row without a currency counts the pledges in "
    "force whose amount is not known, which are in no index. Rounded to 12 decimals. Source: O. C. Herfindahl, "
    "Concentration in the U.S. Steel Industry (1950); A. O. Hirschman, The Paternity of an Index, American Economic "
    "Review 54 (1964)",
    (
        Column("among", "text", "`pledgees` or `industries`"),
        Column("currency", "ISO 4217 code", "of the amounts; null for pledges without a known amount", "currency"),
        Column("pledges", "count", "pledges in force in this currency"),
        Column("named", "count", "those whose pledgees the register names; null among industries"),
        Column("holders", "count", "different pledgees (industries) of them"),
        *amount_columns("amount", "exact sum of what they secure; null where none is known"),
        Column("hhi", "ratio", "the index, 0 to 1"),
        Column("largest_share", "ratio", "the largest s_i"),
    ),
)

VIEWS = (MATURITY, ENCUMBERED, COHORT_RISK, CONCENTRATION)
