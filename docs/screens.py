"""Make the pictures of the dashboard in docs/screens: `python docs/screens.py`. Needs Chromium, and takes minutes."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, expect, sync_playwright  # noqa: E402

from streams.synthetic.market import generate_all  # noqa: E402
from tests import shanghai  # noqa: E402
from tests.browser.conftest import CHROMIUM, serving  # noqa: E402
from tests.browser.scene import EXAMPLES, build  # noqa: E402

OUT = ROOT / "docs" / "screens"
SYNTHETIC = 25_000
LATER = re.compile(rb'"(?:occurred|published)_on":\s*"202[5-9]')
PAGES = {
    "overview": "/",
    "industries": "/industries",
    "industry": "/industries/AI",
    "events": "/events?kind=pledges&year=2022&industry=AI",
    "pledges": "/pledges",
    "pledge": "/pledges/P-00000020",
    "patents": "/patents",
    "patent": "/patents/CN100000009B",
    "valuations": "/valuations",
    "commercialization": "/commercialization",
    "generative-ai": "/generative-ai",
    "reconcile": "/reconcile",
    "rejections": "/rejections",
    "record": "/events/ip.patent.v1:0=0",
    "operations": "/operations",
    "ask": "/ask?sql=SELECT+industry,+pledges,+amount+FROM+pledge_stock+WHERE+currency='CNY'",
}
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 780}
EXTRA = (
    ("overview", "zh", "dark", WIDE),
    ("overview", "zh", "narrow", NARROW),
    ("industries", "en", "dark", WIDE),
    ("pledges", "zh", "dark", WIDE),
)
"""Pictures besides that of each page in English, light and wide."""


def events() -> Iterator[bytes]:
    """Yield the events of the pictures, up to 2024: Shanghai's pledges, a part of its grants, the published figures,
    the examples, and a synthetic market elsewhere."""
    constructed = enumerate(shanghai.constructed())
    lines = [line for file in sorted(EXAMPLES.glob("*.ndjson")) for line in file.read_bytes().splitlines()]
    lines += shanghai.published()
    lines += [line for place, line in constructed if place % 40 == 0 or b"ip.patent.granted" not in line]
    elsewhere = (b'"CN-SH"', b'"region":"CN"', b"reference.population", b"reference.policy")
    lines += [line for line in generate_all(SYNTHETIC, 7) if not any(words in line for words in elsewhere)]
    return (line for line in dict.fromkeys(lines) if not LATER.search(line))


def take(browser: Browser, address: str, name: str, lang: str, theme: str, viewport: dict[str, int]) -> None:
    """Take one picture of the beginning of a page."""
    context = browser.new_context(viewport=viewport, color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(300_000)
    state = f"lang={lang}&theme={'dark' if theme != 'light' else 'light'}"
    page.goto(f"{address}{PAGES[name]}{'&' if '?' in PAGES[name] else '?'}{state}")
    expect(page.locator(".block.loading")).to_have_count(0, timeout=300_000)
    for figure in page.locator("figure.chart").all():
        box = figure.bounding_box()
        if box and box["y"] < viewport["height"]:
            expect(figure).to_have_attribute("data-ready", "yes", timeout=300_000)
    page.screenshot(path=str(OUT / f"{name}-{lang}-{theme}.png"))
    context.close()


def main() -> None:
    """Build the book, serve it, and take all pictures."""
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        book = Path(directory) / "book.db"
        places = build(book, events())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with serving(book, places) as served:
            for name in PAGES:
                take(browser, served.address, name, "en", "light", WIDE)
            for name, lang, theme, viewport in EXTRA:
                take(browser, served.address, name, lang, theme, viewport)
        browser.close()


if __name__ == "__main__":
    main()
