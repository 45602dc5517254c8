"""A country of origin as people write it ('Portugal', 'Made in Italy', '中国製') as the code all languages read."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from knowledge.locales import served_locales

_MADE_IN = re.compile(
    r"^(?:(?:made|manufactured|produced|hergestellt|produziert) in(?: (?:the|der|den))?"
    r"|(?:fabriqué|produit)e?s? (?:en|au|aux|à)|(?:hecho|fabricado|producido|feito|produzido)[as]? (?:en|em|no|na|nos)"
    r"|(?:buatan|dibuat di)|صنع في|صُنع في)\s+|\s*(?:製|産|制造|生产|产)$",
    re.IGNORECASE,
)
_ALSO = {
    "usa": "US", "u.s.a": "US", "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "prc": "CN",
    "p.r. china": "CN", "p.r.c": "CN", "pr china": "CN", "turkey": "TR", "czech republic": "CZ", "holland": "NL",
    "korea": "KR", "hong kong": "HK", "taiwan": "TW", "macedonia": "MK", "schottland": "GB",
}  # fmt: skip
"""What else they are called, beside their names in CLDR."""


def read_origin(value: Any) -> Any:
    """A country's code where a text is its name in a language we serve, alone or behind 'made in'; else the text as it
    is.
    """
    if not isinstance(value, str):
        return value
    plain = value.strip(" .")
    if is_country(plain.upper()):
        return plain.upper()
    return _codes().get(plain.casefold()) or _codes().get(_MADE_IN.sub("", plain).strip().casefold()) or value


def is_country(value: Any) -> bool:
    """Whether a value is a country's code."""
    return value in _codes().values()


@cache
def _codes() -> dict[str, str]:
    """Codes by name. Some languages call two countries alike: the name tells neither."""
    from babel import Locale

    found: dict[str, set[str]] = {}
    for language in served_locales():
        for code, name in Locale.parse(language, sep="-").territories.items():
            if re.fullmatch(r"[A-Z]{2}", code) and code not in _NO_COUNTRY:
                found.setdefault(str(name).casefold(), set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1} | _ALSO


_NO_COUNTRY = frozenset({"ZZ", "XA", "XB", "QO", "UN", "EZ"})
