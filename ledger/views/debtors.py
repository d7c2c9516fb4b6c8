"""Debtors of pledges and loans: exposure, concentration, and who supports a loan."""

from __future__ import annotations

from ledger.views.columns import amount_columns
from ledger.views.view import Column, View

_CURRENCY = Column("currency", "ISO 4217 code", "currency of the amounts; null if undisclosed", "currency")
_DEBTOR = (
    "The debtor of a pledge is the `debtor` of its registration, else its pledgors; joint pledgors have equal parts in "
    "minor units, and the remainder goes to those named first."
)
_BORROWER = (
    "The debtor of a loan is the borrower named by its earliest payment to a borrower, else the first debtor of the "
    "deal's first pledge."
)
_NAMES = "A debtor is its id, else its name as given: with an id once and without one once, it is two."

_DEBT = ("debtor_pledge", "pledge_of_debtor", "debtor_loan", "loan_of_debtor")
_CONTRACTS = ("registered_debtor", "debtor_sought", "debtor_asked", *_DEBT, "debtor_contract")
_ASKED = {"debtor_pledge": "debtor_pledge_asked", "debtor_loan": "debtor_loan_asked"}
_OF_NAME = {"debtor_sought": "debtor_of_name", **_ASKED}
_OF_KEY = {"debtor_sought": "debtor_of_key", **_ASKED}

EXPOSURE = View(
    "exposure",
    "Each row is a debtor in one currency, as of the day. secured = what its pledges in force secure "
    "(registration <= day < cancellation), as last changed. outstanding = sum of its loans with something "
    "outstanding (see `loans`). Both may be about the same debt: never add them.",
    (
        Column("debtor", "party", "id, else name; null for those whose debtor is not named"),
        Column("name", "party", "name of the debtor; of several, the first in order"),
        _CURRENCY,
        Column("pledges", "count", "pledges in force of this debtor, also joint ones"),
        *amount_columns("secured", "exact sum of the secured amounts, or its parts"),
        Column("loans", "count", "deals with something outstanding"),
        *amount_columns("outstanding", "exact sum of disbursed - repaid - compensated"),
    ),
    details=(
        _DEBTOR,
        _BORROWER,
        _NAMES,
        "`group_exposure` adds the debtors of a group.",
        "The row without a currency counts the pledges of unknown amount.",
        "A loan of several currencies has a row in each; overpaid currencies are left out.",
    ),
    uses=_CONTRACTS,
    narrowed={"debtor": _OF_KEY, "name": _OF_NAME},
    main=("debtor", "currency", "secured", "outstanding", "pledges", "loans"),
)

GROUP_EXPOSURE = View(
    "group_exposure",
    "Each row is a group in one currency, as of the day: the sums of `exposure` over its debtors. A group is the "
    "party at the end of the chain of parents (`reference.control` in force on the day); a debtor without a parent "
    "is a group of its own.",
    (
        Column("group", "party", "id, else name, of the party at the top; null for debtors that are not named"),
        Column("name", "party", "name of that party; of several, the first in order"),
        _CURRENCY,
        Column("members", "count", "debtors of the group with a pledge in force or something outstanding"),
        Column("pledges", "count", "pledges in force of these debtors; joint ones count once"),
        *amount_columns("secured", "exact sum of the secured amounts, or their parts"),
        Column("loans", "count", "deals with something outstanding"),
        *amount_columns("outstanding", "exact sum of disbursed - repaid - compensated"),
    ),
    details=(
        _DEBTOR,
        _BORROWER,
        (
            "A party is its id, else its name as given: `reference.control` must name it as pledges and loans do. Of "
            "several parents on a day the one with the latest first day counts, then the last in the log."
        ),
        "Parties that control each other in a circle are one group, with the first of them in order at the top.",
        "Group of connected clients: Regulation (EU) No 575/2013, Art. 4(1)(39), here by control only.",
    ),
    uses=("party_parent", "party_group", *_CONTRACTS),
    narrowed={
        "group": {**_OF_KEY, "debtor_asked": "debtor_of_group"},
        "name": {**_OF_NAME, "debtor_asked": "debtor_of_group_name"},
    },
    main=("group", "name", "currency", "secured", "outstanding", "members", "pledges", "loans"),
)

