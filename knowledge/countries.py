"""Which countries a text names, in its language."""

import re
from functools import cache
from typing import Any

from knowledge.locales import served_locales
from knowledge.markets import market_groups
from knowledge.wordlists import UNSPACED, outermost, word_pattern

FURTHER = (
    *("NO", "IS", "UA", "RS", "BA", "AL", "MK", "ME", "MD", "BY", "MC", "AD", "GI", "GL", "FO", "AX"),
    *("FI", "GR", "CZ", "SK", "SI", "HR", "HU", "RO", "BG", "EE", "LV", "LT", "LU", "MT", "CY"),
    *("NZ", "ZA", "EG", "MA", "TN", "DZ", "NG", "KE", "AR", "CO", "UY", "EC", "VE", "PE", "CL", "CR", "PR"),
    *("TH", "VN", "MY", "SG", "PH", "TW", "HK", "IL", "KW", "QA", "OM", "BH", "JO", "LB", "IQ", "PK", "BD", "LK", "KZ"),
    *("IR", "SY", "KP", "JE", "GG", "IM", "RE", "GP", "MQ", "GF", "YT", "NC", "PF", "IC", "EA"),
    *("LI", "SM", "VA", "XK", "AM", "AZ", "UZ", "MO", "KH", "LA", "MM", "NP", "BN", "MN", "LY", "YE", "AF", "ET", "SN"),
    *("CI", "CM", "TZ", "MU", "MG", "CU", "DO", "GT", "PA", "BO", "PY", "HN", "SV", "NI", "JM", "TT", "BM", "FJ"),
    *("GU", "VI", "AS", "MP", "KY", "VG", "TC", "AW", "CW", "SX", "BQ", "BB", "BS", "AG", "AI", "BZ", "LC", "VC", "KN"),
    *("MF", "BL", "PM", "WF", "FK", "SH", "GH", "UG", "RW", "ZM", "ZW", "BW", "NA", "MZ", "AO", "CV", "SC", "MV", "BT"),
    *("KG", "TJ", "TM", "PS", "SD", "HT", "GY", "SR", "GM", "SL", "LR", "BJ", "BF", "PG", "WS", "VU", "SB", "SJ", "CD"),
)
"""Countries and territories known by their names in CLDR alone, beside those that the locales list in all forms. What
is told for a country need not hold in a territory of its own code: the Canary Islands are no part of the EU for VAT.
"""

_ALSO = {
    "HK": ("hong kong", "hongkong", "香港", "هونغ كونغ"), "CZ": ("czech republic", "tschechische republik"),
    "IC": ("the canaries", "kanaren", "teneriffa", "tenerife", "gran canaria", "canaries", "canárias", "canarias"),
    "EA": ("ceuta", "melilla"), "JE": ("channel islands",), "MO": ("macau", "macao", "マカオ", "澳门"),
    "GF": ("guyane",), "KP": ("north korea", "dprk"),
    "RE": ("la reunion", "reunion island", "île de la réunion", "isla reunión", "isla de la reunión", "ilha reunião"),
}  # fmt: skip
"""What else they are called."""

OTHERS = re.compile(
    r"other countr|all other|rest of|elsewhere|andere|übrige|sonstige|alle weiteren|restliche|autres|reste d|ailleurs"
    r"|otros|resto d|demás|outros|demais|その他|それ以外|其他|其余|أخرى|بقية|سائر|negara lain|lainnya"
)
"""How a table calls the countries it does not name."""

_WORLDWIDE = re.compile(
    r"worldwide|world-wide|around the world|all over the world|weltweit|in alle welt|monde entier|todo el mundo"
    r"|mundo todo|mundo inteiro|世界中|全世界|全球|أنحاء العالم|seluruh dunia"
)
"""How a text speaks of all countries."""

