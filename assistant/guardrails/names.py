"""Names of products in a sentence that no tool told: the shop's own, and such as are offered as if they were."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from weakref import WeakKeyDictionary

from assistant.guardrails.natures import words_of
from assistant.guardrails.phrases import folded, phrases_of
from knowledge.commerce import Product
from knowledge.locales import served_locales
from knowledge.measures import UNSPACED

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_QUOTED = re.compile(r"[«„“「『《\"]\s?([^«»„“”「」『』《》\"\n]{3,60}?)\s?[»“”」』》\"]")
_RUN = re.compile(r"(?<!\w)[A-ZÀ-Þ][\w'’-]*(?:\s[A-ZÀ-Þ][\w'’-]*)*")
_LATIN = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z0-9'’-]{2,}(?:\s[A-Z][A-Za-z0-9'’-]*)*")
_RECOMMENDED = re.compile(
    r"推荐[您你]?(?:看看|试试|选择|购买)?(?!使用|先|在|尽|提前|通过|联系|查看|保留)([^\s，。！？、的]{4,14})"
    r"|(?<![^\W_])(?=[^。、]*[ァ-ヺー]{3})([ぁ-ゖァ-ヺーA-Za-z0-9]{4,16}?)(?:[もがは]|という商品も)(?:おすすめ|お勧め|オススメ|あります|いかが)"
)
"""What is recommended where words run together: in Japanese only what looks like a name, without a Chinese sign."""

_POINTING = re.compile(r"[这那它该此两]|以下|上面|こちら|この|その|それ|どちら|サイズ|カラー|タイプ|ほう")
FRESH_S = 300.0
"""Seconds for which the shop's names are kept."""

BEGIN = 5
"""Letters by which a name's beginning is looked up in a text; shorter names are not told from ordinary words."""


@dataclass(frozen=True)
class Catalogue:
    """The names of a shop's products: whole, folded; and their first words that are no ordinary words. `shop` holds the
    words of its own name.
    """

    whole: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    shop: frozenset[str] = frozenset()

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        for name in self.whole:
            if len(name) >= BEGIN:
                held.setdefault(name[:BEGIN], []).append(name)
        return held

    def names_in(self, low: str) -> Iterator[str]:
        """The whole names that stand in a folded text."""
        runs = {low[at : at + BEGIN] for at in range(len(low) - BEGIN + 1)}
        for run in runs & self._by_beginning.keys():
            yield from (name for name in self._by_beginning[run] if name in low)

    @classmethod
    def of(cls, products: Iterable[Product], shop: str = "") -> Catalogue:
        """The names in all languages."""
        products = list(products)
        names = {name for product in products for name in (product.name, *product.names.values()) if name}
        texts = (text for product in products for text in (product.summary, *product.summaries.values()))
        ordinary = {word for text in texts for word in _WORD.findall(text) if word.islower()}
        first = {word for name in names if len(words := _WORD.findall(name)) > 1 and _is_own(word := words[0])}
        first = {word for word in first if word.casefold() not in ordinary}
        return cls(frozenset(map(folded, names)), frozenset(first), frozenset(words_in(folded(shop))))


def _is_own(word: str) -> bool:
    return len(word) > 3 and word[0].isascii() and word[0].isupper()


_kept: WeakKeyDictionary[Any, tuple[float, Catalogue]] = WeakKeyDictionary()


async def catalogue_of(shop: Any) -> Catalogue:
    """The names of a shop's products, read anew after a while."""
    held = _kept.get(shop)
    if held is None or time.monotonic() - held[0] > FRESH_S:
        held = (time.monotonic(), Catalogue.of(await shop.products(), shop.name))
        _kept[shop] = held
    return held[1]


def words_in(text: str) -> set[str]:
    """The words of a folded text."""
    return set(_WORD.findall(text))


