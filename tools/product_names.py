"""Which products a text names. Shoppers write part of a name, in their language, run together with other words."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from knowledge.commerce import Product
from knowledge.dictionary import meanings

_WORD = re.compile(r"[a-z0-9\u00c0-\u024f]+|[^\W\da-z\u00c0-\u024f_]+")
"""A run of Latin letters and digits, or of another script: 'Tumblenook自动' is two words."""

_ENDING = re.compile(r"[^a-z]{0,4}|[a-z]?(?:s|es|e|n|en|er|ern|em|x|a|o|as|os|is|ns|i|nya|ku|mu|ed)?")
"""What a form of a word may end in, behind its stem: 'lamps', but no 'headset' of 'heads'."""

_PART = re.compile(r"\w+")
_SPAN = re.compile(r"(\d+)\s?[-–]\s?(\d+)")
"""Sizes that one size stands for: 36-39."""

FIRST_WORD = 0.8
"""Weight of a name's first word, by which a line is usually called, beside all its other words."""


HEAD_LAST = frozenset({"en", "de", "ja", "zh-CN"})
"""Languages whose names end with the kind of thing ('Camera Feeder'); in the others the kind comes first."""

_AFTER_HEAD = re.compile(r"\s(?:for|with|in|für|mit|aus)\s|[,(–/（]")
"""What comes after the kind in a name: 'Case for iPhone 15'."""


def words_of(text: str) -> set[str]:
    """The words of a text, in lower case."""
    return set(_WORD.findall(text.casefold()))


def names_in(text: str, products: list[Product], language: str) -> dict[str, float]:
    """Products named in a text, by id, with how fully they are, 0 to 1. Words many names share name nobody."""
    names = {product.product_id: _ordered_words(product, language) for product in products}
    common = Counter(word for own in names.values() for word in set(own))
    said, lower = words_of(text), text.casefold()
    found = {key: _named(own, common, said, lower) for key, own in names.items()}
    for product in products:
        if any(len(sku) > 3 and sku.casefold() in lower for sku in _codes(product)):
            found[product.product_id] = 1.0
    return {key: score for key, score in found.items() if score > 0}


def _named(own: list[str], common: Counter[str], said: set[str], lower: str) -> float:
    rare = [word for word in own if common[word] <= 2 and len(word) > 2]
    hits = [word for word in rare if word in said or (not word.isascii() and word in lower)]
    if not hits:
        return 0.0
    share = len(hits) / len(rare)
    return FIRST_WORD + (1 - FIRST_WORD) * share if own[0] in hits else (1 - FIRST_WORD) + 0.5 * share


def says_kind(product: Product, text: str, language: str) -> bool:
    """Whether a text says the kind of thing that a product's name says it is: 'toothbrush' of 'Sonic Toothbrush', but
    not 'camera' of 'Camera Feeder'. A form of the word will do, or the end of a compound ('Zahnbürste'); in a language
    that borrows the words, all of them ('power bank').
    """
    if _borrows(text.casefold(), product.name.casefold()):
        return True
    said = words_of(text)
    name = product.name_in(language)
    own = language if name != product.name else "en"
    kind = _kind(name, product.name if name != product.name else "", own)
    return bool(kind) and any(_same_kind(kind, word, own) for word in said)


def _borrows(lower: str, name: str) -> bool:
    """Whether a text holds all words of a name behind the first, which is a brand's, together or run into one."""
    words = _WORD.findall(_AFTER_HEAD.split(name)[0])[1:]
    return len(words) > 1 and any(re.search(rf"\b{re.escape(joint.join(words))}", lower) for joint in (" ", "", "-"))


def shares_kind(name: str, text: str, language: str) -> bool:
    """Whether a text holds a word of a product's name, in any form that `says_kind` takes for a kind's."""
    said = words_of(text)
    return any(_same_kind(own, word, language) for own in words_of(name) if len(own) > 2 for word in said)


def _kind(name: str, elsewhere: str, language: str) -> str:
    """The word for the kind of thing in a name; a word that its English name holds too is no more than a brand, but for
    the kind itself in a language that borrows it ('Speaker').
    """
    words: list[str] = _WORD.findall(_AFTER_HEAD.split(name.casefold())[0])
    if language in HEAD_LAST:
        return words[-1] if words else ""
    own = [word for word in words if word not in words_of(elsewhere) and len(word) > 2]
    borrowed = [word for word in words if word == _kind(elsewhere, "", "en")] if elsewhere else []
    return (own or borrowed or words or [""])[0]


