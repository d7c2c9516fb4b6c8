"""Pages to HTML."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ledger.queries import BookState
from ledger.web.pages.address import Address
from ledger.web.pages.overview import SLIDES, slide
from ledger.web.pages.parts import Link, WebPage
from ledger.web.pages.translator import N, Translator

_QUOTED = re.compile(r"`([^`]+)`")
NAVIGATION = (
    ("", ((N("Overview"), "/"),)),
    (
        N("Industries"),
        ((N("Industry × year"), "/industries"), (N("Generative AI"), "/generative-ai")),
    ),
    (
        N("Finance"),
        (
            (N("Pledges"), "/pledges"),
            (N("Valuations"), "/valuations"),
            (N("Commercialization"), "/commercialization"),
            (N("Supply and demand"), "/matches"),
        ),
    ),
    (N("Rights"), ((N("Patents"), "/patents"), (N("Readings"), "/readings"))),
    (
        N("Evidence"),
        (
            (N("Reconcile"), "/reconcile"),
            (N("Rejections"), "/rejections"),
            (N("Operations"), "/operations"),
            (N("Ask"), "/ask"),
        ),
    ),
)
"""The groups of the navigation, with words and path of each page."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ledger.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["coded"] = coded
    return environment


def coded(text: str) -> Markup:
    """Return a sentence as HTML, with the words between backquotes as code."""
    return Markup(_QUOTED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 # escaped before


def render_page(
    page: WebPage, at: Address, t: Translator, state: BookState | None = None, industry_map: str = ""
) -> str:
    """Return the HTML of a page. `state` and industry map are those of the book behind it."""
    navigation = [
        (t(group) if group else "", [Link(t(text), path) for text, path in links]) for group, links in NAVIGATION
    ]
    section = "/" + at.path.strip("/").partition("/")[0]
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            at=at,
            t=t,
            state=state,
            offsets=sum(partition.next - partition.first for partition in state.positions) if state else 0,
            industry_map=industry_map,
            navigation=navigation,
            section="/industries" if section == "/events" and at["kind"] else section,
            wall=bool(at["wall"]) and page.name == "overview",
            next_slide=(slide(at) + 1) % len(SLIDES),
        )
    )


def render_sign_in(t: Translator, *, refused: bool) -> str:
    """Return the HTML of the page to sign in; `refused`: the token given before is not valid."""
    return _environment().get_template("sign-in.html").render(t=t, refused=refused)
