"""Words, numbers and dates in both languages; and a catalogue that is complete."""

from __future__ import annotations

import ast
import re
from collections import Counter
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from ledger.posting.entity import LIVES
from ledger.posting.life import NoEffect
from ledger.queries.ask import BadLimit
from ledger.queries.totals import KIND_NAMES
from ledger.views import VIEWS
from ledger.views.guide import GROUPS
from ledger.web.errors import explained
from ledger.web.pages.address import BadAddress
from ledger.web.pages.labels import VALUES
from ledger.web.pages.operations import lag_notice
from ledger.web.pages.translator import MINUS, NO_BREAK, Translator, catalogue, language
from schemas.rules import Rule
from schemas.wording import LARGE, NOT_QUOTED, TEMPLATES, UNKNOWN_REASON
from tests.each_case import each_case

LEDGER = Path(__file__).parents[4] / "ledger"
WEB, SQL, FIGURES = LEDGER / "web", LEDGER / "views" / "sql", LEDGER / "figures"
EN, ZH = Translator("en"), Translator("zh")
_FACT = re.compile(r"\{\w+[^}]*\}")
FACTS = re.compile(r"\{\w+\}")


def test_every_text_of_the_pages_has_chinese_words_and_no_word_is_left_over() -> None:
    methods = [("pages/**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
    found = extract_from_dir(str(WEB), methods, keywords={"t": None, "N": None})
    texts = {text for _, _, text, _, _ in found if isinstance(text, str)}
    entries = [entry for entry in read_po(BytesIO((WEB / "translations" / "zh.po").read_bytes())) if entry.id]
    assert {str(entry.id) for entry in entries} == texts
    for entry in entries:
        assert Counter(FACTS.findall(str(entry.id))) == Counter(FACTS.findall(str(entry.string)))


def test_errors_in_chinese_are_errors_of_the_ledger_with_the_same_facts() -> None:
    known = explained()
    for name, text in catalogue("zh", "errors.").items():
        assert sorted(_FACT.findall(text)) == sorted(_FACT.findall(known[name]["message"])), name


def test_each_view_has_a_summary_and_a_formula_in_chinese() -> None:
    assert catalogue("zh", "views.").keys() == {name for group in GROUPS.values() for name in group}
    assert catalogue("zh", "formulas.").keys() == {view.formula for view in VIEWS.values()}


def test_each_reason_of_a_rejection_has_a_message_in_chinese_with_the_same_facts() -> None:
    texts = {*TEMPLATES.values(), *LARGE.values(), NOT_QUOTED, UNKNOWN_REASON} - {"{words}"}
    found = catalogue("zh", "reasons.")
    assert found.keys() == texts
    for english, chinese in found.items():
        assert sorted(_FACT.findall(english)) == sorted(_FACT.findall(chinese)), english


def test_each_rule_kind_and_reason_without_effect_has_words() -> None:
    codes = {rule.label for rule in Rule} | {"target_missing", *KIND_NAMES}
    codes |= {reason for life in LIVES.values() for reason in life.besides}
    tracks = [track for life in LIVES.values() for track in life.tracks]
    codes |= {
        turn.reason
        for one in tracks
        for row in one.table.values()
        for turn in row.values()
        if isinstance(turn, NoEffect)
    }
    assert codes - VALUES.keys() == set()


def test_each_explanation_that_a_view_composes_has_a_sentence_in_chinese() -> None:
    sentences = catalogue("zh", "sentences.")
    for english, chinese in sentences.items():
        assert sorted(_FACT.findall(english)) == sorted(_FACT.findall(chinese)), english
    for file in SQL.glob("*breach.sql"):
        code = "\n".join(line.partition("--")[0] for line in file.read_text().splitlines())
        for words in re.findall(r"'((?:[^'\n]|'')*[a-z] [a-z](?:[^'\n]|'')*)'", code):
            assert any(words.replace("''", "'").strip() in sentence for sentence in sentences), words


def test_each_reason_without_an_exact_value_has_a_sentence_in_chinese() -> None:
    calls = [node for file in FIGURES.glob("*.py") for node in ast.walk(ast.parse(file.read_text()))]
    reasons = [
        _filled(call.args[0])
        for call in calls
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("NotAvailable", "NoRecords")
    ]
    assert len(reasons) > 10
    assert [reason for reason in reasons if ZH.sentence(reason) == reason] == []


def _filled(node: ast.AST) -> str:
    """Return a text of the code with an X for each fact."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_filled, node.values))
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.IfExp):
        return _filled(node.value.body)
    return "X on X" if "whereabouts" in ast.unparse(node) else "X"


def test_the_lag_says_what_the_book_lacks_and_what_to_do() -> None:
    def lag(*of: int | None, waiting: int = 0) -> tuple[str, str, str]:
        found = lag_notice([{"lag": one, "waiting": waiting} for one in of], EN)
        return found.tone, found.text, found.step

    assert lag(0, 0) == ("good", "The book has every record of the log.", "")
    assert lag(0, None)[:2] == ("warn", "The end of the log is not known.")
    tone, text, step = lag(1_200, 34)
    assert (tone, text) == ("warn", "1,234 records of the log are not in the book yet.")
    assert "the worker has stopped" in step
    assert lag(9, waiting=9)[2] == "9 of them wait behind an open transaction."


def test_a_rejection_and_an_explanation_are_in_the_language_of_the_page() -> None:
    rejected = {"reason": "too_late", "arguments": {"given": '"2999-01-01"', "most": "2199-12-31"}, "message": "..."}
    assert ZH.message(rejected) == '"2999-01-01" 晚于 2199-12-31'
    assert EN.message(rejected) == '"2999-01-01" is after 2199-12-31'
    assert ZH.message({"reason": "of_tomorrow", "arguments": {"array": 90, "a": 1}, "message": "..."}) == (
        "90 项的数组 违反规则 of_tomorrow (a 1)"
    )
    assert ZH.message(rejected | {"message": None}) == "–"
    assert ZH.sentence("no record for any region from 2020-01-01 to 2020-12-31") == (
        "任一地区 自 2020-01-01 至 2020-12-31 没有记录"
    )
    assert ZH.sentence("pledged already: Pledges, registered on 2020-06-19") == "已经质押：Pledges，登记于 2020-06-19"
    assert ZH.sentence("Solid electrolytes") == "Solid electrolytes"


def test_an_error_is_in_the_language_of_the_page_with_its_hint_and_in_english_if_it_is_rare() -> None:
    error = BadAddress(name="day", value="soon", hint="Write a day: YYYY-MM-DD.")
    assert ZH.error(error) == "页面地址中有无法识别的值：day='soon'。请写日期：YYYY-MM-DD。"
    assert EN.error(error) == str(error)
    assert ZH.error(BadLimit(limit=-1)) == str(BadLimit(limit=-1))


@each_case(
    ("asked", "accepted", "expected"),
    [
        ("zh", "en", "zh"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "zh-TW", "zh"),
        ("", "de-DE,de;q=0.9", "en"),
        ("", "fr, zh;q=0.5", "zh"),
        ("xx", "", "en"),
    ],
)
def test_the_address_decides_on_the_language_then_the_browser(asked: str, accepted: str, expected: str) -> None:
    assert language(asked, accepted) == expected


@each_case(
    ("value", "english", "chinese"),
    [
        ("22760000000", "22.76 bn", "227.6亿"),
        ("1234567.80", "1.23 m", "123.5万"),
        ("12345", "12,345", "1.23万"),
        ("999.5", "999.50", "999.50"),
        ("1500000000000", "1.50 tn", "1.50万亿"),
        ("-52000000", f"{MINUS}52.00 m", f"{MINUS}5,200万"),
        ("0", "0", "0"),
    ],
)
def test_large_amounts_are_short_in_the_units_of_the_language(value: str, english: str, chinese: str) -> None:
    assert EN.short(value) == english
    assert ZH.short(value) == chinese


def test_exact_amounts_keep_every_digit() -> None:
    assert EN.number("123456789012345678901.23") == "123,456,789,012,345,678,901.23"
    assert ZH.number(Decimal("-0.50")) == f"{MINUS}0.50"
    assert EN.number(Decimal("2.345"), 2) == "2.35"


def test_percentages_have_a_sign_if_they_are_changes() -> None:
    assert EN.percent(0.8728, signed=True) == "+87.3%"
    assert EN.percent(-0.155, signed=True) == f"{MINUS}15.5%"
    assert EN.percent(0.0, signed=True) == "0.0%"
    assert ZH.percent(None) == "–"


def test_days_and_spans_follow_the_locale() -> None:
    assert EN.day("2024-12-31") == "31 Dec 2024".replace(" ", NO_BREAK)
    assert ZH.day("2024-12-31") == "2024年12月31日"
    assert EN.span(7200) == "2 hours"
    assert ZH.span(7200) == "2小时"
    assert EN.day(None) == "–"
    assert EN.moment(0) == "1 Jan 1970, 00:00:00 UTC"
