"""How many pieces of an item a message names: 'one pair of the socks', 'only one', 'keep the other'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.embedded.slots import lexicon
from assistant.embedded.turn import split_clauses
from knowledge.wordlists import UNSPACED, word_pattern

NUMBERS = ("one", "two", "three", "four", "five")
_DIGIT = re.compile(r"(?<![0-9a-z\u00c0-\u024f.,#-])[1-9](?![0-9a-z\u00c0-\u024f-]|[.,]\d)")
_CODE = re.compile(r"\S+@\S+|\b[a-z]+-?\d{3,}\b")
"""What holds digits that count nothing: an e-mail address, an order's number."""

_LONG = re.compile(r"\w{4}")
EXCEPT_LAST = {"ja", "zh-CN", "id"}
"""Languages in which what is left out may stand before the words that leave it out."""


def pieces_in(text: str, language: str, own: set[str], quantity: int, alone: bool) -> int:
    """How many of an item's pieces a text in lower case names; all of them where it names no smaller number. `own` are
    the words of the item's name; `alone` says that no other item is meant, so that a number without it counts too.
    """
    goes: list[int] = []
    stays: list[int] = []
    for part, kept in _parts(text, language):
        numbers = [number for number in _numbers(part, language, own, alone) if number < quantity]
        other = kept and not numbers and quantity == 2 and _find("other", part, language) and alone
        (stays if kept else goes).extend([1] if other else numbers)
    return goes[0] if goes else quantity - stays[0] if stays else quantity


def divided(text: str, language: str, own: frozenset[str] = frozenset()) -> tuple[str, str]:
    """What a text in lower case says of what goes, and of what stays with the shopper: 'but not the lamp', 'all except
    the lamp'. What a comma adds to what stays, stays, unless it says that something goes. `own` are the words of the
    items' names.
    """
    words = lexicon(language)
    goes: list[str] = []
    stays: list[str] = []
    for side in _sides(text, language):
        held = False
        for part in re.split("[,:、，،]", side):
            before, kept = _excepted(part, language)
            back = words.find(part, "actions", "return") >= 0 or _find("only", part, language)
            held = bool(kept) or _find("keep", part, language) or _is_denied(part, language, own) or (held and not back)
            goes.append(before if held else part)
            stays.append((kept or part) if held else "")
    return ", ".join(filter(None, goes)), ", ".join(filter(None, stays))


def _sides(text: str, language: str) -> Iterator[str]:
    """The sides of a 'but' in each sentence; a mere no behind it belongs to what it denies: 'das Kissen aber nicht'."""
    words = lexicon(language)
    for clause in re.split(r"[;.!?\n。！？；؛]", _CODE.sub(" ", text)):
        sides: list[str] = []
        for side in split_clauses(clause, words.words("counts", "but")):
            if sides and not words.without(side, "counts", "no").strip():
                sides[-1] = f"{sides[-1]} {side}"
            else:
                sides.append(side)
        yield from sides


def _excepted(part: str, language: str) -> tuple[str, str]:
    """What stands before an 'except', and from there on; where what it leaves out stands first, all of it is that."""
    at = lexicon(language).find(part, "counts", "not")
    if at < 0:
        return "", ""
    return ("", part) if language in EXCEPT_LAST else (part[:at], part[at:])


def _is_denied(part: str, language: str, own: frozenset[str]) -> bool:
    """Whether a part of a sentence says no to an item and nothing else: 'el altavoz no'."""
    left = bare = lexicon(language).without(part, "counts", "no")
    for word in sorted(own, key=len, reverse=True):
        left = left.replace(word, " ")
    return bare not in (part, left) and not _LONG.search(left)


def _parts(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text, each with whether it says what stays."""
    for clause in _clauses(text, language):
        before, kept = _excepted(clause, language)
        yield (before, False) if kept else (clause, _find("keep", clause, language))
        yield kept, True


def _clauses(text: str, language: str) -> Iterator[str]:
    for sentence in re.split(r"[,;.!?\n:、，。！？；،؛]", _CODE.sub(" ", text)):
        yield from split_clauses(sentence, lexicon(language).words("split", "joiners"))


def _find(key: str, text: str, language: str) -> bool:
    return lexicon(language).find(text, "counts", key) >= 0


def _numbers(clause: str, language: str, own: set[str], alone: bool) -> Iterator[int]:
    """The numbers of a clause that count pieces, in their order; a digit of the item's own name counts none."""
    digits = [(match, int(match.group())) for match in _DIGIT.finditer(clause) if match.group() not in own]
    words = [
        (match, value)
        for value, name in enumerate(NUMBERS, 1)
        if (pattern := word_pattern(lexicon(language).words("counts", name), language))
        for match in pattern.finditer(clause)
    ]
    for match, value in sorted((*digits, *words), key=lambda found: found[0].start()):
        before, after = clause[: match.start()], clause[match.end() :].lstrip(" -’'")
        if _names(after, language, own) or (alone and _counts(before, after, language)):
            yield value


def _names(after: str, language: str, own: set[str]) -> bool:
    """Whether the item's name follows a number: 'pair of the socks'."""
    rest = re.sub(r"^(?:\w{1,3}\s+){1,3}", "", _behind("unit", after, language))
    first = re.match(r"\w+", rest)
    return any(rest.startswith(word) for word in own if len(word) > 3) or bool(first and first.group() in own)


def _behind(key: str, text: str, language: str) -> str:
    """A text without the word of the key it begins with, and what that word ends with."""
    pattern = word_pattern(lexicon(language).words("counts", key), language)
    match = pattern.match(text) if pattern else None
    rest = text[match.end() :] if match else text
    return (rest if language in UNSPACED or not match else re.sub(r"^\w*", "", rest)).lstrip()


def _counts(before: str, after: str, language: str) -> bool:
    """Whether a number counts pieces without a name beside it: 'one pair', 'only one', 'one of them', 'return one'."""
    if any(_behind(key, after, language) != after for key in ("unit", "only", "of")):
        return True
    led = before.split()[-1:]
    words = lexicon(language)
    return any(
        words.find(word, "counts", "only") >= 0
        or (words.find(word, "actions", "return") >= 0 and not after.strip(" )"))
        or (language == "ar" and words.find(word, "counts", "unit") >= 0)  # there a number follows what it counts
        for word in led
    )