def _same_kind(kind: str, word: str, language: str) -> bool:
    """Whether two words say one kind of thing. An end of a word says it where words compound, or take an article."""
    if kind[0] > "\u2e80":
        return (kind[-2:] if kind[-1] >= "\u4e00" else _last_sounds(kind)) in word
    shorter, longer = sorted((kind, word), key=len)
    if len(shorter) < 4:
        return shorter == longer
    stem = shorter[:-1] if len(shorter) > 4 else shorter
    is_form = longer.startswith(stem) and bool(_ENDING.fullmatch(longer[len(stem) :]))
    return is_form or (language in (*HEAD_LAST, "ar") and longer.endswith(shorter))


def _last_sounds(kind: str) -> str:
    """The end of a word in kana that may be a word: not from a mark that begins none."""
    start = max(len(kind) - 3, 0)
    while start and kind[start] in "ーッャュョァィゥェォンっゃゅょん":
        start -= 1
    return kind[start:]


def kinds_abroad(text: str, products: list[Product], language: str) -> set[str]:
    """Ids of products that a text names by what a word of theirs means: 'mugs' those of a shop that sells canecas. Only
    names that are not there in the asker's language.
    """
    asked = _english(text, language)
    return {product.product_id for product in products if asked & _english(*_written(product, language))}


def _written(product: Product, language: str) -> tuple[str, str]:
    """A product's name and the language it is in; no name where it is there in a language."""
    own = next((tag for tag, name in product.names.items() if name == product.name), "en")
    return ("" if language in (own, *product.names) else product.name), own


def says_option(product: Product, wanted: str) -> bool:
    """Whether a product that comes in one kind alone says in its name or facts that it is so: green tea."""
    if any(variant.options for variant in product.variants):
        return False
    own = next((tag for tag, name in product.names.items() if name == product.name), "en")
    told = (product.name, *(value for value in product.facts.values() if isinstance(value, str) and len(value) < 40))
    return wanted.casefold() in set().union(*(words_of(text) | _english(text, own) for text in told))


def same_option(wanted: str, held: str) -> bool:
    """Whether a colour or size is, in other words, the one that is wanted: pine green is green, 36-39 is 38."""
    wanted, held = wanted.casefold(), held.casefold()
    span = _SPAN.fullmatch(held) if wanted.isdigit() else None
    if span:
        return int(span[1]) <= int(wanted) <= int(span[2])
    return wanted == held or (len(wanted) > 1 and wanted in _PART.findall(held))


@lru_cache(maxsize=20_000)
def _english(text: str, language: str) -> frozenset[str]:
    """The English words that the words of a text may mean, in the singular; of a phrase the last."""
    if language == "en":
        return frozenset(form for word in words_of(text) if len(word) > 2 for form in _singular(word))
    return frozenset(phrase[-1] for meant in meanings(text, language) for phrase in meant[:2] if len(phrase[-1]) > 2)


def _singular(word: str) -> tuple[str, ...]:
    """A word and what it may be the plural of: dishes, dish."""
    return (word, *(word.removesuffix(ending) for ending in ("s", "es") if word.endswith(ending) and len(word) > 3))


def _ordered_words(product: Product, language: str) -> list[str]:
    names = f"{product.name} {product.name_in(language)}"
    return list(dict.fromkeys(_WORD.findall(names.casefold())))


def _codes(product: Product) -> list[str]:
    return [product.product_id, *(variant.sku for variant in product.variants)]


def choose_named(text: str, products: list[Product], language: str, most: int) -> list[Product]:
    """The products a text names, fullest first, each by a word of its own; of two equals the dearer comes first: an
    accessory is named like its device, the device more often meant.
    """
    return choose_fullest(names_in(text, products, language), text, products, language)[:most]


def choose_fullest(found: dict[str, float], text: str, products: list[Product], language: str) -> list[Product]:
    """Of products found by name (see `names_in`) those that `choose_named` would choose, fullest first."""
    by_id = {product.product_id: product for product in products}
    ranked = sorted(found, key=lambda key: (-round(found[key], 1), -dearest(by_id[key])))
    chosen: list[Product] = []
    used: set[str] = set()
    for key in ranked:
        own = set(_ordered_words(by_id[key], language)) & words_of(text)
        if not chosen or own - used:
            chosen.append(by_id[key])
            used |= own
    return chosen


def dearest(product: Product) -> float:
    """The highest price of a product in any one currency; only good for ordering."""
    return max((float(price) for v in product.variants for price in (v.price or 0, *v.prices.values())), default=0.0)
