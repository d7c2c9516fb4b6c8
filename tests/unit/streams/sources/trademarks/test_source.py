import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.sources.importers import IMPORTERS, importer_of
from streams.sources.reading import Reading
from streams.sources.results import Imported, Result, Skipped, SkipReason
from streams.sources.trademarks import st66, st96
from tests.unit.streams.sources.documents import event_from, refused, written
from tests.unit.streams.sources.trademarks.answers import MarkFacts
from tests.unit.streams.sources.trademarks.answers import st66 as in_st66
from tests.unit.streams.sources.trademarks.answers import st96 as in_st96
from tests.unit.streams.sources.trademarks.answers import st96_of_2012 as in_st96_of_2012
from tests.unit.streams.sources.trademarks.answers import tsdr_json as in_json

FILES = ["rn2178784-ST96-1_D3.xml.gz", "rn2178784-ST96-2.2.1.xml.gz", "sn76044902-ST66.xml.gz"]
Shape = Callable[..., str]
SHAPES = pytest.mark.parametrize("shape", [in_st66, in_st96, in_st96_of_2012])


def imported(*paths: Path) -> list[Result]:
    return list(IMPORTERS["uspto-trademarks"].results(Reading(paths)))


def types(results: list[Result]) -> list[str]:
    return [result.type.split(".")[2] for result in results if isinstance(result, Imported)]


def test_a_mark_is_the_same_in_all_standards(tmp_path: Path) -> None:
    facts = MarkFacts(status="900", status_on="2019-03-01", history=[("RNL1Q", "2008-08-11"), ("89AGO", "2008-08-11")])
    one, two, three, four = (
        imported(written(tmp_path / f"{shape.__name__}.xml", shape(facts)))
        for shape in (in_st66, in_st96, in_st96_of_2012, in_json)
    )
    assert one == two == three == four
    assert types(one) == ["filed", "registered", "renewed", "ceased"]
    assert event_from(one[1])["data"] == {
        "occurred_on": "1998-08-04",
        "region": "US-CA",
        "office": "US",
        "classes": [9, 42],
        "owners": [{"name": "Kite & Co", "country": "US"}],
        "valid_to": "2008-08-04",
    }


def test_an_answer_in_json_has_marks_with_and_without_registration(tmp_path: Path) -> None:
    pending = MarkFacts(serial="88000001", number="", registered="", status="602", classes=[(None, ["021"])])
    answer = in_json(MarkFacts(), pending).replace('"ownerGroups"', '"ownerGroups" ')
    results = imported(written(tmp_path / "info.json", f'{{"transactionList": [{answer}]}}'))
    assert types(results) == ["filed", "registered", "filed"]
    assert "classes" not in event_from(results[2])["data"]


def test_a_single_object_in_json_stands_for_a_list_of_one(tmp_path: Path) -> None:
    facts = MarkFacts(classes=[("009", [])], history=[("RNL1Q", "2008-08-11")])
    whole = in_json(facts)
    (mark,) = json.loads(whole)["trademarks"]
    groups = mark["parties"]["ownerGroups"]
    mark["gsList"][0] |= {"internationalClasses": mark["gsList"][0]["internationalClasses"][0]}
    single = mark | {
        "gsList": mark["gsList"][0],
        "prosecutionHistory": mark["prosecutionHistory"][0],
        "parties": {"ownerGroups": {code: owners[0] for code, owners in groups.items()}},
    }
    listed = mark | {"parties": {"ownerGroups": [owner for owners in groups.values() for owner in owners]}}
    expected = values(imported(written(tmp_path / "a.json", whole)))
    assert len(expected) == 3
    for number, shaped in enumerate((single, listed)):
        answer = written(tmp_path / f"{number}.json", json.dumps({"trademarks": shaped}))
        assert values(imported(answer)) == expected
    assert imported(written(tmp_path / "none.json", '{"trademarks": null, "size": 0}')) == []


def values(results: list[Result]) -> list[bytes]:
    return [result.value for result in results if isinstance(result, Imported)]


def test_an_incomplete_mark_in_json_is_skipped_or_bad(tmp_path: Path) -> None:
    marks = ['{"status": {}}', '{"status": {"serialNumber": "75123456", "filingDate": "1996-02-07"}, "gsList": null}']
    results = imported(written(tmp_path / "info.json", f'{{"trademarks": [{", ".join(marks)}]}}'))
    bad, ownerless = map(refused, results)
    assert (bad.rule, ownerless.rule) == (SkipReason.BAD_DOCUMENT, SkipReason.NO_OWNER)
    assert bad.reason.startswith("not a mark of TSDR: status.serialNumber: ")
    assert imported(written(tmp_path / "none.json", '{"trademarks": []}')) == []


