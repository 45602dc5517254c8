"""Placeholders, tags and messages with plural forms: what a program needs must come back as it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from knowledge.findings import Finding
from tools.localization.found import found
from tools.localization.marks import Marked, surplus

_CHOICE = re.compile(r"\{\s*(\w+)\s*,\s*(plural|select|selectordinal)\s*,")
COUNTED = 200
"""Whole numbers whose forms a plural needs; those of millions alone (French, Spanish) may be left out."""
_POSITION = re.compile(r"%(\d+)\$")


def check_placeholders(source: Marked, target: Marked, locale: str) -> Iterator[Finding]:
    """Placeholders that are missing, new, renamed or broken."""
    if _CHOICE.search(source.text):
        yield from _check_message(source, target, locale)
        return
    theirs, ours = _in_order(source.placeholders, target.placeholders)
    for name, _, _ in surplus(theirs, ours):
        yield found("placeholder", f"The placeholder {name} is missing.", f"Put {name} where the value belongs.")
    for name, start, end in surplus(ours, theirs):
        yield found(
            "placeholder", f"The placeholder {name} stands here more often than in the source.",
            "Take it out, or give it the name the source has.", (start, end), name,
        )  # fmt: skip


def _in_order(theirs: _Marks, ours: _Marks) -> tuple[_Marks, _Marks]:
    """%s %d and %1$s %2$d say the same when counted."""
    numbered = [any(_POSITION.match(name) for name, *_ in marks) for marks in (theirs, ours)]
    return (theirs, ours) if numbered[0] == numbered[1] else (_counted(theirs), _counted(ours))


def _counted(marks: _Marks) -> _Marks:
    count = 0
    numbered = []
    for name, start, end in marks:
        if re.match(r"%[-+0#.\da-zA-Z@]", name) and "$" not in name:
            count += 1
            name = f"%{count}${name[1:]}"
        numbered.append((name, start, end))
    return tuple(numbered)


_Marks = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class _Message:
    """An ICU message: its choices by argument and kind with their keys, and the arguments within."""

    choices: dict[tuple[str, str], set[str]]
    arguments: set[str]


def _check_message(source: Marked, target: Marked, locale: str) -> Iterator[Finding]:
    wrong = _unreadable(target.text, locale)
    if wrong and not _unreadable(source.text, "en"):
        yield found("placeholder", f"The message cannot be read: {wrong}", "Mend its braces.", (0, len(target.text)))
        return
    theirs, ours = _message(source.text), _message(target.text)
    for name in sorted(theirs.arguments - ours.arguments):
        yield found("placeholder", f"The argument {name} is missing.", f"Put {{{name}}} where the value belongs.")
    for name in sorted(ours.arguments - theirs.arguments):
        yield found("placeholder", f"The source has no argument {name}.", "Take it out, or rename it.")
    for (name, kind), keys in theirs.choices.items():
        lost = keys - ours.choices.get((name, kind), set()) if kind == "select" else set()
        if (name, kind) in ours.choices and lost:
            told = ", ".join(sorted(lost))
            yield found("placeholder", f"The choice of {name} lacks {told}.", "Write a text for each.")
    for (name, kind), keys in ours.choices.items():
        forms = _forms(locale) if kind == "plural" else frozenset[str]()
        lost = {*forms} & {"few", "many"} - keys
        if len(lost | (forms & {"other"})) > 1 and lost:  # where `other` is said of nothing else, it may be said of one
            told = ", ".join(sorted(lost))
            yield found("placeholder", f"The plural of {name} lacks {told}.", "Write each form the language has.")


@cache
def _forms(locale: str) -> frozenset[str]:
    """The plural forms of a language's whole numbers; none where it is not known."""
    from babel import Locale, UnknownLocaleError

    try:
        plural = Locale.parse(re.split("[-_]", locale)[0]).plural_form
    except (UnknownLocaleError, ValueError):
        return frozenset()
    return frozenset(map(plural, range(COUNTED)))


def _unreadable(text: str, locale: str) -> str:
    from icu4py.messageformat import MessageFormat

    try:
        MessageFormat(text, locale.replace("-", "_"))
    except (ValueError, RuntimeError) as error:
        return str(error)
    return ""


def _message(text: str) -> _Message:
    choices = {}
    for match in _CHOICE.finditer(text):
        choices[match[1], match[2]] = set(_keys(text, match.end()))
    simple = set(re.findall(r"\{\s*(\w+)\s*(?:,[^{}]*)?\}", text))
    spoken = set(re.findall(r"\{\s*(\w+)\s*,\s*(?:plural|select|selectordinal)", text))
    texts = set(re.findall(r"(?:=\d+|\w+)\s*\{(\w+)\}", text))
    return _Message(choices, (simple - texts) | spoken)


def _keys(text: str, start: int) -> Iterator[str]:
    """The keys of a choice that begins here: the words before braces at its own depth."""
    depth, word = 0, ""
    for character in text[start:]:
        if character == "{":
            if depth == 0 and word:
                yield word
            depth, word = depth + 1, ""
        elif character == "}":
            if depth == 0:
                return
            depth -= 1
        elif depth == 0:
            word = "" if character.isspace() and word.startswith("offset") else (word + character).strip()


def check_tags(source: Marked, target: Marked) -> Iterator[Finding]:
    """Tags that are missing, new, or not closed."""
    for name, _, _ in surplus(source.tags, target.tags):
        yield found("tag", f"The tag <{name}> is missing.", f"Put <{name}> where it belongs.")
    for name, start, end in surplus(target.tags, source.tags):
        yield found("tag", f"The source has no <{name}> here.", "Take it out.", (start, end), target.text[start:end])
    same = Counter(name for name, *_ in source.tags) == Counter(name for name, *_ in target.tags)
    if same and _closed(source) and not _closed(target):
        yield found("tag", "A tag is closed before it is opened.", "Put the tags in the source's order.")


def _closed(text: Marked) -> bool:
    open_tags: list[str] = []
    for name, _, _ in text.tags:
        if not name.startswith("/"):
            open_tags.append(name)
        elif name[1:] in open_tags:
            open_tags.remove(name[1:])
        else:
            return False
    return True
