"""Every page, in both languages, on a small book: rendered, complete, and without anything that the policy forbids."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path
from threading import Event

import httpx
import pytest

from ledger import queries
from ledger.web.app import create_app
from ledger.web.pages.background import MOST_WAITING, Background
from ledger.web.pages.regions import region_label
from ledger.web.pages.rendering import coded
from ledger.web.pages.translator import Translator
from ledger.web.reading import Books
from tests.books import new_book
from tests.browser.scene import BROKEN, build, small
from tests.unit.ledger.web.conftest import client_of, running, settings_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
LANGUAGES = {"en": "en", "zh": "zh-Hans"}
ZH = Translator("zh")
PAGES = (
    *("/", "/?wall=1", "/?wall=1&slide=3", "/?region=CN-GD", "/?basis=recorded&day=2022-06-30", "/industries"),
    *("/industries?kind=grants", "/industries/AI", "/industries/AI?kind=grants", "/events?kind=pledges&industry=AI"),
    *("/pledges", "/pledges?reason=ltv", "/patents", "/patents?in_force=1&sort=patent", "/valuations"),
    *("/commercialization", "/matches?region=CN", "/readings?answer=yes", "/generative-ai", "/reconcile"),
    *("/reconcile?verdict=differs", "/rejections"),
    *("/rejections?rule=not_json", "/operations", "/ask", "/ask?sql=SELECT+1+AS+one,+NULL", "/ask?sql=DELETE"),
)
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z][a-z]+(?:[ ,;]+[A-Za-z]+){2,}")
"""Three words or more."""
AS_IT_IS = {"code", "pre", "textarea", "script"}
"""Elements with commands, SQL and bytes."""


class _Reader(HTMLParser):
    """Collects what tests look at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        """Texts in words, also those that a screen reader reads."""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts += [value for name, value in attrs if name in ("aria-label", "placeholder", "title") and value]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] not in AS_IT_IS:
            self.texts.append(data)

    def all(self, name: str) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes in self.tags if tag == name)


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book with every outcome, for tests that only read it."""
    path = tmp_path_factory.mktemp("scene") / "book.db"
    build(path, small())
    return path


@pytest.fixture(scope="session")
def background(scene: Path) -> Iterator[Background]:
    """Yield the background that computes the slow parts of all tests, for which their pages wait."""
    background = Background(Books(scene), patience=300.0)
    yield background
    background.close()


@pytest.fixture(scope="session")
async def pages(scene: Path, background: Background) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a server that waits for the slow parts of its pages."""
    app = create_app(settings_of(scene))
    app.state.background = background
    async with client_of(app) as client:
        yield client
    app.state.books.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
async def test_a_page_is_rendered(pages: httpx.AsyncClient, address: str, lang: str) -> None:
    answer = await pages.get(address, headers={"accept-language": lang})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    reader = _Reader(answer.text)
    assert next(reader.all("html"))["lang"] == LANGUAGES[lang]
    assert len(list(reader.all("h1"))) == 1
    ids = [attributes["id"] for _, attributes in reader.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert bool(CHINESE.search(answer.text.replace("简体中文", "").replace("中文", ""))) == (lang == "zh")
    assert "block loading" not in answer.text
    if lang == "zh":
        assert english(reader) == []


async def test_no_english_sentence_remains_on_a_chinese_page(pages: httpx.AsyncClient, scene: Path) -> None:
    with queries.open(scene) as book:
        pledge = queries.view(book, "pledge_flags", filters=["rule=R4"], limit=1).rows_as_dicts()[0]["pledge"]
        patent = queries.view(book, "encumbered", filters=["right=invention"], limit=1).rows_as_dicts()[0]["id"]
        shown = queries.view(book, "rejections").rows_as_dicts()
        assert len(shown) == len(BROKEN) + 1
        shown += queries.view(book, "unmatched", limit=1).rows_as_dicts()
    records = [f"/events/{row['topic']}:{row['partition']}={row['offset']}" for row in shown]
    wrong = ["/industries/NOPE", "/?currency=ZZZ", "/?basis=wrong", "/events?kind=grants&since=soon", "/events/NOPE"]
    for address in (f"/pledges/{pledge}", f"/patents/{patent}", *records, *wrong):
        reader = _Reader((await pages.get(address, headers={"accept-language": "zh"})).text)
        assert english(reader) == [], address


def english(reader: _Reader) -> list[str]:
    """Return the English sentences that no event contains."""
    found = (match[0] for text in reader.texts if "SELECT" not in text for match in ENGLISH.finditer(text))
    return [words for words in found if words not in _published()]


@cache
def _published() -> str:
    return b"\n".join(small()).decode()


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_has_no_inline_script_or_style_and_nothing_of_another_host(
    pages: httpx.AsyncClient, address: str
) -> None:
    reader = _Reader((await pages.get(address)).text)
    assert [one for one in reader.all("script") if not one.get("src") and one.get("type") != "application/json"] == []
    assert list(reader.all("style")) == []
    for _, attributes in reader.tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "action", "data-hx-get"):
            assert not re.match("[a-z]+:|//", attributes.get(name) or ""), attributes