@SHAPES
def test_a_file_may_have_several_marks_and_several_documents(shape: Shape, tmp_path: Path) -> None:
    first, second = MarkFacts(), MarkFacts(serial="88000001", number="", registered="", status="602")
    other = MarkFacts(serial="99000001", number="5000001", office="EM")
    results = imported(written(tmp_path / "x.xml", shape(first, other, second), shape(first)))
    assert types(results) == ["filed", "registered", "filed", "filed", "registered"]
    (left,) = (result for result in results if isinstance(result, Skipped))
    assert (left.rule, left.reason) == (SkipReason.BAD_DOCUMENT, "a mark of the office 'EM', not US")


@SHAPES
def test_classes_of_the_us_classification_are_not_nice_classes(shape: Shape, tmp_path: Path) -> None:
    facts = MarkFacts(classes=[(None, ["021", "026"]), ("003", ["051"])])
    results = imported(written(tmp_path / "x.xml", shape(facts)))
    assert [event_from(result)["data"]["classes"] for result in results] == [[3], [3]]
    results = imported(written(tmp_path / "x.xml", shape(facts._replace(classes=[(None, ["021"])]))))
    assert types(results) == ["filed"]
    assert refused(results[1]).rule is SkipReason.NO_NICE_CLASS


@pytest.mark.parametrize("name", ["GoodsServices", "MarkEventBag", "MarkEventDetails", "PostalAddressBag", "Address"])
@SHAPES
def test_optional_elements_may_be_absent(shape: Shape, name: str, tmp_path: Path) -> None:
    document = re.sub(rf"(</?(?:\w+:)?){name}>", r"\1Else>", shape(MarkFacts(history=[("RNL1Q", "2008-08-11")])))
    results = imported(written(tmp_path / "x.xml", document))
    assert types(results)[0] == "filed"
    assert not any(isinstance(result, Skipped) and result.fault for result in results)


@SHAPES
def test_a_hostile_or_truncated_file_is_a_bad_document(shape: Shape, tmp_path: Path) -> None:
    bomb = shape(MarkFacts()).replace("?>\n", '?>\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n', 1)
    results = imported(written(tmp_path / "x.xml", bomb), written(tmp_path / "y.xml", shape(MarkFacts())[:900]))
    assert [refused(result).rule for result in results] == [SkipReason.BAD_DOCUMENT] * 2
    assert "its own entities" in refused(results[0]).reason


def test_a_file_is_recognised_by_its_root_and_its_namespace() -> None:
    heads = {shape: shape(MarkFacts()).encode() for shape in (in_st66, in_st96, in_st96_of_2012)}
    assert {importer_of(head) for head in heads.values()} == {"uspto-trademarks"}
    assert [st66.FORMAT.recognises(head) for head in heads.values()] == [True, False, False]
    assert [st96.FORMAT.recognises(head) for head in heads.values()] == [False, True, True]
    assert importer_of(b'<Transaction xmlns="urn:bank"/>') is None


def test_the_offices_marks(office_data: Path) -> None:
    reading = Reading([office_data / "trademarks" / name for name in FILES])
    results = list(IMPORTERS["uspto-trademarks"].results(reading))
    assert reading.counts == {"mark registered": 3}
    assert [(read.format, read.documents) for read in reading.read] == [("st96", 1), ("st96", 1), ("st66", 1)]
    times = Counter(result.value for result in results if isinstance(result, Imported))
    assert sorted(times.values()) == [1, 1, 2, 2, 2], "the two versions of ST.96 give the same events"
    assert {(event_from(r)["subject"], r.type.split(".")[2]) for r in results if isinstance(r, Imported)} == {
        ("US-A-74631225", "filed"),
        ("US2178784", "registered"),
        ("US2178784", "renewed"),
        ("US-A-76044902", "filed"),
        ("US2824281", "registered"),
    }
    renewed = next(event_from(r)["data"] for r in results if isinstance(r, Imported) and r.type.endswith("renewed.v1"))
    assert renewed == {"occurred_on": "2008-08-11", "valid_to": "2018-08-04", "source_code": "RNL1"}
    (python,) = (r for r in results if isinstance(r, Imported) and r.subject == "US2824281")
    assert event_from(python)["data"] == {
        "occurred_on": "2004-03-23",
        "region": "US-NH",
        "office": "US",
        "classes": [9, 42],
        "owners": [{"name": "PYTHON SOFTWARE FOUNDATION", "country": "US"}],
        "valid_to": "2014-03-23",
    }
