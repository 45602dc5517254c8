"""Whether a sentence is in the shopper's language. Names, codes and what stands word for word in a told text are left
out: a quotation may be in another.
"""

from __future__ import annotations

import re

from assistant.guardrails.claims import Reading
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.phrases import folded
from knowledge.language import detect_language

PIECE = re.compile(r"\d+\s?×|[:,;/–—()\[\]•\n=|»«“”\"：、，；]|\s-\s")
_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-ZÀ-Þ][\w'’-]*")
_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff\u3400-\u9fff]"), "zh-CN": re.compile(r"[\u3400-\u9fff]"),
    "ar": re.compile(r"[\u0620-\u06ff]"),
}  # fmt: skip
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
LEAST_WORDS = 4
"""Words of a sentence's own from which its language can be told."""

LEAST_SIGNS = 8
"""Letters from which it can where words run together."""


def is_in_language(text: str, reading: Reading, evidence: Evidence) -> bool:
    """Whether a sentence is in the shopper's language, or too short to tell."""
    language = evidence.language
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
    if language in _SCRIPTS:
        return _is_written(text, language)
    prose = _NAME.sub(" ", text) if language != "de" else text
    words = [word for word in prose.split() if sum(c.isalpha() for c in word) > 1]
    return len(words) < LEAST_WORDS or detect_language(prose, language).language in (language, None)


def _is_written(text: str, language: str) -> bool:
    """Whether a text is in a language's own script."""
    own, foreign = len(_SCRIPTS[language].findall(text)), len(_LATIN.findall(_NAME.sub(" ", text)))
    if foreign >= LEAST_SIGNS and own * 3 < foreign:
        return False
    kana = len(_KANA.findall(text))
    return not (language == "zh-CN" and kana > 2) and not (language == "ja" and own > LEAST_SIGNS and not kana)
