"""Normalise the words that determine the class of a conveyance, whatever their spelling.

Cover sheets are typed by hand: "RELASE OF SECURTIY INTERST". A word becomes the nearest known word within a
Damerau-Levenshtein distance of 1 or 2 (inserted, deleted or replaced letters, and transpositions of neighbours).
"""

from __future__ import annotations

import re
from functools import lru_cache

from streams.sources.conveyances.abbreviations import written_out
from streams.sources.conveyances.languages import in_english

_FORMS = """
    SECURITY SECURTY SECUIRTY
    SECURITIES
    SECURED
    INTEREST INTERESTS INT
    AGREEMENT AGREEMENTS AGMT AGMTS AGRMT AGRMNT AGT AGR
    COLLATERAL COLLATERALS
    MORTGAGE MORTGAGES MORTGAGED MORTAGE
    MORTGAGEE MORTGAGEES
    MORTGAGOR MORTGAGORS
    PLEDGE PLEDGES PLEDGED
    PLEDGEE PLEDGEES
    PLEDGOR PLEDGORS
    LIEN LIENS LEIN LEINS
    HYPOTHEC HYPOTHECS HYPOTHECATION HYPOTHECATIONS HYPOTHEQUE HYPOTHEK NANTISSEMENT
    DEBENTURE DEBENTURES
    CHARGE CHARGES
    ENCUMBRANCE ENCUMBRANCES
    GRANT GRANTS GRANTED GRANTING
    RELEASE RELEASES RELEASED RELEASING RELEASEMENT REALESE RELEASSE
    TERMINATION TERMINATIONS TERMINATE TERMINATES TERMINATED TERMINATING
    CANCELLATION CANCELLATIONS CANCELATION CANCEL CANCELS CANCELED CANCELLED CANCELING CANCELLING
    DISCHARGE DISCHARGES DISCHARGED DISCHARGING
    SATISFACTION SATISFACTIONS SATISFIED
    REASSIGNMENT REASSIGNMENTS REASSIGN REASSIGNS REASSIGNED REASSIGNING
    RECONVEYANCE RECONVEYANCES RECONVEYED
    CONVEYANCE CONVEYANCES
    RELINQUISHMENT RELINQUISHMENTS RELINQUISHED
    EXTINGUISHMENT EXTINGUISHED EXTINCTION
    EXPIRATION EXPIRED
    REMOVAL REMOVALS REMOVE REMOVED REMOVING
    CESSATION CEASED
    ANNULMENT ANNULLED NULLIFICATION NULLIFIED
    DELETION DELETED
    LIFTING LIFTED
    WITHDRAWAL WITHDRAWALS WITHDRAWN
    REVOCATION REVOCATIONS REVOKED
    RESCISSION RESCISSIONS RECISSION RESCINDED
    ABANDONMENT ABANDONED
    PARTIAL PARTIALLY
    PATENT
    PATENTS
    TRADEMARK
    TRADEMARKS
    LICENSE LICENSES LICENSED LICENSING LICENCE LICENCES LICENCED LICENCING LISENCE
        SUBLICENSE SUBLICENSES SUBLICENCE SUBLICENCES CROSSLICENSE CROSSLICENCE
    LICENSEE LICENSEES LICENCEE
    LICENSOR LICENSORS
    ASSIGNMENT ASSIGNMENTS ASSIGN ASSIGNS ASSIGNED ASSIGNING ASSGN ASSGT ASSGMT ASGMT
    ASSIGNEE ASSIGNEES
    ASSIGNOR ASSIGNORS
    ASSUMPTION ASSUMPTIONS ASSUMED
    TRANSFER TRANSFERS TRANSFERRED TRANSFERRING
    MERGER MEGER MERGERS MERGED MERGING AMALGAMATION AMALGAMATIONS AMALGAMATED
    DEMERGER DEMERGERS
    CHANGE CHANGES CHANGED CHANGING CHG
    CONVERSION CONVERSIONS CONVERTED
    AMENDMENT AMENDMENTS AMEND AMENDS AMENDED AMENDING
    SUPPLEMENT SUPPLEMENTS SUPPLEMENTAL SUPPLEMENTARY SUPPLEMENTED SUPPLEMENTING
    MODIFICATION MODIFICATIONS MODIFIED
    RESTATEMENT RESTATED RESTATES
    JOINDER JOINDERS
    ADDENDUM ADDENDA
    REAFFIRMATION REAFFIRMED
    SUBORDINATION SUBORDINATIONS SUBORDINATING
    SUBORDINATED SUBORDINATE
    INTERCREDITOR
    SUCCESSION SUCCESSIONS
    SUCCESSOR SUCCESSORS
    APPOINTMENT APPOINTMENTS APPOINTED APPOINTING
    RESIGNATION RESIGNATIONS RESIGN RESIGNS RESIGNING RESIGNED
    REPLACEMENT REPLACEMENTS REPLACED REPLACING
    SUBSTITUTION SUBSTITUTIONS SUBSTITUTE SUBSTITUTED
    AGENT AGENTS
    GOVERNMENT GOVERNMENTAL GOVT
    CONFIRMATORY
    CORRECTIVE CORRECTION CORRECTIONS CORRECTED CORRECTING CORRECT CORRECTS RERECORD RERECORDED RERECORDING
    ERRONEOUS ERRONEOUSLY ERROR ERRORS
    RECORDED RECORDATION RECORDING
    JUDGMENT JUDGMENTS JUDGEMENT JUDGEMENTS
    FORECLOSURE FORECLOSURES FORECLOSED FORECLOSING
    VESTING VESTS VESTED
"""
_OTHERS = """
    ALIGNMENT CALCULATION CANCER CHANCE CHARGED CHARGER CHARGING CHARLES COLLECTION COLLECTIVE CONCERNED CONCESSION
    CONNECTED CONNECTION CONVENTION CONVERSATION CONVERSE CONVEYOR CORRELATION CORRUPTION COVERED EXCITATION
    EXPLORATION GRANTEE GRANTEES GRANTOR GRANTORS GRATING HYPOTHESIS INTERESTED INTERNET MARTIAL MERCER PARENT
    PARENTS PATENTED PATENTEE PATENTEES PLEDGER POTENT RECESSION RECORDER REGARDING REINSTATEMENT RELOCATION
    REPEATING REVISION REVOLUTION REVOLVING SECURE SUCCESS TERMINAL TRANSFEREE TRANSFEROR TRANSFORM
"""
_SHORTEST = 6
"""The minimum length of a word that is corrected: shorter ones are too near to others."""
_TWO_FROM = 9
_TWO_BETWEEN = 8
"""The minimum length of a known word that may differ by two letters, and by two between the same ends."""
_PREFIX = re.compile(r"\b(RE|DE|NON|SUB|CROSS|UN|DIS)\s*-\s*(?=[A-Z]{3})").sub


