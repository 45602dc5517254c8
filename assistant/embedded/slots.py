"""Reading what a message names: order numbers, e-mail, postcode, country, prices, features, colours, sizes."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from assistant.embedded.order_numbers import order_numbers
from knowledge.countries import countries_in, origins_in
from knowledge.wordlists import outermost, word_pattern

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_POSTCODE = re.compile(
    r"\b(?:[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}|\d{5}-\d{3}|\d{3}-\d{4}|\d{4}-\d{3}|\d{4}\s?[A-Za-z]{2}|\d{4,8})\b",
    re.ASCII,
)
_AMOUNT = re.compile(
    r"(?P<before>€|\$|£|¥|R\$|US\$|Rp\.?|[A-Z]{3})?\s?"
    r"(?P<number>\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
    r"(?![\d.,]*\d|\s?%)\s?(?P<scale>(?:k|rb|ribu|jt|juta|mil)\b|千|万|萬|ألف)?"
    r"\s?(?P<after>€|£|\$|¥|円|元|块|[Ee][Uu][Rr]|[A-Z]{3}\b)?"
)
_SYMBOLS = {
    "€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "R$": "BRL", "¥": "JPY", "円": "JPY", "元": "CNY", "块": "CNY",
    "Rp": "IDR", "Rp.": "IDR",
}  # fmt: skip
_SIZES = re.compile(
    r"(?<![^\W\u0620-\uffff]|['’-])(?<!\d\s)(?:(XXS|XS|S|M|L|XL|XXL)(?![^\W\u0620-\uffff]|['’-])"
    r"|(?i:size|größe|grösse|groesse|gr\.|taille|pointure|talla|número|numero|tamanho|サイズ|码|号|مقاس|ukuran|EU)\s*:?\s*"
    r"(3[5-9]|4[0-8])\b)"
)
_MEASURE = re.compile(
    r"\s?(?:kg|g|gr|cm|mm|m|l|ml|w|mah|h|lm|db|kilo\w*|gram\w*|hours?|days?|months?|years?|stunden|tage|monate|jahre|heures|jours"
    r"|mois|ans|horas|d[ií]as|meses|a[nñ]os|jam|hari|bulan|tahun|inch\w*|watts?|公斤|厘米|小时|天|キロ|時間|日|كيلو|ساعة|يوم)(?!\w)"
)
"""Units behind a number that make it no price."""

_SCALES = {
    "k": 1e3, "rb": 1e3, "ribu": 1e3, "mil": 1e3, "千": 1e3, "ألف": 1e3, "jt": 1e6, "juta": 1e6, "万": 1e4, "萬": 1e4,
}  # fmt: skip
"""Words behind a number that multiply it: 300 rb is 300,000 in Indonesian."""


@dataclass(frozen=True)
class Slots:
    """What one message names. Prices are plain numbers in `currency` ('' where none was named)."""

    order_ids: tuple[str, ...] = ()
    email: str = ""
    postcode: str = ""
    country: str = ""
    max_price: float | None = None
    min_price: float | None = None
    currency: str = ""
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    cheapest: bool = False
    any_kind: bool = False


@dataclass
class Lexicon:
    """One language's words, from its file; an entry of a spaced language matches at the start of a word."""

    language: str
    sections: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def find(self, text: str, section: str, key: str) -> int:
        """Where the first entry of a key stands in a text in lower case, or -1."""
        span = self._span(text, section, key)
        return span[0] if span else -1

    def named(self, text: str, section: str) -> list[str]:
        """The keys of a section that a text names, in the order they stand in it.

        A match inside a longer match of another key does not count: 'navy blue' is navy, not blue.
        """
        spans = {key: span for key in self.sections.get(section, {}) if (span := self._span(text, section, key))}
        return outermost(spans)

    def without(self, text: str, section: str, key: str) -> str:
        """A text in lower case without the entries of a key."""
        pattern = _pattern(self.language, section, key)
        return pattern.sub(" ", text) if pattern else text

    def _span(self, text: str, section: str, key: str) -> tuple[int, int] | None:
        pattern = _pattern(self.language, section, key)
        match = pattern.search(text) if pattern else None
        return match.span() if match else None

    def words(self, section: str, key: str) -> list[str]:
        """The entries of a key."""
        return self.sections.get(section, {}).get(key, [])


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language; English where it has none."""
    folder = files("assistant.embedded") / "lexicon"
    source = folder / f"{language}.toml"
    if not source.is_file():
        return lexicon("en") if language != "en" else Lexicon("en")
    return Lexicon(language, tomllib.loads(source.read_text("utf-8")))


@cache
def _pattern(language: str, section: str, key: str) -> re.Pattern[str] | None:
    return word_pattern(lexicon(language).words(section, key), language)


def read_slots(text: str, language: str) -> Slots:
    """Everything a message names."""
    words = lexicon(language)
    text = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    lower = text.casefold()
    email = _EMAIL.search(text)
    prose = _EMAIL.sub(" ", text)
    orders = order_numbers(prose, bool(email))
    having, lacking = _features(words, lower)
    limits = _prices(words, text, orders)
    cheapest = words.find(lower, "followup", "cheaper") >= 0
    return Slots(
        order_ids=orders, email=email.group() if email else "", postcode=_postcode(prose, orders),
        country=_country(words, prose), having=having, lacking=lacking, facts=tuple(words.named(lower, "facts")),
        options=(*words.named(lower, "colors"), *(letter or number for letter, number in _SIZES.findall(text))),
        max_price=limits.most, min_price=limits.least, currency=limits.currency,
        cheapest=cheapest, any_kind=_any_kind(words, lower, cheapest or (limits.most or limits.least) is not None),
    )  # fmt: skip


def _any_kind(words: Lexicon, lower: str, priced: bool) -> bool:
    """Whether no kind of thing is asked for: a gift, or with a price 'anything'."""
    return words.find(lower, "wishes", "gift") >= 0 or (priced and words.find(lower, "wishes", "thing") >= 0)


def _postcode(prose: str, orders: tuple[str, ...]) -> str:
    for order in orders:
        prose = prose.replace(order, " ")
    match = _POSTCODE.search(prose)
    return match.group() if match else ""


def _country(words: Lexicon, text: str) -> str:
    """The country named, of several one that nothing comes from; one in its English name counts in any language where
    it is written with a capital.
    """
    capitals = " ".join(word for word in text.split() if word[:1].isupper())
    named = [code for code in (*countries_in(text, words.language), *countries_in(capitals, "en")) if code != "EU"]
    others = [code for code in named if code not in origins_in(text, words.language)] if len(set(named)) > 1 else []
    return next(iter((*others, *named)), "")


def _features(words: Lexicon, lower: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Yes/no facts asked for and asked against: one whose words stand just behind a 'without' is against."""
    named = words.named(lower, "features")
    against = [key for key in named if _negated(words, lower, key)]
    return tuple(key for key in named if key not in against), tuple(against)