async def test_every_link_of_the_pages_to_a_page_works(pages: httpx.AsyncClient) -> None:
    links: set[str] = set()
    for address in (
        "/",
        "/industries",
        "/industries/AI",
        "/pledges",
        "/patents",
        "/rejections",
        "/events?kind=pledges",
    ):
        reader = _Reader((await pages.get(address)).text)
        links |= {str(one["href"]) for one in reader.all("a") if str(one.get("href")).startswith("/")}
    own = sorted(link for link in links if not link.startswith(("/api/", "/static/")))
    assert len(own) > 200
    for link in own[:: max(1, len(own) // 60)]:
        answer = await pages.get(link)
        assert answer.status_code == 200, link


async def test_the_data_of_a_chart_is_that_of_the_table_next_to_it(pages: httpx.AsyncClient, scene: Path) -> None:
    html = (await pages.get("/patents")).text
    source = re.search(r'<script type="application/json" id="years-chart-data">(.*?)</script>', html)
    assert source
    data = json.loads(source[1])
    with queries.open(scene) as book:
        counts = {
            (row["right"], str(row["year"])): row["events"]
            for row in queries.totals(book, "grants", ("year", "right")).rows_as_dicts()
        }
    inventions = next(one for one in data["series"] if one["name"] == "invention")
    assert inventions["values"] == [counts.get(("invention", year), 0) for year in data["x"]]
    for year, text in zip(data["x"], inventions["texts"], strict=True):
        assert re.search(rf'data-label="Year">{year}</th>\s*<td[^>]*>{text}</td>', html)


async def test_a_pledge_has_its_life_pool_and_flags(pages: httpx.AsyncClient, scene: Path) -> None:
    with queries.open(scene) as book:
        row = queries.view(book, "ltv", filters=["breach=1"], limit=1).rows_as_dicts()[0]
    html = (await pages.get(f"/pledges/{row['pledge']}")).text
    for block in ("figures", "life", "contract", "pool", "flags", "reasons"):
        assert f'id="{block}"' in html
    assert "above the cap" in html


async def test_a_patent_has_its_family_burdens_and_valuations(pages: httpx.AsyncClient, scene: Path) -> None:
    with queries.open(scene) as book:
        patent = queries.view(book, "encumbered", filters=["right=invention"], limit=1).rows_as_dicts()[0]["id"]
    html = (await pages.get(f"/patents/{patent}")).text
    for block in ("figures", "life", "bibliography", "citations", "burdens", "valuations", "points"):
        assert f'id="{block}"' in html


async def test_a_need_and_an_offer_lead_to_their_matches_and_back(pages: httpx.AsyncClient, scene: Path) -> None:
    with queries.open(scene) as book:
        need = queries.view(book, "needs", limit=1).shown_as_dicts()[0]
        offer = queries.view(book, "offers", limit=1).shown_as_dicts()[0]
    both = (await pages.get("/matches?rows=1000")).text
    of_need = (await pages.get(f"/matches/{need['need']}")).text
    of_offer = (await pages.get(f"/matches/{offer['offer']}")).text
    assert f'href="/matches/{need["need"]}"' in both
    assert f'href="/matches/{offer["offer"]}"' in both
    assert need["text"] in of_need
    assert 'href="/matches/OL-' in of_need
    assert f'href="/patents/{offer["patent"]}"' in of_offer
    found = await pages.get("/find", params={"q": need["need"]})
    assert found.headers["location"] == f"/matches/{need['need']}"


async def test_a_reading_shows_its_quote_and_index_on_its_own_page_and_that_of_its_patent(
    pages: httpx.AsyncClient, scene: Path
) -> None:
    with queries.open(scene) as book:
        read = queries.view(book, "readings", filters=["answer=yes"], limit=1).shown_as_dicts()[0]
    for address in ("/readings?model=example-reader&rows=1000", f"/patents/{read['patent']}"):
        html = (await pages.get(address)).text
        assert f"“{read['quote']}”" in html
        assert f"claims, character {read['quote_at']}" in html
        assert "not registered" in html
    assert "“" not in (await pages.get("/readings?answer=unknown")).text


async def test_a_fault_of_our_own_in_a_slow_part_is_no_endless_wait(background: Background) -> None:
    def fails(book: queries.Book) -> object:
        raise KeyError("fault")

    with pytest.raises(KeyError, match="fault"):
        background.get("fails", fails, 300.0)


async def test_only_some_slow_parts_wait(background: Background) -> None:
    go, computed = Event(), set()

    def slow(number: int, book: queries.Book) -> None:
        go.wait()
        computed.add(number)

    for number in range(MOST_WAITING + 9):
        background.get(f"slow {number}", partial(slow, number), 0.0)
    go.set()
    for number in range(MOST_WAITING):
        background.get(f"slow {number}", partial(slow, number), 300.0)
    assert computed == set(range(MOST_WAITING))


async def test_states_of_the_us_have_names(pages: httpx.AsyncClient) -> None:
    assert 'value="US-CA">California<' in (await pages.get("/patents")).text
    assert 'value="US-CA">加利福尼亚州<' in (await pages.get("/patents?lang=zh")).text
    assert [region_label(code, ZH) for code in ("US-MD", "DE-BY", "US-ZZ")] == ["马里兰州", "巴伐利亚", "US-ZZ"]


async def test_a_rejection_shows_rule_bytes_and_repair(pages: httpx.AsyncClient, scene: Path) -> None:
    html = (await pages.get("/rejections?rule=not_utf8")).text
    place = re.search(r'/events/(ip\.[^"?]+)', html)
    assert place
    record = (await pages.get(f"/events/{place[1]}")).text
    assert "ff fe 00 01" in record
    assert "Encode the value as UTF-8." in record


async def test_a_figure_shows_what_moved_it_since(pages: httpx.AsyncClient) -> None:
    moved = (await pages.get("/events?kind=pledges&industry=AI&since=start")).text
    assert "What moved this figure since then" in moved
    assert "urn:" in moved
    none = (await pages.get("/events?kind=pledges&industry=AI&since=2199-01-01")).text
    assert "Nothing moved since then." in none
    wrong = await pages.get("/events?kind=pledges&since=soon")
    assert wrong.status_code == 422
    assert "neither a position nor a time" in wrong.text


async def test_a_conflict_shows_what_differs(pages: httpx.AsyncClient) -> None:
    html = (await pages.get("/rejections?rule=conflict")).text
    place = re.search(r'/events/(ip\.[^"?]+)', html)
    assert place
    record = (await pages.get(f"/events/{place[1]}")).text
    assert "What differs" in record
    assert "region" in record


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/pledges/NOPE", 404, "no accepted event about &#39;NOPE&#39;"),
        ("/events/NOPE", 404, "no record and no entity"),
        ("/industries/NOPE", 404, "It is one of ALL"),
        ("/?day=yesterday", 404, "YYYY-MM-DD"),
        ("/?basis=wrong", 404, "corrected or recorded"),
        ("/events?rows=0", 404, "a number from 1"),
        ("/sign-in?lang=zh", 200, "登录"),
        ("/?currency=ZZZ", 422, "ZZZ"),
        ("/patents?sort=nope", 200, "has no column"),
    ],
)
async def test_what_cannot_be_answered_is_a_page_too(
    pages: httpx.AsyncClient, address: str, status: int, words: str
) -> None:
    answer = await pages.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert words in answer.text


