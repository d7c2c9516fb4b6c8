"""Patent Public Search: the answers of the US office's search, one document a line as a JSON object."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from pydantic import BaseModel, Field

from streams.sources.formats import LINE, Format, json_with
from streams.sources.grants.grant import Grant
from streams.sources.results import LeftOut, Rule, Unreadable, parsed
from streams.sources.texts import tidy

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class _Document(BaseModel):
    type: str
    number: str = Field(alias="publicationReferenceDocumentNumber")
    kinds: list[str] = Field(alias="kindCode", min_length=1)
    published: str = Field(alias="datePublished")
    us_class: str | None = Field(None, alias="mainClassificationCode")
    title: str | None = Field(None, alias="inventionTitle")
    application: str | None = Field(None, alias="applicationNumber")
    filed: list[str] | None = Field(None, alias="applicationFilingDate")
    priorities: list[str] | None = Field(None, alias="priorityClaimsDate")
    ipc: str | None = Field(None, alias="ipcCodeFlattened")
    cpc: str | None = Field(None, alias="cpcInventiveFlattened")
    applicants: list[str] | None = Field(None, alias="applicantName")
    assignees: list[str] | None = Field(None, alias="assigneeName")


def read(content: bytes) -> Iterator[Grant]:
    """The grant in one line. Raises LeftOut for an application, Unreadable for a bad line.

    The search gives no addresses, so there is no region. Where it names no applicant, the assignees stand in.
    """
    document = parsed(_Document, content, "a document of the search")
    if document.type == "US-PGPUB":
        raise LeftOut(Rule.NOT_GRANTED, f"{document.number} is a published application, not a grant")
    if document.type != "USPAT":
        raise Unreadable(f"a document of type {document.type[:32]!r} is not taken in this version; USPAT is")
    names = map(_text, document.applicants or document.assignees or [])
    yield Grant(
        number=document.number,
        kind=document.kinds[0],
        granted_on=document.published,
        us_class=document.us_class,
        title=_text(document.title),
        application=document.application,
        filed_on=next(iter(document.filed or []), None),
        priorities=document.priorities or [],
        ipc=_symbols(document.ipc),
        cpc=_symbols(document.cpc),
        region=None,
        applicants=[{"name": name} for name in names if name],
    )


def _text(marked: Any) -> str | None:
    """A text without markup, such as the search's highlighting: `<span term=""x"" class="…">x</span>`."""
    return tidy(unescape(_TAG.sub("", marked or "")))


def _symbols(flattened: str | None) -> list[str]:
    return [symbol for symbol in (flattened or "").split(";") if symbol.strip()]


FORMAT = Format("search-json", json_with(b"publicationReferenceDocumentNumber"), LINE, read)
