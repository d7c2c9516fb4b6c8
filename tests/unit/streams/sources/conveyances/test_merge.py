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
def shelf() -> Iterator[ConveyanceStore]:
    with closing(ConveyanceStore()) as shelf:
        yield shelf


def put(shelf: ConveyanceStore, *told: Conveyance, form: str = "a", file: str = "f") -> None:
    for number, each in enumerate(told, start=1):
        shelf.put(Found(each, form, file, f"line {number}"))


def taken(shelf: ConveyanceStore) -> list[tuple[str, Conveyance]]:
    return [(each.found.format, each.conveyance) for _, tellings in shelf.take() for each in tellings]


def test_conveyances_come_in_the_order_of_reel_and_frame_each_as_it_was_told(shelf: ConveyanceStore) -> None:
    told = [conveyance(PATENT, OTHER, reel=reel, updated="2015", properties=3) for reel in (10, 9, 100)]
    put(shelf, *told)
    assert [at for at, _ in shelf.take()] == [ReelFrame(9, 2), ReelFrame(10, 2), ReelFrame(100, 2)]
    assert [each for _, each in taken(shelf)] == [told[1], told[0], told[2]]


def test_of_one_format_the_fullest_counts_with_the_assets_of_all_whatever_the_order() -> None:
    told = conveyance(OTHER), conveyance(APPLICATION, assignors=[]), conveyance(PATENT, text=None)
    for order in permutations(told):
        with closing(ConveyanceStore()) as shelf:
            put(shelf, *order)
            assert taken(shelf) == [("a", replace(told[0], assets=[PATENT, OTHER]))]


def test_each_format_has_its_telling_the_fullest_first(shelf: ConveyanceStore) -> None:
    short, long = conveyance(OTHER, recorded=None), conveyance(OTHER)
    put(shelf, short, form="a")
    put(shelf, long, form="b")
    assert taken(shelf) == [("b", long), ("a", short)]


def test_an_application_goes_by_the_patent_that_any_telling_knows(shelf: ConveyanceStore) -> None:
    put(shelf, conveyance(APPLICATION, reel=1), form="a")
    put(shelf, conveyance(PATENT, reel=2), form="b")
    assert [each.assets for _, each in taken(shelf)] == [[PATENT], [PATENT]]


def test_of_two_patents_of_an_application_it_is_always_the_same(shelf: ConveyanceStore) -> None:
    wrong = PATENT._replace(id="US9424303")
    put(shelf, conveyance(PATENT, reel=1), conveyance(wrong, reel=2), conveyance(APPLICATION, reel=3))
    assert taken(shelf)[2][1].assets == [PATENT]
    put(shelf, conveyance(wrong, reel=4))
    assert taken(shelf)[2][1].assets == [PATENT]


def test_formats_that_do_not_know_the_right_take_it_from_one_that_does(shelf: ConveyanceStore) -> None:
    reissue = ConveyedAsset("10/722168", "USRE42401", "invention")
    put(shelf, conveyance(reissue), form="a")
    put(shelf, conveyance(plant := reissue._replace(right="plant")), form="b")
    assert [each.assets for _, each in taken(shelf)] == [[plant], [plant]]


def test_of_two_states_of_an_asset_told_together_the_granted_one_stays(shelf: ConveyanceStore) -> None:
    put(shelf, conveyance(APPLICATION, OTHER, PATENT))
    assert [each.assets for _, each in taken(shelf)] == [[PATENT, OTHER]]


def test_what_the_office_told_last_counts(shelf: ConveyanceStore) -> None:
    first, last = conveyance(OTHER, PATENT, updated="2015-02-09"), conveyance(OTHER, updated="2016-01-01", assignors=[])
    put(shelf, first, last)
    assert taken(shelf) == [("a", last)]


def test_a_recording_that_was_taken_back_stands_beside_what_it_was(shelf: ConveyanceStore) -> None:
    first = conveyance(OTHER, updated="2015-02-09")
    back = conveyance(OTHER, updated="2016-01-01", withdrawn=True)
    put(shelf, back, first)
    assert sorted(taken(shelf), key=lambda each: each[1].withdrawn) == [("a", first), ("a", back)]


@pytest.mark.parametrize("updated", ["", "2015-02-09"])
def test_of_one_day_that_it_was_taken_back_counts(updated: str, shelf: ConveyanceStore) -> None:
    first = conveyance(OTHER, updated=updated)
    put(shelf, back := replace(first, withdrawn=True))
    assert taken(shelf) == [("a", back)]
    put(shelf, first)
    assert {each.withdrawn for _, each in taken(shelf)} == {False, True}


def test_a_recording_that_came_again_after_it_was_taken_back_stands(shelf: ConveyanceStore) -> None:
    put(shelf, conveyance(OTHER, updated="2015", withdrawn=True), again := conveyance(OTHER, updated="2016"))
    assert taken(shelf) == [("a", again)]


def test_the_place_is_the_first_of_the_fullest_with_reel_and_frame(shelf: ConveyanceStore) -> None:
    put(shelf, conveyance(OTHER, text=None), conveyance(PATENT), conveyance(PATENT))
    ((_, (telling,)),) = shelf.take()
    assert telling.found.place == "line 2, reel/frame 1/2"
