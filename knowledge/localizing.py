"""Nouns of localizing: a Segment to translate, its Rendering in a locale, what code Changed in it, the Terms kept to.

A rendering says where its text came from. What could not be translated is marked, by an empty text and an empty
origin; it is never filled with something that looks like a translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from knowledge.findings import Finding

T = TypeVar("T")

ORIGINS = ("memory", "fuzzy", "taxonomy", "terms", "template", "kept", "person", "")
"""Where a rendering's text can come from, besides 'model:NAME': earlier translations (as they stand, or with what
code can prove put right), the taxonomy's, the term base, a template, the source itself where nothing is to translate,
a person; '' where there is none.
"""


@dataclass(frozen=True)
class Segment:
    """One text to translate. `id` is stable within its file, `context` the column, field or note a translator sees,
    `limit` the most characters, None where there is none.
    """

    id: str
    text: str
    locale: str = "en-US"
    context: str = ""
    limit: int | None = None


@dataclass(frozen=True)
class Change:
    """One number, unit, sum or size that code changed: what stood there, what stands there now, the rule that changed
    it, and where the rule or rate is from.
    """

    before: str
    after: str
    rule: str
    source: str = ""


@dataclass(frozen=True)
class Rendering:
    """A segment in one locale. `text` and `origin` are '' where it could not be translated. `suggestion` is a text to
    start from that nothing proves right: it is shown to a person and never published.
    """

    segment: str
    locale: str
    text: str
    origin: str
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    suggestion: str = ""

    @property
    def is_blocked(self) -> bool:
        """Whether it may not be published: not translated, or a finding says so."""
        return not self.origin or any(finding.severity == "block" for finding in self.findings)

    def told(self) -> dict[str, Any]:
        """The rendering as one JSON object."""
        return {
            "id": self.segment, "locale": self.locale, "text": self.text, "origin": self.origin,
            "suggestion": self.suggestion, "findings": [asdict(finding) for finding in self.findings],
            "changes": [asdict(change) for change in self.changes],
        }  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A word or phrase and how it stands in other languages, by locale or language ('de-AT', 'de'). `keep` says that it
    is never translated (a brand, a model); `avoid` are renderings that are not to be used, by locale or language.
    """

    source: str
    targets: Mapping[str, str] = field(default_factory=dict)
    keep: bool = False
    avoid: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locale: str = "en"
    note: str = ""

    def target(self, locale: str) -> str:
        """How it stands in a locale; '' where the term base does not say."""
        return self.source if self.keep else nearest(self.targets, locale) or ""

    def avoided(self, locale: str) -> tuple[str, ...]:
        """What is not to be used for it in a locale."""
        return nearest(self.avoid, locale) or ()


@dataclass(frozen=True)
class Terms:
    """A term base."""

    entries: tuple[Term, ...] = ()

    def __iter__(self) -> Iterator[Term]:
        return iter(self.entries)

    @property
    def kept(self) -> tuple[str, ...]:
        """What is never translated, longest first."""
        return tuple(sorted((term.source for term in self.entries if term.keep), key=len, reverse=True))

    def found_in(self, text: str) -> list[Term]:
        """The terms a source text holds, in the order of the term base; a longer word is not the term."""
        return [term for term in self.entries if stands_in(term.source, text)]

    def with_kept(self, words: Iterable[str]) -> Terms:
        """The same with more words that are never translated."""
        held = {term.source for term in self.entries if term.keep}
        return Terms((*self.entries, *(Term(word, keep=True) for word in dict.fromkeys(words) if word not in held)))


def stands_in(word: str, text: str) -> bool:
    """Whether a text holds a word by itself, in whatever case; where words are not parted, anywhere."""
    before = r"(?<!\w)" if re.match(r"[^\W\u3040-\u30ff\u3400-\u9fff]", word[:1]) else ""
    after = r"(?!\w)" if re.match(r"[^\W\u3040-\u30ff\u3400-\u9fff]", word[-1:]) else ""
    return bool(word) and re.search(before + re.escape(word) + after, text, re.IGNORECASE) is not None


def nearest(held: Mapping[str, T], locale: str) -> T | None:
    """What is held for a locale, else for its language."""
    by_tag = {tag.replace("_", "-").casefold(): value for tag, value in held.items()}
    tag = locale.replace("_", "-").casefold()
    while tag and tag not in by_tag:
        tag = tag.rpartition("-")[0]
    return by_tag.get(tag)