async def test_a_missing_book_is_a_page(tmp_path: Path) -> None:
    app = create_app(settings_of(tmp_path / "none.db"))
    async with client_of(app) as client:
        answer = await client.get("/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "no such file" in answer.text


@pytest.mark.parametrize(
    ("asked", "leads"),
    [("ai", "/industries/AI"), ("", "/"), ("ip.pledge.v1:0=0", "/events/ip.pledge.v1:0=0"), ("NOPE", "/events/NOPE")],
)
async def test_a_name_leads_to_its_page(pages: httpx.AsyncClient, asked: str, leads: str) -> None:
    answer = await pages.get("/find", params={"q": asked})
    assert (answer.status_code, answer.headers["location"]) == (303, leads)


async def test_a_wall_screen_goes_from_slide_to_slide(pages: httpx.AsyncClient) -> None:
    html = (await pages.get("/?wall=1&slide=4&lang=zh")).text
    assert 'content="15; url=/?lang=zh&amp;wall=1&amp;slide=0"' in html
    assert 'id="verdicts"' in html
    assert 'id="figures"' not in html


async def test_every_download_works(pages: httpx.AsyncClient) -> None:
    links: set[str] = set()
    for address in PAGES:
        reader = _Reader((await pages.get(address)).text)
        links |= {str(one["href"]) for one in reader.all("a") if str(one.get("href")).startswith("/api/")}
    assert {".csv", ".xlsx", ".json"} <= {Path(link.partition("?")[0]).suffix for link in links}
    for link in sorted(links):
        if not link.partition("?")[0].endswith(".xlsx"):
            answer = await pages.get(link)
            assert answer.status_code == 200, (link, answer.text)


def test_words_between_backquotes_are_code_and_nothing_else_is_html() -> None:
    assert coded("Run `ip-ledger <x>` & see") == "Run <code>ip-ledger &lt;x&gt;</code> &amp; see"


@pytest.mark.anyio
async def test_an_empty_book_says_so(tmp_path: Path) -> None:
    new_book(tmp_path / "book.db")
    async with running(create_app(settings_of(tmp_path / "book.db"))) as client:
        for path in ("/", "/pledges", "/valuations", "/patents"):
            page = (await client.get(path)).text
            assert "The book has no event yet." in page
            assert '<select id="f-currency"' not in page, "there is nothing to choose"
