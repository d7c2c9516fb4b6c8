"""Texts of XML elements in conveyances."""

from __future__ import annotations

from streams.sources.texts import tidy
from streams.sources.xml import Element


def text_or_none(parent: Element, path: str) -> str | None:
    """Return the text inside the first element at this path, without markup; None if the element is missing."""
    found = parent.find(path)
    return None if found is None else markup_text(found)


def markup_text(found: Element) -> str | None:
    """Return the text inside an element on one line, without markup (`<sub>`); None if it is empty or a word for
    null."""
    return tidy("".join(map(str, found.itertext())) if len(found) else found.text)
