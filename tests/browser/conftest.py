"""A server on a small book, in a process of this one, and a Chromium that looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ledger.web.app import create_app
from tests.browser.scene import Ends, append, build, small
from tests.processes import PATIENCE_SECONDS
from tests.servers import listening
from tests.unit.ledger.web.conftest import settings_of

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Served(NamedTuple):
    """A server: its address, and the book that it reads."""

    address: str
    book: Path
    ends: Ends

    def post(self, *lines: bytes) -> None:
        """Post events to the book, as its worker does."""
        append(self.book, self.ends, lines)


@contextmanager
def serving(book: Path, ends: Ends) -> Iterator[Served]:
    """Yield a running server on a book, on loopback, at a free port."""
    with listening(create_app(settings_of(book))) as address:
        yield Served(address, book, ends)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a running server on a synthetic market."""
    path = tmp_path_factory.mktemp("browser") / "book.db"
    with serving(path, build(path, small(2_000))) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a Chromium; skip where none is installed. Its event loop runs until it ends, and no other runs meanwhile,
    so it does not outlive its module."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: `apt-get install chromium`")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_SECONDS * 1000)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Seen(NamedTuple):
    """A page of the browser, and what went wrong on it: script errors, breaches of the policy, requests elsewhere."""

    page: Page
    faults: list[str]


@pytest.fixture
def seen(browser: Browser, served: Served) -> Iterator[Seen]:
    """Yield a page of a desktop's width that records faults."""
    with closing(browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on(
            "request",
            lambda request: None if request.url.startswith((served.address, "data:")) else faults.append(request.url),
        )
        yield Seen(page, faults)
