"""What the weekly archives of grants hold besides them: a list of their numbers, and a report of their counts."""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources.formats import WHOLE, Format, begins
from streams.sources.results import LeftOut, Rule


def _listed(content: bytes) -> Iterator[None]:
    raise LeftOut(Rule.ANOTHER_DOCUMENT, "the week's list of document numbers, no grants")


def _reported(content: bytes) -> Iterator[None]:
    raise LeftOut(
        Rule.ANOTHER_DOCUMENT, "the week's report of counts, no grants: the kind uspto-issue-reports reads it"
    )


LIST = Format("issue-list", begins(rb"(?:[A-Z]{0,2}[0-9]{6,8}\s+){2}"), WHOLE, _listed)
REPORT = Format("issue-report", begins(rb"(?is)<!DOCTYPE HTML.{0,2000}Patent Grant"), WHOLE, _reported)
