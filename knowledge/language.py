"""Which served language a text is in.

A short message gives little to go by, so what cannot be told keeps the language of the conversation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from knowledge.locales import served_locales

_NEIGHBOURS = ("it", "nl", "pl", "tr", "ru", "uk", "ko", "vi", "th", "he", "hi")
"""Languages we do not serve but must recognise, so that they are not taken for one we do."""

ENOUGH_WORDS = 4
"""Words from which a text alone says its language."""

ABOUT_AS_LIKELY = 0.15
"""How much less likely than the likeliest a language may be to be the one of a few words."""

LIKELY = 0.6
"""How likely the language of a few words must be for them to say it; letters without sense are likely in none."""

_TO_TAG = {"pt": "pt-BR", "zh": "zh-CN", "ms": "id"}
"""Detector codes to our language tags. The detector knows Malay, not Indonesian: to it they are one."""

_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh-CN": re.compile(r"[\u3400-\u9fff]"),
    "ar": re.compile(r"[\u0620-\u06ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
}  # fmt: skip
_NOT_PROSE = re.compile(
    r"[!-?A-~]+@[!-~]+|https?://[!-~]+|#?\b[A-Z]{1,6}-?[A-Z]*\d[\w-]*|\d[\d.,:/-]*|[A-Z]{2,}\b", re.ASCII
)

_NAMES = re.compile(r"(?<=\w\s)[A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w'’-]+)+")
"""Words with capitals side by side within a sentence: a name, whose language is not the message's."""


@dataclass(frozen=True)
class Guess:
    """A language tag and whether we serve it. `language` is None where the text does not say."""

    language: str | None
    served: bool


@lru_cache(512)  # a sentence is read by several guardrails
def detect_language(text: str, previous: str | None = None) -> Guess:
    """The language of a text, restricted to those served unless its words clearly say another.

    Returns the previous language for what says nothing ("ok", an order number, an emoji).
    """
    prose = _NOT_PROSE.sub(" ", text.encode("utf-8", "replace").decode())
    letters = sum(character.isalpha() for character in prose)
    if _is_japanese(prose, letters):
        return Guess("ja", True)
    for tag, script in _SCRIPTS.items():
        if len(script.findall(prose)) * 3 > letters > 0:
            if tag == "zh-CN" and previous == "ja" and letters < 8:
                return Guess(previous, True)  # kanji alone are Japanese too
            return Guess(tag, tag in served_locales())
    if letters < 3:
        return Guess(previous, previous is not None)
    prose, found, scores = _read(prose, previous)
    if len(prose.split()) < ENOUGH_WORDS:
        return _of_few_words(found, scores, previous)
    return Guess(found, found in served_locales())


def _of_few_words(found: str, scores: dict[str, float], previous: str | None) -> Guess:
    """The language of a few words: the one before where it is about as likely; where they are likest to one that we do
    not serve, one that we do serve and that is about as likely, else the one before.
    """
    served = [tag for tag in scores if tag in served_locales()]
    near = [tag for tag in served if scores[found] - scores[tag] < ABOUT_AS_LIKELY] if found in scores else []
    if previous and (previous in near or scores.get(found, 0.0) < LIKELY):
        return Guess(previous, True)
    if found in served_locales():
        return Guess(found, True)
    likeliest = max(near or ([] if previous else served), key=scores.__getitem__, default=previous or found)
    return Guess(likeliest, likeliest in served_locales())


def _read(prose: str, previous: str | None) -> tuple[str, str, dict[str, float]]:
    """The language of Latin prose with the likelihood of each; where it is not the one before, names are left out:
    'Compare Bule Barro Negro and ...' is English.
    """
    found, scores = _detector()(prose)
    bare = _NAMES.sub(" ", prose) if previous and found != previous else prose
    if bare != prose and len(bare.split()) > 1:
        return bare, *_detector()(bare)
    return prose, found, scores


def _is_japanese(prose: str, letters: int) -> bool:
    """Kana among kanji are Japanese, also where they are few: a wish full of names. One alone may be a name itself."""
    kana, kanji = len(_SCRIPTS["ja"].findall(prose)), len(_SCRIPTS["zh-CN"].findall(prose))
    return kana > 1 and kana * 8 > kana + kanji and (kana + kanji) * 3 > letters


@cache
def _detector() -> Callable[[str], tuple[str, dict[str, float]]]:
    """The fast detector where it has a wheel, else the pure Python one; both see the same languages."""
    codes = [tag.split("-")[0] for tag in served_locales()]
    try:
        import eldc
    except ImportError:
        return _slow_detector([*codes, *_NEIGHBOURS])
    eldc.init()
    eldc.set_languages(["ms" if code == "id" else code for code in codes] + list(_NEIGHBOURS))

    def detect(text: str) -> tuple[str, dict[str, float]]:
        details = eldc.detect_details(text)
        scores = {_TO_TAG.get(str(code), str(code)): float(score) for code, score in dict(details.scores).items()}
        best = _TO_TAG.get(str(details.language), str(details.language))
        return (best if best != "und" else "en"), scores

    return detect


def _slow_detector(codes: list[str]) -> Callable[[str], tuple[str, dict[str, float]]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(codes)

    def detect(text: str) -> tuple[str, dict[str, float]]:
        scores = {_TO_TAG.get(code, code): float(score) for code, score in identifier.rank(text)}
        return max(scores, key=scores.__getitem__), scores

    return detect