_AMBIGUOUS = {
    *("malta", "jersey", "jordan", "chile", "reunión", "reunião", "guadalupe", "黑山"),
    *("cuba", "laos", "maurice", "mauricio", "maurício", "安哥拉", "海地", "アンゴラ", "アルバ", "ハイチ", "ベリーズ"),
    *("كوبا", "بنين", "يمن", "タイ", "チリ", "イラン", "مصر", "قطر", "مغرب", "بيرو"),
}
"""Names that are, or stand inside, other words of a shop: the malt, the diameter, the chilli."""

_TOWARDS = {
    "en": ("to", "in"), "de": ("nach", "in"), "fr": ("à", "en", "au", "pour", "vers"), "es": ("a", "para"),
    "pt-BR": ("para", "pra", "em", "à"), "id": ("ke",), "ar": ("إلى", "الى", "في", "دولة"),
}  # fmt: skip
"""Words behind which such a name is the country's all the same."""

_FROM = {
    "en": ("from", "from the"), "de": ("aus", "von", "aus der", "aus den", "von der"),
    "fr": ("depuis", "depuis la", "depuis le", "depuis l", "de la", "du"), "es": ("desde", "de"),
    "pt-BR": ("de", "da", "do", "desde"), "id": ("dari",), "ar": ("من",), "zh-CN": ("从",),
}  # fmt: skip
_FROM_BEHIND = {"ja": ("から",)}
"""Words before, or behind, the country that something comes from."""


def countries_in(text: str, language: str) -> list[str]:
    """ISO codes (and EU) a text names, in their order; a language we do not serve names none."""
    lower = text.casefold()
    spans = {code: match.span() for code, pattern in _patterns(language).items() if (match := pattern.search(lower))}
    return outermost(spans)


def origins_in(text: str, language: str) -> set[str]:
    """ISO codes of countries that a text speaks of as where something comes from."""
    lower, words = text.casefold(), _FROM.get(language, ())
    found = ((code, pattern.search(lower)) for code, pattern in _patterns(language).items())
    spans = {code: match.span() for code, match in found if match}
    before = re.compile(rf"(?:^|\W)(?:{'|'.join(words)})\W*$") if words else None
    behind = _FROM_BEHIND.get(language, ())
    return {
        code for code, (start, end) in spans.items()
        if (before and before.search(lower[:start])) or lower[end:].startswith(behind)
    }  # fmt: skip


def names_market(text: str, language: str, country: str) -> bool:
    """Whether a text names a country, or the EU that it belongs to."""
    lower, patterns = text.casefold(), _patterns(language)
    return any(patterns[code].search(lower) for code in market_groups(country) if code in patterns)


def is_worldwide(text: str) -> bool:
    """Whether a text speaks of all the world."""
    return bool(_WORLDWIDE.search(text.casefold()))


def without_countries(text: str, language: str) -> str:
    """A text in lower case without the countries it names."""
    lower = text.casefold()
    for pattern in _patterns(language).values():
        lower = pattern.sub(" ", lower)
    return " ".join(lower.split())


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    locale = served_locales().get(language)
    listed: dict[str, Any] = dict(locale.countries) if locale else {}
    patterns = {code: word_pattern(names, language) for code, names in {**_further(language), **listed}.items()}
    return {code: pattern for code, pattern in patterns.items() if pattern}


def _further(language: str) -> dict[str, list[str]]:
    """The whole names of further countries; in Arabic without the article, which a prefix changes."""
    from babel import Locale

    if language not in served_locales():
        return {}
    known = Locale.parse(language, sep="-").territories
    named = {code: {str(known.get(code, "")).casefold().removeprefix("ال"), *_ALSO.get(code, ())} for code in FURTHER}
    end = "" if language in UNSPACED else "$"
    return {code: [name + end for name in _sure(names - {""}, language)] for code, names in named.items()}


def _sure(names: set[str], language: str) -> set[str]:
    """Names that are a country's, ambiguous ones behind a word that leads there."""
    article = ("", "ال") if language == "ar" else ("",)
    doubtful = [form + name for name in names & _AMBIGUOUS for form in article]
    led = {f"{word} {name}" for name in doubtful for word in _TOWARDS.get(language, ())}
    return (names - _AMBIGUOUS) | led
