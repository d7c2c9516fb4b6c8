from pathlib import Path
from typing import Any

import pytest

from schemas.office_codes import OFFICE_CODES
from streams.sources.importers import IMPORTERS, importer_of
from streams.sources.reading import Reading
from streams.sources.results import Imported, Result, Skipped, SkipReason
from tests.unit.streams.sources.conveyances.samples import Property, Sample, padx
from tests.unit.streams.sources.documents import event_from, refused, written
from tests.unit.streams.sources.legal_events.answers import answer, legal, member

PLEDGE = (
    "DENOMINATION OF INVENTION: A KITE; EFFECTIVE DATE OF REGISTRATION: 20200215; GRANTED PUBLICATION DATE: 20190712; "
    "PLEDGEE: LENDER BANK CO., LTD. FRESNO BRANCH; PLEDGOR: KITE CO., LTD.; STRING CO., LTD.; "
    "REGISTRATION NUMBER: Y2020980000001"
)


def imported(tmp_path: Path, *documents: str) -> list[Result]:
    return list(IMPORTERS["epo-legal-events"].results(Reading([written(tmp_path / "x.xml", *documents)])))


def one(tmp_path: Path, *args: str, documents: str = "CN 107000001 B 20190712", **fields: str) -> Result:
    (result,) = imported(tmp_path, answer(member(legal(*args, **fields), documents=documents)))
    return result


@pytest.mark.parametrize(
    "text",
    [
        (
            "Effective date of registration: 20200601\n\nPledgee: A BANK\nCO., LTD.\n\nPledgor: B LTD.\n"
            "Registration number: Y1"
        ),
        (
            "EFFECTIVE DATE OF REGISTRATION\uff1a20200601\uff1bPLEDGEE\uff1aA BANK CO., LTD.\uff1bPLEDGOR: B LTD.; "
            "REGISTRATION NUMBER: Y1"
        ),
    ],
)
def test_labels_may_stand_on_lines_of_their_own(text: str, tmp_path: Path) -> None:
    event = event_from(one(tmp_path, "PE01", L510EP=text))
    assert (event["subject"], event["data"]["occurred_on"]) == ("CN-Y1", "2020-06-01")
    assert event["data"]["pledgees"] == [{"name": "A BANK CO., LTD."}]
    assert event["data"]["pledgors"] == [{"name": "B LTD."}]


@pytest.mark.parametrize(
    ("office", "code", "fields", "type_name", "data"),
    [
        ("CN", "CF01", {}, "ceased", {"occurred_on": "2021-03-02", "reason": "fee"}),
        ("CN", "CX01", {}, "ceased", {"occurred_on": "2021-03-02", "reason": "expired"}),
        ("CN", "IP01", {}, "invalidated", {"occurred_on": "2021-03-02", "extent": "partial"}),
        (
            "CN",
            "IW01",
            {"L510EP": "DECISION DATE OF DECLARING INVALIDATION: 20200430; DECISION NUMBER: 44100"},
            "invalidated",
            {"occurred_on": "2020-04-30", "extent": "full"},
        ),
        ("CN", "RR01", {}, "restored", {"occurred_on": "2021-03-02"}),
        (
            "CN",
            "PP01",
            {"L510EP": "EFFECTIVE DATE OF REGISTRATION: 20200805"},
            "preserved",
            {"occurred_on": "2020-08-05"},
        ),
        ("CN", "PD01", {"L510EP": "DATE OF CANCELLATION: 20230805"}, "discharged", {"occurred_on": "2023-08-05"}),
        ("US", "FP", {"L525EP": "20200105"}, "ceased", {"occurred_on": "2020-01-05", "reason": "fee"}),
        ("US", "MAFP", {"L520EP": "4"}, "fee_paid", {"occurred_on": "2021-03-02", "fee_year": 4}),
        (
            "US",
            "PTEG",
            {"L513EP": "20331231"},
            "term_adjusted",
            {"occurred_on": "2021-03-02", "expires_on": "2033-12-31"},
        ),
        (
            "US",
            "IPR",
            {"L510EP": "TRIAL NO: IPR2020-01615", "L519EP": "RIVAL, INC.", "L525EP": "20200911"},
            "challenged",
            {"occurred_on": "2020-09-11", "challenger": {"name": "RIVAL, INC."}},
        ),
        ("EP", "27O", {"L525EP": "20150623"}, "upheld", {"occurred_on": "2015-06-23"}),
    ],
)
def test_a_known_code_is_an_event_with_facts_of_the_code_and_the_announcement(
    office: str, code: str, fields: dict[str, str], type_name: str, data: dict[str, Any], tmp_path: Path
) -> None:
    event = event_from(one(tmp_path, code, "2021-03-02", office, **fields))
    assert (event["type"], event["subject"]) == (f"ip.patent.{type_name}.v1", "CN107000001B")
    assert event["source"] == "urn:office:ep:epo"
    assert event["data"] == data | {"source_code": code}


