"""Chinese, French and German texts of conveyances."""

from streams.sources.conveyances.languages import in_english
from streams.sources.conveyances.rules import ConveyanceClass
from streams.sources.conveyances.wording import read_wording
from tests.each_case import each_case

TEXTS: dict[ConveyanceClass, list[str]] = {
    ConveyanceClass.SECURITY: [
        "专利权质押合同登记的生效",
        "專利權質權設定登記",
        "質権設定",
        "ACTE D'HYPOTHÈQUE MOBILIÈRE",
        "VERPFÄNDUNG VON PATENTEN",
        "Sicherungsübereignung",
        "SICHERUNGSUEBEREIGNUNG",
    ],
    ConveyanceClass.AMENDMENT: ["专利权质押合同登记的变更"],
    ConveyanceClass.LENDER: ["质权人变更"],
    ConveyanceClass.RELEASE: [
        "专利权质押合同登记的注销",
        "解除质押",
        "MAINLEVÉE DE NANTISSEMENT",
        "RADIATION D'HYPOTHÈQUE",
        "Löschung des Pfandrechts",
    ],
    ConveyanceClass.PARTIAL_RELEASE: ["专利权质押合同登记的部分注销"],
    ConveyanceClass.ASSIGNMENT: ["专利权的转移", "專利權讓與", "譲渡証書", "CESSION DE BREVET", "ÜBERTRAGUNGSVERTRAG"],
    ConveyanceClass.LICENCE: ["专利实施许可合同备案的生效", "專利授權", "CONTRAT DE LICENCE", "LIZENZVERTRAG"],
    ConveyanceClass.LICENCE_END: ["专利实施许可合同备案的注销"],
    ConveyanceClass.NAME_CHANGE: [
        "专利权人的姓名或者名称、地址的变更",
        "企业名称变更",
        "CHANGEMENT DE DÉNOMINATION SOCIALE",
        "UMFIRMIERUNG",
    ],
    ConveyanceClass.MERGER: ["吸收合并", "TRAITÉ DE FUSION-ABSORPTION", "VERSCHMELZUNG"],
    ConveyanceClass.LIEN: ["PFÄNDUNG"],
    ConveyanceClass.OTHER: ["专利权的保全及其解除", "质押合同纠纷", "股权质押", "专利权的终止", "地址变更", "특허권"],
}


@each_case(("what", "text"), [(what, text) for what, texts in TEXTS.items() for text in texts])
def test_a_foreign_text_decides_as_its_english_words_do(what: ConveyanceClass, text: str) -> None:
    assert read_wording(text).what is what


def test_a_chinese_text_with_an_unknown_term_is_not_read() -> None:
    assert in_english("质押合同纠纷") == ""


def test_chinese_names_among_english_words_are_left_out() -> None:
    assert read_wording("SECURITY AGREEMENT (中国工商银行)").what is ConveyanceClass.SECURITY


def test_a_chinese_licence_keeps_its_kind() -> None:
    texts = ["独占实施许可", "排他许可合同", "普通许可"]
    assert [in_english(text).split()[0] for text in texts] == ["EXCLUSIVE", "SOLE", "NONEXCLUSIVE"]
