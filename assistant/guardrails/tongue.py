"""Whether a sentence is in the shopper's language. Names, codes and what stands word for word in a told text are left
out: a quotation may be in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from assistant.guardrails.claims import Reading
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.natures import words_in, words_of
from assistant.guardrails.phrases import folded
from knowledge.language import detect_language

PIECE = re.compile(r"\d+\s?×|[:,;/–—()\[\]•\n=|»«“”\"：、，；]|\s-\s")
_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-ZÀ-Þ][\w'’-]*")
_HAN, _KANA, _ARABIC = "\u3400-\u9fff", "\u3040-\u30ff", "\u0620-\u06ff"
_SCRIPTS = {"ja": re.compile(f"[{_HAN}{_KANA}]"), "zh-CN": re.compile(f"[{_HAN}]"), "ar": re.compile(f"[{_ARABIC}]")}
_IS_KANA = re.compile(f"[{_KANA}]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
LEAST_WORDS = 4
"""Words of a sentence's own from which its language can be told by its letters alone."""

LEAST_SIGNS = 8
"""Letters from which it can where words run together."""

LEAST_FOREIGN = 4
"""Letters of another script that make no word of the sentence's language: four signs are two words of Chinese."""


LEAST_RUN = 6
"""Letters of another script side by side, told by nobody, that are words of another language in whatever sentence."""


def is_in_language(text: str, reading: Reading, evidence: Evidence) -> bool:
    """Whether a sentence is in the shopper's language, or too short to tell."""
    language = evidence.language
    if any(len(run) >= LEAST_RUN and not evidence.holds(folded(run)) for run in _foreign_runs(text, language)):
        return False
    if _fits(_without_claims(text, reading), language):
        return True
    pieces = (piece.strip(" .!?") for piece in PIECE.split(text))
    own = " ".join(piece for piece in pieces if piece and not evidence.holds(folded(piece)))
    return _fits(own, language)


def _without_claims(text: str, reading: Reading) -> str:
    """A text without its figures and codes, whose units and letters tell no language."""
    if len(text) != len(reading.text):
        return text
    for claim in reading.claims:
        text = text[: claim.start] + " " * (claim.end - claim.start) + text[claim.end :]
    return text


def _fits(text: str, language: str) -> bool:
    own, foreign = _letters(text, language) if language in _SCRIPTS or not text.isascii() else (0, 0)
    if foreign >= LEAST_FOREIGN and foreign * 2 > own:
        return False
    if language in _SCRIPTS:
        return _is_written(text, language, own)
    prose = _NAME.sub(" ", text) if language != "de" else text
    found = detect_language(prose, language).language
    if found in (language, None):
        return True
    words = [word for word in prose.split() if sum(c.isalpha() for c in word) > 1]
    return len(words) < LEAST_WORDS and not _says_so(words, language, str(found))


def _foreign_runs(text: str, language: str) -> Iterator[str]:
    """What stands side by side in a script that is neither a language's own nor Latin."""
    if text.isascii():
        return
    own = _SCRIPTS.get(language, _LATIN)
    for is_foreign, run in groupby(text, lambda c: c.isalpha() and not own.match(c) and not _LATIN.match(c)):
        if is_foreign:
            yield "".join(run)


def _letters(text: str, language: str) -> tuple[int, int]:
    """How many letters of a text are of a language's own script, and how many of one that is neither it nor Latin."""
    latin = len(_LATIN.findall(text))
    own = len(_SCRIPTS[language].findall(text)) if language in _SCRIPTS else latin
    every = sum(c.isalpha() for c in text)
    return own, every - own - (latin if language in _SCRIPTS else 0)


def _is_written(text: str, language: str, own: int) -> bool:
    """Whether a text is in a language's own script."""
    foreign = len(_LATIN.findall(_NAME.sub(" ", text)))
    if foreign >= LEAST_SIGNS and own * 3 < foreign:
        return False
    kana = len(_IS_KANA.findall(text))
    if language == "ja":
        return bool(kana) or (own <= LEAST_SIGNS and not any(map(_is_chinese, text)))
    return language != "zh-CN" or kana <= 2


def _is_chinese(sign: str) -> bool:
    """Whether a sign is one that Japanese is not written with."""
    return "\u3400" <= sign <= "\u9fff" and not sign.encode("shift_jis", "ignore")


def _says_so(words: list[str], language: str, found: str) -> bool:
    """Whether a few words are another language's: one that only it has, none that only the shopper's has."""
    said = words_in(" ".join(words))
    own, other = said & words_of(language), said & words_of(found)
    return bool(other - own) and not own - other
