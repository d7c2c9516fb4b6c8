from pathlib import Path

import pytest

from streams.sources.results import SkipReason

from .imports import reasons, table, taken

HISTORY = (
    "Date,USD,CYP,SEK,TRL,",
    "2024-11-25,1.0495,N/A,11.503,N/A,",
    "2004-01-02,1.2592,0.58627,9.0745,1766400,",
    "2008-02-04,N/A,0.585274,N/A,N/A,",
)
DAILY = ("Date, USD, CYP, SEK, ", "25 November 2024, 1.0495, N/A, 11.5030, ")


def test_each_rate_of_a_day_is_an_event(tmp_path: Path) -> None:
    found = taken("ecb-rates", table(tmp_path / "eurofxref-hist.csv", *HISTORY))
    assert found.by_subject["fx/ECB/EUR-SEK/2024-11-25"] == {
        "occurred_on": "2024-11-25",
        "base": "EUR",
        "quote": "SEK",
        "rate": "11.503",
        "rate_source": "ECB",
    }
    assert [subject[11:] for subject in found.by_subject] == [
        "USD/2024-11-25",
        "SEK/2024-11-25",
        "USD/2004-01-02",
        "CYP/2004-01-02",
        "SEK/2004-01-02",
        "TRL/2004-01-02",
    ]
    assert found.counts == {"rate of the euro": 6}


def test_missing_values_and_days_after_a_currencys_withdrawal_are_skipped_by_rule(tmp_path: Path) -> None:
    found = taken("ecb-rates", table(tmp_path / "eurofxref-hist.csv", *HISTORY))
    assert found.rules == {SkipReason.NO_VALUE: 5, SkipReason.NO_CURRENCY: 1}
    assert not any(skipped.fault for skipped in found.skipped)
    assert reasons(found)[0] == ("no_value", "EUR/CYP of 2024-11-25: the value is 'N/A'")
    withdrawn = ("no_currency", "EUR/CYP of 2008-02-04: ISO 4217 has no such currency that day")
    assert withdrawn in reasons(found)


def test_the_daily_file_gives_the_same_events_despite_its_padding(tmp_path: Path) -> None:
    daily = taken("ecb-rates", table(tmp_path / "eurofxref.csv", *DAILY))
    history = taken("ecb-rates", table(tmp_path / "eurofxref-hist.csv", *HISTORY[:2]))
    assert len(daily.events) == 2
    assert daily.events == history.events


def test_a_bad_day_or_rate_is_a_fault_and_the_others_are_read(tmp_path: Path) -> None:
    rows = ("Date,USD,Dollar", "2024-02-30,1,1", "2024-01-02,1.09.56,2", "2024-01-03,1.0956,", "2024-01-04,0,")
    found = taken("ecb-rates", table(tmp_path / "rates.csv", *rows))
    assert [event["subject"] for event in found.events] == ["fx/ECB/EUR-USD/2024-01-03"]
    assert [reason for rule, reason in reasons(found) if rule == "bad_document" and "Dollar" not in reason] == [
        "day '2024-02-30': it must be like 2024-12-04 or 04 December 2024",
        "EUR/USD of 2024-01-02: the value '1.09.56' must be digits, with at most one point",
    ]
    assert [skipped.location for skipped in found.skipped if skipped.rule is SkipReason.BAD_EVENT] == ["line 5"]


@pytest.mark.slow
def test_golden_counts(office_data: Path) -> None:
    found = taken("ecb-rates", office_data / "reference/ecb_eurofxref_1999-2023.csv.gz")
    assert found.read == [("ecb-rates", 6402)]
    assert found.rules == {SkipReason.NO_VALUE: 1599}
    assert len(found.events) == len({event["id"] for event in found.events}) == 6402 * 7 - 1599
    days = [event["data"]["occurred_on"] for event in found.events]
    assert (min(days), max(days)) == ("1999-01-04", "2023-12-29")
    assert (
        min(event["data"]["occurred_on"] for event in found.events if event["data"]["quote"] == "CNY") == "2005-04-01"
    )
