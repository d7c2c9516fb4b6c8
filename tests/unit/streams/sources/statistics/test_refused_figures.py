from pathlib import Path

from tests.each_case import each_case

from .imports import reasons, table, taken

HEADER = "indicator,geography,period,value,unit,yoy_percent,stated_by,source_page,source_address"
AMOUNT = "patent_and_trademark_pledge_financing_amount"


def refusal(tmp_path: Path, row: str) -> tuple[str, str]:
    (refused,) = reasons(taken("published-figures", table(tmp_path / "figures.csv", HEADER, row)))
    return refused


@each_case(
    ("period", "value", "unit", "reason"),
    [
        ("2018年以来", "420万件", "", "period '2018年以来': it has no first or no last day"),
        ("FY2023", "346152", "patents", "period 'FY2023': a fiscal year begins on another day"),
        ("2023", "4.2万", "10000_patents", "the value '4.2' and the unit '10000_patents' both have a unit"),
        ("2023", "4.2万元", "USD_million", "both have a unit"),
        ("2023", "超4万余件", "", "has two bounds or two currencies"),
        ("2023", "四二件", "", "'四二' is no Chinese number below a thousand"),
        ("2023", "12", "CNY_15_million", "unit '15': it must be a power of ten"),
        ("2023", "12", "兆元", "unit '兆元': it must be a power of ten"),
        ("2023", "a lot", "patents", "the value 'a lot' must be digits"),
        ("截至2023年底", "4.2万件", "", "the period does not give the first day of the count"),
        ("as of June 2024", "42", "patents", "the period does not give the first day of the count"),
        ("2023", "14.000.5", "patents", "must be digits"),
        ("2023", "14.5", "patents", "'14.5' of a count is not a whole number"),
        ("2023", "14000①", "", "'14000①' must be digits"),
        ("2023", "15.3%", "", "grants is not measured in percent"),
        ("2023", "15.3", "percent", "grants is not measured in percent"),
        ("2023", "增长1.5万件", "", "a rise or a fall is not the value of grants"),
        ("2023", "42万元", "", "a currency of a count"),
        ("2023", "1.2-1.5万件", "", "it is a range"),
        ("2023", "between 12000 and 15000", "", "it is a range"),
        ("2023", "数千件", "", "it gives no number"),
        ("2023", "上万件", "", "it gives no number"),
    ],
)
def test_what_is_not_understood_is_refused(period: str, value: str, unit: str, reason: str, tmp_path: Path) -> None:
    rule, message = refusal(tmp_path, f"invention_patents_granted,China,{period},{value},{unit},,X,page,")
    assert rule == "bad_document"
    assert reason in message


@each_case(
    ("indicator", "value", "reason"),
    [
        (AMOUNT, "¥23 billion", "¥ may be yuan or yen"),
        (AMOUNT, "23亿", "an amount without a currency"),
        ("valid_invention_patents_multiple", "增长5倍", "a rise or a fall is not the value of in_force_multiple"),
        ("valid_invention_patents_growth", "1.5倍", "in_force_growth is not measured in times"),
        ("valid_invention_patents_growth", "9.3个百分点", "in_force_growth is not measured in points"),
        ("valid_invention_patents_growth", "环比增长2%", "it compares with the month or quarter before"),
    ],
)
def test_a_value_of_another_measure_is_refused(indicator: str, value: str, reason: str, tmp_path: Path) -> None:
    rule, message = refusal(tmp_path, f"{indicator},China,2023,{value},,,X,page,")
    assert rule == "bad_document"
    assert reason in message
