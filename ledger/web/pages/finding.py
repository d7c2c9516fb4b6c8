"""Finding a page by an id, a subject or a place; and the page of any entity."""

from __future__ import annotations

from ledger import queries
from ledger.queries import Book, NoSuchEntity
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import basis_filter
from ledger.web.pages.industries import subject_link
from ledger.web.pages.lives import life
from ledger.web.pages.parts import Block, WebPage
from ledger.web.pages.tables import table
from ledger.web.pages.translator import Translator
from schemas.industry import INDUSTRIES


def found_at(book: Book, at: Address) -> str:
    """Return the link to what the query's `q` names. A name that nothing has leads to a page that says so."""
    asked = at["q"]
    if not asked:
        return at.link("/")
    if asked.upper() in INDUSTRIES:
        return at.link(f"/industries/{asked.upper()}")
    try:
        found = queries.entity(book, asked)
    except NoSuchEntity:
        return at.link(f"/events/{asked}")
    if any(row["type"].startswith("ip.need.") for row in found.events.shown_as_dicts()):
        return at.link(f"/matches/{asked}")
    topics = [row[0] for row in found.events.shown]
    first = next((topic for topic in ("ip.pledge.v1", "ip.patent.v1") if topic in topics), topics[0])
    return subject_link(at, first, asked)


def entity_page(book: Book, at: Address, t: Translator, slow: Slow, subject: str) -> WebPage:
    """Return any entity: its life, and its rows in the tables of the book. Raise NoSuchEntity."""
    found = queries.entity(book, subject, basis=at.basis)
    blocks: list[Block] = [life(found.events, at, t)]
    for name, answer in found.tables.items():
        columns = [column.name for column in answer.columns if not column.name.endswith("_minor")]
        used = [one for one in columns if any(row[one] is not None for row in answer.shown_as_dicts())]
        blocks.append(
            table(answer, used, at, t, id=f"table-{name}", title=labels.column(name, t).capitalize(), note="")
        )
    return WebPage(
        name="entity",
        title=subject,
        lede=t("An entity of the log, with everything that the book keeps about it."),
        blocks=blocks,
        filters=[basis_filter(at, t)],
        live=True,
    )
