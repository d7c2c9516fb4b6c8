"""PatentRights, TIPO's responses on granted patents: bibliographic data, and whether the right has ended."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from pydantic import BaseModel, Field

from schemas.identifiers import publication_number
from streams.sources import texts
from streams.sources.formats import Format, JsonItems, json_with
from streams.sources.omissions import Omissions
from streams.sources.results import Imported, Skip, SkipReason, validated
from streams.sources.tipo.office import (
    RIGHT_OF_LETTER,
    IpcList,
    Present,
    TextOrNumber,
    TipoParties,
    office_event,
    symbols,
    tipo_parties,
)

_KINDS = {"invention": "B", "utility_model": "U", "design": "S"}
_ENDS = {"48101": "expired", "48103": "other", "48105": "fee", "48107": "abandoned"}
"""The service's reasons: term expired, no heir, fee not paid, surrendered by its owner. For others (revoked, never
existed) it does not show whether the patent ended in full, and since when."""


class _Publication(BaseModel):
    number: TextOrNumber = Field(None, alias="publish-no")
    day: TextOrNumber = Field(None, alias="publish-date")


class _Application(BaseModel):
    number: TextOrNumber = Field(None, alias="appl-no")
    day: TextOrNumber = Field(None, alias="appl-date")


class _Title(BaseModel):
    chinese: TextOrNumber = Field(None, alias="patent-name-chinese")
    english: TextOrNumber = Field(None, alias="patent-name-english")


class _Right(BaseModel):
    number: TextOrNumber = Field(None, alias="patent-no")
    begins: TextOrNumber = Field(None, alias="patent-bdate")
    ended: TextOrNumber = Field(None, alias="cancel-date")
    because: TextOrNumber = Field(None, alias="cancel-result")
    revoked: TextOrNumber = Field(None, alias="revoke-date")
    revocation: TextOrNumber = Field(None, alias="revoke-code")


class _Parties(BaseModel):
    applicants: TipoParties = []
    inventors: TipoParties = []


class _Row(BaseModel):
    publication: Annotated[_Publication, Present] = Field(_Publication(), alias="publication-reference")
    application: Annotated[_Application, Present] = Field(_Application(), alias="application-reference")
    title: Annotated[_Title, Present] = Field(_Title(), alias="patent-title")
    right: Annotated[_Right, Present] = Field(_Right(), alias="patent-right")
    parties: Annotated[_Parties, Present] = _Parties()
    ipc: IpcList = Field([], alias="classification-ipc")


def read(right: str, content: bytes) -> Iterator[Imported | Skip]:
    """Yield the patent in one item: `ip.patent.granted.v1`, and `ip.patent.ceased.v1` if its right has ended."""
    row = validated(_Row, content, "a patent of TIPO")
    number = row.publication.number or row.right.number or ""
    subject = publication_number("TW", number, _KINDS[right])
    day = texts.required_day(row.publication.day or row.right.begins, f"publication date of {subject}")
    applicants = row.parties.applicants
    omissions = Omissions()
    data = {
        "region": applicants[0].country if applicants else None,
        "office": "TW",
        "number": number,
        "kind": _KINDS[right],
        "right": right,
        "title": row.title.chinese or row.title.english,
        "application_number": row.application.number,
        "filed_on": omissions.iso_day("filing date", row.application.day),
        "ipc": symbols(row.ipc, omissions if right != "design" else Omissions()),
        "applicants": tipo_parties(applicants),
        "inventors": tipo_parties(row.parties.inventors) or None,
    }
    yield office_event("ip.patent.granted.v1", subject, day, f"patent {subject}", data, omissions.named)
    if row.right.ended and (reason := _ENDS.get(row.right.because or "")):
        ended = texts.required_day(row.right.ended, f"date on which {subject} ended")
        cessation = {"reason": reason, "source_code": row.right.because}
        yield office_event("ip.patent.ceased.v1", subject, ended, f"patent {subject} ceased", cessation)
    elif row.right.ended or row.right.revoked:
        code = row.right.revocation if row.right.revoked else row.right.because
        yield Skip(SkipReason.NO_EVENT, f"{subject}: ended or revoked, reason {code or 'unknown'}")


FORMATS = [
    Format(
        f"tw-patent-rights{letter}", json_with(b"tw-patent-rights" + letter.encode()), JsonItems("patentcontent"), each
    )
    for letter, each in ((letter, partial(read, right)) for letter, right in RIGHT_OF_LETTER.items())
]
