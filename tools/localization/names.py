"""What columns of countries, currencies, materials, care and colours hold, as CLDR and our lists say it."""

from __future__ import annotations

import re
from functools import cache

from knowledge.facts.values import said

_KINDS = (
    ("territories", re.compile(r"countr|origin|made[ _]in|nation|market|herkunft|ship", re.IGNORECASE)),
    ("languages", re.compile(r"language|locale|lang|sprache", re.IGNORECASE)),
    ("currencies", re.compile(r"currenc|währung", re.IGNORECASE)),
)


_VALUES = (
    ("material", re.compile(r"material|fabric|composition", re.IGNORECASE)),
    ("care", re.compile(r"(^|[\s_.-])care([\s_.-]|$)", re.IGNORECASE)),
    ("color", re.compile(r"colou?r", re.IGNORECASE)),
)  # fmt: skip

OTHER_NAMES = {
    "turkey": "TR", "usa": "US", "united states of america": "US", "uk": "GB", "great britain": "GB", "korea": "KR",
    "czech republic": "CZ", "holland": "NL", "mainland china": "CN",
}  # fmt: skip
"""What shops call countries, where CLDR calls them otherwise."""


def name_in(text: str, locale: str, context: str) -> str:
    """The locale's name for what a text names, where its column says that it names such a thing; '' where not: Turkey
    is a country and a bird.
    """
    for kind, says in _KINDS:
        if says.search(context):
            code = _codes(kind).get(text.strip().casefold())
            return _name(kind, code, locale) if code else ""
    return ""


def value_in(text: str, locale: str, context: str) -> str:
    """A material, care or colour in a locale's language, where its column says that it is one; '' where a part of it
    has no words there.
    """
    language = locale if locale in ("pt-BR", "zh-CN") else locale.split("-")[0]
    kind = next((kind for kind, says in _VALUES if says.search(context)), "")
    return said(kind, text, language) if kind and language != "en" else ""


@cache
def _codes(kind: str) -> dict[str, str]:
    from babel import Locale

    return {str(name).casefold(): code for code, name in getattr(Locale("en"), kind).items()} | OTHER_NAMES


def _name(kind: str, code: str, locale: str) -> str:
    from babel import Locale

    return str(getattr(Locale.parse(locale.replace("-", "_")), kind).get(code, ""))
