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

from tools.localization.marks import Marked

Columns = npt.NDArray[np.float64]
_ENDS = {
    mark: kind
    for kind, marks in (("ask", "?？؟"), ("call", "!！"), ("stop", ".。।"), ("colon", ":："))
    for mark in marks
}
_PAIRS = ("()", "[]", "“”", "«»", "「」", "（）")
_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True)
class Signs:
    """Columns: `fit` tell whether both say the same, `ends` whether the translation is whole."""

    fit: Columns
    ends: Columns


def signs_of(pairs: Sequence[tuple[Marked, Marked, str]]) -> Signs:
    """The signs of sources and translations into locales."""
    rows = [_signs(*pair) for pair in pairs]
    return Signs(np.array([fit for fit, _ in rows]), np.array([ends for _, ends in rows]))


def _signs(source: Marked, target: Marked, locale: str) -> tuple[list[float], list[float]]:
    given, long = max(1, _length(source)), max(1, _length(target))
    ratio = float(np.log(long / given / usual_length(locale)))
    for_fit = ratio * float(np.sqrt(min(given, 60) / 20))
    for_end = ratio * float(np.sqrt(min(given, 80) / 20))
    theirs, ours = _end(source), _end(target)
    asks = theirs != ours and bool({"ask", "colon"} & {theirs, ours})
    shared = {word for word in source.words if len(word) > 2} & set(target.words)
    figures = set(_FIGURE.findall(source.prose)) & set(_FIGURE.findall(target.prose))
    lost, kept = bool(theirs and not ours), bool(theirs and ours)
    short = min(for_end, 0.0)
    fit = [abs(for_fit), min(for_fit, 0.0), theirs != ours, asks, min(len(shared), 2), min(len(figures), 2),
           bool(source.placeholders), np.log(given)]  # fmt: skip
    ends = [short, max(for_end, 0.0), ratio, lost, kept, not theirs, _open(target) > _open(source), np.log(given),
            short * lost, short * kept, *_last_word(target, locale)]  # fmt: skip
    return [float(sign) for sign in fit], [float(sign) for sign in ends]


def _last_word(target: Marked, locale: str) -> tuple[bool, bool]:
    """Whether a text ends in a word that seldom ends one, and in a sign that often does."""
    words = target.words
    if not words or not target.text.rstrip(" '\"”»)]」.。").lower().endswith(words[-1]):
        return False, False
    seldom, often = _endings(locale)
    return words[-1] in seldom, words[-1] in often


@cache
def _endings(locale: str) -> tuple[frozenset[str], frozenset[str]]:
    table = tomllib.loads((files("tools.localization.checks") / "endings.toml").read_text("utf-8"))
    tag = locale.replace("_", "-")
    entry = table.get(tag) or table.get(tag.split("-")[0]) or {}
    return frozenset(entry.get("seldom", "").split()), frozenset(entry.get("often", "").split())


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
