"""The samples in `examples/` are what `ip-ledger import … --to` makes of the office's files."""

from pathlib import Path

from streams.sources.results import Imported

from tests.unit.streams.sources.documents import said
from .conveyances.test_source import PEDS
from .conveyances.test_source import imported as imported_assignments
from .grants.test_source import SEARCH, v4_files
from .grants.test_source import imported as imported_grants

EXAMPLES = Path(__file__).parents[4] / "examples"


def test_the_sample_of_grants_is_the_first_of_each_kind_in_each_year(office_data: Path) -> None:
    first: dict[tuple[str, str], bytes] = {}
    for result in imported_grants(*v4_files(office_data), office_data / SEARCH):
        if isinstance(result, Imported):
            data = said(result)["data"]
            first.setdefault((data["occurred_on"][:4], data["kind"]), result.value)
    assert (EXAMPLES / "uspto-grants.ndjson").read_bytes().splitlines() == list(first.values())


def test_the_sample_of_pledges_is_all_of_them(office_data: Path) -> None:
    values = [r.value for r in imported_assignments(office_data / PEDS) if isinstance(r, Imported)]
    assert (EXAMPLES / "uspto-assignments.ndjson").read_bytes().splitlines() == values
