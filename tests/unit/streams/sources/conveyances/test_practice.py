"""Texts as people type them into cover sheets, each with its class and the recordings that it acts on."""

from collections.abc import Iterator
from pathlib import Path

from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.wording import read_wording
from tests.each_case import each_case

_TEXTS = Path(__file__).parents[4] / "corpus" / "conveyance_texts.tsv"


def _lines() -> Iterator[tuple[str, str, list[ReelFrame]]]:
    for line in _TEXTS.read_text(encoding="utf-8").splitlines()[1:]:
        what, text, *cited = line.split("\t")
        yield what, text, [*_recordings(cited[0])] if cited else []


def _recordings(cited: str) -> Iterator[ReelFrame]:
    for each in cited.split(","):
        reel, _, frames = each.partition("/")
        first, _, last = frames.partition("-")
        yield from (ReelFrame(int(reel), frame) for frame in range(int(first), int(last or first) + 1))


@each_case(("what", "text", "cited"), list(_lines()))
def test_a_text_of_practice_is_read_as_its_readers_do(what: str, text: str, cited: list[ReelFrame]) -> None:
    wording = read_wording(text)
    assert wording.what.value == what
    if cited:
        assert wording.cited == cited
