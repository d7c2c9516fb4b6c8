"""SQLite's query plans: a query about one entity reads only that entity's rows."""

from __future__ import annotations

import pytest

from ledger.book.book import Book
from ledger.posting.rows import COLUMNS_OF
from ledger.views import VIEWS
from ledger.views.view import on_basis

pytestmark = pytest.mark.slow

_WHOLE = ("posting", "record", *(table for table in COLUMNS_OF if table not in ("policy", "weight_set")))
"""Tables that grow with the log; policies and weight sets are few."""


def plan(book: Book, view: str, where: str = "true") -> list[str]:
    """Return SQLite's plan of a query on a view's SQL."""
    sql = f"EXPLAIN QUERY PLAN SELECT * FROM ({on_basis(VIEWS[view].relation, 'corrected')}) WHERE {where}"
    return [row[3] for row in book.connection.execute(sql, {"as_of": 20231231})]


def narrowed_plan(book: Book, view: str, column: str) -> list[str]:
    """Return SQLite's plan of a view's SQL, narrowed to values of a column."""
    sql = f"EXPLAIN QUERY PLAN {on_basis(VIEWS[view].relation_of(column), 'corrected')}"
    return [row[3] for row in book.connection.execute(sql, {"as_of": 20231231, "only": "[]"})]


@pytest.mark.parametrize(
    ("view", "column"),
    [
        ("alerts", "pledge"),
        ("encumbered", "id"),
        ("encumbered", "pledge"),
        ("loans", "deal"),
        ("ltv", "deal"),
        ("ltv", "pledge"),
        ("ltv", "registration_no"),
        ("offers", "patent"),
        ("patents", "patent"),
        ("pledge_flags", "pledge"),
        ("prospects", "patent"),
        ("renewals", "patent"),
        ("unmatched", "subject"),
        ("valuations", "subject"),
    ],
)
def test_a_query_about_one_entity_reads_only_its_rows(book: Book, view: str, column: str) -> None:
    steps = plan(book, view, f"{column} = 'X'")
    assert [step for step in steps if _reads_a_whole_table(step)] == []
    assert [step for step in plan(book, view) if _reads_a_whole_table(step)] != []


def _reads_a_whole_table(step: str) -> bool:
    """Return whether a step scans a table, by its name or its alias of one letter, or scans a topic."""
    way, name, *_ = [*step.split(), ""]
    small = "VIRTUAL TABLE" in step or "policy_by_region" in step
    walks = way == "SCAN" and (name in _WHOLE or name in "acdelprstvw") and not small
    return walks or step.endswith(_STRETCHES)


_STRETCHES = ("PRIMARY KEY (topic=?)", "PRIMARY KEY (topic>?)", "PRIMARY KEY (partition>?)")


def test_slips_of_a_subject_are_found_from_its_records(book: Book) -> None:
    assert [step for step in plan(book, "plausibility", "subject = 'X'") if step.endswith(_STRETCHES)] == []
    assert [step for step in plan(book, "plausibility") if step.endswith(_STRETCHES)] != []


def test_valuations_before_those_of_a_subject_are_counted_in_an_index_alone(book: Book) -> None:
    steps = narrowed_plan(book, "plausibility", "subject")
    assert "SEARCH v USING COVERING INDEX valuation_by_amount (currency=? AND since<?)" in steps
    assert [step for step in steps if step.startswith(("SEARCH p USING AUTOMATIC", "SEARCH d USING AUTOMATIC"))] == []


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_reads_the_log_in_the_order_of_subjects(book: Book, view: str) -> None:
    steps = plan(book, view)
    assert [step for step in steps if step.startswith("SCAN") and "record_by_subject" in step] == []


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_looks_up_all_rows_of_a_table_in_the_order_of_an_index(book: Book, view: str) -> None:
    steps = [step for step in plan(book, view) if step.startswith("SCAN") and " USING INDEX " in step]
    assert [step for step in steps if "policy_by_region" not in step] == []


