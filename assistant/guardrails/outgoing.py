"""The gate an answer streams through: a sentence is shown only when what it states is borne by what tools told or the
shopper wrote. What fails is kept back, never shown and taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.events import Citation
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.links import without_foreign_links
from assistant.guardrails.verdict import MARK, Verdict, cited, judge

CUT = "cut"
"""Marks a piece of a stream (in its additional_kwargs) before which an answer was broken off in mid-sentence."""

_OWN_MARK = re.compile(r"\s?\[\d{1,2}\]")
"""A number a model puts in brackets itself stands for no source."""

_OPEN_MARK = re.compile(r"\[[^\s\[\]]{0,90}$")
_NUMBERING = re.compile(r"(?:^|\n)\s*\d{1,2}[.)]$")
_ORDINAL = re.compile(r"(?<![\d.,:])\d{1,2}\.$")
_END = re.compile(r"(?:[.!?؟]+[\"'»”’)*]*(?=\s)|[。！？]+[」』”]*|\n)(?:[ \t]*\[[^\s\[\]#]+#\d+\])*")


FOREIGN = Verdict(("it names an address that is not the shop's",))


@dataclass(frozen=True)
class Failed:
    """A sentence that was kept back, and why, in plain words."""

    text: str
    reasons: tuple[str, ...]


def _goes_on(text: str, language: str) -> bool:
    """Whether a text that ends in a full stop is no sentence yet: the number of a list, or a German ordinal."""
    return bool(_NUMBERING.search(text) or (language == "de" and _ORDINAL.search(text)))


def sentences_of(text: str, language: str) -> Iterator[str]:
    """A whole answer cut where the gate cuts it."""
    begin = 0
    for match in _END.finditer(text):
        if not _goes_on(text[begin : match.end()], language):
            yield text[begin : match.end()]
            begin = match.end()
    if text[begin:].strip():
        yield text[begin:]


@dataclass(frozen=True)
class Sifted:
    """A whole answer: what of it may be shown, each statement with its source, and what was kept back."""

    kept: str
    failed: tuple[Failed, ...]


def sift(text: str, evidence: Evidence) -> Sifted:
    """Judge a whole answer as the gate judges it while it streams."""
    gate, kept = SentenceGate(evidence), []
    for sentence in sentences_of(text, evidence.language):
        kept += gate.passed(sentence)
    return Sifted("".join(kept), tuple(gate.failed))


class SentenceGate:
    """Takes an answer as it streams and gives back the sentences that may be shown."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._waiting = ""
        self._numbers: dict[str, int] = {}
        self._passed = False
        self._apart = False
        self._shown_anew: bool | None = None
        self.failed: list[Failed] = []

    @property
    def lacks_answer(self) -> bool:
        """Whether sentences were to be written anew and nothing of that may be shown."""
        return self._shown_anew is False

    @property
    def dropped(self) -> list[str]:
        """The sentences that were kept back."""
        return [failed.text for failed in self.failed]

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
            if _goes_on(self._waiting[begin : match.end()], self._evidence.language):
                continue
            yield from self._shown(self._waiting[begin : match.end()])
            begin = match.end()
        self._waiting = self._waiting[begin:]

    def finish(self) -> Iterator[str]:
        """The last sentence. What is fed from here on stands apart, after a blank line."""
        rest, self._waiting = self._waiting, ""
        if rest.strip():
            yield from self._shown(rest)
        self._apart = self._passed

    def cut(self) -> None:
        """The answer was broken off: half a sentence is not shown, and what follows stands apart."""
        self._waiting, self._apart = "", self._passed

    def anew(self) -> Iterator[str]:
        """What was kept back is written anew: yields what the writing before left."""
        yield from self.finish()
        self._shown_anew = False

    def passed(self, sentence: str) -> list[str]:
        """A whole sentence with its sources, if it may be shown; one that may not is kept among the failed."""
        return list(self._checked(sentence))

    def _shown(self, sentence: str) -> Iterator[str]:
        for passed in self._checked(sentence):
            yield MARK.sub(lambda match: self._numbered(match[1]), passed)

    def _checked(self, sentence: str) -> Iterator[str]:
        shown = without_foreign_links(_OWN_MARK.sub("", sentence), self._evidence.links)
        verdict = judge(shown, self._evidence) if shown is not None else FOREIGN
        if shown is None or verdict.reasons:
            self.failed.append(Failed(sentence, verdict.reasons))
            return
        if self._apart:
            shown = "\n\n" + shown.lstrip()
        self._passed, self._apart = True, False
        if self._shown_anew is False and shown.strip():
            self._shown_anew = True
        yield cited(shown, dict(verdict.cites), self._evidence)

    def _numbered(self, cite: str) -> str:
        if self._evidence.passage(cite) is None:
            return ""
        number = self._numbers.setdefault(cite, len(self._numbers) + 1)
        return f" [{number}]"
