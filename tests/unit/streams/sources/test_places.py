import pytest

from streams.sources import places


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US", "US"),
        ("GB", "GB"),
        ("CALIFORNIA", "US"),
        ("District of  Columbia", "US"),
        ("GEORGIA", "US"),
        ("KOREA, REPUBLIC OF", "KR"),
        ("England", "GB"),
        ("unknown", None),
        ("omitted", None),
        ("", None),
        (None, None),
    ],
)
def test_a_country_is_known_by_code_name_or_state(text: str | None, code: str | None) -> None:
    assert places.country(text) == code


@pytest.mark.parametrize(
    ("country", "state", "region"),
    [
        ("US", "CA", "US-CA"),
        ("US", "ZZ", "US"),
        ("US", "", "US"),
        ("CA", "CA", "CA"),
        ("unknown", "CA", None),
    ],
)
def test_a_region_has_the_state_only_in_the_us(country: str, state: str, region: str | None) -> None:
    assert places.region(country, state) == region