def test_postings_are_never_looked_up_from_all_records(book: Book) -> None:
    sql = f"EXPLAIN QUERY PLAN SELECT subject FROM ({on_basis(VIEWS['lineage'].relation, 'corrected')})"
    assert next(row[3] for row in book.connection.execute(sql)) == "SCAN p"
    assert "SEARCH r USING INDEX record_by_subject (subject=?)" in plan(book, "lineage", "subject = 'X'")


def test_all_flags_judge_each_asset_once(book: Book) -> None:
    sql = f"EXPLAIN QUERY PLAN {on_basis(VIEWS['pledge_flags'].whole, 'corrected')}"
    steps = [row[3] for row in book.connection.execute(sql)]
    assert steps.count("MATERIALIZE judged_asset") == 1
    assert [step for step in steps if step.endswith("pledge_asset_by_id (id=?)")] == [
        "SEARCH i USING COVERING INDEX pledge_asset_by_id (id=?)"
    ]


def test_a_record_of_any_outcome_is_found_by_its_subject(book: Book) -> None:
    steps = plan(book, "journal", "subject = 'X'")
    assert "SEARCH r USING INDEX record_by_subject (subject=?)" in steps
    assert "SEARCH r USING INDEX record_refused (subject=?)" in steps
    assert "SEARCH record USING INDEX record_refused (subject=?)" in plan(book, "rejections", "subject = 'X'")


def test_the_flags_of_an_asset_are_found_by_its_id(book: Book) -> None:
    steps = plan(book, "pledge_flags", "asset = 'X'")
    # By the id alone: with partition and entity too, all pledges would be read first.
    found = [step for step in steps if step == "SEARCH a USING INDEX pledge_asset_by_id (id=?)"]
    assert len(found) == 4  # of all grounds but one, which is about no asset


def test_twin_inventions_are_found_by_their_filing_day(book: Book) -> None:
    assert "SEARCH d USING INDEX document_of_invention (<expr>=? AND office=?)" in plan(book, "pledge_flags")


@pytest.mark.parametrize("view", ["high_value", "per_10k", "high_value_patents", "patents", "pledge_flags"])
def test_no_view_scans_a_topic(book: Book, view: str) -> None:
    assert [step for step in plan(book, view) if step.endswith("USING PRIMARY KEY (topic=?)")] == []


def test_support_of_a_deal_is_found_by_its_loan(book: Book) -> None:
    asked = on_basis(VIEWS["loan_support"].relation_of("deal"), "corrected")
    steps = [row[3] for row in book.connection.execute(f"EXPLAIN QUERY PLAN {asked}", {"only": "[]", "as_of": 0})]
    assert steps.count("SEARCH d USING PRIMARY KEY (partition=? AND entity=?)") == 3


@pytest.mark.parametrize(
    ("view", "column", "walked"),
    [
        ("exposure", "debtor", []),
        ("exposure", "name", ["pledge", "loan_payment"]),  # once each, for the ids of those who have the name
        ("group_exposure", "group", ["party_control", "c", "d"]),  # chains of parents (c) and debts of the asked (d)
        ("group_exposure", "name", ["pledge", "loan_payment", "party_control", "c", "d"]),
    ],
)
def test_the_contracts_of_a_debtor_are_found_by_its_key(book: Book, view: str, column: str, walked: list[str]) -> None:
    steps = narrowed_plan(book, view, column)
    assert "SEARCH pledge USING INDEX pledge_by_debtor (<expr>=?)" in steps
    assert "SEARCH loan_payment USING INDEX loan_payment_by_borrower (<expr>=?)" in steps
    assert sorted({step.split()[1] for step in steps if _reads_a_whole_table(step)}) == sorted(walked)


