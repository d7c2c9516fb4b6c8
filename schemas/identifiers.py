"""Check numbers that offices and registries assign, and return their one canonical form.

Every function takes text and raises InvalidValue, whose message names the value and the rule. Patterns are ASCII: the
Unicode version of a Python must not affect the book.
"""

import re
from calendar import monthrange
from operator import mul

from schemas.values import PRINTABLE
from schemas.wording import InvalidValue

_CN_APPLICATION = re.compile(
    r"(?:CN|ZL)?"
    r"(20(?:0[3-9]|[1-9][0-9])[12389][0-9]{7}|(?:8[5-9]|9[0-9]|0[0-3])[12389][0-9]{5})"
    r"(?:\.?([0-9X]))?[AUSY]?"
).fullmatch
_CN_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)

_PCT_APPLICATION = re.compile(r"PCT/?([A-Z]{2})(?:((?:19|20)[0-9]{2})/?([0-9]{6})|([0-9]{2})/?([0-9]{5,6}))").fullmatch
_US_APPLICATION = re.compile(r"[0-9]{2}/[0-9]{3},?[0-9]{3}|[0-9]{8}").fullmatch

_OFFICE = re.compile(r"[A-Z]{2}").fullmatch
_KIND = re.compile(r"[A-Z][0-9]?").fullmatch
_OTHER_NUMBER = (re.compile(r"[A-Z0-9]{1,20}").fullmatch, "publication_number")
_PUBLICATION_NUMBER = {
    "CN": (re.compile(r"[123][0-9]{6,9}|8[5-8][0-9]{6}").fullmatch, "cn_publication_number"),
    "US": (
        re.compile(
            r"(?!(?:[DHTX]|RE|PP)?0+$)(?:[0-9]{1,8}|[DHT][0-9]{1,7}|X[0-9]{1,5}|(?:RE|PP)[0-9]{1,6}|20[0-9]{8,9})"
        ).fullmatch,
        "us_publication_number",
    ),
    "EP": (re.compile(r"[0-9]{7}").fullmatch, "ep_publication_number"),
    "WO": (
        re.compile(r"(?:19|20)[0-9]{8}|(?:7[89]|[89][0-9]|0[0-3])[0-9]{5,6}").fullmatch,
        "wo_publication_number",
    ),
}
"""The pattern of each office's numbers, and the reason code for a number that does not match."""
_US_PATENT = re.compile(r"(RE|PP|[DHTX]?)0*([0-9]+)").fullmatch
_US_HISTORIC = re.compile("X?[0-9]{1,5}").fullmatch
"""Patents before number 100,000 of 1870, and those before 1836 that got an X: all of kind A."""
_US_APPLICATIONS = frozenset(["A1", "A2", "A9", "P1", "P4", "P9"])
"""The kinds of US applications that are published before grant, since March 2001."""
_WO_SHORT = re.compile(r"([0-9]{2})([0-9]{5,6})").fullmatch

# The alphabet of GB 32100: its characters have the values 0 to 30, digits their own value.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = bytes.maketrans(_USCC_ALPHABET.encode(), bytes(range(31)))
_USCC = re.compile(f"[{_USCC_ALPHABET}]{{2}}[0-9]{{6}}[{_USCC_ALPHABET}]{{10}}").fullmatch
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

# A spelling with spaces, hyphens or small letters is taken for a wrong code only if its fixed parts are right: the code
# of a registration authority with a type, the two zeros of an LEI. Otherwise it may be the producer's own id.
_USCC_AUTHORITY = re.compile(
    r"1[12349]|2[19]|3[123459]|4[19]|5[1239]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1239]|Y1"
).match
_LEI_ZEROS = re.compile(r"[A-Z0-9]{4}00").match
_SEPARATORS = str.maketrans("", "", " -\u00a0\u2010\u2011\u2013\u3000")

_RESIDENT = re.compile(r"[1-8][0-9]{5}((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-2][0-9]|3[01])[0-9]{3}[0-9X]").fullmatch

_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}").fullmatch
_LEI_VALUES = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=10)}

_PARTY_ID = re.compile(f"{PRINTABLE}{{1,64}}").fullmatch
_OTHER_APPLICATION = re.compile(f"{PRINTABLE}{{1,40}}").fullmatch


def _wrong(reason: str, text: str, **arguments: str) -> InvalidValue:
    return InvalidValue(reason, text=text[:64], **arguments)


def cn_application_number(text: str) -> str:
    """Return a Chinese application number: `201710601862.3` (ZC 0006-2003), before October 2003 `95115608.X`.

    A leading `CN` or `ZL`, spaces, a missing dot, a kind at the end (`CN201710601862A`) are accepted. The check digit
    is the sum of the digits times 2, 3, ..., 9, 2, 3, 4, 5, modulo 11; X stands for 10. It is computed where it is
    missing, as in DOCDB. Numbers of 1985 to 1988 have none; one that was assigned later is checked and omitted.
    """
    match = _CN_APPLICATION(text.replace(" ", "").upper())
    if match is None:
        raise _wrong("cn_application_number", text)
    body, check = match.groups()
    expected = "0123456789X"[sum(map(mul, body.encode().translate(_VALUES), _CN_WEIGHTS)) % 11]
    if check not in (None, expected):
        raise _wrong("cn_application_check", text, check=check, expected=expected)
    return body if body[0] == "8" and body < "89" else f"{body}.{expected}"


