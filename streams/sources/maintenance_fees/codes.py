"""Codes of the US office's file of maintenance-fee events, by their meaning for a patent.

The office lists them in a file next to it (MaintFeeEventsDesc). Codes of fees have a digit for the payer's size (1
large, 2 small, 3 micro entity), and their last digit is the fee: due 3.5, 7.5 and 11.5 years after the grant (35 U.S.C.
41(b)), it keeps the patent in force to its 8th year, its 12th year, and its end.
"""

from __future__ import annotations

import re

_PAID = re.compile(r"M[123]55([123])|M17([0-2])|M[12]7([345])|M[12]8([345])").fullmatch
_FIRST_DIGITS = ("1", "0", "3", "3")
_ANNOUNCED = re.compile(
    r"R[0-9]{3,4}"  # a refund
    r"|M[12](?:[78][0-9])|M[123]55[4-9]"  # a surcharge, or a petition's fee
    r"|REM\.|REMI"  # a reminder was mailed
    r"|ASPN|RMPN"  # a payor number was assigned or removed
    r"|BIG\.|SMAL|MICR|(?:LTO|MTO|STO)[LMS]"  # the size of the owner
    r"|PMF[DPS]"  # a petition was filed, or dismissed
).fullmatch

EXPIRED = "EXP."
"""Expired for failure to pay maintenance fees."""
REINSTATED = frozenset(["EXPX", "PMFG"])
"""Reinstated after a payment was confirmed; and a petition was granted, so that a late payment was accepted."""


def fee_year(code: str) -> int | None:
    """Return year 4, 8 or 12 of the patent if this code means that its fee was paid; None for any other code.

    `M1551`, before 2000 `M183` (large) and `M283` (small), earlier `M173`, `M273` and `M170`.
    """
    match = _PAID(code)
    if match is None:
        return None
    digit, first = next((digit, first) for digit, first in zip(match.groups(), _FIRST_DIGITS, strict=True) if digit)
    return 4 * (int(digit) - int(first) + 1)


def is_announced(code: str) -> bool:
    """Return whether a code is known and changes no patent."""
    return _ANNOUNCED(code) is not None