def untold_names(
    text: str, catalogue: Catalogue, told: Callable[[], Collection[str]], language: str, offers: Callable[[], bool]
) -> Iterator[str]:
    """Names of products in a sentence that stand in nothing that was told. `told` gives its words, folded, `offers`
    whether the sentence means to say something of a product, where no listed phrase says so.
    """
    low = folded(text)
    named = [word for word in dict.fromkeys(_WORD.findall(text)) if word in catalogue.first]
    named += catalogue.names_in(low)
    offered = [name for name in _offered(text, language) if _is_no_public(name)]
    if phrases_of(language).says("products", "offering", low):
        named += offered
        offered = []
    yield from (name for name in named if _unknown(name, catalogue, told()))
    rare = [name for name in offered if _is_rare(_unknown(name, catalogue, told()), language)]
    if rare and offers():
        yield from rare


def names_nobody_told(text: str, told: Collection[str], language: str) -> Iterator[str]:
    """What is written like a name in a sentence and is neither told nor a word of its language."""
    for name in filter(_is_no_public, _offered(text, language)):
        if _is_rare({word for word in words_in(folded(name)) - _public_names() if word not in told}, language):
            yield name


def _unknown(name: str, catalogue: Catalogue, told: Collection[str]) -> set[str]:
    """The words of a name that were not told, name no shop and are not everybody's."""
    words = words_in(folded(name)) - catalogue.shop - _public_names()
    return {word for word in words if word not in told}


def _is_rare(words: set[str], language: str) -> bool:
    """Whether words are no words of a language; in German, where all nouns are written like names, two."""
    unknown = words - words_of(language)
    return sum(len(word) > 2 and word.isalpha() for word in unknown) > (language == "de")


def _offered(text: str, language: str) -> Iterator[str]:
    """What a sentence that offers something may offer: words in quotes, and capitalised ones within the sentence."""
    yield from (match[1] for match in _QUOTED.finditer(text))
    yield from (name for match in _RECOMMENDED.finditer(text) if not _POINTING.search(name := match[1] or match[2]))
    if language in UNSPACED or language == "ar":
        yield from (match.group() for match in _LATIN.finditer(text) if match.group()[0].isupper())
        return
    begin = next(iter(_WORD.finditer(text)), None)
    for match in _RUN.finditer(text):
        name = match.group()
        if begin and match.start() <= begin.start():
            first, _, rest = name.partition(" ")
            name = rest if language == "de" or folded(first) in words_of(language) else name if rest else ""
        if name and (" " in name or language != "de"):
            yield name


def _is_no_public(name: str) -> bool:
    return not words_in(folded(name)) <= _public_names()


@cache
def _public_names() -> frozenset[str]:
    """Words that are capitalised and name no product: countries, languages, months, days, and how people pay."""
    from babel import Locale

    found: set[str] = set(PUBLIC)
    for served in served_locales().values():
        locale = Locale.parse(served.locale.replace("-", "_"))
        texts = [*locale.territories.values(), *locale.languages.values(), *locale.days["format"]["wide"].values(),
                 *locale.months["format"]["wide"].values()]  # fmt: skip
        found |= {word for text in texts for word in words_in(folded(str(text)))}
    return frozenset(found)


PUBLIC = {
    "i", "i'd", "i'll", "i'm", "i've", "ai", "ki", "id", "ok", "eu", "uk", "us", "vat", "utc", "am", "pm", "cod",
    "sms", "app", "e-mail", "wi-fi", "wifi", "bluetooth", "alexa", "android", "iphone", "ios", "siri", "usb", "usb-c",
    "paypal", "klarna", "visa", "mastercard", "apple", "google", "pay", "pix", "boleto", "alipay", "wechat", "dhl",
    "ups", "euro", "euros", "dollar", "dollars", "yen", "sie", "ihnen", "ihr", "ihre", "ihren", "ihrem", "ihrer",
    "anda",
}  # fmt: skip
"""Words people capitalise that name no product of a shop."""