@pytest.mark.parametrize(
    ("office", "code", "rule", "reason"),
    [
        ("CN", "ZZ99", SkipReason.UNKNOWN_CODE, "CN ZZ99: A MEANING"),
        ("US", "CF01", SkipReason.UNKNOWN_CODE, "US CF01: A MEANING"),
        ("US", "AS", SkipReason.NOT_ENOUGH, "US AS of 201710000001A: its reel and frame"),
        ("EP", "PG25", SkipReason.NO_EVENT, "EP PG25: the patent lapses in one state, not as a whole"),
        ("CN", "GR01", SkipReason.NOT_ENOUGH, "CN GR01 of 201710000001A: office, kind, number, right, ipc, applicants"),
        ("US", "FP", SkipReason.NOT_ENOUGH, "US FP of 201710000001A: its effective date"),
        ("US", "MAFP", SkipReason.NOT_ENOUGH, "US MAFP of 201710000001A: fee_year"),
        ("CN", "PE01", SkipReason.NOT_ENOUGH, "CN PE01 of 201710000001A: registration_no, pledgors, pledgees"),
        ("CN", "PC01", SkipReason.NOT_ENOUGH, "CN PC01 of 201710000001A: registration_no"),
        ("FR", "RG", SkipReason.NOT_ENOUGH, "FR RG of 201710000001A: registration_no"),
        ("CN", "OL02", SkipReason.NOT_ENOUGH, "CN OL02 of 201710000001A: the number of its contract"),
    ],
)
def test_other_codes_are_skipped_by_rule(office: str, code: str, rule: SkipReason, reason: str, tmp_path: Path) -> None:
    left = refused(one(tmp_path, code, "2021-03-02", office))
    assert (left.rule, left.reason) == (rule, reason)
    assert not left.fault


def test_every_code_of_the_table_gives_an_event_or_a_rule(tmp_path: Path) -> None:
    fields = {"L510EP": PLEDGE, "L513EP": "20331231", "L520EP": "4", "L525EP": "20200105"}
    for office, code in OFFICE_CODES:
        result = one(tmp_path, code, "2021-03-02", office, **fields)
        assert isinstance(result, Imported) or not result.fault, result


@pytest.mark.parametrize(
    ("documents", "subject"),
    [
        ("CN 107000001 A 20180301, CN 107000001 B 20190712", "CN107000001B"),
        ("CN 207000001 U 20180301", "CN207000001U"),
        ("CN 100334574 C 20070829", "CN100334574C"),
        ("US 10465445 B2 20191105", "US10465445B2"),
        ("US 5000000 A 19910319", "US5000000A"),
        ("US D967598 S1 20221025", "USD967598S1"),
        ("EP 1000001 B1 20030212, EP 1000001 B9 20040101", "EP1000001B1"),
        ("EP 1000001 A1 20000517", "EP1000001B1"),
        ("CN 107000001 A 20180301", None),
        ("US 2018123456 A1 20180301", None),
        ("US 2018123456 A 20180301", None),
    ],
)
def test_an_event_is_about_the_granted_patent(documents: str, subject: str | None, tmp_path: Path) -> None:
    result = one(tmp_path, "CF01", documents=documents)
    if subject is None:
        assert refused(result).rule is SkipReason.NO_PATENT
    else:
        assert event_from(result)["subject"] == subject


def test_requests_of_one_day_have_different_ids(tmp_path: Path) -> None:
    trials = [legal("PGR", office="US", L510EP=f"TRIAL NO: PGR2020-0007{number}") for number in (7, 8)]
    opponents = [legal("26", office="EP", L519EP=name) for name in ("RIVAL A", "RIVAL B")]
    results = imported(tmp_path, answer(member(*trials, *opponents)))
    assert len({event_from(result)["id"] for result in results}) == 4
    assert imported(tmp_path, answer(member(*trials, *opponents))) == results


