"""Data of the events `ip.loan.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Money, Party


class LoanCompensation(Model):
    """A party that shared the risk paid for the borrower."""

    TYPE: ClassVar[str] = "ip.loan.compensated.v1"

    occurred_on: date
    """date of the payment"""
    amount: Money
    paid_by: Literal["guarantor", "insurer", "risk_fund", "other"]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class LoanDisbursement(Model):
    """A lender paid out a loan or a part of it."""

    TYPE: ClassVar[str] = "ip.loan.disbursed.v1"

    occurred_on: date
    """date of the payment"""
    amount: Money
    """what was paid out"""
    lender: Party
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the borrower"""
    rate_bp: Annotated[int | None, Field(ge=0, le=100000)] = None
    """interest a year in hundredths of a percent"""
    due_on: date | None = None
    borrower: Party | None = None
    guarantor: Party | None = None
    insurer: Party | None = None


class LoanRepayment(Model):
    """The borrower repaid principal."""

    TYPE: ClassVar[str] = "ip.loan.repaid.v1"

    occurred_on: date
    """date of the payment"""
    amount: Money
    """principal; interest is not counted"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class LoanSubsidy(Model):
    """An authority paid interest of the loan, to the borrower or for it."""

    TYPE: ClassVar[str] = "ip.loan.subsidised.v1"

    occurred_on: date
    """date of the payment"""
    amount: Money
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    programme: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """name of the programme or its document"""
    payer: Party | None = None
    interest_from: date | None = None
    """the first day of the interest that is subsidised"""
    interest_to: date | None = None
    """the last day of that interest"""
