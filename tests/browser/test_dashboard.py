"""The dashboard in a real Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, expect

from ledger import queries
from ledger.web.pages.overview import SLIDES
from streams.synthetic.market import generate_all
from tests.browser.conftest import Seen, Served

ABSENT = "/pledges/NOPE"
ADDRESSES = (
    *("/", "/industries", "/industries/AI", "/events?kind=pledges&industry=AI", "/pledges", "/patents", "/valuations"),
    *("/matches", "/matches/CN119000001B", "/readings"),
    *("/commercialization", "/generative-ai", "/reconcile", "/rejections?rule=not_json", "/operations"),
    *("/ask?sql=SELECT+1+AS+one", ABSENT),
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = 360, 1024, 1920


def addresses(served: Served) -> Iterator[str]:
    """Yield the addresses of all pages, those of one pledge, patent and record too."""
    yield from ADDRESSES
    with queries.open(served.book) as book:
        burdened = queries.view(book, "encumbered", filters=["right=invention"], limit=1).rows_as_dicts()[0]
        refused = queries.view(book, "rejections", filters=["rule=not_utf8"], limit=1).rows_as_dicts()[0]
    yield f"/pledges/{burdened['pledge']}"
    yield f"/patents/{burdened['id']}"
    yield f"/events/{refused['topic']}:{refused['partition']}={refused['offset']}"


def visit(seen: Seen, served: Served, address: str) -> None:
    """Open a page and wait until all of it is there."""
    seen.page.goto(served.address + address)
    expect(seen.page.locator(".block.loading")).to_have_count(0)


def violations(seen: Seen) -> list[dict[str, Any]]:
    """Return the violations that axe finds. Without details of all that passes, it needs a third of the time."""
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    seen.page.evaluate(Axe().axe_script)
    found: list[dict[str, Any]] = seen.page.evaluate("options => axe.run(options).then(all => all.violations)", options)
    return found


def violations_on(seen: Seen, served: Served, address: str, lang: str, theme: str) -> list[Any]:
    """Open a page in a language and theme, and all that is folded on it; return the violations."""
    visit(seen, served, f"{address}{'&' if '?' in address else '?'}lang={lang}&theme={theme}")
    seen.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    return [
        (address, violation["id"], violation["help"], [node["target"] for node in violation["nodes"]][:3])
        for violation in violations(seen)
    ]


def test_no_page_has_a_violation_or_a_script_error_or_asks_another_host_or_is_wider_than_its_window(
    seen: Seen, served: Served
) -> None:
    for address in addresses(served):
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        assert violations_on(seen, served, address, "en", "light") == []
        for figure in seen.page.locator("figure.chart").all():
            figure.scroll_into_view_if_needed()
            expect(figure).to_have_attribute("data-ready", "yes")
        if address == ABSENT:
            seen.faults.remove("Failed to load resource: the server responded with a status of 404 (Not Found)")
        assert seen.faults == [], address
        for width in WIDTHS:
            seen.page.set_viewport_size({"width": width, "height": 900})
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize(
    ("lang", "theme"),
    [
        ("zh", "dark"),
        pytest.param("en", "dark", marks=pytest.mark.long),
        pytest.param("zh", "light", marks=pytest.mark.long),
    ],
)
def test_axe_finds_no_violation_in_other_languages_and_themes(
    seen: Seen, served: Served, lang: str, theme: str
) -> None:
    assert [each for address in addresses(served) for each in violations_on(seen, served, address, lang, theme)] == []


def test_axe_finds_no_violation_at_any_width(seen: Seen, served: Served) -> None:
    for address in ("/", "/sign-in", "/industries"):
        visit(seen, served, address)
        for width in WIDTHS:
            seen.page.set_viewport_size({"width": width, "height": 800})
            assert violations(seen) == [], (address, width)


def test_a_live_tick_brings_new_figures_without_moving_the_page(seen: Seen, served: Served) -> None:
    page = seen.page
    visit(seen, served, "/")
    expect(page.locator("#live")).to_have_class(re.compile(r"\bon\b"))
    page.evaluate("""() => {
        window.moved = 0;
        new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.moved += entry.value; })
          .observe({ type: "layout-shift", buffered: false });
    }""")
    before = page.locator("#newest tbody").inner_text()
    registered = [line for line in generate_all(3_000, 11) if b"ip.pledge.registered" in line][:3]
    served.post(*registered)
    subject = json.loads(registered[-1])["subject"]
    expect(page.locator("#newest tbody")).to_contain_text(subject)
    assert page.locator("#newest tbody").inner_text() != before
    assert page.evaluate("window.moved") < 0.01
    expect(page.locator("#months-chart")).to_have_attribute("data-ready", "yes")
    assert seen.faults == []


def test_the_language_switch_keeps_the_state_of_the_page(seen: Seen, served: Served) -> None:
    visit(seen, served, "/industries?kind=grants&theme=dark")
    seen.page.get_by_role("link", name="中文").click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("行业 × 年度")
    assert re.search(r"[?&]kind=grants(&|$)", seen.page.url)
    expect(seen.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(seen.page.locator("html")).to_have_attribute("data-theme", "dark")
    seen.page.get_by_role("link", name="English").click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Industry × year")


def test_a_filter_applies_at_once_and_stands_in_the_address(seen: Seen, served: Served) -> None:
    visit(seen, served, "/industries")
    seen.page.get_by_label("Total").select_option("grants")
    seen.page.wait_for_url(re.compile("kind=grants"))
    expect(seen.page.locator("#matrix h2")).to_have_text("Grants")


def test_a_cell_leads_to_its_events_and_on_to_one_record(seen: Seen, served: Served) -> None:
    visit(seen, served, "/industries")
    seen.page.locator(".matrix td a").first.click()
    expect(seen.page.locator("#events tbody tr").first).to_be_visible()
    seen.page.locator("#events tbody th a").first.click()
    expect(seen.page.get_by_role("heading", name="Effect on the totals")).to_be_visible()
    expect(seen.page.get_by_text("SHA-256 of the value")).to_be_visible()


def test_a_page_works_by_keyboard_alone(seen: Seen, served: Served) -> None:
    visit(seen, served, "/")
    seen.page.keyboard.press("Tab")
    expect(seen.page.locator(".skip")).to_be_focused()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#content")).to_be_focused()
    visit(seen, served, "/industries")
    link = seen.page.locator(".matrix td a").first
    link.focus()
    assert link.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(re.compile("/events"))


def test_pages_work_without_scripts(browser: Browser, served: Served) -> None:
    with closing(browser.new_context(java_script_enabled=False, locale="en-GB")) as context:
        page = context.new_page()
        page.goto(f"{served.address}/industries")
        page.get_by_label("Total").select_option("valuations")
        page.get_by_role("button", name="Apply").click()
        page.wait_for_url(re.compile("kind=valuations"))
        expect(page.locator("#matrix h2")).to_have_text("Valuations")
        page.get_by_label("Find a patent").fill("AI")
        page.get_by_label("Find a patent").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Artificial intelligence")
        expect(page.locator("#years tbody tr").first).to_be_visible()


def test_a_wall_screen_shows_one_slide_after_another(seen: Seen, served: Served) -> None:
    visit(seen, served, "/?wall=1&slide=4")
    expect(seen.page.locator(".block")).to_have_count(1)
    refresh = seen.page.locator('meta[http-equiv="refresh"]').get_attribute("content") or ""
    seen.page.goto(served.address + refresh.partition("url=")[2])
    expect(seen.page.locator("#figures")).to_be_visible()


def test_each_slide_fits_a_wall_screen(seen: Seen, served: Served) -> None:
    for width, height in ((1920, 1080), (1280, 720)):
        seen.page.set_viewport_size({"width": width, "height": height})
        for slide in range(len(SLIDES)):
            visit(seen, served, f"/?wall=1&slide={slide}&lang=zh")
            assert seen.page.evaluate("document.documentElement.scrollHeight") <= height, (width, slide)
    seen.page.set_viewport_size({"width": 360, "height": 780})
    visit(seen, served, "/?wall=1")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_page_prints_without_its_frame(seen: Seen, served: Served, tmp_path: Path) -> None:
    visit(seen, served, "/pledges?theme=dark")
    seen.page.emulate_media(media="print")
    expect(seen.page.locator(".top")).to_be_hidden()
    expect(seen.page.locator(".side")).to_be_hidden()
    ground = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    seen.page.pdf(path=str(tmp_path / "page.pdf"))
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
