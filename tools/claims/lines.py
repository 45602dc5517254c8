"""A text as it is shown: signs written as entities, and lines that were broken for their length alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from tools.claims.folding import Folded

TURN = "\v"
"""A line's end before a capital: phrases run over it, sentences and denials do not, for it may be a list's."""
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][\da-fA-F]{1,5}|[a-zA-Z][a-zA-Z\d]{1,30});")
_END = re.compile(r"[ \t\u00a0\u3000]*(?:\r\n|\n|\r)[ \t\u00a0\u3000]*")
_NUMBERED = re.compile(r"(?:\d{1,2}[.)]|[A-Za-z]\))\s")
_LABELLED = re.compile(r"[^\n::]{1,30}[::]")
_RUNS_ON = frozenset(",%&'\"”»’")
_GOES_ON = frozenset("'\"“„«‘")


class _Part(NamedTuple):
    """What stands in place of a stretch of a text."""

    start: int
    end: int
    shown: str


def shown(text: str) -> Folded:
    """A text with its entities read and lines joined where one sentence runs on. Blank lines, bullets and sentences'
    ends part as before.
    """
    plain = Folded(text, list(range(len(text))), list(range(1, len(text) + 1)))
    if "&" in text:
        plain = _with(plain, _entities(text))
    if "\n" in plain.text or "\r" in plain.text:
        plain = _with(plain, _wraps(plain.text))
    return plain


def _entities(text: str) -> Iterator[_Part]:
    for match in _ENTITY.finditer(text):
        sign = unescape(match.group())
        if sign != match.group() and sign not in ("<", ">"):  # these would read as a tag
            yield _Part(match.start(), match.end(), sign)


def _wraps(text: str) -> Iterator[_Part]:
    for match in _END.finditer(text):
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        if not _is_wrapped(text, match, before, after):
            continue
        if before == "-":
            yield _Part(match.start(), match.end(), "")
        else:
            yield _Part(match.start(), match.end(), TURN if after.isupper() else " ")


def _is_wrapped(text: str, end: re.Match[str], before: str, after: str) -> bool:
    """Whether a line's end stands inside a sentence."""
    if before == "-":
        return text[end.start() - 2 : end.start() - 1].isalpha() and after.isalpha()
    if not (_is_of_word(before) or before in _RUNS_ON) or not (_is_of_word(after) or after in _GOES_ON):
        return False
    line = text[text.rfind("\n", 0, end.start()) + 1 : end.start()]
    labels = _LABELLED.match(line) and _LABELLED.match(text, end.end())
    return not (labels or _NUMBERED.match(text, end.end()))


def _is_of_word(letter: str) -> bool:
    return bool(letter) and unicodedata.category(letter)[0] in "LNM"


def _with(plain: Folded, parts: Iterator[_Part]) -> Folded:
    """A text with some stretches replaced, each letter still at its place in the original."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for part in parts:
        letters += [plain.text[at : part.start], part.shown]
        starts += [*plain.starts[at : part.start], *[plain.starts[part.start]] * len(part.shown)]
        ends += [*plain.ends[at : part.start], *[plain.ends[part.end - 1]] * len(part.shown)]
        at = part.end
    return Folded("".join([*letters, plain.text[at:]]), [*starts, *plain.starts[at:]], [*ends, *plain.ends[at:]])