def pct_application_number(text: str) -> str:
    """Return an international application number as WIPO writes it, `PCT/US2016/043890`.

    Short years (`PCT/US98/12345`, `PCT/US16/43890`; 78 to 99 mean the 1900s) and missing slashes are accepted.
    """
    match = _PCT_APPLICATION(text)
    if match is None:
        raise _wrong("pct_application_number", text)
    office, year, number, short_year, short_number = match.groups()
    if year is None:
        year = _full_year(short_year)
    return f"PCT/{office}{year}/{number or short_number.zfill(6)}"


def us_application_number(text: str) -> str:
    """Return a US application number with its series code, `15/123456`; `15/123,456` and `15123456` are accepted."""
    if not _US_APPLICATION(text):
        raise _wrong("us_application_number", text)
    digits = text.replace("/", "").replace(",", "")
    return f"{digits[:2]}/{digits[2:]}"


def application_number(office: str, text: str) -> str:
    """Return the application number of a patent of `office` (WIPO ST.3). Numbers other than CN and PCT pass
    unchanged."""
    if office == "CN":
        return cn_application_number(text)
    if text.startswith("PCT/"):
        return pct_application_number(text)
    if not _OTHER_APPLICATION(text):
        raise _wrong("application_number", text)
    return text


def publication_number(office: str, number: str, kind: str) -> str:
    """Return the canonical patent id, office (WIPO ST.3) + number + kind (WIPO ST.16): `US10000000B2`.

    A patent of the US has no leading zeros (`USRE49257E1`), a published application 7 digits after the year
    (`US20220000060A1`; DOCDB prints 6). A WO number has a year of 4 digits and 6 more (`WO1998012345A1`). Numbers of
    other offices stay unchanged.
    """
    if not _OFFICE(office):
        raise _wrong("office", office)
    matches, reason = _PUBLICATION_NUMBER.get(office, _OTHER_NUMBER)
    if not matches(number):
        raise _wrong(reason, number, office=office)
    if not _KIND(kind):
        raise _wrong("kind", kind)
    if is_us_application(office, number) and kind not in _US_APPLICATIONS:
        raise _wrong(reason, number, office=office)
    if office == "US" and kind != "A" and _US_HISTORIC(number):
        raise _wrong(reason, number, office=office)
    return office + _CANONICAL.get(office, str)(number) + kind


def is_us_application(office: str, number: str) -> bool:
    """Return whether a publication number is that of a US application, published before grant."""
    return office == "US" and len(number) >= 10


def _us_publication(number: str) -> str:
    if is_us_application("US", number):
        return number[:4] + number[4:].zfill(7)
    match = _US_PATENT(number)
    return match[1] + match[2] if match else number


def _wo_publication(number: str) -> str:
    match = _WO_SHORT(number)
    return _full_year(match[1]) + match[2].zfill(6) if match else number


_CANONICAL = {"US": _us_publication, "WO": _wo_publication}


def _full_year(year: str) -> str:
    """Return a year of the Patent Cooperation Treaty, which began in 1978, with 4 digits."""
    return ("19" if year >= "78" else "20") + year


def _compact(text: str) -> str:
    """Return a code without spaces and hyphens, in capitals; a text that is not ASCII then is left as it is."""
    compact = text[:64].translate(_SEPARATORS)
    return compact.upper() if compact.isascii() else text


def uscc(text: str) -> str:
    """Return a Chinese unified social credit code (GB 32100-2015): 18 characters, the last a check character.

    The first 17 characters, as values 0 to 30 of the alphabet, times powers of 3, plus the last, sum to 0 modulo 31.
    spaces, hyphens and small letters are accepted.
    """
    code = _compact(text)
    if not _USCC(code):
        raise _wrong("uscc", text)
    expected = _uscc_check(code)
    if code[17] != expected:
        raise _wrong("uscc_check", text, check=code[17], expected=expected)
    return code


def _uscc_check(code: str) -> str:
    return _USCC_ALPHABET[-sum(map(mul, code.encode().translate(_VALUES), _USCC_WEIGHTS)) % 31]


def lei(text: str) -> str:
    """Return a legal entity identifier (ISO 17442): 18 letters or digits and 2 check digits, ISO 7064 MOD 97-10.

    spaces, hyphens and small letters are accepted.
    """
    code = _compact(text)
    if not _LEI(code):
        raise _wrong("lei", text)
    if not _is_lei(code):
        raise _wrong("lei_check", text)
    return code


def _is_lei(code: str) -> bool:
    return int(code.translate(_LEI_VALUES)) % 97 == 1


def is_resident_number(text: str) -> bool:
    """Return whether a text has the form of a Chinese resident's number (GB 11643-1999): area, birthday, serial number
    and check digit. Its 18 characters can look like those of a USCC."""
    match = _RESIDENT(text)
    return match is not None and int(match[3]) <= monthrange(int(match[1]), int(match[2]))[1]


def party_id(text: str) -> str:
    """Return a party's id. One that looks like a USCC or an LEI, however it is spelled, must be valid, and is returned
    in its canonical form; any other is the producer's own id, and so is a resident's number."""
    code = _compact(text)
    as_written = code == text
    if len(code) == 18 and _USCC(code) and not is_resident_number(code):
        if as_written or _USCC_AUTHORITY(code) or code[17] == _uscc_check(code):
            return uscc(code)
    elif len(code) == 20 and _LEI(code) and (as_written or _LEI_ZEROS(code) or _is_lei(code)):
        return lei(code)
    if not _PARTY_ID(text):
        raise _wrong("party_id", text)
    return text
