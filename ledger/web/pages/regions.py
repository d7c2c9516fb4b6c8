"""Names of regions: countries from the locale, subdivisions of China from the national standard GB/T 2260, others from
iso-codes (in the library pycountry, which is loaded for the first name)."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, translation
from typing import Final

from babel import Locale

from ledger.web.pages.translator import Translator

_CHINA: Final = {
    "AH": ("Anhui", "安徽"), "BJ": ("Beijing", "北京"), "CQ": ("Chongqing", "重庆"), "FJ": ("Fujian", "福建"),
    "GD": ("Guangdong", "广东"), "GS": ("Gansu", "甘肃"), "GX": ("Guangxi", "广西"), "GZ": ("Guizhou", "贵州"),
    "HA": ("Henan", "河南"), "HB": ("Hubei", "湖北"), "HE": ("Hebei", "河北"), "HI": ("Hainan", "海南"),
    "HK": ("Hong Kong", "香港"), "HL": ("Heilongjiang", "黑龙江"), "HN": ("Hunan", "湖南"), "JL": ("Jilin", "吉林"),
    "JS": ("Jiangsu", "江苏"), "JX": ("Jiangxi", "江西"), "LN": ("Liaoning", "辽宁"), "MO": ("Macao", "澳门"),
    "NM": ("Inner Mongolia", "内蒙古"), "NX": ("Ningxia", "宁夏"), "QH": ("Qinghai", "青海"), "SC": ("Sichuan", "四川"),
    "SD": ("Shandong", "山东"), "SH": ("Shanghai", "上海"), "SN": ("Shaanxi", "陕西"), "SX": ("Shanxi", "山西"),
    "TJ": ("Tianjin", "天津"), "TW": ("Taiwan", "台湾"), "XJ": ("Xinjiang", "新疆"), "XZ": ("Tibet", "西藏"),
    "YN": ("Yunnan", "云南"), "ZJ": ("Zhejiang", "浙江"),
}  # fmt: skip
_CHINESE: Final = {"US-MD": "马里兰州", "US-MT": "蒙大拿州"}
"""Names that iso-codes lacks in Chinese, or writes in an unusual way."""
_LOCALES: Final = {"en": Locale("en"), "zh": Locale("zh")}


def region_label(code: str | None, t: Translator) -> str:
    """Return the name of a region; its code where none is known."""
    if not code:
        return "–"
    country, _, part = code.partition("-")
    if country == "CN" and part in _CHINA:
        return _CHINA[part][t.lang == "zh"]
    if part:
        return _subdivision(code, t.lang)
    if country == "ALL":
        return t("all regions")
    return str(_LOCALES[t.lang].territories.get(country, code))


@cache
def _subdivision(code: str, lang: str) -> str:
    import pycountry

    if lang == "zh" and code in _CHINESE:
        return _CHINESE[code]
    found = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
    if found is None:
        return code
    return _chinese_names().gettext(found.name) if lang == "zh" else str(found.name)


@cache
def _chinese_names() -> GNUTranslations:
    import pycountry

    return translation("iso3166-2", pycountry.LOCALES_DIR, languages=["zh_CN"])
