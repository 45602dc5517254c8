"""What the operator does with a gap: accept an entry for it, dismiss it, undo either."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from integrations.database.gap_decisions import Decision
from integrations.gaps.listing import GapList, GapUnknown, Listed, search_again
from knowledge.gap_drafts import ENTRIES, Draft, draft_entry, withdraw_entry, write_entry
from knowledge.gaps import Question

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman


@dataclass(frozen=True)
class Proof:
    """What a question finds first once an entry is accepted, and how likely it answers; `found`: it is the entry."""

    question: Question
    first: str
    score: float
    found: bool


@dataclass(frozen=True)
class Accepted:
    """An entry that was written and indexed, and what its questions find now."""

    path: Path
    entry: str
    proofs: tuple[Proof, ...]


def draft_of(listed: Listed) -> Draft:
    """The drafted entry of a gap; one accepted before keeps its file."""
    draft = draft_entry(listed.gap, listed.near)
    before = listed.decision.entry if listed.decision else ""
    return Draft(**{**vars(draft), "slug": before}) if before else draft


async def accept_gap(dragoman: Dragoman, listed: Listed, draft: Draft) -> Accepted:
    """Write the entry, index it, and search again for every question of the gap. Raises EntryRefused, IndexBusy."""
    path = await asyncio.to_thread(write_entry, dragoman.settings.home / ENTRIES, draft)
    await dragoman.searches.decisions.keep(_decision(listed, "accepted", entry=draft.slug))
    await dragoman.library.sync()
    different = {(one.id, one.language, one.market, one.role): one for one in listed.gap.questions}
    proofs = [_prove(dragoman, question, draft.slug) for question in different.values()]
    return Accepted(path, draft.slug, tuple(proofs))


def _prove(dragoman: Dragoman, question: Question, entry: str) -> Proof:
    hits = search_again(dragoman, question)[:1]
    first = hits[0].passage.document if hits else ""
    return Proof(question, first, hits[0].score if hits else 0.0, first == entry)


async def dismiss_gap(dragoman: Dragoman, listed: Listed, reason: str) -> None:
    """Leave a gap out of the list from now on, however it is asked."""
    await dragoman.searches.decisions.keep(_decision(listed, "dismissed", reason=reason))


async def restore_gap(dragoman: Dragoman, name: str, found: GapList) -> Decision:
    """Undo what was decided on a gap; an accepted entry is taken out of the index. Raises GapUnknown, IndexBusy."""
    decisions = await dragoman.searches.decisions.all()
    decision = next((one for one in decisions if one.gap_id == name), None) or found.find(name).decision
    if decision is None:
        raise GapUnknown(f"Nothing was decided on a gap '{name}', so there is nothing to undo.")
    await dragoman.searches.decisions.remove(decision.gap_id)
    if decision.entry:
        await asyncio.to_thread(withdraw_entry, dragoman.settings.home / ENTRIES, decision.entry)
        await dragoman.library.sync()
    return decision


def _decision(listed: Listed, decision: str, entry: str = "", reason: str = "") -> Decision:
    """A decision on this gap, in place of the one it has."""
    known = listed.decision
    question = listed.gap.question
    return Decision(
        known.gap_id if known else listed.gap.id, decision, known.question if known else question.text,
        known.language if known else question.language, entry, reason[:500],
    )  # fmt: skip
