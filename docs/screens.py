"""Make the pictures of the dashboard in docs/screens: `python docs/screens.py`. Needs Chromium and a Chinese font.

With `--all`, make whole pages in both languages and themes at three widths, also of an empty book, in `screens/`, which
is not in the repository, and name what is cut off: to look at, before a change of the design is done.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright  # noqa: E402

from streams.synthetic.market import generate_all  # noqa: E402
from tests import shanghai  # noqa: E402
from tests.browser.conftest import CHROMIUM, serving  # noqa: E402
from tests.browser.scene import EXAMPLES, build, offered  # noqa: E402

OUT = ROOT / "docs" / "screens"
ALL = ROOT / "screens"
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
    "patent": "/patents/CN119000001B",
    "valuations": "/valuations",
    "commercialization": "/commercialization",
    "supply-and-demand": "/matches",
    "matches": "/matches/CN119000001B",
    "readings": "/readings",
    "generative-ai": "/generative-ai",
    "reconcile": "/reconcile",
    "rejections": "/rejections",
    "record": "/events/ip.patent.v1:0=0",
    "operations": "/operations",
    "ask": "/ask?sql=SELECT+industry,+pledges,+amount+FROM+pledge_stock+WHERE+currency='CNY'",
}
WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 360, "height": 780}
EXTRA = (
    ("overview", "zh", "dark", WIDE),
    ("overview", "zh", "narrow", NARROW),
    ("industries", "en", "dark", WIDE),
    ("pledges", "zh", "dark", WIDE),
)
"""Pictures besides that of each page in English, light and wide."""
Look = tuple[int, str, str]
"""Width, language and theme."""
LOOKS = list(product((360, 1024, 1920), ("en", "zh"), ("light", "dark")))
TALLEST = 12_000
"""Pixels of a whole page."""
SCROLLS = ".scroll, .side, pre"
CUT = f"""() => [...document.querySelectorAll("main *, header *")].filter(one => {{
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  if (!box.width || style.clipPath !== "none" || one.closest("{SCROLLS}, svg, canvas")) return false;
  return box.right > innerWidth + 1 || (style.overflowX === "hidden" && one.scrollWidth > one.clientWidth + 1);
}}).map(one => `${{one.localName}}.${{one.className}}: ${{one.textContent.trim().slice(0, 40)}}`).slice(0, 5)"""
"""Elements that the window or a box cuts off, but for those in a box that scrolls."""


def events() -> Iterator[bytes]:
    """Yield the events of the pictures, up to 2024: Shanghai's pledges, a part of its grants, the published figures,
    the examples, and a synthetic market elsewhere."""
    constructed = enumerate(shanghai.constructed())
    lines = [line for file in sorted(EXAMPLES.glob("*.ndjson")) for line in file.read_bytes().splitlines()]
    lines += [*shanghai.published(), *offered()]
    lines += [line for index, line in constructed if index % 40 == 0 or b"ip.patent.granted" not in line]
    elsewhere = (b'"CN-SH"', b'"region":"CN"', b"reference.population", b"reference.policy")
    lines += [line for line in generate_all(SYNTHETIC, 7) if not any(words in line for words in elsewhere)]
    return (line for line in dict.fromkeys(lines) if not LATER.search(line))


def opened(page: Page, address: str, path: str, lang: str, theme: str) -> None:
    """Open a page and wait for its slow parts."""
    page.set_default_timeout(300_000)
    page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={lang}&theme={theme}")
    expect(page.locator(".block.loading")).to_have_count(0, timeout=300_000)


def take(browser: Browser, address: str, name: str, lang: str, theme: str, viewport: ViewportSize) -> None:
    """Take one picture of the beginning of a page."""
    with closing(browser.new_context(viewport=viewport, color_scheme="light")) as context:
        page = context.new_page()
        opened(page, address, PAGES[name], lang, "dark" if theme != "light" else "light")
        for figure in page.locator("figure.chart").all():
            box = figure.bounding_box()
            if box and box["y"] < viewport["height"]:
                expect(figure).to_have_attribute("data-ready", "yes", timeout=300_000)
        page.screenshot(path=str(OUT / f"{name}-{lang}-{theme}.png"))


def take_all(browser: Browser, address: str, to: Path, pages: Mapping[str, str], looks: Sequence[Look]) -> None:
    """Take pictures of whole pages; name the cut elements."""
    to.mkdir(parents=True, exist_ok=True)
    for (name, path), (width, lang, theme) in product(pages.items(), looks):
        with closing(browser.new_context(viewport={"width": width, "height": 900})) as context:
            page = context.new_page()
            opened(page, address, path, lang, theme)
            height = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
            page.set_viewport_size({"width": width, "height": height})
            for figure in page.locator("figure.chart").all():
                expect(figure).to_have_attribute("data-ready", "yes", timeout=300_000)
            picture = f"{name}-{lang}-{theme}-{width}.png"
            page.screenshot(path=str(to / picture), animations="disabled")
            for cut in page.evaluate(CUT):
                sys.stdout.write(f"{picture}: {cut}\n")


def main() -> None:
    """Build the book, serve it, and take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="whole pages in every language, theme and width")
    parser.add_argument("--pages", default=",".join(PAGES), help="with --all: some of them, A,B")
    asked = parser.parse_args()
    chosen = {name: PAGES[name] for name in asked.pages.split(",")}
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        book, empty = Path(directory) / "book.db", Path(directory) / "empty.db"
        with serving(book, build(book, events())) as served:
            if asked.all:
                take_all(browser, served.address, ALL, chosen, LOOKS)
            else:
                for name in PAGES:
                    take(browser, served.address, name, "en", "light", WIDE)
                for name, lang, theme, viewport in EXTRA:
                    take(browser, served.address, name, lang, theme, viewport)
        if asked.all:
            with serving(empty, build(empty, (), broken=False)) as served:
                take_all(browser, served.address, ALL / "empty", chosen, [(1024, "en", "light"), (360, "zh", "dark")])
        browser.close()


if __name__ == "__main__":
    main()
