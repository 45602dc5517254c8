"""A yes or a no, in the words of all languages that are served."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Literal

Answer = Literal["yes", "nod", "no"]

MOST_WORDS = 8
"""Words of a message that can be a mere yes or no."""

_STOP = re.compile(r"[,;.!\n、，،。！…–—]")


def answer_of(text: str) -> Answer | None:
    """What a message says to a quote, in any of the languages we serve; None where it says anything else."""
    said = _plain(text)
    if not said or len(said.split()) > MOST_WORDS or asks(text):
        return None
    answers: set[Answer] = {kind for kind, pattern in _patterns().items() if pattern.fullmatch(said)}
    if answers == {"yes", "nod"}:
        return "yes"
    return answers.pop() if len(answers) == 1 else None


def takes_back(text: str) -> bool:
    """Whether a message is a no, or begins by taking back what was asked for: 'no wait, I still need it'."""
    return bool(_taking_back().match(_plain(text))) or answer_of(text) == "no"


def begins_with_no(text: str) -> bool:
    """Whether a message says no before anything else: 'no, keep it'."""
    return answer_of(_STOP.split(text.strip(), maxsplit=1)[0]) == "no"


def behind_no(text: str) -> str:
    """What a message says behind the no it begins with; all of it where it begins with none."""
    return _STOP.split(text.strip(), maxsplit=1)[-1].strip() if begins_with_no(text) else text


def asks(text: str) -> bool:
    """Whether a message holds a question mark."""
    return bool(re.search(r"[?？؟]", text))


def refuses(text: str) -> bool:
    """Whether a message says no to a quote, whatever stands behind it: 'no, 16 Mill Lane'. A question does not."""
    return not asks(text) and (takes_back(text) or begins_with_no(text))


@cache
def _taking_back() -> re.Pattern[str]:
    before = _told("nod", "no", "also", "thanks", "first")
    return re.compile(rf"(?:{_any(before)} ?)*{_any(_told('back'))}")


@cache
def _patterns() -> dict[Answer, re.Pattern[str]]:
    """For each answer, messages made of its words and of those that may stand beside them, the answer among them."""
    return {
        "yes": _pattern(_told("yes"), _told("also", "thanks", "nod")),
        "no": _pattern(_told("no", "back"), _told("also", "thanks")),
        "nod": _pattern(_told("nod"), _told("also")),
    }


def _told(*names: str) -> set[str]:
    languages = tomllib.loads((files("assistant") / "answers.toml").read_text("utf-8")).values()
    return {_plain(word) for language in languages for name in names for word in language[name]}


def _pattern(words: set[str], beside: set[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_any(beside)} ?)*{_any(words)}(?: ?{_any(words | beside)})*")


def _any(words: set[str]) -> str:
    return "(?:" + "|".join(_word(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _word(word: str) -> str:
    """A word as a whole; Chinese and Japanese put no space between them."""
    return re.escape(word) + ("" if "\u3040" <= word[-1] <= "\u9fff" else r"(?!\w)")


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return " ".join(re.sub(r"[^\w\s'-]", " ", folded).split())
