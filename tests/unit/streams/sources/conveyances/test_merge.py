from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.conveyances.merge import ConveyanceStore
from streams.sources.reading import Found
from streams.sources.uspto import ConveyedAsset

APPLICATION = ConveyedAsset("15/123456", "15/123456", "invention")
PATENT = ConveyedAsset("15/123456", "US9424304", "invention")
OTHER = ConveyedAsset("15/123457", "15/123457", "invention")
PARTIES = {"assignors": [{"name": "A"}], "assignees": [{"name": "B"}]}


def conveyance(*assets: ConveyedAsset, reel: int = 1, text: str | None = "X", **changes: Any) -> Conveyance:
    facts: dict[str, Any] = {"recorded": "2015-02-06", "executed": None, **PARTIES} | changes
    return Conveyance(reel=reel, frame=2, text=text, assets=[*assets], **facts)


@pytest.fixture
def store() -> Iterator[ConveyanceStore]:
    with closing(ConveyanceStore()) as store:
        yield store


def put(store: ConveyanceStore, *versions: Conveyance, form: str = "a", file: str = "f") -> None:
    for number, each in enumerate(versions, start=1):
        store.put(Found(each, form, file, f"line {number}"))


def taken(store: ConveyanceStore) -> list[tuple[str, Conveyance]]:
    return [(each.found.format, each.conveyance) for _, versions in store.take() for each in versions]


def test_take_yields_conveyances_unchanged_in_the_order_of_reel_and_frame(store: ConveyanceStore) -> None:
    versions = [conveyance(PATENT, OTHER, reel=reel, updated="2015", properties=3) for reel in (10, 9, 100)]
    put(store, *versions)
    assert [at for at, _ in store.take()] == [ReelFrame(9, 2), ReelFrame(10, 2), ReelFrame(100, 2)]
    assert [each for _, each in taken(store)] == [versions[1], versions[0], versions[2]]


def test_versions_of_one_format_merge_into_the_most_complete_with_all_assets_in_any_order() -> None:
    versions = conveyance(OTHER), conveyance(APPLICATION, assignors=[]), conveyance(PATENT, text=None)
    for order in permutations(versions):
        with closing(ConveyanceStore()) as store:
            put(store, *order)
            assert taken(store) == [("a", replace(versions[0], assets=[PATENT, OTHER]))]


def test_each_format_has_one_version_and_the_most_complete_comes_first(store: ConveyanceStore) -> None:
    short, long = conveyance(OTHER, recorded=None), conveyance(OTHER)
    put(store, short, form="a")
    put(store, long, form="b")
    assert taken(store) == [("b", long), ("a", short)]


def test_an_application_gets_the_patent_that_any_version_knows(store: ConveyanceStore) -> None:
    put(store, conveyance(APPLICATION, reel=1), form="a")
    put(store, conveyance(PATENT, reel=2), form="b")
    assert [each.assets for _, each in taken(store)] == [[PATENT], [PATENT]]


def test_of_two_patents_of_an_application_the_same_one_is_always_chosen(store: ConveyanceStore) -> None:
    wrong = PATENT._replace(id="US9424303")
    put(store, conveyance(PATENT, reel=1), conveyance(wrong, reel=2), conveyance(APPLICATION, reel=3))
    assert taken(store)[2][1].assets == [PATENT]
    put(store, conveyance(wrong, reel=4))
    assert taken(store)[2][1].assets == [PATENT]


def test_formats_without_the_right_take_it_from_one_that_has_it(store: ConveyanceStore) -> None:
    reissue = ConveyedAsset("10/722168", "USRE42401", "invention")
    put(store, conveyance(reissue), form="a")
    put(store, conveyance(plant := reissue._replace(right="plant")), form="b")
    assert [each.assets for _, each in taken(store)] == [[plant], [plant]]


def test_an_asset_listed_as_application_and_patent_is_kept_as_the_patent(store: ConveyanceStore) -> None:
    put(store, conveyance(APPLICATION, OTHER, PATENT))
    assert [each.assets for _, each in taken(store)] == [[PATENT, OTHER]]


def test_the_latest_update_counts(store: ConveyanceStore) -> None:
    first, last = conveyance(OTHER, PATENT, updated="2015-02-09"), conveyance(OTHER, updated="2016-01-01", assignors=[])
    put(store, first, last)
    assert taken(store) == [("a", last)]


def test_a_withdrawal_is_a_version_next_to_the_recording(store: ConveyanceStore) -> None:
    first = conveyance(OTHER, updated="2015-02-09")
    back = conveyance(OTHER, updated="2016-01-01", withdrawn=True)
    put(store, back, first)
    assert sorted(taken(store), key=lambda each: each[1].withdrawn) == [("a", first), ("a", back)]


@pytest.mark.parametrize("updated", ["", "2015-02-09"])
def test_a_withdrawal_on_the_day_of_the_last_update_counts(updated: str, store: ConveyanceStore) -> None:
    first = conveyance(OTHER, updated=updated)
    put(store, back := replace(first, withdrawn=True))
    assert taken(store) == [("a", back)]
    put(store, first)
    assert {each.withdrawn for _, each in taken(store)} == {False, True}


def test_a_recording_updated_after_its_withdrawal_is_valid(store: ConveyanceStore) -> None:
    put(store, conveyance(OTHER, updated="2015", withdrawn=True), again := conveyance(OTHER, updated="2016"))
    assert taken(store) == [("a", again)]


def test_the_location_is_the_first_occurrence_of_the_most_complete_version(store: ConveyanceStore) -> None:
    put(store, conveyance(OTHER, text=None), conveyance(PATENT), conveyance(PATENT))
    ((_, (version,)),) = store.take()
    assert version.found.location == "line 2, reel/frame 1/2"
