"""Elements of XML files that come from outside: nothing that they name is fetched, no entity is expanded."""

from __future__ import annotations

from lxml import etree

from streams.sources.results import Unreadable
from streams.sources.texts import tidy

Element = etree._Element


def element(content: bytes, what: str) -> Element:
    """The element, cut from its file. Raises Unreadable (`not {what}: ...`)."""
    if b"<!" in content and b"<!ENTITY" in content:
        raise Unreadable(f"not {what}: it declares entities of its own")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"not {what}: it is not well-formed XML: {error.msg}") from error


def said(parent: Element, path: str) -> str | None:
    """The text inside the first element at this path, without markup; None if there is none."""
    found = parent.find(path)
    return None if found is None else text(found)


def text(found: Element) -> str | None:
    """The text inside an element on one line, without markup (`<sub>`); None for nothing, and words for it."""
    return tidy("".join(map(str, found.itertext())) if len(found) else found.text)