def test_a_pledge_is_announced_under_each_of_its_patents(tmp_path: Path) -> None:
    first = member(legal("PE01", L510EP=PLEDGE), legal("PC01", "2022-05-06", L510EP=PLEDGE.replace(
        "EFFECTIVE DATE OF REGISTRATION: 20200215", "DATE OF CANCELLATION: 20220420"
    )))  # fmt: skip
    design = member(legal("PE01", application="201830000001", L510EP=PLEDGE), documents="CN 304500001 S 20190201")
    other = member(legal("PE01", L510EP=PLEDGE.replace("0001", "0002")))
    results = imported(tmp_path, answer(first, other), answer(design), answer(first))
    assert [(event_from(r)["subject"], event_from(r)["type"]) for r in results] == [
        ("CN-Y2020980000001", "ip.pledge.registered.v1"),
        ("CN-Y2020980000001", "ip.pledge.cancelled.v1"),
        ("CN-Y2020980000002", "ip.pledge.registered.v1"),
    ]
    assert event_from(results[0])["data"] == {
        "occurred_on": "2020-02-15",
        "registration_no": "Y2020980000001",
        "pledgors": [{"name": "KITE CO., LTD."}, {"name": "STRING CO., LTD."}],
        "pledgees": [{"name": "LENDER BANK CO., LTD. FRESNO BRANCH"}],
        "amount_status": "undisclosed",
        "source_code": "PE01",
        "assets": [{"id": "CN107000001B", "right": "invention"}, {"id": "CN304500001S", "right": "design"}],
    }
    assert event_from(results[1])["data"] == {
        "occurred_on": "2022-04-20",
        "registration_no": "Y2020980000001",
        "source_code": "PC01",
    }


def test_a_bad_date_is_bad_input(tmp_path: Path) -> None:
    left = refused(one(tmp_path, "CF01", "0001-01-01"))
    assert (left.rule, left.reason) == (SkipReason.BAD_DOCUMENT, "CN CF01 of 201710000001A: '0001-01-01' is not a day")


def test_an_invalid_number_is_bad_input(tmp_path: Path) -> None:
    left = refused(one(tmp_path, "CF01", documents="CN 7 B 20190712"))
    assert left.rule is SkipReason.BAD_DOCUMENT
    assert "CN publication number '7'" in left.reason


def test_an_answer_of_another_service_is_skipped(tmp_path: Path) -> None:
    assert importer_of(answer().encode()) == "epo-legal-events"
    (left,) = imported(tmp_path, answer(member()))
    assert isinstance(left, Skipped)
    assert left.rule is SkipReason.ANOTHER_DOCUMENT


A1, B2 = "US 2012057518 A1 20120308", "US 9648662 B2 20170509"
FILED = "US 201113167395 77"


@pytest.mark.parametrize(
    "members",
    [
        (("", A1, FILED), (None, B2, FILED)),
        ((None, B2, FILED), ("", A1, FILED)),
        (("", A1, FILED), (None, B2, "US 201113167395 78")),
        (("", A1, "US 1 77"), (None, B2, FILED)),
    ],
    ids=["in order", "grant first", "by number", "by the id in the answer, or the event's own number"],
)
def test_an_event_under_another_publication_of_its_application_is_about_its_grant(
    members: tuple[tuple[str | None, str, str], ...], tmp_path: Path
) -> None:
    fee = legal("MAFP", "2020-10-20", "US", "201113167395", L520EP="4")
    built = [
        member(*([] if events is None else [fee]), documents=documents, application=application)
        for events, documents, application in members
    ]
    (result,) = imported(tmp_path, answer(*built))
    event = event_from(result)
    assert (event["type"], event["subject"]) == ("ip.patent.fee_paid.v1", "US9648662B2")


def test_an_event_is_not_about_the_grant_of_another_application(tmp_path: Path) -> None:
    fee = legal("MAFP", "2020-10-20", "US", "201113167395", L520EP="4")
    first = member(fee, documents=A1, application=FILED)
    (result,) = imported(tmp_path, answer(first, member(documents=B2, application="US 201213167396 78")))
    assert refused(result).rule is SkipReason.NO_PATENT


