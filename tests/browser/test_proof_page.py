"""The page that checks a proof: saved to a file, opened without a network."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from ledger.proof.figure import figure_key
from tests.unit.ledger.proof.conftest import Ledger


def test_a_saved_page_checks_its_pack_offline(browser: Browser, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "book.db")
    ledger.grow(0, 300)
    note = ledger.sign().note
    made = ledger.prove(figure_key("pledges", 2023, "ALL"))
    saved, changed = tmp_path / "saved.html", tmp_path / "changed.html"
    saved.write_bytes(made.page)
    changed.write_bytes(made.page.replace(b" corrected CNY ", b" corrected USD ", 1))
    context = browser.new_context(offline=True)
    page = context.new_page()
    for file, verdict in ((saved, "RIGHT"), (changed, "WRONG")):
        page.goto(file.as_uri())
        expect(page.get_by_label("The pack:")).to_be_hidden()
        page.get_by_label("The log's public key").fill(ledger.public.text)
        page.get_by_label("A checkpoint that you").fill(note)
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_role("status")).to_have_text(verdict)
    page.goto(saved.as_uri())
    page.get_by_label("The log's public key").fill(f"{ledger.public.text}x")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status")).to_have_text("WRONG")
    context.close()
