from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.uspto import ConveyedAsset


def conveyance(**changes: object) -> Conveyance:
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


def test_completeness_compares_text_then_days_then_parties_then_properties() -> None:
    asset, party = ConveyedAsset("15/1", "15/1", "invention"), {"name": "A"}
    rising = [
        conveyance(),
        conveyance(assets=[asset]),
        conveyance(assignors=[party]),
        conveyance(executed="2015-02-03", assignees=[party]),
        conveyance(recorded="2015-02-06"),
        conveyance(recorded="2015-02-06", executed="2015-02-03"),
        conveyance(text="MERGER"),
        conveyance(text="MERGER (SEE DOCUMENT)"),
    ]
    assert sorted(rising, key=lambda each: each.completeness) == rising


def test_a_document_with_fewer_properties_than_stated_is_incomplete() -> None:
    asset = ConveyedAsset("15/1", "15/1", "invention")
    assert conveyance(assets=[asset], properties=2).incomplete
    assert not conveyance(assets=[asset], properties=1).incomplete
    assert not conveyance(assets=[asset]).incomplete
