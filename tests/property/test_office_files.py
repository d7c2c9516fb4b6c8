"""However an office file is damaged, an import names the bad parts, takes the rest, and continues to its end."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.escapes import escaped
from schemas.wording import LONGEST_MESSAGE
from streams.sources.importers import IMPORTERS
from tests.effort import examples
from tests.office import PATTERNS, files_of, results_of
from tests.unit.streams.sources.conveyances.test_assignment_dataset import COLUMNS
from tests.unit.streams.sources.grants.test_patentsview import TABLES
from tests.unit.streams.sources.maintenance_fees.test_source import NEW, OLD
from tests.unit.streams.sources.maintenance_fees.test_source import line as fee
from tests.unit.streams.sources.publications.test_st36 import EUROPEAN, document
from tests.unit.streams.sources.statistics.test_ecb_sdmx import ROWS, SDMX_1, generic, specific
from tests.unit.streams.sources.trademarks.answers import MarkFacts, tsdr_json

KEPT = 30_000
"""The number of bytes at a file's beginning that are damaged and read."""
JUNK = [
    b"", b"null", b"[]", b"{}", b'""', b"0", b"-1", b"1e999", b"9" * 30, b'"\\ud800"', b"\x00", b"\xff", b"<", b">",
    b"&", b"&foo;", b"<!--", b"<![CDATA[", b"]]>", b'"', b"\n", b"NULL", b"0001-01-01", b"20001332", b"a" * 3000, b"D0",
    b"<a>" * 300, b"[" * 300, b"\xe2\x80\xae",
]  # fmt: skip


class Edit(NamedTuple):
    """Replaces some bytes, at a share of the content, by others."""

    at: float
    length: int
    instead: bytes | None  # None: repeat the removed bytes

    def of(self, content: bytes) -> bytes:
        start = int(self.at * len(content))
        taken = content[start : start + self.length]
        instead = 2 * taken if self.instead is None else self.instead
        return content[:start] + instead + content[start + self.length :]


EDITS = st.lists(
    st.builds(
        Edit,
        at=st.floats(0, 1, exclude_max=True),
        length=st.sampled_from([0, 1, 1, 3, 10, 100, 2000]),
        instead=st.one_of(st.none(), st.sampled_from(JUNK)),
    ),
    min_size=1,
    max_size=6,
)


MADE = {
    "uspto-maintenance-fees": {"fees.txt": fee(OLD, "19940919", "M183") + fee(NEW, "20220725", "EXP.")},
    "patent-publications": {"a1.xml": document(), "b1.xml": EUROPEAN},
    "uspto-trademarks": {"info.json": tsdr_json(MarkFacts(), MarkFacts(serial="88000001", number="", registered=""))},
    "ecb-rates": {
        "generic.xml": generic(*ROWS),
        "specific.xml": specific(*ROWS),
        "rates.csv": f"{SDMX_1}\nEXR,{ROWS[0]}\n",
    },
    "uspto-grants": {
        f"{name}.tsv": "\n".join("\t".join(cells) for cells in ([*rows[0]], *(row.values() for row in rows)))
        for name, rows in TABLES.items()
        if "location" not in name  # looked up by other tables, so that alone it says nothing
    },
    "uspto-assignments": {
        f"{name}.csv": f"{header}\n1,2,3,4,5,6,7,8,9,SALE,2020-01-02,,,\n" for name, header in COLUMNS.items()
    },
}
"""Kind of import -> files by name that are written by hand, of formats of which no real file is at hand."""


def test_each_kind_with_files_is_tried() -> None:
    kinds = PATTERNS.keys() | MADE.keys()
    assert IMPORTERS.keys() - kinds == {"epo-legal-events"}, "the EPO's terms forbid keeping samples"


@pytest.mark.parametrize("kind", PATTERNS)
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_import_of_damaged_files_ends_and_names_the_bad_parts(
    kind: str, office_data: Path, tmp_path: Path, data: st.DataObject
) -> None:
    source = data.draw(st.sampled_from(files_of(office_data, kind)))
    content = source.read_bytes()
    content = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)[:KEPT]
    for edit in data.draw(EDITS):
        content = edit.of(content)
    import_and_check(kind, tmp_path / source.name.removesuffix(".gz"), content)


@pytest.mark.parametrize("kind", MADE)
@settings(max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_import_of_damaged_files_written_by_hand_does_so_too(kind: str, tmp_path: Path, data: st.DataObject) -> None:
    name, text = data.draw(st.sampled_from(sorted(MADE[kind].items())))
    content = text.encode()
    for edit in data.draw(EDITS):
        content = edit.of(content)
    import_and_check(kind, tmp_path / name, content)


def import_and_check(kind: str, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    made, skipped, reading = results_of(kind, path)
    assert made or skipped or not any(file.documents for file in reading.read), "no document is lost silently"
    for bad in skipped:
        assert len(bad.reason) <= LONGEST_MESSAGE
        assert bad.reason == escaped(bad.reason)
        assert "Input should" not in bad.reason, "the reason is not pydantic's"
