"""What a sync finds: which sources are new or changed, which passages come and go with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge.documents import DocumentProblem, Passage, sound
from knowledge.folder import folder_sources
from knowledge.generation import Generation
from knowledge.passage_store import Entry
from knowledge.sources import Source
from knowledge.vector_cache import Progress

MUCH = 0.5
"""Once so large a share of the passages has changed, the index is built anew: mean vectors and links have aged."""


@dataclass
class Reading:
    """The difference between the sources as they are and the generation before.

    `digests` are of sources read now, `gone` names of those no more, `fresh` passages to enter with their sources,
    `dropped` rows to take out, `moved` ids of kept passages that another source holds now.
    """

    digests: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    fresh: list[tuple[str, Passage]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    problems: tuple[DocumentProblem, ...] = ()
    kept: int = 0

    @property
    def is_news(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.digests or self.gone or self.fresh or self.dropped)

    @property
    def size(self) -> int:
        """How many passages come or go."""
        return len(self.fresh) + len(self.dropped)

    def is_much(self, before: Generation) -> bool:
        """Whether so much has changed since the last build that it is to be built anew."""
        return before.changed + self.size > MUCH * max(before.built, 1)


class _Reader:
    """Reads changed sources one by one, and refuses a document that another source holds already."""

    def __init__(self, before: Generation | None, today: date) -> None:
        self.known = before.sources() if before else {}
        self._entries = before.entries() if before else []
        self._owners: dict[tuple[str, str], str] = {}
        self._today = today
        self.problems: list[DocumentProblem] = []
        self.passages: dict[str, tuple[str, Passage]] = {}
        self.entries: list[Entry] = []

    def keep(self, names: set[str]) -> None:
        """Take note of the documents that unchanged sources hold."""
        self._owners |= {(e.document, e.locale): e.source for e in self._entries if e.source in names}

    def read(self, source: Source) -> bool:
        """Read one source; whether it could be read."""
        try:
            passages = [sound(passage) for passage in source.read()]
            self._claim(source.name, passages)
        except (ValueError, OSError) as error:
            self.problems.append(DocumentProblem(path=source.name, problem=str(error)))
            return False
        for passage in passages:
            if passage.valid_until is None or passage.valid_until >= self._today:
                self.passages[passage.id] = (source.name, passage)
        return True

    def _claim(self, name: str, passages: Sequence[Passage]) -> None:
        heads = {(passage.document, passage.locale): passage for passage in reversed(passages)}
        for own in heads:
            if self._owners.get(own, name) != name:
                document, locale = own
                taken = f"its id {document!r} in the language {locale} is that of {self._owners[own]}"
                raise ValueError(f"{taken}; give one of them another id")
        self._owners |= dict.fromkeys(heads, name)
        self.entries += [
            Entry(name, p.document, p.locale, p.title, p.kind, p.valid_from, p.valid_until) for p in heads.values()
        ]


def read_sources(
    sources: Sequence[Source], before: Generation | None, today: date, progress: Progress | None
) -> Reading:
    """Read the sources whose digest is new and find what that changes."""
    reader = _Reader(before, today)
    changed = [source for source in sources if reader.known.get(source.name) != source.digest]
    unchanged = {source.name for source in sources} - {source.name for source in changed}
    reader.keep(unchanged)
    digests = {}
    for number, source in enumerate(changed, 1):
        if reader.read(source):
            digests[source.name] = source.digest
        if progress and len(changed) >= 100 and (number % 100 == 0 or number == len(changed)):
            progress(number, len(changed))
    gone = reader.known.keys() - unchanged - digests.keys()
    reading = Reading(digests=digests, gone=gone, entries=reader.entries, problems=tuple(reader.problems))
    _compare(reading, reader.passages, before, today)
    return reading


def _compare(
    reading: Reading, passages: dict[str, tuple[str, Passage]], before: Generation | None, today: date
) -> None:
    """Tell which passages are new, gone, or the same under another source."""
    old = before.rows_of({*reading.digests, *reading.gone}) if before else {}
    expired = before.expired(today) if before else {}
    reading.fresh = [held for i, held in passages.items() if i not in old]
    reading.dropped = sorted({row for i, row in (old | expired).items() if i not in passages})
    reading.moved = {i: name for i, (name, _) in passages.items() if i in old}
    reading.kept = (before.count() if before else 0) - len(reading.dropped)


def read_folder(folder: Path) -> tuple[list[Passage], list[DocumentProblem]]:
    """Every document under a folder as passages, expired ones too, and the files that could not be read.

    Raises FileNotFoundError where the folder does not exist.
    """
    reading = read_sources(list(folder_sources(folder)), None, date.min, None)
    return [passage for _, passage in reading.fresh], list(reading.problems)