DEBTOR_CONCENTRATION = View(
    "debtor_concentration",
    "Each row measures the concentration among debtors on the day, the Herfindahl-Hirschman index: hhi = sum of "
    "s_i^2, s_i = a_i / sum of a, where a_i is a debtor's `secured` (among `pledges`) or `outstanding` (among "
    "`loans`), as in `exposure`. small: debtors with a_i up to the policy `inclusive_loan` of the day. "
    "small_share = their part of the amount.",
    (
        Column("among", "text", "`pledges` or `loans`"),
        Column("currency", "ISO 4217 code", "currency of the amounts; null if unknown", "currency"),
        Column("contracts", "count", "pledges in force, or deals with something outstanding"),
        Column("named", "count", "those whose debtor is named"),
        Column("debtors", "count", "number of firms: different debtors"),
        *amount_columns("amount", "exact sum of the amounts of named debtors"),
        Column("hhi", "ratio", "index, 0 to 1"),
        Column("largest_share", "ratio", "largest s_i"),
        Column("capped", "count", "debtors for whom a policy is in force"),
        Column("small", "count", "debtors at or below it; null if capped is 0"),
        Column("small_share", "ratio", "small debtors' part of amount; null unless all are capped"),
    ),
    details=(
        _DEBTOR,
        _BORROWER,
        _NAMES,
        (
            "The most specific policy counts (see the glossary), of the amounts' currency and for the debtor's region: "
            "the region of its pledges or loans, of several the first in order. Exactly the cap is small."
        ),
        "A debtor in two currencies is in both rows: numbers of debtors do not add up.",
        "hhi is null if no amount is known or all are 0. It is rounded to 12 decimals.",
    ),
    uses=("registered_debtor", *_DEBT, "debtor_sum", "policy_level", "policy_in_force", "policy_money"),
    main=("among", "currency", "debtors", "amount", "hhi", "largest_share", "small_share", "contracts"),
)

LOAN_SUPPORT = View(
    "loan_support",
    "Each row is the support of one deal by one supporter in one currency, up to the day. covered = sum of the "
    "payments to the borrower that name a guarantor or an insurer. compensated = what guarantors, insurers, risk "
    "funds or others paid for the borrower, in sum `compensated` in `loans`. subsidised = interest that an authority "
    "paid.",
    (
        Column("deal", "text", "deal id"),
        Column("supporter", "text", "`guarantor`, `insurer`, `risk_fund`, `authority` or `other`"),
        Column("name", "party", "name of the guarantor, insurer or authority; of several, the first in order"),
        Column("parties", "count", "different names"),
        Column("currency", "ISO 4217 code", "currency of the amounts", "currency"),
        *amount_columns("covered", "sum of payments to the borrower that name it"),
        Column("payments", "count", "compensations and subsidies"),
        *amount_columns("compensated", "sum of payments of principal for the borrower"),
        *amount_columns("subsidised", "sum of interest subsidies"),
        Column("last_on", "date", "last compensation or subsidy", "day"),
    ),
    details=(
        "An event names who guarantees a loan, not how much of it: covered is the whole payment.",
        "A compensation does not name its payer: `name` is that of the payments to the borrower.",
        "A subsidy is interest, not principal: it changes nothing in `loans`.",
    ),
    uses=("amended", "supported_payment"),
    narrowed={"deal": {"supported_payment": "supported_payment_of_deal"}},
    main=("deal", "supporter", "currency", "covered", "compensated", "subsidised", "last_on", "payments"),
)

VIEWS = (EXPOSURE, GROUP_EXPOSURE, DEBTOR_CONCENTRATION, LOAN_SUPPORT)
