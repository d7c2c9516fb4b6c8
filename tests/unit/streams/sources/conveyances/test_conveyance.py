from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.uspto import ConveyedAsset


def told(**changes: object) -> Conveyance:
    facts: dict[str, object] = {
        "reel": 1,
        "frame": 2,
        "text": None,
        "recorded": None,
        "executed": None,
        "assignors": [],
        "assignees": [],
        "assets": [],
    }
    return Conveyance(**facts | changes)  # type: ignore[arg-type]


def test_a_telling_is_fuller_by_text_then_days_then_parties_then_properties() -> None:
    asset, party = ConveyedAsset("15/1", "15/1", "invention"), {"name": "A"}
    rising = [
        told(),
        told(assets=[asset]),
        told(assignors=[party]),
        told(executed="2015-02-03", assignees=[party]),
        told(recorded="2015-02-06"),
        told(recorded="2015-02-06", executed="2015-02-03"),
        told(text="MERGER"),
        told(text="MERGER (SEE DOCUMENT)"),
    ]
    assert sorted(rising, key=lambda each: each.fullness) == rising


def test_a_document_that_names_fewer_properties_than_there_are_is_incomplete() -> None:
    asset = ConveyedAsset("15/1", "15/1", "invention")
    assert told(assets=[asset], properties=2).incomplete
    assert not told(assets=[asset], properties=1).incomplete
    assert not told(assets=[asset]).incomplete
