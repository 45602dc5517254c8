"""What a conversation may state: what tools told, and what the shopper wrote."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage

from assistant.embedded.router import Route
from assistant.guardrails.claim import Claim, Key
from assistant.guardrails.gist import gists_of
from assistant.guardrails.links import links_of
from assistant.guardrails.names import Catalogue, words_in
from assistant.guardrails.sources import Source
from assistant.guardrails.standing import Course
from assistant.guardrails.told import Teller
from tools.context import Session

Natures = Sequence[Callable[[str, str], Route]]
"""Readers of a sentence and its language to its natures, likeliest first; the quickest reader first. Without an encoder
there are none.
"""

SOURCED = {"passages", "products"}
"""Fields of results that passages stand behind."""

QUOTED = 12
"""A sentence of so many letters that stands in a told text word for word is a quotation."""


def claims_market(session: Session) -> str:
    """The market whose rules on claims hold for what is said: a shopper's. Colleagues may talk about claims."""
    return session.market if session.role == "shopper" else ""


class Evidence:
    """Sources that bear claims, passages to cite, and how things stand. `language` is the shopper's, `today` the day of
    the turn, `catalogue` the names of the shop's products, `market` whose rules on claims hold ('' for none). `natures`
    reads a sentence by its meaning, where it can; `worded` tells whether the embedded model words what tools told: that
    needs no reading. `bears` keeps which natures it could bear, by whether they are said of today.
    """

    def __init__(
        self, language: str = "en", today: date | None = None, catalogue: Catalogue | None = None, market: str = "",
        natures: Natures = (),
    ) -> None:  # fmt: skip
        self.language = language
        self.today = today
        self.catalogue = catalogue or Catalogue()
        self.market = market
        self.natures = natures
        self.worded = False
        self.sources: list[Source] = []
        self.course = Course()
        self.links: set[str] = set()
        self.bears: dict[bool, dict[str, bool]] = {}
        self._gists: dict[str, None] = {}
        self._unsourced: dict[str, None] = {}
        self._ungisted: list[Mapping[str, Any]] = []
        self.written: list[str] = []
        self._mark = hashlib.blake2b(digest_size=16)
        self._raw: list[str] = []
        self._words: set[str] = set()
        self._worded = 0
        self._passages: dict[str, dict[str, Any]] = {}

    @classmethod
    def of(
        cls, messages: Iterable[AnyMessage], today: date | None = None, catalogue: Catalogue | None = None,
        market: str = "", natures: Natures = (),
    ) -> Evidence:  # fmt: skip
        """What some messages establish, in the language of the last message the shopper wrote."""
        held = list(messages)
        told = [m.additional_kwargs.get("language") for m in held if isinstance(m, HumanMessage)]
        language = next((language for language in reversed(told) if language), "en")
        evidence = cls(language, today, catalogue, market, natures)
        for message in held:
            if isinstance(message, ToolMessage) and isinstance(message.artifact, dict):
                evidence.add_told(message.artifact)
            elif isinstance(message, HumanMessage):
                evidence.add_text(message.text)
        return evidence

    def add_text(self, text: str) -> None:
        """Something the shopper wrote."""
        self._mark.update(b"\0" + text.encode("utf-8", "replace"))
        self.sources.append(Teller(self.language, self.today).shopper(text))
        self.written.append(text)

    def add_told(self, told: Mapping[str, Any]) -> None:
        """Something a tool told."""
        whole = json.dumps(told, sort_keys=True, default=str)
        self._mark.update(b"\1" + whole.encode())
        self._raw.append(whole.casefold().replace("_", " "))
        self.course.add(told)
        self.bears.clear()
        self._ungisted.append(told)
        self.links |= links_of(dict(told))
        for passage in told.get("passages") or []:
            self._passages[passage["cite"]] = dict(passage)
        self.sources += _sources(_Result(whole, told), self.language, self.today)

    @property
    def state(self) -> tuple[Hashable, ...]:
        """What a verdict depends on, as a value to compare by."""
        return (self._mark.digest(), self.language, self.today, self.catalogue, self.market, tuple(self.natures),
                self.worded)  # fmt: skip

    @property
    def gists(self) -> dict[str, None]:
        """All that was told, in short sentences, in order; only served models' answers ask for them. What the shopper
        wrote is not among them: a model that knows no answer says the question again as a statement.
        """
        for told in self._ungisted:
            self._gists |= dict.fromkeys(gists_of(told))
            rest = {name: value for name, value in told.items() if name not in SOURCED}
            self._unsourced |= dict.fromkeys(gists_of(rest))
        self._ungisted = []
        return self._gists

    @property
    def unsourced(self) -> list[str]:
        """What was told of orders, actions and persons, in short sentences: no passage says it."""
        return list(self._unsourced) if self.gists else []

    @property
    def words(self) -> set[str]:
        """All words that were told or written, folded."""
        for source in self.sources[self._worded :]:
            self._words |= words_in(source.text)
        self._worded = len(self.sources)
        return self._words

    def passage(self, cite: str) -> dict[str, Any] | None:
        """The passage behind a citation mark, if a tool returned it."""
        return self._passages.get(cite)

    def passages(self) -> list[dict[str, Any]]:
        """All passages that were told."""
        return list(self._passages.values())

    def told(self) -> Iterator[Source]:
        """What tools told, without what the shopper wrote."""
        return (source for source in self.sources if source.kind != "shopper")

    def bearing(self, claim: Claim, subjects: Collection[str]) -> list[Source]:
        """The sources that bear a claim. Where the sentence names orders or products, another one's facts do not."""
        return [source for source in self.sources if claim.keys & source.keys and self._speaks_of(source, subjects)]

    def _speaks_of(self, source: Source, subjects: Collection[str]) -> bool:
        if not source.names or not subjects or source.kind == "shopper":
            return True
        named = [other for other in self.sources if other.kind == source.kind and other.names & set(subjects)]
        return not named or bool(source.names & set(subjects))

    def subjects_in(self, text: str, codes: Collection[str]) -> dict[str, int]:
        """The orders and products a folded sentence names, with where it does."""
        found: dict[str, int] = {}
        for name in {name for source in self.sources for name in source.names}:
            at = text.find(name)
            if at >= 0 and _stands_alone(text, at, name):
                found[name] = at
        return found | {code: 0 for code in codes if any(code in source.names for source in self.sources)}

    def quotes(self, text: str) -> Source | None:
        """The source a folded sentence stands in word for word, if it is long enough to be a quotation."""
        bare = " ".join(text.split()).strip(" •-")
        if len(bare) < QUOTED:
            return None
        return next((source for source in self.told() if bare in source.text), None)

    def holds(self, text: str) -> bool:
        """Whether a piece of folded text stands word for word in what was told."""
        return any(text in source.text for source in self.told())

    def names(self, key: Key) -> bool:
        """Whether anything bears a key."""
        return any(key in source.keys for source in self.sources)

    def mentions(self, name: str) -> bool:
        """Whether a name stands in anything told or written, as a kind of payment, too: 'paypal'."""
        word = re.compile(rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name))
        return any(word.search(text) for text in (*self._raw, *(source.text for source in self.sources)))

    def states(self, kind: str) -> bool:
        """Whether anything was told of a kind of claim."""
        return any(key[0] == kind for source in self.told() for key in source.keys)


@dataclass(frozen=True)
class _Result:
    """What a tool told, equal to another that says the same."""

    whole: str
    told: Mapping[str, Any] = field(compare=False, repr=False)


@lru_cache(256)  # a result is judged by while it streams and when the answer is whole, and again in later turns
def _sources(result: _Result, language: str, today: date | None) -> tuple[Source, ...]:
    return tuple(Teller(language, today).sources(result.told))


def _stands_alone(text: str, at: int, name: str) -> bool:
    before, behind = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
    return not ((before.isascii() and before.isalnum()) or (behind.isascii() and behind.isalnum()))
