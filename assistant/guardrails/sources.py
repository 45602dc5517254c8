"""Something that was told, and all that it states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Literal

from assistant.guardrails.claim import Key
from assistant.guardrails.claims import numbers_said, read, values_of
from assistant.guardrails.moments import day_keys
from assistant.guardrails.phrases import folded
from knowledge.keywords import keywords

Kind = Literal["order", "product", "passage", "result", "shopper"]


@dataclass
class Source:
    """Something that was told. `names` are what a sentence calls it by, `cite` the mark that cites it, `texts` its
    words, folded, `locale` the language of these. What the words state is read when it is first asked for.
    """

    kind: Kind
    names: frozenset[str] = frozenset()
    cite: str = ""
    locale: str = "en"
    texts: list[str] = field(default_factory=list)
    _keys: set[Key] = field(default_factory=set)
    _unread: list[tuple[str, str]] = field(default_factory=list)

    @property
    def keys(self) -> set[Key]:
        """All it states."""
        for text, language in self._unread:
            self._keys |= text_keys(text, language)
        self._unread = []
        return self._keys

    @cached_property
    def text(self) -> str:
        """All its words."""
        return " ".join("\n".join(self.texts).split())

    @cached_property
    def words(self) -> frozenset[str]:
        """The parts of its words that texts are compared by."""
        return words_of(self.text)

    def add(self, keys: Iterable[Key]) -> None:
        """Let it state something."""
        self._keys.update(keys)

    def add_text(self, text: str, languages: Iterable[str]) -> None:
        """Let it say something, which is read in some languages."""
        if text:
            self.texts.append(folded(text))
            self._unread += [(text, language) for language in dict.fromkeys(languages)]


def moment_keys(text: str) -> set[Key]:
    """A day or moment in ISO's way; a moment's time is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return set()
    keys = day_keys(moment.date())
    return keys | {("time", moment.hour, moment.minute)} if len(text) > 10 else keys


@lru_cache(2048)
def words_of(text: str) -> frozenset[str]:
    """A text's sub-words and codes: the same passages are told again and again."""
    return frozenset(keywords(text))


@lru_cache(4096)
def text_keys(text: str, language: str) -> frozenset[Key]:
    """All that a text states, with the ways a full date can be spoken of and the bare values of its figures."""
    reading = read(text, language)
    keys = {key for claim in reading.claims for key in claim.keys if not (key[0] == "money" and key[2] == "")}
    keys |= set(values_of(reading.claims)) | set(numbers_said(reading.text, language))
    for claim in reading.claims:
        for key in claim.keys:
            keys |= _day_said(key)
    return frozenset(keys)


def _day_said(key: Key) -> set[Key]:
    if key[0] != "date":
        return set()
    _, year, month, day = (key[0], *(int(str(part)) for part in key[1:]))
    if year == 0:
        return {("month", 0, month)}
    try:
        return day_keys(date(year, month, day))
    except ValueError:
        return set()
