"""Names of regions: countries from the locale, subdivisions of China from the national standard GB/T 2260."""

from __future__ import annotations

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
_LOCALES: Final = {"en": Locale("en"), "zh": Locale("zh")}


def region_label(code: str | None, t: Translator) -> str:
    """Return the name of a region; its code where none is known."""
    if not code:
        return "–"
    country, _, part = code.partition("-")
    if country == "CN" and part in _CHINA:
        return _CHINA[part][t.lang == "zh"]
    if part:
        return code
    if country == "ALL":
        return t("all regions")
    return str(_LOCALES[t.lang].territories.get(country, code))
