"""Answers of offices without any document: they are recognised, and no error."""

from pathlib import Path

from streams.sources.importers import IMPORTERS
from streams.sources.reading import Reading
from tests.each_case import each_case
from tests.unit.streams.sources.documents import written

CENTER = '{"status": "Success", "successResponse": {"total": 0, "data": [ ]}}'
PEDS = '{"queryId": "q", "queryResults": {"searchResponse": {"response": {"numFound": 0, "start": 0, "docs": []}}}}'
SEARCH = '<?xml version="1.0"?><response><result name="response" numFound="0" start="0"/></response>'
EMPTY = {
    "assignment-center-json": ("uspto-assignments", CENTER),
    "trademark-assignments-json": ("uspto-trademark-assignments", CENTER),
    "peds-json": ("uspto-assignments", PEDS),
    "assignment-search-xml": ("uspto-assignments", SEARCH),
    "odp-json": ("uspto-assignments", '{"count": 0, "patentFileWrapperDataBag": []}'),
    "search-json": ("uspto-grants", '{"numFound": 0, "page": 0, "patents": []}'),
    "tsdr-json": ("uspto-trademarks", '{"trademarks": []}'),
}


@each_case("name", EMPTY)
def test_an_answer_without_documents_has_nothing_bad(name: str, tmp_path: Path) -> None:
    importer, answer = EMPTY[name]
    reading = Reading([written(tmp_path / name, answer)])
    assert list(IMPORTERS[importer].results(reading)) == []
    assert [read.format for read in reading.read] == [name]
