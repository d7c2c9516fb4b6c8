"""The samples in `examples/` are what `ip-ledger import … --to` makes of the office's files."""

from collections import Counter
from pathlib import Path

from streams.sources.results import Imported
from tests.unit.streams.sources.documents import said

from .conveyances.test_office_files import OFFICE_FILES, read_office
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


def test_the_sample_of_conveyances_is_all_of_pledges_and_two_of_each_transfer_in_each_file(office_data: Path) -> None:
    _, found = read_office(office_data, *OFFICE_FILES)
    pledges = [r.value for r in found if isinstance(r, Imported) and not r.again and r.type.startswith("ip.pledge.")]
    others: dict[str, bytes] = {}
    for name in OFFICE_FILES:
        kinds: Counter[str] = Counter()
        for result in read_office(office_data, name)[1]:
            if isinstance(result, Imported) and result.type == "ip.assignment.recorded.v1":
                kinds[said(result)["data"]["conveyance"]] += 1
                if kinds[said(result)["data"]["conveyance"]] <= 2:
                    others.setdefault(said(result)["id"], result.value)
    sample = (EXAMPLES / "uspto-assignments.ndjson").read_bytes()
    assert sample.splitlines() == pledges + list(others.values())
    assert len(sample) < 200_000
