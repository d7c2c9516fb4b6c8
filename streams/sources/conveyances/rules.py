"""The rules that classify the text of a conveyance: the first that matches decides.

The classes are those of the office's Patent Assignment Dataset (Marco, Myers, Graham, D'Agostino, Apple 2015, section
3.3), divided by the effect on a pledge or a licence.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class ConveyanceClass(Enum):
    """The class of a text."""

    BLANK = "blank"
    SECURITY = "security"
    AMENDMENT = "amendment"
    LENDER = "lender"
    RELEASE = "release"
    PARTIAL_RELEASE = "partial_release"
    ASSIGNMENT = "assignment"
    LICENCE = "licence"
    LICENCE_END = "licence_end"
    NAME_CHANGE = "name_change"
    MERGER = "merger"
    GOVERNMENT_INTEREST = "government_interest"
    SUBORDINATION = "subordination"
    LIEN = "lien"
    OTHER = "other"


_NEVER = r"(?!)"


class ConveyanceRule(NamedTuple):
    """A rule: a text that matches `wants` and `also`, and not `unless`, has the class `what`.

    These are patterns of normalised words in capitals: `RELEASE` stands for `RELEASES` and `RELEASED` too. `summary`
    describes the rule for the documentation.
    """

    name: str
    what: ConveyanceClass
    summary: str
    wants: str
    unless: str = _NEVER
    also: str = ""

    def fits(self, line: str) -> bool:
        """Return whether the rule matches this line of words."""
        return has(self.wants, line) and has(self.also, line) and not has(self.unless, line)


def has(pattern: str, line: str) -> bool:
    """Return whether the pattern matches whole words of the line."""
    return re.search(rf"\b(?:{pattern})\b", line) is not None


_SECURITY_NOUN = (
    "(?:INTEREST|AGREEMENT|DEED|ASSIGNMENT|TRANSFER|DOCUMENTS?|INSTRUMENTS?|GRANT|LIEN|CHARGE|RIGHTS?|PURPOSES?|PLEDGE)"
)
_CHARGE = (
    r"(?:FIXED|FLOATING|LEGAL|EQUITABLE|PATENTS?|PROPERTY) CHARGE|"
    r"CHARGE (?:OVER|ON|AGREEMENT)|DEED OF (?:CHARGE|TRUST)|^CHARGE$"
)
SECURITY = (
    rf"(?:SECURITY|SECURITIES|SECURED) {_SECURITY_NOUN}|(?:FOR|AS|WAY OF|COLLATERAL|GRANT OF) SECURITY(?! TRUST)|"
    rf"^SECURITY$|LIEN|MORTGAGE|PLEDGE|COLLATERAL|HYPOTHEC|DEBENTURE|FINANCING STATEMENT|{_CHARGE}"
)
_LENDER = (
    r"SECURED (?:PARTY|PARTIES|LENDERS?|CREDITORS?)|LENDERS?|PLEDGEE|MORTGAGEE|(?:COLLATERAL|ADMINISTRATIVE) AGENT"
)
_ENCUMBERED = rf"{SECURITY}|{_LENDER}|ENCUMBRANCE|OF (?:THE )?SECURITY$"
_END = (
    "RELEASE|TERMINATION|CANCELLATION|DISCHARGE|SATISFACTION|REASSIGNMENT|RECONVEYANCE|REVOCATION|WITHDRAWAL|"
    "RELINQUISHMENT|EXTINGUISHMENT|EXPIRATION|RESCISSION|ABANDONMENT|WAIVER(?= OF)|DISCLAIMER|QUITCLAIM|"
    "REMOVAL|CESSATION|ANNULMENT|DELETION|LIFTING|(?:END(?:ING)?|REL)(?= OF)"
)
_STRONG_END = "RELEASE|TERMINATION|CANCELLATION|DISCHARGE|SATISFACTION|REMOVAL|(?:PAID|PAYMENT) IN FULL|NO LONGER"
_OTHER_RELEASE = (
    "MUTUAL|GENERAL RELEASE|SETTLEMENT|RELEASE OF (?:ALL )?(?:CLAIMS?|LIABILITY|OWNERSHIP|TITLE|ASSIGNMENT|OPTION|"
    "(?:REVERSIONARY |INVENTION )?RIGHTS?|INVENTIONS?|OBLIGATIONS?|PATENTS? TO|JUDGMENT|INTEREST$|"
    r"(?:\w+ )?GOVERNMENT)|RELEASE (?:BY|FROM) (?:\w+ )?(?:INVENTORS?|EMPLOY\w+)|"
    "RELEASE AND (?:ASSIGNMENT|QUITCLAIM)|ASSIGNMENT AND RELEASE|"
    "COVENANT|LITIGATION|LAWSUIT|RELEASE AGREEMENT"
)
_PARTIAL = (
    "PARTIAL|LIMITED RELEASE|IN PART|AS TO PART|EXCEPT(?:ING)?|EXCLUDING|ALL BUT|OTHER THAN|ONLY|SOLELY|"
    r"(?<!THAT )(?:CERTAIN|SPECIFIC|SPECIFIED|SELECTED|PARTICULAR|SOME|INDIVIDUAL|ENUMERATED) (?:\w+ ){0,3}"
    "(?:PATENTS?|TRADEMARKS?|MARKS|ASSETS?|PROPERTY|PROPERTIES|COLLATERAL|APPLICATIONS?|RIGHTS?|IP|COPYRIGHTS?)|"
    "(?:SOLD|DIVESTED|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN|SINGLE)(?: [0-9]{1,2})? (?:UNITED STATES )?"
    "(?:PATENTS?|TRADEMARKS?|MARKS?|APPLICATIONS?)|"
    "(?:PATENTS?|PAT|APPLICATIONS?|SERIAL) "
    "(?:(?:NOS?|NUMBERS?) [0-9]+|[0-9]{1,2} [0-9]{3} [0-9]{3}|(?:[0-9]{2} )?[0-9]{6,8})"
)
_BY_LAW = (
    "TAX WARRANT|(?:TAX|IRS|REVENUE|GUARANTY CORPORATION|PBGC|JUDGMENT|MECHANICS?|STATUTORY|ATTORNEYS?|JUDICIAL|"
    r"CHARGING|POSSESSORY|HOSPITAL|LANDLORDS?|MARITIME|WAREHOUSE\w*|CARRIERS?|ARTISANS?|LABOR|WAGE|EXECUTION) LIEN|"
    "(?:NOTICE|CLAIM|STATEMENT) OF LIEN|LIEN (?:NOTICE|CLAIM)|LEVY|WRIT|GARNISHMENT|CHARGING ORDER|"
    "ATTACHMENT ORDER|ORDER OF ATTACHMENT|ABSTRACT OF JUDGMENT|LIS PENDENS"
)
_GRANTS = (
    "GRANT|NOTICE|DEED|AGREEMENT|ASSIGNMENT|TRANSFER|CONVEYANCE|CONFIRMATION|MEMORANDUM|MEMO|FORM|RECORDED|CREATION|"
    "EVIDENCE|CERTIFICATE|STATEMENT|COPY|SUMMARY|EXECUTION|PERFECTION|FILING|REGISTRATION|INSTRUMENT|DOCUMENTS?|NATURE|"
    "TYPE|CHARGE|MORTGAGE|PLEDGE|HYPOTHEC|LIEN|SECURITY|SCHEDULE|EXHIBIT|WAY|PATENTS?|TRADEMARKS?|PROPERTY|COLLATERAL|"
    "ISSUANCE|INDENTURE|TRUST"
)
_UNKNOWN_ACT = (
    rf"^(?:(?!(?:GRANT|ASSIGNMENT|CONVEYANCE|CREATION|{SECURITY})\b)\w+ )*?(?!(?:{_GRANTS})\b)\w+ OF "
    rf"(?:(?!(?:OF|IN|BY|FOR|AS|AND|TO)\b)\w+ ){{0,3}}(?:{SECURITY})"
)
"""ELEASE OF SECURITY INTEREST: an act that no rule knows may end what it names."""
_FORMAL = "SECURIT(?:Y|IES) (?:INTEREST|AGREEMENT)"
_RANKS = "SUBORDINATION|INTERCREDITOR|POSTPONEMENT|DEED OF PRIORITY|(?:PRIORITY|PARI PASSU|RANKING) AGREEMENT"
_ERRONEOUS = (
    "ERRONEOUS|MISTAKEN(?:LY)?|INADVERTENT(?:LY)?|REINSTATEMENT|UNAUTHORIZED|FRAUDULENT(?:LY)?|VACAT(?:ED?|ING|UR)|"
    rf"(?:{_END}|AMENDMENT|REVERSAL|RETRACTION|REPUDIATION|REVIVAL) OF (?:THE )?(?:\w+ )?(?:RELEASE|TERMINATION)|"
    rf"CONDITIONAL (?:\w+ )?(?:{_STRONG_END})|"
    r"AMENDMENT TO (?:THE )?(?:\w+ )?(?:RELEASE|TERMINATION)|"
    r"(?:NO|NOT(?: YET)?(?: BEEN)?|(?:REQUEST|PETITION|MOTION) (?:FOR|TO)|(?:FAILURE|CONSENT|AGREEMENT) TO|"
    r"(?:DENIAL|REFUSAL) OF|INTENT TO|"
    rf"PROPOSED|AFFIDAVIT (?:REGARDING|CONCERNING|OF)) (?:THE )?(?:{_STRONG_END})"
)
_OF = r"(?:(?!(?:AND|PATENTS|RIGHTS|TRADEMARKS|AS|FOR|BY|UNDER|PURSUANT|COLLATERAL|TO|FROM|WITH|ASSIGNOR)\b)\w+ ){0,6}"
_CHANGE = "SUCCESSION|SUCCESSOR|RESIGNATION|REPLACEMENT|SUBSTITUTION|NAME CHANGE|CHANGE|ASSUMPTION|MERGER"
_SUCCEEDS = (
    rf"(?<!COLLATERAL )(?:ASSIGNMENT|TRANSFER)(?: AND ASSUMPTION)? OF {_OF}"
    rf"(?:SECURIT(?:Y|IES) (?:INTEREST|AGREEMENT|DEED|DOCUMENTS?|LIEN|INSTRUMENTS?)|LIEN|MORTGAGE|PLEDGE|HYPOTHEC|"
    rf"DEBENTURE|DEED OF TRUST|(?:{_LENDER}))|"
    rf"SECURITY (?:INTEREST|AGREEMENT) (?:ASSIGNMENT|TRANSFER)|"
    rf"(?:{_CHANGE}) (?:\w+ ){{0,5}}(?:AGENT|AGENCY|{_LENDER})|(?:AGENT|AGENCY|{_LENDER}) (?:\w+ ){{0,3}}(?:{_CHANGE})|"
    rf"AGENCY (?:TRANSFER|ASSIGNMENT)|(?:TRANSFER|ASSIGNMENT) OF (?:\w+ ){{0,2}}AGENCY|"
    rf"ASSIGNMENT OF (?:LOANS?|NOTES?|DEBTS?) AND (?:{SECURITY})|"
    r"ASSIGNMENT OF (?:\w+ ){0,2}RIGHTS? UNDER (?:\w+ ){0,3}SECURITY AGREEMENT|"
    r"APPOINTMENT OF (?:\w+ ){0,3}(?:SUCCESSOR|COLLATERAL|ADMINISTRATIVE|SECURITY) (?:\w+ )?(?:AGENT|TRUSTEE)|"
    r"SUCCESSOR (?:COLLATERAL|INDENTURE|SECURITY|NOTES?) TRUSTEE"
)
_AMENDS = (
    "AMENDMENT|A AND R|SUPPLEMENT|MODIFICATION|RESTATEMENT|JOINDER|ADDENDUM|REAFFIRMATION|RATIFICATION|ACCESSION|"
    "RENEWAL|EXTENSION|VARIATION"
)
_NO_GRANT = (
    "FORECLOSURE|DEFAULT|ENFORCEMENT|AFFIDAVIT|DECLARATION|DISMISSAL|LITIGATION|VOID|NULL|NEGATIVE PLEDGE|"
    "STANDSTILL|SALE|ESTOPPEL|CONSENT|NONDISTURBANCE|OBJECTION|DISPUTE|PETITION|COMPLAINT|BANKRUPTCY|ORDER|JUDGMENT|"
    "DISPOSITION|SURRENDER|OPTION|PROMISE|COMMITMENT|REQUEST|SEIZURE|AUCTION|"
    "(?:AGREEMENT|COVENANT|UNDERTAKING|OBLIGATION|INTENT) TO (?:GRANT|CREATE|PROVIDE)|(?<!NAME AND )ADDRESS"
)
_OTHER_COLLATERAL = "(?:STOCK|SHARES?|EQUITY|MEMBERSHIP|PARTNERSHIP|BONDS?|DEPOSITS?|ACCOUNTS?|LAND|REAL ESTATE)"
_NO_TRANSFER = (
    rf"(?:{_END}) OF (?:\w+ ){{0,2}}(?:ASSIGNMENT|SALE|TRANSFER|PURCHASE|CONTRIBUTION)|CONDITIONAL|CONSENT|OPTION|"
    r"AGREE(?:MENT)? TO \w+|ASSIGNMENT OF (?:(?!ASSIGNOR|WITH|AND)\w+ ){0,3}LICENSE|AFFIDAVIT|PROMISE|LIS PENDENS|VOID|"
    "(?:STOCK|SHARE|EQUITY|SECURITIES|NOTE|ROYALTY) PURCHASE|(?:ASSIGNMENT|SALE|PURCHASE) OF (?:ROYALTIES|RENTS)|"
    "NULL|VACAT(?:ED?|ING|UR)|LEASE|CONTINGENT|INTENT|ESCROW|REQUEST|PROPOSED|NO ASSIGNMENT|NON ASSIGNMENT|"
    "LICENSE (?:ASSIGNMENT|TRANSFER)"
)
_NAME = (
    r"NAME CHANGE|(?:CHANGE|CHARGE|CHANG|CHAGE|CHANE|AMENDMENT) (?:OF|IN|TO) (?:\w+ ){0,4}(?:NAMES?|NANE|NAEM)|"
    r"CHANGE (?:ITS |THEIR )?(?:\w+ ){0,2}NAMES?"
)
_FORM = (
    r"^CONVERSION(?: (?:TO|FROM|INTO|OF)\b.*)?$|(?:ENTITY|CORPORATE|STATUTORY|LEGAL|COMPANY) CONVERSION|"
    r"(?:CERTIFICATE|ARTICLES|PLAN|NOTICE) OF (?:\w+ )?CONVERSION|"
    r"CHANGE (?:OF|IN) (?:THE )?(?:LEGAL |CORPORATE |BUSINESS )?(?:ENTITY|FORM|LEGAL STATUS|CORPORATE STATUS)(?: TYPE)?"
)
_STATE = (
    r"GOVERNMENT (?:\w+ )?(?:INTEREST|LICENSE|RIGHTS?|USE)|CONFIRMATORY (?:\w+ )?(?:LICENSE|INSTRUMENT)|"
    r"EXECUTIVE ORDER|"
    r"LICENSE TO (?:\w+ ){0,4}(?:GOVERNMENT|DEPARTMENT|AIR FORCE|ARMY|NAVY|NASA|NATIONAL INSTITUTES?|"
    r"UNITED STATES OF AMERICA|SECRETARY)|"
    r"RIGHTS? OF (?:THE )?(?:\w+ ){0,2}GOVERNMENT"
)
_SOLD = (
    "ASSIGNMENT|NUNC PRO TUNC|BILL OF SALE|SALE|SALES|PURCHASE AGREEMENT|TRANSFER|VESTING|QUITCLAIM|REASSIGNMENT|"
    r"RECONVEYANCE|DEED OF GIFT|CONVEYANCE OF (?:\w+ ){0,4}(?:PATENTS?|RIGHTS?|TITLE|INTEREST|PROPERTY)|"
    "CONTRIBUTION AGREEMENT"
)

RULES = (
    ConveyanceRule(
        "erroneous",
        ConveyanceClass.OTHER,
        "a recording, a release or a termination was an error, is taken back or amended, or is conditional or no more "
        "than asked for",
        _ERRONEOUS,
    ),
    ConveyanceRule(
        "end-of-ranking",
        ConveyanceClass.OTHER,
        "an agreement on ranks ends",
        rf"(?:{_END}) (?:\w+ ){{0,4}}(?:{_RANKS})|(?:{_RANKS}) (?:AGREEMENT )?(?:{_STRONG_END})",
    ),
    ConveyanceRule(
        "end-of-licence",
        ConveyanceClass.LICENCE_END,
        "an ending and LICENSE, and neither a security nor PARTIAL nor CONFIRMATORY",
        rf"(?:{_STRONG_END}|REVOCATION|WITHDRAWAL|EXPIRATION|RESCISSION|SURRENDER|END(?= OF)) .*\bLICENSE|"
        rf"LICENSE .*\b(?:{_STRONG_END})",
        rf"{SECURITY}|{_LENDER}|{_PARTIAL}|CONFIRMATORY|GOVERNMENT|MUTUAL|SETTLEMENT|RELEASE AND LICENSE",
    ),
    ConveyanceRule(
        "lien-by-law",
        ConveyanceClass.LIEN,
        "TAX LIEN, JUDGMENT LIEN, NOTICE OF LIEN, LEVY, LIS PENDENS ..., its end too, and no SECURITY INTEREST",
        _BY_LAW,
        _FORMAL,
    ),
    ConveyanceRule(
        "partial-release",
        ConveyanceClass.PARTIAL_RELEASE,
        "an ending of a security, and PARTIAL, IN PART, CERTAIN (SPECIFIED, SELECTED ...) PATENTS, EXCEPT, ONLY",
        rf"(?:{_END}) .*\b(?:{_ENCUMBERED})|(?:{_ENCUMBERED}) .*\b(?:{_STRONG_END})|RELEASE|PARTIAL DISCHARGE",
        _OTHER_RELEASE,
        _PARTIAL,
    ),
    ConveyanceRule(
        "release",
        ConveyanceClass.RELEASE,
        "RELEASE, TERMINATION, CANCELLATION, DISCHARGE, SATISFACTION, REASSIGNMENT ... of a security or by its holder",
        rf"(?:{_END}) .*\b(?:{_ENCUMBERED})|(?:{_ENCUMBERED}) .*\b(?:{_STRONG_END})",
    ),
    ConveyanceRule(
        "bare-release",
        ConveyanceClass.RELEASE,
        "RELEASE of something not named; not of claims, of title, mutual, general, or with a settlement",
        "RELEASE|^(?:NOTICE OF )?TERMINATION$|^(?:UCC (?:[0-9] )?)?TERMINATION(?: STATEMENT)?$|^DEED OF DISCHARGE$",
        rf"{_OTHER_RELEASE}|LICENSE",
    ),
    ConveyanceRule(
        "subordination",
        ConveyanceClass.SUBORDINATION,
        "SUBORDINATION, INTERCREDITOR, POSTPONEMENT, an agreement on priority or ranks",
        _RANKS,
    ),
    ConveyanceRule(
        "lender",
        ConveyanceClass.LENDER,
        "ASSIGNMENT or TRANSFER of a security; SUCCESSION, RESIGNATION, change, change of name of an agent or lender",
        _SUCCEEDS,
        rf"^(?:(?!ASSIGNMENT|TRANSFER|APPOINTMENT|{_CHANGE})\w+ )*(?:GRANT|IN FAVOR OF|BETWEEN)|CONSENT|AFFIDAVIT|"
        "(?<!NAME AND )ADDRESS",
    ),
    ConveyanceRule(
        "amendment",
        ConveyanceClass.AMENDMENT,
        "AMENDMENT, SUPPLEMENT, MODIFICATION, RESTATEMENT, JOINDER, ADDENDUM, RENEWAL ... of a security",
        rf"(?:{_AMENDS}) .*\b(?:{SECURITY})|(?:{SECURITY}) .*\b(?:{_AMENDS})",
        "AFFIDAVIT",
    ),
    ConveyanceRule(
        "no-grant",
        ConveyanceClass.OTHER,
        "a security and FORECLOSURE, DEFAULT, SALE, ORDER, CONSENT, ADDRESS, AGREEMENT TO GRANT, NEGATIVE PLEDGE ...: "
        "no grant; or a security over STOCK, SHARES ...",
        rf"(?:{_NO_GRANT}) .*\b(?:{SECURITY})|(?:{SECURITY}) .*\b(?:{_NO_GRANT})|NEGATIVE PLEDGE|"
        rf"{_OTHER_COLLATERAL} (?:INTERESTS? )?(?:{SECURITY})|"
        rf"(?:{SECURITY}) (?:\w+ ){{0,2}}(?:OF|OVER|ON) {_OTHER_COLLATERAL}",
        r"ASSIGNMENT|BILL OF SALE|VESTING",
    ),
    ConveyanceRule(
        "foreclosed",
        ConveyanceClass.ASSIGNMENT,
        "ASSIGNMENT, BILL OF SALE or VESTING of what was security: by FORECLOSURE, SALE or ORDER",
        r"(?:ASSIGNMENT|BILL OF SALE|VESTING) .*\b(?:FORECLOSURE|DEFAULT|ORDER|SALE)|"
        r"(?:FORECLOSURE|DEFAULT|ORDER|SALE) .*\b(?:ASSIGNMENT|BILL OF SALE|VESTING)",
        _NO_TRANSFER,
    ),
    ConveyanceRule(
        "security",
        ConveyanceClass.SECURITY,
        "SECURITY INTEREST, SECURITY AGREEMENT, FOR SECURITY, LIEN, MORTGAGE, PLEDGE, COLLATERAL, HYPOTHEC, CHARGE, "
        "FINANCING STATEMENT; not an unknown act OF one",
        SECURITY,
        rf"AFFIDAVIT|CONSENT|{_UNKNOWN_ACT}",
    ),
    ConveyanceRule(
        "government-interest",
        ConveyanceClass.GOVERNMENT_INTEREST,
        "CONFIRMATORY LICENSE, GOVERNMENT INTEREST, EXECUTIVE ORDER, LICENSE TO the GOVERNMENT; not their ending",
        _STATE,
        rf"(?:{_STRONG_END}|REVOCATION|WITHDRAWAL|EXPIRATION|RESCISSION) .*\b(?:{_STATE})",
    ),
    ConveyanceRule(
        "demerger",
        ConveyanceClass.OTHER,
        "DE-MERGER, SPIN-OFF, SPLIT, DIVISION: the text does not show whose right it is then",
        "DEMERGER|SPIN OFF|SPLIT|DIVISION",
    ),
    ConveyanceRule(
        "merger",
        ConveyanceClass.MERGER,
        "MERGER, AMALGAMATION, CORPORATE CONSOLIDATION",
        "MERGER|CORPORATE CONSOLIDATION",
    ),
    ConveyanceRule(
        "name-change",
        ConveyanceClass.NAME_CHANGE,
        "CHANGE OF NAME, NAME CHANGE, CHANGES ITS NAME, also with CHARGE for CHANGE; not its ending",
        _NAME,
        rf"(?:{_STRONG_END}) .*\bNAME",
    ),
    ConveyanceRule(
        "legal-form",
        ConveyanceClass.NAME_CHANGE,
        "CONVERSION, CHANGE OF ENTITY, OF FORM, OF LEGAL STATUS: another legal form of the same owner",
        _FORM,
    ),
    ConveyanceRule(
        "licence",
        ConveyanceClass.LICENCE,
        "LICENSE, without ASSIGNMENT before it, an ending, AMENDMENT, OPTION, CONSENT or AFFIDAVIT",
        "LICENSE",
        rf"ASSIGNMENT .*\bLICENSE|LICENSE (?:ASSIGNMENT|TRANSFER)|{_END}|AMENDMENT|OPTION|CONSENT|AFFIDAVIT|NO LICENSE",
    ),
    ConveyanceRule(
        "assignment",
        ConveyanceClass.ASSIGNMENT,
        "ASSIGNMENT, NUNC PRO TUNC, SALE, TRANSFER, VESTING; not CONDITIONAL, not ended, no OPTION or CONSENT",
        _SOLD,
        rf"{_NO_TRANSFER}|FORECLOSURE",
    ),
)  # fmt: skip
"""The rules in order of precedence: an earlier one excludes texts that a later one would misread."""
