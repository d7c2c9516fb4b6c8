"""The numbers that a book has instead of words, written a second time from docs/glossary.md."""

from __future__ import annotations

from schemas.currencies import CURRENCY_NUMBERS
from schemas.events import EVENT_TYPES
from schemas.industry import INDUSTRIES
from schemas.topics import TOPICS

OUTCOMES = ("accepted", "duplicate", "conflict", "rejected")
"""Outcomes in the order of their numbers, from 1."""
_KINDS = """grants pledges pledge_changes pledge_cancellations pledge_extensions pledge_defaults pledge_realisations
  filings publications cessations valuations licences assignments open_licences open_licence_acceptances
  loan_disbursements loan_repayments loan_compensations trademarks trademark_cessations pct_filings trademark_filings
  loan_subsidies"""
KINDS = dict(enumerate(_KINDS.split(), 1))
_PAYMENTS = ("fixed", "royalty", "free", "mixed")
STOCKS = {
    101: "pledges",
    102: "patents",
    103: "trademarks",
    104: "due",
    105: "due in default",
    130: "mergers",
    **{120 + digit: f"licences {fee}" for digit, fee in enumerate(_PAYMENTS, 1)},
    **{140 + digit: f"open_licences {fee}" for digit, fee in enumerate(_PAYMENTS, 1)},
    **{150 + digit: f"open_licence_acceptances {fee}" for digit, fee in enumerate(_PAYMENTS, 1)},
}
RIGHTS = {
    0: None,
    1: "invention",
    2: "utility_model",
    3: "design",
    4: "plant",
    5: "trademark",
    6: "copyright",
    9: "mixed",
}
TYPES = {one.number: one.name for one in EVENT_TYPES.values()}
TOPIC_NAMES = {topic.number: name for name, topic in TOPICS.items()}
INDUSTRY_CODES = {industry.number: industry.code for industry in INDUSTRIES.values()}
CURRENCY_CODES = {0: None, **{number: currency.code for number, currency in CURRENCY_NUMBERS.items()}}
BITS = {"recorded": 1, "corrected": 2}
LOW = 10**12
"""A sum of amounts is high * LOW + low."""


def iso(day: int) -> str:
    """Return YYYYMMDD as YYYY-MM-DD."""
    return f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def day_number(day: str) -> int:
    """Return YYYY-MM-DD as YYYYMMDD."""
    return int(day.replace("-", ""))
