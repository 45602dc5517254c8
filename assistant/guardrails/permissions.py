"""What a sentence allows or attests: that something may go back, costs nothing, is waterproof; against what was told.

Code can decide where a tool told a verdict on the order, or a fact of the product. What only a passage says in prose
("final sale") it cannot, unless the sentence states a figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.embedded.slots import lexicon
from assistant.guardrails.assertions import Sentence, is_denied
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.moments import day_keys
from assistant.guardrails.phrases import Phrases, phrases_of


def wrong_permissions(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """What a sentence allows or attests and what was told does not, in plain words."""
    if not sentence.asks:
        phrases = phrases_of(evidence.language)
        yield from _permissions(sentence, evidence, phrases)
        yield from _features(sentence, evidence, phrases)
        yield from _false_last_day(sentence, evidence, phrases)


def _permissions(sentence: Sentence, evidence: Evidence, phrases: Phrases) -> Iterator[str]:
    course = evidence.course
    orders = {name for one in course.standings for name in one.names} | {name for name, _ in course.returns}
    order = next((claim for claim in _codes(sentence) if claim in orders), "")
    ruling = {"return": course.may_return, "cancel": course.may_cancel}
    for said in phrases.find("permissions", sentence.text):
        negative = is_denied(said, sentence, evidence)
        if said.kind == "free":
            if not negative and not _is_free(evidence):
                yield "nothing told says that it is free"
            continue
        may = ruling[said.kind](order)
        if said.kind == "return" and not negative:
            yield from _untimely(sentence, order, evidence, phrases)
        if may is not None and may == negative:
            yield f"the shop's rules say otherwise ({said.kind}: {'yes' if may else 'no'})"
        elif may is None and not negative and any(_codes(sentence)) and not sentence.cites:
            yield f"no tool told whether this is possible ({said.kind})"


def _untimely(sentence: Sentence, order: str, evidence: Evidence, phrases: Phrases) -> Iterator[str]:
    """Why something may go back, but not on the days a sentence names."""
    last = evidence.course.last_days(order)
    dates = [claim for claim in sentence.claims if claim.kind == "date"]
    if last and dates and not any(claim.keys & last for claim in dates):
        yield "it may go back until another day"
    if evidence.course.returns_later(order) and phrases.says("days", "now", sentence.text):
        yield "it may go back only once it has come"


def _false_last_day(sentence: Sentence, evidence: Evidence, phrases: Phrases) -> Iterator[str]:
    """'Today is the last day', where another was told."""
    last, today = evidence.course.last_days(""), evidence.today
    said = all(phrases.says("days", kind, sentence.text) for kind in ("now", "last"))
    if last and today and said and not day_keys(today) & last and not sentence.claims:
        yield "the last day is another"


def _codes(sentence: Sentence) -> Iterator[str]:
    for claim in sentence.claims:
        if claim.kind == "code":
            yield from (str(key[1]) for key in claim.keys)


def _is_free(evidence: Evidence) -> bool:
    if evidence.course.free or evidence.names(("value", 0)):
        return True
    return any(phrases_of(source.locale).says("permissions", "free", source.text) for source in evidence.told())


FEATURES = ("wifi", "bluetooth", "app_required", "waterproof", "dishwasher_safe", "machine_washable", "tumble_dry",
            "vegan", "fragrance_free", "microwave_safe", "alexa_compatible", "google_home_compatible")  # fmt: skip
"""Yes/no facts whose words mean nothing else in a shop's answers."""


def _features(sentence: Sentence, evidence: Evidence, phrases: Phrases) -> Iterator[str]:
    """A feature said of products whose facts say otherwise, or say nothing and no text does."""
    products = _meant(sentence, evidence)
    words = lexicon(evidence.language)
    for name in FEATURES if products else ():
        at = words.find(sentence.plain, "features", name)
        if at < 0:
            continue
        clause = sentence.clause_whole(at, phrases.negation)
        lacks = phrases.negation.search(clause) is not None or words.find(clause, "negation", "without") >= 0
        if lacks and (name.endswith("_free") or (name == "wifi" and all(_works_offline(one) for one in products))):
            continue
        held = {product.get("facts", {}).get(name) for product in products}
        if held == {lacks} or (held == {None} and not lacks and not _is_mentioned(name, evidence)):
            yield f"the product's facts do not say so ({name})"


def _works_offline(product: dict[str, Any]) -> bool:
    """Whether it works without a network, so that 'without Wi-Fi' may be true of one that has it."""
    return product.get("facts", {}).get("works_offline") is True


def _meant(sentence: Sentence, evidence: Evidence) -> list[dict[str, Any]]:
    """The products a sentence speaks of: those it names, else all that were told."""
    products = evidence.course.products
    named = [one for one in products if any(name in str(one.get("name", "")).casefold() for name in sentence.subjects)]
    return named or products


def _is_mentioned(name: str, evidence: Evidence) -> bool:
    """Whether a text speaks of a feature, though no fact names it."""
    sources = [source for source in evidence.told() if source.kind != "result"]
    return any(
        lexicon(language).find(text, "features", name) >= 0
        for source in sources
        for language in {source.locale, evidence.language, "en"}
        for text in source.texts
    )
