"""What of a text is no prose: placeholders of any system, tags, addresses. Read once, for every check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

PLACEHOLDER = re.compile(
    r"\{\{\{?[^{}]+\}?\}\}|\{%[^{}]*%\}|[%$#]\{[^{}]+\}|%<\w+>[-+0#]*\d*(?:\.\d+)?[a-zA-Z]?"
    r"|%\(\w+\)[-+0#]*\d*(?:\.\d+)?[a-zA-Z]"
    r"|%(?:\d+\$)?[-+0#]*\d*(?:\.\d+)?(?:hh?|ll?|[Lzjt])?[sdiufFeEgGxXoc@](?![A-Za-z])"
    r"|\$t\([^()]+\)|\{[\w.:@$-]*\}(?!\})|\[\[\w+\]\]|__\w+__"
)
"""%{x} {{x}} {x} ${x} %(x)s %<x>s %s %1$s {% x %} $t(x) [[x]] __x__. A space after % starts none: '5 % de'."""
TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*|\d{1,3})((?:\s[^<>]*)?)(/?)>")
ADDRESS = re.compile(r"https?://[^\s<>\"'）」】]+|www\.[^\s<>\"']+|[\w.+-]+@[\w-]+\.[\w.-]*\w", re.ASCII)
ENTITY = re.compile(r"&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]\w{1,30});")
_NOT_PROSE = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in (TAG, ADDRESS, PLACEHOLDER, ENTITY)), re.ASCII)


@dataclass(frozen=True)
class Marked:
    """A text with what is no prose told apart. Offsets are code points of the text."""

    text: str

    @cached_property
    def tags(self) -> tuple[tuple[str, int, int], ...]:
        """Tags as ('b', '/b', 'br'), with their offsets."""
        return tuple((f"{m[1]}{m[2].lower()}", m.start(), m.end()) for m in TAG.finditer(self.text))

    @cached_property
    def placeholders(self) -> tuple[tuple[str, int, int], ...]:
        """Placeholders as written but for the spaces within {{ }}, with their offsets."""
        return tuple(
            (_plain(m.group()), m.start(), m.end()) for m in PLACEHOLDER.finditer(re.sub(r"%%(?!\{)", "  ", self.text))
        )

    @cached_property
    def prose(self) -> str:
        """What is left for people to read; as long as the text, so that offsets stay."""
        return _NOT_PROSE.sub(lambda match: " " * len(match.group()), self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Words of the prose, in small letters; each character of a script without spaces is one."""
        return tuple(
            re.findall(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+(?:['’][^\W\d_]+)*", self.prose.lower())
        )

    @cached_property
    def letters(self) -> int:
        """Letters of the prose."""
        return sum(character.isalpha() for character in self.prose)


@lru_cache(maxsize=4096)
def marked(text: str) -> Marked:
    """A text, read."""
    return Marked(text)


def _plain(placeholder: str) -> str:
    return re.sub(r"^(\{+)\s+|\s+(\}+)$", r"\1\2", placeholder)


def surplus(
    these: tuple[tuple[str, int, int], ...], those: tuple[tuple[str, int, int], ...]
) -> Iterator[tuple[str, int, int]]:
    """What stands in these more often than in those."""
    left = [name for name, *_ in those]
    for mark in these:
        if mark[0] in left:
            left.remove(mark[0])
        else:
            yield mark
