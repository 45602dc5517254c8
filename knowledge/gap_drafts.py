"""A drafted entry for a gap: a document with front matter, to be accepted, edited or left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.documents import Header
from knowledge.filters import Filter, allows
from knowledge.folder import read_file
from knowledge.gaps import ANSWERED, Gap
from knowledge.locales import match_language
from knowledge.masking import one_line
from knowledge.retrieval import Hit

ENTRIES = "entries"
"""Folder of a home that holds the entries accepted for gaps, indexed beside the shop's documents."""

PLACEHOLDER = "Answer:"
"""Stands where an answer is to be written; an entry with nothing after it cannot be accepted."""

MOST_LETTERS = 20_000
"""Of an answer; a longer one is a document of its own."""


class EntryRefused(Exception):
    """An entry cannot be accepted as it stands; the text says why and what to do."""


@dataclass(frozen=True)
class Draft:
    """An entry before it is a file. `source` names what the answer is quoted from; `internal`: from staff's rules."""

    slug: str
    title: str
    locale: str
    markets: tuple[str, ...] = ()
    audience: str = "shopper"
    answer: str = ""
    source: str = ""
    internal: bool = False

    @property
    def is_acceptable(self) -> bool:
        """Whether it can be accepted as it stands."""
        return bool(self.answer) and not self.internal

    @property
    def text(self) -> str:
        """The entry as Markdown with front matter; nothing in its fields can leave its field."""
        fields = {"id": self.slug, "title": self.title, "locale": self.locale, "audience": self.audience}
        header = {**fields, **({"markets": list(self.markets)} if self.markets else {})}
        front = yaml.safe_dump(header, allow_unicode=True, sort_keys=False, width=1000)
        source = f"\n\nSource: {self.source}" if self.source else ""
        return f"---\n{front}---\n\n{self.answer or PLACEHOLDER}{source}\n"


def draft_entry(gap: Gap, near: Sequence[Hit]) -> Draft:
    """The entry to write for a gap: titled with its question, answered by a passage where one that its askers cannot
    see (of another audience, market or day) comes near.

    `near` are passages of any audience and market, best first.
    """
    title = one_line(gap.question.text, 120)
    known = {market for market in gap.markets if market}
    markets = tuple(known) if len(known) == 1 and "" not in gap.markets else ()
    draft = Draft(entry_slug(title, gap.id), title, gap.question.language or "en", markets, _audience(gap))
    hit = next((hit for hit in near if hit.score >= ANSWERED and not _is_seen(hit, gap)), None)
    if hit is None:
        return draft
    internal = hit.passage.audience != "shopper" and draft.audience == "shopper"
    return replace(draft, answer=_clean(hit.passage.text), source=_source(hit), internal=internal)


def entry_slug(title: str, gap_id: str) -> str:
    """The name of an entry's file and document."""
    words = "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:40].strip("-")
    return f"{words or 'entry'}-{gap_id}"


def _audience(gap: Gap) -> str:
    """Shoppers, unless staff alone asked."""
    return "shopper" if any(question.role == "shopper" for question in gap.questions) else "operator"


def _is_seen(hit: Hit, gap: Gap) -> bool:
    """Whether an asker was, or would be, shown this passage: it did not answer them."""
    today = datetime.now(UTC).date()
    wanted = [Filter(question.role, question.market) for question in gap.questions]
    shown = {document for question in gap.questions for document in question.shown}
    return hit.passage.document in shown or all(allows(hit.passage, replace(one, on=today)) for one in wanted)


def _source(hit: Hit) -> str:
    passage = hit.passage
    held = [f"for {', '.join(passage.markets)}"] if passage.markets else []
    held += ["for staff only"] if passage.audience != "shopper" else []
    held += [f"until {passage.valid_until}"] if passage.valid_until else []
    return f"{passage.title} ({', '.join([f'{passage.document}#{passage.number}', passage.locale, *held])})"


def complete(draft: Draft, written: str) -> Draft:
    """The draft with what the operator wrote: an answer, or a whole entry that begins with front matter, whose title,
    locale, markets and audience then hold. Raises EntryRefused.
    """
    written = _clean(written)
    if written.startswith("---\n"):
        draft, written = _whole(draft, written)
    answer = written.removeprefix(PLACEHOLDER).strip()
    if not any(line.strip() and not line.lstrip().startswith("#") for line in answer.splitlines()):
        raise EntryRefused("There is no answer in it. Write what a shopper should read, in a sentence or more.")
    if len(answer) > MOST_LETTERS:
        raise EntryRefused(
            f"The answer is longer than {MOST_LETTERS:,} letters. Make it a document of its own instead."
        )
    return replace(draft, answer=answer, source="", internal=False)


def in_locale(draft: Draft, locale: str) -> Draft:
    """The draft as of another locale. Raises EntryRefused."""
    return replace(draft, locale=_known_locale(locale))


def _known_locale(locale: str) -> str:
    known = match_language(locale)
    if known is None:
        raise EntryRefused(f"No locale like '{locale}' is served; give one such as de, pt-BR or zh-CN.")
    return known


def _whole(draft: Draft, written: str) -> tuple[Draft, str]:
    """A whole entry taken apart. Its id stays the draft's, so that a second acceptance updates the first."""
    front, end, body = written.removeprefix("---\n").partition("\n---")
    try:
        header = Header.model_validate(yaml.safe_load(front) or {})
    except (yaml.YAMLError, ValidationError) as error:
        raise EntryRefused(f"Its front matter cannot be read: {str(error).splitlines()[0]}") from error
    if not end:
        raise EntryRefused("Its front matter is not closed by a line '---'.")
    title = one_line(header.title, 120) or draft.title
    locale = _known_locale(header.locale) if header.locale else draft.locale
    taken = replace(draft, title=title, locale=locale, markets=tuple(header.markets), audience=header.audience)
    return taken, body.strip()


def _clean(text: str) -> str:
    """What can be seen of a text of several lines."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff").strip()
    return "\n".join(
        "".join(c if c.isprintable() or c in "\t\u200c\u200d" else " " for c in line).rstrip()
        for line in text.split("\n")
    )


def write_entry(folder: Path, draft: Draft) -> Path:
    """Write an accepted entry, at once or not at all, in place of an earlier one. Returns its file.

    Raises EntryRefused where there is no answer in it, or it could not be read again as a document.
    """
    if draft.internal:
        raise EntryRefused(
            f"Its answer is quoted from {draft.source}: it may not be shown to shoppers as it stands. Say it in words"
            " for them with --answer, --file or --edit."
        )
    if not draft.answer:
        raise EntryRefused("It has no answer yet. Give one with --answer TEXT, --file FILE or --edit.")
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{draft.slug}.new.md"
    try:
        fresh.write_text(draft.text, "utf-8")
        read_file(fresh.name, fresh, {}, {})
        return fresh.replace(folder / f"{draft.slug}.md")
    except ValueError as error:
        raise EntryRefused(f"It cannot be read as a document: {error}") from error
    finally:
        fresh.unlink(missing_ok=True)


def withdraw_entry(folder: Path, slug: str) -> None:
    """Take an entry out of the knowledge; it stays in the folder as a hidden file."""
    path = folder / f"{slug}.md"
    if path.exists():
        path.replace(folder / f".{slug}.withdrawn.md")
