"""The importer `patent-publications`: one `ip.patent.published.v1` or `ip.patent.granted.v1` per document."""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources.publications import st36
from streams.sources.publications.publication import Publication, publication_event
from streams.sources.reading import Reading, each
from streams.sources.results import Imported

FORMATS = st36.FORMATS


def _events(publication: Publication, reading: Reading) -> Iterator[Imported]:
    yield publication_event(publication)
    reading.counts[f"document of {publication.office}, kind {publication.kind}"] += 1


patent_publications = each(FORMATS, _events)