def test_grants_of_a_country_are_counted_in_the_order_of_an_index_alone(book: Book) -> None:
    asked = on_basis(VIEWS["grants_fractional"].relation_of("country"), "corrected")
    steps = [row[3] for row in book.connection.execute(f"EXPLAIN QUERY PLAN {asked}", {"only": "[]"})]
    first = steps.index("SEARCH document USING COVERING INDEX document_by_country (country=?)")
    assert steps[first + 1] == "UNION ALL"  # not sorted
    assert [step for step in steps if _reads_a_whole_table(step)] == []
    asked = on_basis(VIEWS["grants_fractional"].relation_of("industry"), "corrected")
    steps = [row[3] for row in book.connection.execute(f"EXPLAIN QUERY PLAN {asked}", {"only": "[]"})]
    assert "SCAN document USING COVERING INDEX document_by_country" in steps


def test_assets_and_loans_are_looked_up_only_for_pledges_in_force_and_valuations_by_their_asset(book: Book) -> None:
    for view in ("ltv", "collateral"):
        steps = plan(book, view, "region = 'CN-SH'")
        first = steps.index("SCAN p")
        asset = "d" if view == "ltv" else "a"
        assert steps[first + 1 : first + 4] == [
            "SEARCH s USING PRIMARY KEY (partition=? AND entity=?)",
            "SEARCH e USING PRIMARY KEY (topic=? AND partition=? AND offset=?)",
            f"SEARCH {asset} USING PRIMARY KEY (partition=? AND entity=?)",
        ]
        assert ("SEARCH o USING INDEX valuation_by_subject (subject=?)" in steps) == (view == "collateral")
    values = [step for step in plan(book, "ltv") if "pledge_by_deal" in step]
    assert len(values) == 1  # of a deal, for all columns that use it


def test_contracts_of_a_region_are_sums_that_are_kept(book: Book) -> None:
    steps = narrowed_plan(book, "transactions", "region")
    assert steps.count("SEARCH stock USING PRIMARY KEY (kind=? AND region=?)") == 2
    assert [step for step in steps if "posting" in step or "record" in step] == []


def test_a_funnel_groups_in_the_order_of_indexes_and_reads_the_first_event_of_an_asset(book: Book) -> None:
    for column in ("industry", "region"):
        steps = narrowed_plan(book, "funnel", column)
        first = steps[: steps.index("SCAN journey_first")]
        for table in ("valuation", "valuation_request"):
            assert f"SCAN {table} USING COVERING INDEX {table}_by_subject" in first
        assert [step for step in first if "TEMP B-TREE" in step] == []
        looked_up = "SEARCH record USING COVERING INDEX record_by_subject (subject=? AND topic=?)"
        assert steps.count(looked_up) == 3  # of the patent, for industry and region, and for its owner; of the loan
        assert "SEARCH d USING COVERING INDEX document_of_owner (partition=? AND entity=?)" in steps


def test_inventions_of_a_region_and_all_their_criteria_are_found_by_indexes(book: Book) -> None:
    for view in ("high_value", "high_value_patents", "per_10k"):
        steps = narrowed_plan(book, view, "region")
        found = steps.index("SEARCH patent USING COVERING INDEX invention_by_region (<expr>=?)")
        offices = steps.index("SEARCH d USING COVERING INDEX document_by_family (family_id=?)")
        assert [step for step in steps[found:offices] if "TEMP B-TREE FOR GROUP BY" in step] == [
            "USE TEMP B-TREE FOR GROUP BY"  # of the areas asked for; inventions are not sorted
        ]
        note = "SEARCH n USING COVERING INDEX patent_note_of_value (partition=? AND entity=? AND day<?)"
        assert note in steps
        pledges = steps.count("SEARCH a USING COVERING INDEX pledge_asset_by_id (id=?)")
        assert pledges == 1  # for each area; not again for each use of the criterion


def test_a_patent_of_high_value_is_found_by_its_id(book: Book) -> None:
    steps = narrowed_plan(book, "high_value_patents", "patent")
    assert "SEARCH r USING COVERING INDEX record_by_subject (subject=? AND topic=?)" in steps
    assert [step for step in steps if "invention_by_region" in step or step == "SCAN patent"] == []


def test_the_patents_of_a_family_are_found_by_its_documents(book: Book) -> None:
    steps = narrowed_plan(book, "high_value_patents", "family_id")
    assert steps.count("SEARCH d USING COVERING INDEX document_by_family (family_id=?)") == 2  # its offices too
    assert "SCAN patent" not in steps