def _negated(words: Lexicon, lower: str, key: str) -> bool:
    at = words.find(lower, "features", key)
    before = re.split(r"[,;.、，،]", lower[max(0, at - 28) : at])[-1]
    after = re.split(r"[,;.、，،]", lower[at : at + 24])[0]
    stated = words.find(before, "negation", "without") >= 0
    return stated or words.find(after, "negation", "without_after") >= 0


@dataclass
class _Limits:
    most: float | None = None
    least: float | None = None
    currency: str = ""


def _prices(words: Lexicon, text: str, orders: tuple[str, ...]) -> _Limits:
    """The price limits a text names: an amount with a currency, or behind a word like 'under'."""
    limits = _Limits()
    for order in orders:
        text = text.replace(order, " " * len(order))
    for match in _AMOUNT.finditer(text):
        before = re.split(r"\d", text[max(0, match.start() - 26) : match.start()].casefold())[-1]
        after = re.split(r"\d", text[match.end() : match.end() + 14].casefold())[0]
        most = words.find(before, "price", "under") >= 0 or words.find(after, "price", "under_after") >= 0
        least = words.find(before, "price", "over") >= 0 or words.find(after, "price", "over_after") >= 0
        currency = _currency(words, match, after)
        if not currency and (not most or _MEASURE.match(after)):
            continue
        if most and limits.most is None:
            limits.most = _amount(match)
        elif least and limits.least is None:
            limits.least = _amount(match)
        limits.currency = limits.currency or currency
    return limits


def _currency(words: Lexicon, match: re.Match[str], after: str) -> str:
    for mark in (match.group("before"), match.group("after")):
        if mark:
            known = _SYMBOLS.get(mark, mark.upper())
            if known in words.sections.get("currencies", {}):
                return known
    near = words.named(after, "currencies")
    return near[0] if near else ""


def _amount(match: re.Match[str]) -> float:
    return _number(match.group("number")) * _SCALES.get(match.group("scale") or "", 1)


def _number(text: str) -> float:
    """A number in any of our locales' spelling: the last separator is decimal if one or two digits follow."""
    digits = re.sub(r"[\u00a0\u202f ]", "", text)
    cut = max(digits.rfind("."), digits.rfind(","))
    if cut >= 0 and len(digits) - cut - 1 in (1, 2):
        return float(re.sub(r"[.,]", "", digits[:cut]) + "." + digits[cut + 1 :])
    return float(re.sub(r"[.,]", "", digits))