def test_the_same_announcement_of_two_members_is_one_event(tmp_path: Path) -> None:
    fee = legal("MAFP", "2020-10-20", "US", "201113167395", L520EP="4")
    members = [member(fee, documents=each, application=FILED) for each in (A1, B2)]
    assert len(imported(tmp_path, answer(*members))) == 1


def entry(text: str, owner: str = "LENDER BANK, N.A., NEW YORK", day: str = "2015-02-06", number: str = "") -> str:
    """Return an entry in the US assignment database."""
    application = number or "201113167395"
    return legal("AS", day, "US", application, L509EP=owner, L510EP=text, L525EP="20150203")


SECURITY = "SECURITY INTEREST;ASSIGNORS:KITE INC.;KITE, ANN;AND OTHERS;REEL/FRAME:045455/0001"


def test_an_entry_of_the_us_assignment_database_is_read_by_its_text(tmp_path: Path) -> None:
    members = member(entry(SECURITY), documents=A1, application=FILED), member(documents=B2, application=FILED)
    (result,) = imported(tmp_path, answer(*members))
    event = event_from(result)
    assert (event["type"], event["subject"]) == ("ip.pledge.registered.v1", "US-RF-45455-1")
    assert event["source"] == "urn:office:us:uspto"
    assert event["data"] == {
        "occurred_on": "2015-02-06",
        "registration_no": "45455/1",
        "pledgors": [{"name": "KITE INC."}, {"name": "KITE, ANN"}],
        "pledgees": [{"name": "LENDER BANK, N.A.", "country": "US"}],
        "assets": [{"id": "US9648662", "right": "invention"}],
        "amount_status": "undisclosed",
    }


def test_an_entry_has_the_id_that_the_us_offices_own_files_give_it(tmp_path: Path) -> None:
    conveyance = Sample(text="SECURITY INTEREST", properties=[Property("13167395", "9648662")])
    own = IMPORTERS["uspto-assignments"].results(Reading([written(tmp_path / "own", padx(conveyance))]))
    (result,) = imported(tmp_path, answer(member(entry(SECURITY), documents=B2)))
    (theirs,) = map(event_from, own)
    assert event_from(result)["id"] == theirs["id"]
    assert event_from(result)["data"]["assets"] == theirs["data"]["assets"]


@pytest.mark.parametrize(
    ("text", "type_name", "subject"),
    [
        (
            "RELEASE OF SECURITY AGREEMENT (045455/0001);ASSIGNOR:LENDER BANK;REEL/FRAME:050000/0002",
            "ip.pledge.cancelled.v1",
            "US-RF-45455-1",
        ),
        ("CHANGE OF NAME;ASSIGNOR:KITE CO.;REEL/FRAME:050000/0002", "ip.assignment.recorded.v1", "US-RF-50000-2"),
        (
            "ASSIGNMENT OF ASSIGNORS INTEREST;ASSIGNOR:KITE;SIGNING DATES FROM 20110824;REEL/FRAME:050000/0002",
            "ip.assignment.recorded.v1",
            "US-RF-50000-2",
        ),
        ("LICENSE;ASSIGNOR:KITE;REEL/FRAME:050000/0002", "ip.licence.recorded.v1", "US-RF-50000-2"),
    ],
)
def test_the_text_of_an_entry_gives_its_type(text: str, type_name: str, subject: str, tmp_path: Path) -> None:
    (result,) = imported(tmp_path, answer(member(entry(text), documents=B2)))
    assert (event_from(result)["type"], event_from(result)["subject"]) == (type_name, subject)


def test_an_entry_that_is_announced_under_several_patents_is_one_event_of_all(tmp_path: Path) -> None:
    other = entry(SECURITY, number="201213167396")
    members = (
        member(entry(SECURITY), documents=B2, application=FILED),
        member(other, documents="US 2013000001 A1 20130103", application="US 201213167396 78"),
        member(entry(SECURITY, number="87951510"), documents="US 2011123456 A1 20110526", application="US 87951510 79"),
    )
    (result,) = imported(tmp_path, answer(*members))
    ids = [asset["id"] for asset in event_from(result)["data"]["assets"]]
    assert ids == ["US9648662", "13/167396", "US20110123456"]