def _known() -> dict[str, str]:
    lines = re.sub(r"\n {8,}", " ", _FORMS).split("\n")
    return {form: line.split()[0] for line in lines for form in line.split()}


_KNOWN = _known()
_OTHER_WORDS = frozenset(_OTHERS.split())  # similar to known words, but with another meaning
_BY_LETTER = {letter: [form for form in _KNOWN if form.startswith(letter)] for letter in {each[0] for each in _KNOWN}}


def words(text: str) -> list[str]:
    """Return the words of a text in English and capitals, without abbreviations, punctuation and accents; known ones in
    their first form."""
    plain = written_out(in_english(text).encode("ascii", "ignore").decode(), _KNOWN)
    joined = _PREFIX(r"\1", re.sub(r"['`]", "", plain).replace("&", " AND "))
    return [word for each in re.findall(r"[A-Z0-9]+", joined) for word in _normalised(each).split()]


@lru_cache(65536)
def _normalised(word: str) -> str:
    """Return the known word, two known words if the space between them is missing, or the word itself."""
    if word in _KNOWN:
        return _KNOWN[word]
    if len(word) < _SHORTEST or len(word) > 2 * _TWO_FROM + 2 or not word.isalpha() or word in _OTHER_WORDS:
        return word
    if word.endswith("OF") and word[:-2] in _KNOWN:
        return f"{_KNOWN[word[:-2]]} OF"
    for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
        if word[:at] in _KNOWN and word[at:] in _KNOWN:
            return f"{_KNOWN[word[:at]]} {_KNOWN[word[at:]]}"
    # Few people misspell the first letter, so only forms with the same one are compared.
    distances = [(edit_distance(word, form), form) for form in _BY_LETTER.get(word[0], ()) if _is_near(word, form)]
    distance, form = min(distances, default=(3, ""))
    return _KNOWN[form] if distance <= _limit(word, form) else word


def _is_near(word: str, form: str) -> bool:
    return len(form) >= _SHORTEST and abs(len(word) - len(form)) <= _limit(word, form)


def _limit(word: str, form: str) -> int:
    """Return by how many letters a word may differ. Shorter words may differ by two between the same ends."""
    same_ends = (word[:2], word[-1]) == (form[:2], form[-1:])
    return 2 if len(form) >= (_TWO_BETWEEN if same_ends else _TWO_FROM) else 1


def edit_distance(one: str, other: str) -> int:
    """Return the Damerau-Levenshtein distance: insertions, deletions, replacements and transpositions of neighbours."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
