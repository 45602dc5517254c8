"""A question and its answer that somebody of the shop wrote: kept as a draft, answered from once it is accepted."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from knowledge.gap_drafts import Draft, complete, entry_slug, write_entry
from knowledge.language import detect_language
from knowledge.masking import mask_personal, one_line
from knowledge.personal import Kind
from tools.context import Search, Session

if TYPE_CHECKING:
    from pathlib import Path

    from integrations.bootstrap import Dragoman

LINKS: tuple[Kind, ...] = ("link",)
DRAFTS = "drafts"
"""Folder of a home that holds them; it is not indexed."""


async def note_draft(dragoman: Dragoman, question: str, answer: str) -> Path:
    """Write a draft, without what is personal, and count its question as one nobody could answer. Raises
    EntryRefused.
    """
    asked, written = one_line(mask_personal(question), 120), mask_personal(answer, keep=LINKS)
    language = detect_language(asked, "en").language or "en"
    slug = entry_slug(asked, hashlib.sha256(asked.encode()).hexdigest()[:8])
    draft = complete(Draft(slug, asked, language), written)
    session = Session(f"draft-{slug}", "shopper", "slack", language=language)
    await dragoman.searches.record(session, Search("policies", asked, ""), datetime.now(UTC))
    return await asyncio.to_thread(write_entry, dragoman.settings.home / DRAFTS, draft)
