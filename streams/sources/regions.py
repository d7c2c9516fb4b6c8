"""Names of regions as offices and statisticians write them, and their ISO 3166 codes.

Names and codes come from the library pycountry, which is loaded for the first name.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache, lru_cache
from typing import Any

from schemas.regions import is_valid

_STATES = """\
AL ALABAMA|AK ALASKA|AZ ARIZONA|AR ARKANSAS|CA CALIFORNIA|CO COLORADO|CT CONNECTICUT|DE DELAWARE
DC DISTRICT OF COLUMBIA|FL FLORIDA|GA GEORGIA|HI HAWAII|ID IDAHO|IL ILLINOIS|IN INDIANA|IA IOWA
KS KANSAS|KY KENTUCKY|LA LOUISIANA|ME MAINE|MD MARYLAND|MA MASSACHUSETTS|MI MICHIGAN|MN MINNESOTA
MS MISSISSIPPI|MO MISSOURI|MT MONTANA|NE NEBRASKA|NV NEVADA|NH NEW HAMPSHIRE|NJ NEW JERSEY
NM NEW MEXICO|NY NEW YORK|NC NORTH CAROLINA|ND NORTH DAKOTA|OH OHIO|OK OKLAHOMA|OR OREGON
PA PENNSYLVANIA|RI RHODE ISLAND|SC SOUTH CAROLINA|SD SOUTH DAKOTA|TN TENNESSEE|TX TEXAS|UT UTAH
VT VERMONT|VA VIRGINIA|WA WASHINGTON|WV WEST VIRGINIA|WI WISCONSIN|WY WYOMING|AS AMERICAN SAMOA
GU GUAM|MP NORTHERN MARIANA ISLANDS|PR PUERTO RICO|VI VIRGIN ISLANDS"""

_ALIASES = """\
BN BRUNEI|CD DR CONGO|CI IVORY COAST|CN CHINA P.REP.|CV CAPE VERDE|FM MICRONESIA|GB ENGLAND
GB GREAT BRITAIN|GB NORTHERN IRELAND|GB SCOTLAND|GB WALES|MK MACEDONIA|MM BURMA|MO MACAU|RU RUSSIA|SZ SWAZILAND
TL EAST TIMOR|TR TURKEY|US U.S.|US U.S.A.|US USA|VA VATICAN CITY|XK KOSOVO"""
# Codes of patent offices before 1978 (WIPO Standard ST.3, Annex B), and EN and UK, which the US office also used. The
# first group is unused since; the second now belongs to other countries.
_FORMER = """\
AT OE|BF UV|BJ DA|CL CE|CM KA|DD DL|DE DT|DO DR|ET EA|FI SF|GB EN|GB UK|HN HO|HT HI|IE EI|JP JA|KR KS|KW KU|LI FL|ML MJ
NG WN|PG PP|PL PO|SE SW|SL WL|TD TS|TO TI|TZ TA|ZM ZB"""
_BEFORE_1978 = """\
AL AN|BB BD|BD BA|BH BB|BT BH|BW BT|CG CF|DZ AG|EG ET|GM GE|GN GI|GT GU|KH CD|KP KN|LK CL|MG MD|MN MO|MR MT|MT ML|MU MS
NE NI|NI NA|OM MU|PA PM|PY PG|RO RU|SV SL|SY SR|TG TO|TT TD|VA CV|YD SY"""
_CHINESE = """\
CN 中国|CN 全国|CN-BJ 北京|CN-TJ 天津|CN-HE 河北|CN-SX 山西|CN-NM 内蒙古|CN-LN 辽宁|CN-JL 吉林|CN-HL 黑龙江|CN-SH 上海
CN-JS 江苏|CN-ZJ 浙江|CN-AH 安徽|CN-FJ 福建|CN-JX 江西|CN-SD 山东|CN-HA 河南|CN-HB 湖北|CN-HN 湖南|CN-GD 广东|CN-GX 广西
CN-HI 海南|CN-CQ 重庆|CN-SC 四川|CN-GZ 贵州|CN-YN 云南|CN-XZ 西藏|CN-SN 陕西|CN-GS 甘肃|CN-QH 青海|CN-NX 宁夏|CN-XJ 新疆
TW 台湾|HK 香港|MO 澳门"""
_CHINESE_KINDS = re.compile("(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)$").sub
_ABOUT_REGIONS = ("as_of", "metric", "policy")
"""Fields that only reference data have."""
_UNKNOWN = frozenset(["XX", "ZZ"])  # user-assigned in ISO 3166-1, no country
_SUBDIVISION_ALIASES = {("CN", "INNER MONGOLIA"): "CN-NM", ("CN", "TIBET"): "CN-XZ"}
"""English names that ISO 3166-2 does not have."""
_ALPHA_3_ALIASES = """\
AD ADO|CD ZAR|IM IMY|PS WBG|RO ROM|TL TMP|XK KSV|XK XKX"""


def _by_name(rows: str) -> dict[str, str]:
    return {name: code for code, name in (row.split(" ", 1) for row in re.split(r"[|\n]", rows))}


_FORMER_CODES, _CODES_BEFORE_1978 = _by_name(_FORMER), _by_name(_BEFORE_1978)
_CHINESE_CODES = _by_name(_CHINESE)
_STATE_CODES = frozenset(_by_name(_STATES).values())
_STATE_NAMES = frozenset(_by_name(_STATES))


def country(text: str | None) -> str | None:
    """Return the country code (`US`) of an address in the US office's files, from a code or a name.

    The name of a US state means the US, even if a country has the same name: "GEORGIA" in an address means Atlanta's.
    """
    if text is None or re.fullmatch("[A-Z]{2}", text):
        return None if text in _UNKNOWN else text
    return "US" if _plain(text) in _STATE_NAMES else country_named(text)


def historic_country_code(code: str, year: int) -> str:
    """Return today's code of a country from the code that patent offices used in that year: `JA` of 1976 is `JP`.

    A code that ISO 3166 has withdrawn with its state (`SU`) stays.
    """
    return _FORMER_CODES.get(code) or (_CODES_BEFORE_1978.get(code, code) if year < 1978 else code)


def region(country_text: str | None, state: str | None) -> str | None:
    """Return the region of an address: `US-CA` in a US state, else the country's code; None if unknown.

    An address with a US state but no country is in the US.
    """
    code = country(country_text or ("US" if state in _STATE_CODES else None))
    return f"US-{state}" if code == "US" and state in _STATE_CODES else code


def country_named(name: str) -> str | None:
    """Return a country's code by an English name: `Korea, Republic of`, `South Korea`, `Republic of Korea`."""
    return _countries().get(_plain(name))


