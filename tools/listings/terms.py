"""Search terms and tags: words buyers may look for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.phrasing import Piece
from knowledge.phrasing.measure import length, split_sentences
from tools.listings.filling import TOKEN, Filling
from tools.listings.signs import SMALL

LONGEST_RUN = 4
"""Signs of a word where words run together; a longer run is several words, and none is cut."""


def search_terms(filling: Filling, name: str) -> None:
    """Words buyers may look for that the title does not hold: no brand, none twice, counted as the field counts."""
    limits = filling.limits[name]
    titled = " ".join(str(value) for key, value in filling.fields.items() if key.startswith("title")).casefold()
    taken = {word.casefold() for word in TOKEN.findall(titled)} | {str(filling.facts.value("brand", "")).casefold()}
    chosen: list[Piece] = []
    for term in _terms(filling):
        if term.text in taken or not filling.passes(name, term.text) or _says_again(term.text, chosen):
            continue
        if limits.max is None or length(" ".join([*(p.text for p in chosen), term.text]), limits.unit) <= limits.max:
            chosen.append(term)
            taken.add(term.text)
    filling.text(name, chosen, " ")


def _says_again(word: str, chosen: Iterable[Piece]) -> bool:
    """Whether a word without spaces holds one that is there already, or stands in it: '滤芯' after '替换滤芯'."""
    return word[0] > "\u2e80" and any(piece.text in word or word in piece.text for piece in chosen)


def _terms(filling: Filling) -> Iterable[Piece]:
    """Single words in lower case: the shop's keywords in English, else the words of the name and of those sentences of
    the summary that may stand: a word of what is withheld would lead buyers to it.
    """
    language = filling.phrasing.facts_language
    keywords = filling.facts.get("keywords") if language == "en" else None
    summary, title = (filling.facts.text_in(key, language) for key in ("summary", "name"))
    for fact in (keywords, summary) if language == "en" else (title, summary):
        told = fact.value if fact and isinstance(fact.value, list) else split_sentences(str(fact.value)) if fact else []
        text = " ".join(sentence for sentence in told if filling.passes("description", sentence))
        for word in _words_of(text, language, set(str(filling.phrasing.words["stop_words"]).split())):
            if fact:
                yield Piece(word, (fact.id,))


_ELIDED = re.compile(r"^(?:[dlnsjcmt]|qu|jusqu)['’]", re.I)
_GRAMMAR = (
    "的了和与及或在以为至从可有不用并由被将就也都很更最其这那个于对中上下内外后前时约等该各每从到让使把按视经仅含无采取"
)
"""Signs of Chinese that join words and begin none of ours: a text is cut at them."""


def _words_of(text: str, language: str, stop: set[str]) -> Iterable[str]:
    if language == "zh-CN":
        found = re.findall(r"[\u4e00-\u9fff]{2,}", re.sub(f"[{_GRAMMAR}]", " ", text))
        found = [run for run in found if len(run) <= LONGEST_RUN]
    elif language == "ja":
        found = re.findall(r"[\u30a0-\u30ff]{3,}|(?<![\u4e00-\u9fff\d])(?<!\d )[\u4e00-\u9fff]{2,}", text)
        found = [run for run in found if len(run) <= LONGEST_RUN and run[0] not in "用日毎各約最"]
    else:
        marks = re.compile("[\u064b-\u0652\u0670]")  # Arabic vowel signs: search does without them
        found = [_ELIDED.sub("", word) for word in TOKEN.findall(marks.sub("", text))]
        found = [word for word in found if len(word) >= 4 and word[1] != "-"]
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
