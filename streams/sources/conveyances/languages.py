"""Read Chinese, French and German texts of conveyances as English ones, term by term.

Only terms that determine the class of a conveyance are known. Chinese has no spaces between words, so a Chinese text
with characters of no known term is not understood as a whole: they may turn its meaning around.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CHINESE = """
    CHANGE OF PLEDGEE: 变更质权人|质权人(?:名称)?(?:的)?变更
    CHANGE OF NAME: (?:专利权人|商标权人|注册人|企业|公司)?的?(?:姓名或者?)?(?:姓名|名称)(?:[或和及、]者?地址)?的?变更
    CHANGE OF NAME: 变更(?:企业|公司)?(?:名称|姓名)
    PLEDGE: (?:最高额)?质(?:押|权)(?:设定)?
    MORTGAGE: 抵押(?:权)?(?:设定)?
    EXCLUSIVE LICENSE: (?:独占|专属)(?:实施|使用)?(?:许可|授权)
    SOLE LICENSE: 排他(?:实施|使用)?(?:许可|授权)
    NONEXCLUSIVE LICENSE: (?:普通|非专属)(?:实施|使用)?(?:许可|授权)
    LICENSE: (?:实施|使用)?(?:许可|授权)
    MERGER: (?:吸收|新设)?合并
    ASSIGNMENT: 转让|让与|转移|移转|让渡
    PARTIAL: 部分
    CANCELLATION: 注销|涂销
    RELEASE: 解除|解押
    TERMINATION: 终止|消灭
    AMENDMENT: 变更
    AGREEMENT: (?:合同|协议|契约)书?
    PATENT: 专利(?:申请)?权?|发明|实用新型|外观设计
    TRADEMARK: 注册商标专用权|(?:注册)?商标权?
    OF: 的
    AND: 及|和|与|、
    : 生效|登记|备案|公告|通知书?|证明书?|证书|设定
"""
_EUROPEAN = r"""
    RELEASE: MAINLEVEE|FREIGABE
    CANCELLATION: RADIATION(?= (?:DE|DU|DES|HYPOTHEQUE|NANTISSEMENT)\b)|LOE?SCHUNG
    TERMINATION: RESILIATION|AUFHEBUNG|KUE?NDIGUNG
    ASSIGNMENT FOR SECURITY: SICHERUNGS(?:ABTRETUNG|UE?BEREIGNUNG|UE?BERTRAGUNG)
    LEVY: PFAE?NDUNG
    PLEDGE: VERPFAE?NDUNG|PFANDRECHTE?S?|(?:CONTRAT|ACTE|CONSTITUTION) DE GAGE
    SECURITY INTEREST: SURETES?
    ASSIGNMENT: CESSION|ABTRETUNG|UE?BERTRAGUNG(?:SVERTRAG)?
    CHANGE OF NAME: CHANGEMENT DE (?:NOM|DENOMINATION|RAISON)(?: SOCIALE)?
    CHANGE OF NAME: NAMENSAE?NDERUNG|UMFIRMIERUNG|FIRMENAE?NDERUNG
    MERGER: TRAITE DE FUSION|FUSION[ -](?:PAR )?ABSORPTION|VERSCHMELZUNG(?:SVERTRAG)?
    EXCLUSIVE: AUSSCHLIESSLICHE[NR]?
    LICENSE: LIZENZ(?:VERTRAG|ERTEILUNG)?
"""
_SIMPLIFIED = str.maketrans(
    "質權権設專変變称稱冊額獨屬實許讓譲轉與銷塗終滅協議約書請標業併備記録錄証證発發觀計",
    "质权权设专变变称称册额独属实许让让转与销涂终灭协议约书请标业并备记录录证证发发观计",
)
"""Traditional and Japanese characters of the terms."""
_CHARACTERS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile("[A-Z]{3}").search
_ELISION = re.compile(r"\b[DL]['\u2019](?=\w)").sub


def _terms(table: str, edge: str = "") -> list[tuple[re.Pattern[str], str]]:
    lines = (line.strip().split(":", 1) for line in table.strip().splitlines())
    return [(re.compile(f"{edge}(?:{pattern.strip()}){edge}"), f" {english} ") for english, pattern in lines]


_CHINESE_TERMS, _EUROPEAN_TERMS = _terms(_CHINESE), _terms(_EUROPEAN, r"\b")


@lru_cache(65536)
def in_english(text: str) -> str:
    """Return a text in capitals, without accents, its foreign terms in English; nothing of a Chinese or Japanese text
    with unknown characters. Among English words such characters are names, and left out."""
    decomposed = unicodedata.normalize("NFKD", text.upper()).translate(_SIMPLIFIED)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    if _WORD(plain):
        return _CHARACTERS.sub(" ", _with(_EUROPEAN_TERMS, _ELISION("", plain)))
    chinese = _with(_CHINESE_TERMS, plain)
    return "" if _CHARACTERS.search(chinese) else chinese


def _with(terms: list[tuple[re.Pattern[str], str]], text: str) -> str:
    for term, english in terms:
        text = term.sub(english, text)
    return text
