"""Search terms and tags: words buyers may look for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.phrasing import Piece
from knowledge.phrasing.measure import length
from tools.listings.filling import TOKEN, Filling
from tools.listings.signs import SMALL


def search_terms(filling: Filling, name: str) -> None:
    """Words buyers may look for that the title does not hold: no brand, none twice, counted as the field counts."""
    limits = filling.limits[name]
    titled = " ".join(str(value) for key, value in filling.fields.items() if key.startswith("title")).casefold()
    taken = {word.casefold() for word in TOKEN.findall(titled)} | {str(filling.facts.value("brand", "")).casefold()}
    chosen: list[Piece] = []
    for term in _terms(filling):
        if term.text in taken or not filling.passes(name, term.text):
            continue
        if limits.max is None or length(" ".join([*(p.text for p in chosen), term.text]), limits.unit) <= limits.max:
            chosen.append(term)
            taken.add(term.text)
    filling.text(name, chosen, " ")


def _terms(filling: Filling) -> Iterable[Piece]:
    """Single words in lower case: the shop's keywords in English, else the words of the summary."""
    language = filling.phrasing.facts_language
    keywords = filling.facts.get("keywords") if language == "en" else None
    summary = filling.facts.text_in("summary", language)
    for fact in (keywords, summary):
        text = " ".join(fact.value) if fact and isinstance(fact.value, list) else str(fact.value) if fact else ""
        for word in _words_of(text, language, set(str(filling.phrasing.words["stop_words"]).split())):
            if fact:
                yield Piece(word, (fact.id,))


def _words_of(text: str, language: str, stop: set[str]) -> Iterable[str]:
    if language in ("ja", "zh-CN"):
        found = re.findall(r"[\u30a0-\u30ff]{3,}|[\u4e00-\u9fff]{2,6}", text)
    else:
        found = [word for word in TOKEN.findall(text) if len(word) >= 4]
        found = [word for word in found if language != "de" or word[0].isupper()]
    return dict.fromkeys(word.lower() for word in found if word.lower() not in stop | SMALL)


def tags(filling: Filling, name: str) -> None:
    """Search words as tags, each as long as the field takes."""
    limits = filling.limits[name]
    most = limits.max or 255
    terms = (term for term in _terms(filling) if len(term.text) <= most and filling.passes(name, term.text))
    held: dict[str, Piece] = {}
    for term in terms:
        held.setdefault(term.text, term)
    filling.entries(name, list(held.values())[: min(limits.max_count or 13, 13)])
