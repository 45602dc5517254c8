"""The translation memory and the term base of a home, in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, or_, select, update

from integrations.database.engine import Sessions, write_alone
from integrations.database.localization_tables import TermRow, TranslationRow
from knowledge.localizing import Term, Terms, Translation

CHUNK = 400
"""Rows looked for and written at once; SQLite takes a few thousand values in a statement."""


@dataclass(frozen=True)
class TermEntry:
    """A term in one locale, as it is kept. `kind` is use, keep or avoid, `state` approved or proposed."""

    source: str
    target: str = ""
    locale: str = ""
    source_locale: str = "en"
    kind: str = "use"
    state: str = "approved"
    note: str = ""
    by: str = ""

    @property
    def digest(self) -> str:
        """What tells it from every other."""
        return _digest(self.source, self.source_locale, self.locale, self.target, self.kind)


class TranslationStore:
    """Translations and terms; each is kept once, however often it is put there."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._sessions, self._now = sessions, now

    async def remember(self, translations: Iterable[Translation]) -> int:
        """Keep translations; one that is there becomes the newest. Returns how many are new."""
        rows = {
            _digest(one.source, one.source_locale, one.locale, one.target): one
            for one in translations if one.source.strip() and one.target.strip()
        }  # fmt: skip
        return await self._put(TranslationRow, {digest: _translation_row(one) for digest, one in rows.items()})

    async def translations(self, locale: str = "", text: str = "", most: int | None = None) -> list[Translation]:
        """What is kept for a locale's language (all without), oldest first; with a text only what holds it."""
        query = select(TranslationRow).order_by(TranslationRow.at, TranslationRow.digest).limit(most)
        if locale:
            language = locale.replace("_", "-").split("-")[0]
            query = query.where(or_(TranslationRow.locale == language, TranslationRow.locale.like(f"{language}-%")))
        if text:
            query = query.where(or_(TranslationRow.source.contains(text, autoescape=True),
                                    TranslationRow.target.contains(text, autoescape=True)))  # fmt: skip
        async with self._sessions() as database:
            return [_translation(row) for row in await database.scalars(query)]

    async def forget(self, source: str, locale: str, target: str = "") -> int:
        """Remove the translations of a text into a locale, or the one that reads so. Returns how many."""
        query = delete(TranslationRow).where(TranslationRow.source == source, TranslationRow.locale == locale)
        async with self._sessions.begin() as database:
            done = await database.execute(query.where(TranslationRow.target == target) if target else query)
            return int(done.rowcount)  # type: ignore[attr-defined]

    async def add_terms(self, entries: Iterable[TermEntry]) -> int:
        """Keep terms; a proposal never takes the place of what is approved. Returns how many are new."""
        rows = {entry.digest: entry for entry in entries if entry.source.strip()}
        return await self._put(TermRow, {digest: vars(entry) for digest, entry in rows.items()})

    async def approve_terms(self, source: str, locale: str = "", by: str = "") -> int:
        """Approve what is proposed for a term, in one locale or in all. Returns how many."""
        query = update(TermRow).where(TermRow.source == source, TermRow.state == "proposed")
        query = query.where(TermRow.locale == locale) if locale else query
        async with self._sessions.begin() as database:
            done = await database.execute(query.values(state="approved", by=by, at=self._now()))
            return int(done.rowcount)  # type: ignore[attr-defined]

    async def remove_terms(self, source: str, locale: str = "") -> int:
        """Remove a term, in one locale or in all. Returns how many entries."""
        query = delete(TermRow).where(TermRow.source == source)
        async with self._sessions.begin() as database:
            done = await database.execute(query.where(TermRow.locale == locale) if locale else query)
            return int(done.rowcount)  # type: ignore[attr-defined]

    async def term_entries(self, state: str = "") -> list[TermEntry]:
        """Terms as they are kept, by their sources."""
        query = select(TermRow).order_by(TermRow.source, TermRow.locale, TermRow.at, TermRow.digest)
        async with self._sessions() as database:
            rows = await database.scalars(query.where(TermRow.state == state) if state else query)
            return [TermEntry(**{name: getattr(row, name) for name in TermEntry.__dataclass_fields__}) for row in rows]

    async def terms(self) -> Terms:
        """The term base: what is approved."""
        return terms_of(await self.term_entries("approved"))

    async def _put(self, table: type[TranslationRow] | type[TermRow], rows: dict[str, dict[str, Any]]) -> int:
        digests, new = list(rows), 0
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            for start in range(0, len(digests), CHUNK):
                chunk, now = digests[start : start + CHUNK], self._now()
                held = set(await database.scalars(select(table.digest).where(table.digest.in_(chunk))))
                database.add_all(table(digest=one, **rows[one], at=now) for one in chunk if one not in held)
                if table is TranslationRow and held:
                    await database.execute(update(table).where(table.digest.in_(held)).values(at=now))
                new += len(chunk) - len(held)
        return new


def terms_of(entries: Sequence[TermEntry]) -> Terms:
    """Entries by term: a term with its renderings, and what to avoid."""
    terms: dict[tuple[str, str], Term] = {}
    for entry in entries:
        key = (entry.source, entry.source_locale)
        term = terms.get(key) or Term(entry.source, locale=entry.source_locale, note=entry.note)
        if entry.kind == "keep":
            term = replace(term, keep=True)
        elif entry.kind == "avoid":
            held = term.avoid.get(entry.locale, ())
            term = replace(term, avoid={**term.avoid, entry.locale: (*held, entry.target)})
        else:
            term = replace(term, targets={entry.locale: entry.target, **term.targets})
        terms[key] = term
    return Terms(tuple(terms.values()))


def term_conflicts(entries: Sequence[TermEntry]) -> list[list[TermEntry]]:
    """Entries that cannot both hold: a term with two renderings in a locale, one that is kept and translated, or one
    that is to be used and avoided.
    """
    found, by_term = list[list[TermEntry]](), dict[tuple[str, str], list[TermEntry]]()
    for entry in entries:
        by_term.setdefault((entry.source.casefold(), entry.source_locale), []).append(entry)
    for held in by_term.values():
        uses = [entry for entry in held if entry.kind == "use"]
        kept = [entry for entry in held if entry.kind == "keep"]
        for locale in dict.fromkeys(entry.locale for entry in uses):
            here = [entry for entry in uses if entry.locale == locale]
            avoided = [
                e for e in held if e.kind == "avoid" and e.locale == locale and e.target in {u.target for u in here}
            ]
            if len({entry.target for entry in here}) > 1 or kept or avoided:
                found.append([*here, *kept, *avoided])
    return found


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def _translation_row(one: Translation) -> dict[str, Any]:
    return {"source": one.source, "target": one.target, "source_locale": one.source_locale, "locale": one.locale,
            "origin": one.origin, "by": one.by}  # fmt: skip


def _translation(row: TranslationRow) -> Translation:
    return Translation(
        row.source, row.target, row.locale, row.source_locale, row.origin, row.by, row.at.isoformat(timespec="seconds")
    )
