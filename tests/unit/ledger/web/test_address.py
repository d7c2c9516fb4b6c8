"""Addresses of pages: what they carry, what they drop."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.web.pages.address import Address, BadAddress


def test_a_link_to_another_page_carries_language_theme_basis_day_and_currency_alone() -> None:
    at = Address.parsed("/industries", {"lang": "zh", "theme": "dark", "currency": "CNY", "kind": "grants", "x": "1"})
    assert at.link("/pledges") == "/pledges?lang=zh&theme=dark&currency=CNY"
    assert at.link("/pledges", reason="due") == "/pledges?lang=zh&theme=dark&currency=CNY&reason=due"


def test_a_link_to_the_same_page_changes_only_what_is_named() -> None:
    at = Address.parsed("/industries", {"kind": "grants", "lang": "zh"})
    assert at.link(lang="en") == "/industries?lang=en&kind=grants"
    assert at.link(kind=None) == "/industries?lang=zh"
    assert at.link() == "/industries?lang=zh&kind=grants"


def test_a_link_escapes_what_an_address_may_not_have() -> None:
    at = Address.parsed("/events/a b", {"q": '"><script>'})
    assert at.link() == "/events/a%20b?q=%22%3E%3Cscript%3E"
    assert at.link("/events/ip.pledge.v1:0=17") == "/events/ip.pledge.v1:0=17"
    assert Address.parsed("/pledges/A?B#C", {}).action == "/pledges/A%3FB%23C"


def test_values_are_checked_when_they_are_used() -> None:
    at = Address.parsed("/", {"day": "2023-02-28", "rows": "7"})
    assert (at.day, at.rows, at.most(3), at.basis) == (date(2023, 2, 28), 7, 7, "corrected")
    assert (Address.parsed("/", {}).day, Address.parsed("/", {}).most(3)) == (None, 3)
    bad = Address.parsed("/", {"day": "2023-02-30", "rows": "9" * 5000, "basis": "guess"})
    for name in ("day", "rows", "basis"):
        with pytest.raises(BadAddress, match=name):
            getattr(bad, name)
