"""A sentence is shown only when its figures are borne by what tools returned or the shopper wrote, its citations by
passages that were retrieved, and its links by what the shop publishes. What fails is left out, never taken back.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage

from assistant.events import Citation
from assistant.guardrails.links import links_of, without_foreign_links

MARK = re.compile(r"\s?\[([^\s\[\]#]+#\d+)\]")
"""How a model cites: [document#number]."""

CUT = "cut"
"""Marks a piece of a stream (in its additional_kwargs) before which an answer was broken off in mid-sentence."""

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f\u066b\u066c]\d+)*")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_TIME = re.compile(r"T(\d{2}):(\d{2})")
_LIST_MARK = re.compile(r"^\s*\d{1,2}[.)]\s+")
_OWN_MARK = re.compile(r"\s?\[\d{1,2}\]")
"""A number a model puts in brackets itself stands for no source."""

_OPEN_MARK = re.compile(r"\[[^\s\[\]]{0,90}$")
_NUMBERING = re.compile(r"(?:^|\n)\s*\d{1,2}[.)]$")
_END = re.compile(r"(?:[.!?؟]+[\"'»”’)*]*(?=\s)|[。！？]+[」』”]*|\n)(?:[ \t]*\[[^\s\[\]#]+#\d+\])*")


class Evidence:
    """What this conversation may state: figures tools returned or the shopper wrote, and passages to cite."""

    def __init__(self) -> None:
        self._figures: set[Decimal] = set()
        self._passages: dict[str, dict[str, Any]] = {}
        self.links: set[str] = set()

    @classmethod
    def of(cls, messages: Iterable[AnyMessage]) -> Evidence:
        """What some messages establish: tools told it, or the shopper wrote it."""
        evidence = cls()
        for message in messages:
            if isinstance(message, ToolMessage) and isinstance(message.artifact, dict):
                evidence.add_told(message.artifact)
            elif isinstance(message, HumanMessage):
                evidence.add_text(message.text)
        return evidence

    def add_text(self, text: str) -> None:
        """Something the shopper wrote."""
        self._figures |= set(figures_in(text))

    def add_told(self, told: dict[str, Any]) -> None:
        """Something a tool told."""
        said = json.dumps(_content(told), ensure_ascii=False)
        self._figures |= set(figures_in(said)) | set(_times_in(said))
        self.links |= links_of(told)
        for passage in told.get("passages", []):
            self._passages[passage["cite"]] = passage

    def bears(self, sentence: str) -> bool:
        """Whether every figure of a sentence stands in the evidence."""
        stated = _LIST_MARK.sub("", MARK.sub("", sentence))
        return all(figure in self._figures for figure in figures_in(stated))

    def passage(self, cite: str) -> dict[str, Any] | None:
        """The passage behind a citation mark, if a tool returned it."""
        return self._passages.get(cite)


ABOUT = {"cite", "closeness", "score", "url", "document", "locale", "kind"}
"""What a result says about itself; a figure there bears no statement."""


def _content(told: Any) -> Any:
    """A tool's result without what it says about itself."""
    if isinstance(told, dict):
        return {name: _content(value) for name, value in told.items() if name not in ABOUT}
    return [_content(value) for value in told] if isinstance(told, list) else told


def figures_in(text: str) -> Iterator[Decimal]:
    """The figures of a text, in whatever digits and separators: 1.234,50 and 1234.5 are the same."""
    plain = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    for match in _NUMBER.finditer(plain):
        yield from _readings(match.group())


def _times_in(text: str) -> Iterator[Decimal]:
    """Times of day in the spellings an answer may give them: 22:05 is also 10:05, and in some locales 22.05."""
    for hour, minute in _TIME.findall(text):
        for spelled in (int(hour), int(hour) % 12 or 12):
            yield from (Decimal(spelled), Decimal(f"{spelled}.{minute}"))


def _readings(text: str) -> Iterator[Decimal]:
    """A number as a decimal; 3.5.2026 and 10,20,30 are several numbers."""
    parts = re.split(r"[.,\u00a0\u202f\u066b\u066c]", text)
    grouped = len(parts) > 1 and len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:-1])
    if len(parts) == 1:
        yield Decimal(parts[0])
    elif grouped and len(parts[-1]) == 3:
        yield Decimal("".join(parts))
    elif (grouped or len(parts) == 2) and len(parts[-1]) in (1, 2):
        yield Decimal("".join(parts[:-1]) + "." + parts[-1])
    else:
        yield from (Decimal(part) for part in parts)


class SentenceGate:
    """Takes an answer as it streams and gives back the sentences that may be shown."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._waiting = ""
        self._numbers: dict[str, int] = {}
        self._passed = False
        self._apart = False
        self.dropped: list[str] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The passages cited so far, in the order of their numbers."""
        return tuple(self._citation(cite, number) for cite, number in self._numbers.items())

    def _citation(self, cite: str, number: int) -> Citation:
        passage = self._evidence.passage(cite) or {}
        return Citation(
            document=passage.get("document", ""), title=passage.get("title", ""), quote=passage.get("text", ""),
            number=number, locale=passage.get("locale", ""), url=passage.get("url", ""),
        )  # fmt: skip

    def feed(self, text: str) -> Iterator[str]:
        """Add streamed text; yields each sentence that is complete and may be shown."""
        self._waiting += text
        begin = 0
        for match in _END.finditer(self._waiting):
            rest = self._waiting[match.end() :].lstrip(" \t")
            if not rest or _OPEN_MARK.match(rest):
                break
            if _NUMBERING.search(self._waiting[begin : match.end()]):
                continue
            yield from self._checked(self._waiting[begin : match.end()])
            begin = match.end()
        self._waiting = self._waiting[begin:]

    def finish(self) -> Iterator[str]:
        """The last sentence. What is fed from here on stands apart, after a blank line."""
        rest, self._waiting = self._waiting, ""
        if rest.strip():
            yield from self._checked(rest)
        self._apart = self._passed

    def cut(self) -> None:
        """The answer was broken off: half a sentence is not shown, and what follows stands apart."""
        self._waiting, self._apart = "", self._passed

    def _checked(self, sentence: str) -> Iterator[str]:
        shown = without_foreign_links(_OWN_MARK.sub("", sentence), self._evidence.links)
        if shown is None or not self._evidence.bears(shown):
            self.dropped.append(sentence)
            return
        if self._apart:
            shown = "\n\n" + shown.lstrip()
        self._passed, self._apart = True, False
        yield MARK.sub(self._numbered, shown)

    def _numbered(self, match: re.Match[str]) -> str:
        cite = match.group(1)
        if self._evidence.passage(cite) is None:
            return ""
        number = self._numbers.setdefault(cite, len(self._numbers) + 1)
        return f" [{number}]"
