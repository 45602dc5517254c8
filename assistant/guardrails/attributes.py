"""What a sentence says a product is or has, in words without a figure: solar, BPA-free, for an iPhone. It must stand in
what was told, in any of the languages of what was told.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from assistant.guardrails.assertions import Sentence
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.phrases import folded, phrases_of
from knowledge.measures import COMPOUNDING, UNSPACED

TOGETHER = UNSPACED | COMPOUNDING
"""Languages in which a word stands within others."""

FACTS = {
    "alexa": {"alexa_compatible"}, "google": {"google_home_compatible"}, "dishwasher": {"dishwasher_safe"},
    "washing": {"machine_washable", "tumble_dry", "removable_cover"}, "vegan": {"vegan"}, "water": {"waterproof"},
    "fragrance": {"fragrance_free"}, "rechargeable": {"rechargeable", "battery_life_days"}, "oven": {"microwave_safe"},
    "batteries": {"battery_included", "battery_life_days", "battery_mah", "rechargeable"},
    "subscription": {"subscription_available"}, "smart_home": {"matter_compatible"},
    "remote_control": {"app_required"}, "camera": {"camera"},
}  # fmt: skip
"""Facts of products that say such a thing by their name."""


def untold_attributes(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """What a sentence says of products and nothing told says, in plain words."""
    if sentence.asks or not evidence.course.products:
        return
    phrases = phrases_of(evidence.language)
    for name, at in attributes_in(sentence.text, evidence.language):
        clause = sentence.clause_whole(at, phrases.negation)
        conditional = phrases.condition.match(clause.lstrip()) is not None
        denied = _is_denied_of_one(name, sentence.text, evidence)
        if conditional or phrases.negation.search(clause) or (_is_told(name, evidence) and not denied):
            continue
        yield f"nothing told says so of the product ({name.replace('_', ' ')})"


BRANDS = {
    name: {name, *others}
    for name, *others in (
        ("paypal",), ("klarna",), ("visa",), ("mastercard",), ("amex", "american express"), ("apple pay",),
        ("google pay",), ("pix",), ("boleto",), ("alipay", "支付宝"), ("wechat", "微信"), ("sofortüberweisung",),
        ("dhl",), ("hermes",), ("ups",), ("fedex",), ("gls",), ("dpd",), ("jne",), ("j&t",), ("correios",), ("seur",),
        ("顺丰", "sf express"), ("ヤマト", "クロネコ", "yamato"), ("佐川", "sagawa"), ("aramex", "ارامكس"),
        ("chronopost",),
        ("colissimo",), ("royal mail",), ("圆通",), ("中通",), ("konbini", "コンビニ払い"), ("paypay",),
        ("line pay",), ("ovo",), ("gopay",), ("mada", "مدي"),
    )
}  # fmt: skip
"""Ways to pay and carriers by their names."""

_ANY_BRAND = re.compile("|".join(re.escape(spelling) for spellings in BRANDS.values() for spelling in spellings))


def untold_brands(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """The ways to pay and carriers that a sentence names, and neither a tool nor the shopper did."""
    if (
        not _ANY_BRAND.search(sentence.text)
        or sentence.asks
        or phrases_of(evidence.language).negation.search(sentence.text)
    ):
        return
    for name, spellings in BRANDS.items():
        said = any(_named(spelling, sentence.text) for spelling in spellings)
        if said and not any(evidence.mentions(spelling) for spelling in spellings):
            yield f"nothing told says {name}"


def _named(spelling: str, text: str) -> bool:
    return spelling in text and (
        not spelling.isascii() or re.search(rf"(?<![a-z]){spelling}(?![a-z])", text) is not None
    )


_BOTH = re.compile(
    r"(?<!\w)(?:both|beide\w*|les deux|tous deux|ambos|ambas|los dos|las dos|os dois|as duas|keduanya|kedua)(?!\w)"
    r"|どちらも|両方|两款|两个都|两者|كلاهما|كليهما|كلتاهما|الاثنان"
)


def _is_denied_of_one(name: str, text: str, evidence: Evidence) -> bool:
    """Whether something is said of both products that the facts of one deny."""
    facts = [product.get("facts") or {} for product in evidence.course.products]
    return _BOTH.search(text) is not None and any(
        held.get(fact) is False for held in facts for fact in FACTS.get(name, ())
    )


def _is_told(name: str, evidence: Evidence) -> bool:
    if name == "sold_out" and any(_is_lacking(product) for product in evidence.course.products):
        return True
    facts = (product.get("facts") or {} for product in evidence.course.products)
    if any(held.get(fact) not in (None, False, "") for held in facts for fact in FACTS.get(name, ())):
        return True
    return any(
        name in _attested(text, source.locale)
        for source in evidence.told() if source.kind != "result" for text in source.texts
    )  # fmt: skip


def _is_lacking(product: Mapping[str, Any]) -> bool:
    """Whether a product, or one of what it comes in, is sold out."""
    return any(one.get("available") is False for one in (product, *(product.get("variants") or [])))


@lru_cache(1024)
def _attested(text: str, locale: str) -> frozenset[str]:
    """What a told text says without denying it, in its language or in English."""
    languages = dict.fromkeys((locale, "en"))
    said = [piece for piece in _PIECE.split(text)
            if not any(phrases_of(language).negation.search(piece) for language in languages)]  # fmt: skip
    return frozenset(name for piece in said for language in languages for name, _ in attributes_in(piece, language))


_PIECE = re.compile(r"[.!?;,()。！？；，、\n]\s*")


def attributes_in(text: str, language: str) -> Iterator[tuple[str, int]]:
    """The attributes a folded text names, with where it does first."""
    if not _any_of(language).search(text):
        return
    for name, pattern in _patterns(language).items():
        if match := pattern.search(text):
            yield name, match.start()


@cache
def _any_of(language: str) -> re.Pattern[str]:
    """What finds that any attribute is named: most sentences name none."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _patterns(language).values()))


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    listed = tomllib.loads((files("assistant.guardrails") / "attributes.toml").read_text("utf-8"))
    begin = "" if language in TOGETHER else r"(?<!\w)"
    return {
        name: re.compile(begin + "(?:" + "|".join(map(folded, fragments)) + ")")
        for name, held in listed.items() if (fragments := [*held.get(language, ()), *held.get("all", ())])
    }  # fmt: skip
