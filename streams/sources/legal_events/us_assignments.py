"""Entries of the US assignment database as the EPO announces them (code `AS`), with the text of the conveyance.

`ASSIGNMENT OF ASSIGNORS INTEREST;ASSIGNORS:KITE, ANN;KITE, BOB;SIGNING DATES FROM ...;REEL/FRAME:026880/0339`. L509EP
is the assignee (`KITE INC., CALIFORNIA`), the gazette's day that of recording, the effective day that of execution.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.sources import regions, texts, uspto
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance, unread_days
from streams.sources.legal_events.ops import LegalEvent
from streams.sources.results import Skip, SkipReason, Unreadable
from streams.sources.uspto import ConveyedAsset

_AT = re.compile(r"(?:^|;)\s*REEL/FRAME:\s*([0-9]{1,6})/([0-9]{1,4})\s*(?=;|$)").search
_ENDS = re.compile(r"\s*;\s*(?=ASSIGNORS?:|SIGNING DATES?\b|REEL/FRAME:|DOC DATE:|EXECUTED ON)")
_ASSIGNORS = re.compile(r"ASSIGNORS?:(.*)", re.DOTALL).fullmatch
_APPLICATION = re.compile(r"(?:19|20)[0-9]{2}([0-9]{2})([0-9]{6})").match
_PUBLISHED = re.compile(r"((?:19|20)[0-9]{2})([0-9]{5,7})").fullmatch


def conveyance_of(legal: LegalEvent, granted: str | None) -> Iterator[Conveyance | Unreadable]:
    """Yield the errors of unreadable days, and the conveyance that is announced under one application. Raise Skip if it
    has no reel and frame."""
    announced = legal.fields.get("L510EP", "")
    at = _AT(announced)
    if at is None:
        raise Skip(SkipReason.NOT_ENOUGH, f"US AS of {legal.application}: its reel and frame")
    where = ReelFrame.of(*at.groups())
    text, *parts = _ENDS.split(f"{announced} ".strip())
    assignors = next((match[1] for part in parts if (match := _ASSIGNORS(part))), "")
    asset = _asset(legal, granted)
    yield from unread_days(where, legal.gazetted_on, [legal.fields.get("L525EP")])
    yield Conveyance(
        reel=where.reel,
        frame=where.frame,
        text=None if text.startswith(("ASSIGNOR", "REEL/FRAME:")) else texts.tidy(text),
        recorded=texts.iso_day(legal.gazetted_on),
        executed=texts.iso_day(legal.fields.get("L525EP")),
        assignors=[{"name": name} for each in assignors.split(";") if (name := each.strip()) not in ("", "AND OTHERS")],
        assignees=[_party(each.strip()) for each in legal.fields.get("L509EP", "").split(";") if each.strip()],
        assets=[asset] if asset else [],
        by_file=True,
    )


def _party(text: str) -> dict[str, str]:
    """Return a party; the text after the last comma is its country or state, if it is a known one."""
    name, _, country_or_state = text.rpartition(",")
    known = name and regions.country(country_or_state.strip())
    return uspto.party(name.strip(), country_or_state.strip()) if known else {"name": text}


def _asset(legal: LegalEvent, granted: str | None) -> ConveyedAsset | None:
    """Return the patent, else its application (since 2011 the EPO gives its series), else its publication."""
    application = _APPLICATION(legal.application)
    published = (_PUBLISHED(each.number) for each in legal.publications if each.country == "US")
    publication = next((f"US{match[1]}{int(match[2]):07}" for match in published if match), None)
    return uspto.asset("/".join(application.groups()) if application else None, granted, publication)
