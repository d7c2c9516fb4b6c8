"""The filters that pages share, and the values that they offer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from ledger import queries
from ledger.queries import Book
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.parts import FilterField, SelectOption
from ledger.web.pages.regions import region_label
from ledger.web.pages.translator import Translator
from schemas.data.valuation import Purpose
from schemas.industry import INDUSTRIES
from schemas.values import AssetRight

KINDS_SHOWN = (
    *("pledges", "grants", "valuations", "licences", "assignments", "open_licences", "open_licence_acceptances"),
    "loan_disbursements",
)
"""Kinds of totals that pages offer."""
COUNTED = ("grants",)
"""Kinds that never have an amount."""
PURPOSES: tuple[str, ...] = get_args(Purpose)
RIGHT_NAMES = (*get_args(AssetRight), "mixed")


def choices(
    name: str, label: str, at: Address, options: Iterable[SelectOption], value: str | None = None
) -> FilterField:
    """Return a list of choices; the address's value is among them, whatever it is."""
    listed = list(options)
    chosen = at[name] if value is None else value
    if chosen not in [option.value for option in listed]:
        listed.append(SelectOption(chosen, chosen))
    return FilterField(name, label, chosen, listed)


def basis_filter(at: Address, t: Translator) -> FilterField:
    """Return the filter for the basis."""
    options = [SelectOption("", t("corrected")), SelectOption("recorded", t("as recorded"))]
    return choices("basis", t("Basis"), at, options, "" if at.basis == "corrected" else at.basis)


def day_filter(at: Address, t: Translator, newest: str | None) -> FilterField:
    """Return the filter for the day; the newest one of the book, unless the address names one."""
    return FilterField("day", t("Day"), at["day"] or newest or "", type="date")


def currency_filter(at: Address, t: Translator, used: str | None, others: Iterable[str]) -> FilterField:
    """Return the filter for the currency."""
    options = [SelectOption(code, code) for code in (used or "", *others) if code]
    return choices("currency", t("Currency"), at, options, used or "")


def region_filter(slow: Slow, at: Address, t: Translator) -> FilterField:
    """Return the filter for the region, with those that the book has."""
    none: tuple[str, ...] = ()
    codes = slow.value("regions", _regions, none)
    options = [SelectOption(code, region_label(code, t)) for code in codes]
    return choices("region", t("Region"), at, [SelectOption("", t("all regions")), *options])


def _regions(book: Book) -> tuple[str, ...]:
    found = queries.totals(book, by=("region",), filters=["kind=pledges,grants"], columns=("region",))
    codes = {row[0] for row in found.shown if row[0]}
    return tuple(sorted(codes | {code.partition("-")[0] for code in codes}))


def industry_filter(at: Address, t: Translator) -> FilterField:
    """Return the filter for the industry."""
    options = [SelectOption(code, labels.industry_label(code, t)) for code in INDUSTRIES if code != "ALL"]
    return choices("industry", t("Industry"), at, [SelectOption("", t("all industries")), *options])


def right_filter(at: Address, t: Translator) -> FilterField:
    """Return the filter for the kind of right."""
    options = [SelectOption(name, labels.value(name, t)) for name in RIGHT_NAMES]
    return choices("right", t("Right"), at, [SelectOption("", t("all rights")), *options])


def purpose_filter(at: Address, t: Translator) -> FilterField:
    """Return the filter for the purpose of a valuation."""
    purposes = [SelectOption("", t("all purposes")), *(SelectOption(name, labels.value(name, t)) for name in PURPOSES)]
    return choices("purpose", t("Purpose"), at, purposes)


def kind_filter(at: Address, t: Translator, kind: str) -> FilterField:
    """Return the filter for the kind of total."""
    return choices("kind", t("Total"), at, [SelectOption(name, labels.value(name, t)) for name in KINDS_SHOWN], kind)


def dated(t: Translator, text: str, day: str | None) -> str:
    """Return the sentence under the title of a page, with its {day}; another one for a book without events."""
    return t(text, day=t.day(day)) if day else t("The book has no event yet.")
