"""Outer signs that a translation fits its source: its length, how it ends, words and figures in common."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from tools.localization.checks.endings import Words, ending_language, ends_well, last_prose
from tools.localization.marks import Marked

Columns = npt.NDArray[np.float64]
_ENDS = {
    mark: kind
    for kind, marks in (("ask", "?？؟"), ("call", "!！"), ("stop", ".。।"), ("colon", ":："))
    for mark in marks
}
_PAIRS = ("()", "[]", "“”", "«»", "「」", "（）")
_FIGURE = re.compile(r"\d+")
_KEPT = re.compile(r"\d+|\b[A-Z]{2,}\b")


@dataclass(frozen=True)
class Signs:
    """Columns: `fit` tell whether both say the same, `ends` whether the translation is whole."""

    fit: Columns
    ends: Columns


def signs_of(pairs: Sequence[tuple[Marked, Marked, str]]) -> Signs:
    """The signs of sources and translations into locales; those of one language know each other's words."""
    own: dict[str, list[Marked]] = {}
    for _, target, locale in pairs:
        own.setdefault(ending_language(locale), []).append(target)
    words = {language: Words(texts) for language, texts in own.items()}
    rows = [_signs(*pair, words[ending_language(pair[2])]) for pair in pairs]
    return Signs(np.array([fit for fit, _ in rows]), np.array([ends for _, ends in rows]))


def _signs(source: Marked, target: Marked, locale: str, words: Words) -> tuple[list[float], list[float]]:
    given, long = max(1, _length(source)), max(1, _length(target))
    ratio = float(np.log(long / given / usual_length(locale)))
    for_fit = ratio * float(np.sqrt(min(given, 60) / 20))
    for_end = ratio * float(np.sqrt(min(given, 80) / 20))
    theirs, ours = _end(source), _end(target)
    asks = theirs != ours and bool({"ask", "colon"} & {theirs, ours})
    shared = {word for word in source.words if len(word) > 2} & set(target.words)
    figures = set(_FIGURE.findall(source.prose)) & set(_FIGURE.findall(target.prose))
    lost, kept = bool(theirs and not ours), bool(theirs and ours)
    short, odds = min(for_end, 0.0), ends_well(target, locale)
    well, known = odds or 0.0, odds is not None
    fit = [abs(for_fit), min(for_fit, 0.0), theirs != ours, asks, min(len(shared), 2), min(len(figures), 2),
           bool(source.placeholders), np.log(given)]  # fmt: skip
    ends = [short, max(for_end, 0.0), ratio, lost, kept, not theirs, _open(target) > _open(source), np.log(given),
            short * lost, short * kept, short**2, _is_poorer(source, target), well, known,
            min(well, 0.0) * short, min(well, 0.0) * lost, known * short, _is_half(target, words)]  # fmt: skip
    return [float(sign) for sign in fit], [float(sign) for sign in ends]


def _is_half(target: Marked, words: Words) -> bool:
    """Whether the last word is the beginning of another text's, and of itself none in any."""
    last = target.words[-1] if target.words else ""
    if not last or not last_prose(target).lower().endswith(last) or words.elsewhere(last, target.words):
        return False
    return words.longer(last, target.words)


def _is_poorer(source: Marked, target: Marked) -> bool:
    """Whether a figure or a word in capitals is gone."""
    return not set(_KEPT.findall(source.prose)) <= set(_KEPT.findall(target.prose))


def _length(text: Marked) -> int:
    return len("".join(text.prose.split()))


def _end(text: Marked) -> str:
    return _ENDS.get(text.text.rstrip(" '\"”»)]」")[-1:], "")


def _open(text: Marked) -> int:
    return sum(text.text.count(pair[0]) != text.text.count(pair[1]) for pair in _PAIRS)


def usual_length(locale: str) -> float:
    """How many letters a translation into a locale has for one of the English source; 1.1 where nobody counted."""
    known = _lengths()
    tag = locale.replace("_", "-").lower()
    return known.get(tag) or known.get(tag.split("-")[0]) or 1.1


@cache
def _lengths() -> dict[str, float]:
    return tomllib.loads((files("tools.localization.checks") / "lengths.toml").read_text("utf-8"))
