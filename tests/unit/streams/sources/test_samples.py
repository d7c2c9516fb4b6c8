"""The samples in `examples/`: the output of `ip-ledger import … --to` for the office's files."""

from collections import Counter
from pathlib import Path

import pytest

from streams.sources.results import Imported
from tests.unit.streams.sources.documents import event_from

from .conveyances.test_office_files import OFFICE_FILES, read_office
from .grants.test_source import SEARCH, grant_files
from .grants.test_source import imported as imported_grants
from .tipo.test_source import imported as imported_from_taiwan
from .trademarks.test_source import FILES as MARKS
from .trademarks.test_source import imported as imported_marks

EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.mark.slow
def test_the_sample_of_grants_is_the_first_of_each_kind_in_each_year(office_data: Path) -> None:
    first: dict[tuple[str, str], bytes] = {}
    for result in imported_grants(*grant_files(office_data), office_data / SEARCH):
        if isinstance(result, Imported):
            data = event_from(result)["data"]
            first.setdefault((data["occurred_on"][:4], data["kind"]), result.value)
    sample = (EXAMPLES / "uspto-grants.ndjson").read_bytes()
    assert sample.splitlines() == list(first.values())
    assert len(sample) < 150_000


def test_the_sample_of_conveyances_is_all_of_pledges_and_two_of_each_transfer_in_each_file(office_data: Path) -> None:
    _, found = read_office(office_data, *OFFICE_FILES)
    pledges = [r.value for r in found if isinstance(r, Imported) and not r.again and r.type.startswith("ip.pledge.")]
    others: dict[str, bytes] = {}
    for name in OFFICE_FILES:
        kinds: Counter[str] = Counter()
        for result in read_office(office_data, name)[1]:
            if isinstance(result, Imported) and result.type == "ip.assignment.recorded.v1":
                kinds[event_from(result)["data"]["conveyance"]] += 1
                if kinds[event_from(result)["data"]["conveyance"]] <= 2:
                    others.setdefault(event_from(result)["id"], result.value)
    sample = (EXAMPLES / "uspto-assignments.ndjson").read_bytes()
    assert sample.splitlines() == pledges + list(others.values())
    assert len(sample) < 200_000


def test_the_sample_of_marks_and_of_taiwan_is_each_event_once(office_data: Path) -> None:
    marks, taiwan = office_data / "trademarks", office_data / "tw-tipo"
    results = [
        *imported_marks(*(marks / name for name in MARKS)),
        *imported_from_taiwan("tipo-patents", taiwan / "patent-appl.json"),
        *imported_from_taiwan("tipo-trademarks", taiwan / "tmark-appl.json"),
    ]
    values = dict.fromkeys(result.value for result in results if isinstance(result, Imported))
    assert (EXAMPLES / "trademarks-and-tipo.ndjson").read_bytes().splitlines() == list(values)