def test_documents_are_read_only_of_patents_in_tagged_families_that_are_not_tagged(book: Book) -> None:
    steps = narrowed_plan(book, "genai", "country")
    assert [step for step in steps if step.endswith("document_by_family (family_id=?)")] == [
        "SEARCH k USING COVERING INDEX document_by_family (family_id=?)"
    ]
    assert steps.count("SEARCH d USING PRIMARY KEY (partition=? AND entity=?)") == 3
    assert [step for step in steps if step.startswith("SCAN document")] == []


def test_the_registrations_of_a_model_are_found_by_its_version(book: Book) -> None:
    found = "SEARCH m USING INDEX valuation_model_by_version (model_id=? AND model_version=? AND since<?)"
    assert found in plan(book, "readings")


def test_totals_of_an_industry_and_a_region_are_stretches_of_the_key(book: Book) -> None:
    for view in ("pledge_yoy", "ytd_vs_same_period"):
        for column, key in (("industry", "kind=? AND industry=?"), ("region", "kind=? AND industry=? AND region=?")):
            assert f"SEARCH t USING PRIMARY KEY ({key})" in narrowed_plan(book, view, column)


def test_exchange_rates_are_looked_up_by_their_pair_and_day(book: Book) -> None:
    steps = narrowed_plan(book, "valuation_converted", "industry")
    assert [step for step in steps if "fx_rate USING" in step and "COVERING" not in step] == []
    assert {step for step in steps if "fx_rate_by_pair" in step and "day" in step} == {
        f"SEARCH {name} USING COVERING INDEX fx_rate_by_pair (base=? AND quote=? AND rate_source=? AND {days})"
        for name, days in (("q", "day>? AND day<?"), ("m", "day=?"), ("q", "day=?"))
    }


def test_realised_prices_are_found_by_the_valued_assets(book: Book) -> None:
    for column in ("industry", "region", "subject"):
        steps = narrowed_plan(book, "realised_values", column)
        assert {f"SEARCH a USING COVERING INDEX {name}_asset_by_id (id=?)" for name in ("deal", "pledge")} < {*steps}
        assert {"SCAN d", "SCAN deal", "SCAN pledge_payment"} & {*steps} == set()


def test_a_score_needs_only_the_patents_of_its_cohort(book: Book) -> None:
    score = VIEWS["patent_score"]
    narrow = f"SELECT * FROM ({on_basis(score.relation_of('patent'), 'corrected')}) WHERE patent = 'X'"
    values = {"as_of": 20231231, "only": '["X"]'}
    steps = [row[3] for row in book.connection.execute(f"EXPLAIN QUERY PLAN {narrow}", values)]
    assert "SEARCH p USING INDEX patent_by_cohort (industry=? AND filed_on>? AND filed_on<?)" in steps
    assert "SEARCH c USING PRIMARY KEY (id=?)" in steps
    assert [step for step in steps if step.startswith("SCAN") and step.split()[1] in ("n", "a", "k", *_WHOLE)] == []


def test_what_falls_due_is_read_from_sums_and_the_pledges_that_changed_later(book: Book) -> None:
    steps = plan(book, "maturity")
    assert "SEARCH summary USING PRIMARY KEY (kind=? AND period>? AND period<?)" in steps
    assert "SEARCH stock USING PRIMARY KEY (kind=? AND region=? AND date>? AND date<?)" in steps
    assert [step for step in steps if "pledge_state" in step] == [
        "SEARCH pledge_state USING COVERING INDEX pledge_stands (since>?)",
        "SEARCH pledge_state USING COVERING INDEX pledge_was_due (until>? AND until<?)",
    ]


def test_a_threshold_is_looked_up_by_its_region(book: Book) -> None:
    terms = "(policy=? AND region=? AND right=? AND currency=? AND since<?)"
    assert f"SEARCH p USING INDEX policy_by_region {terms}" in plan(book, "loans")