def named_in_chinese(name: str) -> str | None:
    """Return the code of China or a part of it by its Chinese name, with or without its kind: `上海市` is CN-SH."""
    return _CHINESE_CODES.get(_CHINESE_KINDS("", name))


def country_of_alpha_3(code: str) -> str | None:
    """Return a country's code by its three-letter code, including those that only the World Bank uses (`XKX`:
    Kosovo)."""
    return _codes().get(code)


@lru_cache(1024)
def subdivision(country_code: str, name: str) -> str | None:
    """Return a subdivision's code (`CN-SH`) by its name with or without its kind: `Shanghai`, `Shanghai Shi`."""
    import pycountry

    plain = _plain(name)
    if alias := _SUBDIVISION_ALIASES.get((country_code, plain)):
        return alias
    within = (entry for entry in pycountry.subdivisions if entry.country_code == country_code)
    found = [entry.code for entry in within if f"{_plain(entry.name)} ".startswith(f"{plain} ")]
    return found[0] if len(found) == 1 else None


def _day(given: date | str) -> date | None:
    try:
        return given if isinstance(given, date) else date.fromisoformat(given)
    except ValueError:
        return None


def of_the_day(data: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the data of an event without countries and regions that ISO 3166 does not have on its day, and their
    codes: offices have codes of their own, and print those of former states long after.

    An invalid subdivision becomes its country. The region of reference data is what they are about, and stays.
    """
    if "target" in data and "data" in data:  # a correction
        replaced, omitted_there = of_the_day(data["data"])
        return data | {"data": replaced}, omitted_there
    if "occurred_on" not in data or any(name in data for name in _ABOUT_REGIONS):
        return data, ()
    day = _day(data["occurred_on"])
    if day is None:
        return data, ()  # the check of the event names the day
    omitted: list[str] = []

    def kept(value: Any) -> Any:
        if isinstance(value, dict) and value.get("country") and not is_valid(value["country"], day):
            omitted.append(value["country"])
            return {name: part for name, part in value.items() if name != "country"}
        return [kept(part) for part in value] if isinstance(value, list | tuple) else value

    region = data.get("region")
    valid = {name: kept(value) for name, value in data.items()}
    if region is not None and not is_valid(region, day):
        omitted.append(region)
        valid["region"] = region[:2]
        if not is_valid(region[:2], day):
            del valid["region"]
    return valid, tuple(omitted)


@cache
def _countries() -> dict[str, str]:
    import pycountry

    names = _by_name(_ALIASES)
    for entry in pycountry.countries:
        fields = (getattr(entry, field, "") for field in ("name", "official_name", "common_name"))
        for name in filter(None, map(_plain, fields)):
            first, _, last = name.partition(", ")
            names |= {name: entry.alpha_2, f"{last} {first}".strip(): entry.alpha_2}
    return names


@cache
def _codes() -> dict[str, str]:
    import pycountry

    return _by_name(_ALPHA_3_ALIASES) | {entry.alpha_3: entry.alpha_2 for entry in pycountry.countries}


def _plain(name: str) -> str:
    """Return the name in capitals, without accents, on one line."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(letters.upper().split()).removeprefix("THE ")
