"""The gaps of a shop as they are today: grouped, with what comes near, and which of them are closed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from integrations.database.gap_decisions import Decision
from integrations.gaps.asked import unanswered
from knowledge.filters import Filter
from knowledge.gaps import ANSWERED, ENTRY_ANSWERED, SAME, Gap, Question, group_questions
from knowledge.retrieval import Hit

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.embeddings import Vectors

LEADS = 3
"""Nearest passages told with a gap."""

State = Literal["open", "closed", "dismissed"]


class GapUnknown(Exception):
    """No gap has this id; the text says how to list them."""


@dataclass(frozen=True)
class Listed:
    """A gap today. `near` are the nearest passages of any audience and market; `decision` what the operator did."""

    gap: Gap
    state: State
    near: tuple[Hit, ...]
    decision: Decision | None = None


@dataclass(frozen=True)
class GapList:
    """All gaps, biggest first, and how many questions of them find an answer today."""

    gaps: tuple[Listed, ...]
    closed_questions: int

    def of(self, state: State, since: datetime) -> list[Listed]:
        """Gaps in a state that were asked after a moment."""
        return [listed for listed in self.gaps if listed.state == state and listed.gap.last >= since]

    def find(self, name: str) -> Listed:
        """The gap an id means. Raises GapUnknown."""
        for listed in self.gaps:
            decided = listed.decision is not None and listed.decision.gap_id == name
            if decided or listed.gap.is_named(name):
                return listed
        raise GapUnknown(f"There is no gap '{name}'. List them with their ids: dragoman knowledge gaps --all")


async def list_gaps(dragoman: Dragoman) -> GapList:
    """Find, group and judge the gaps of a home; sessions of old searches are forgotten first."""
    store = dragoman.searches
    await store.forget_sessions()
    handed_over, disliked = await store.handed_over(), await store.disliked()
    searches, decisions = await store.recorded(), await store.decisions.all()
    entries = frozenset(decision.entry for decision in decisions if decision.entry)
    route = dragoman.library.router.route
    questions = await asyncio.to_thread(unanswered, searches, handed_over, disliked, route, entries)
    return await asyncio.to_thread(_judge, dragoman, questions, decisions)


def _undated(question: Question) -> Question:
    """The question as if asked whenever: two that are equal then find the same today."""
    return replace(question, at=datetime.min.replace(tzinfo=UTC))


def _judge(dragoman: Dragoman, questions: list[Question], decisions: list[Decision]) -> GapList:
    entries = frozenset(decision.entry for decision in decisions if decision.entry)
    hits = {question: search_again(dragoman, question) for question in {_undated(one) for one in questions}}
    closed = {question for question, found in hits.items() if _answers(found, question, entries)}
    questions = [one for one in questions if _undated(one) not in closed or not _was_answered(one)]
    if not questions:
        return GapList((), 0)
    gaps = group_questions(questions, _vectors(dragoman, questions))
    decided = _decided(dragoman, gaps, decisions)
    listed = [_listed(dragoman, gap, decided[gap.id], hits, closed) for gap in gaps]
    return GapList(tuple(listed), sum(one.gap.count for one in listed if one.state == "closed"))


def _was_answered(question: Question) -> bool:
    """Whether a question was looked at only because an entry was among what it found: a document answered it."""
    return question.source != "feedback" and question.score >= ANSWERED


def _vectors(dragoman: Dragoman, questions: Sequence[Question | Decision]) -> Vectors:
    texts = [question.text if isinstance(question, Question) else question.question for question in questions]
    languages = [question.language for question in questions]
    library = dragoman.library
    return library.index.space().questions(library.cache.queries(texts), languages)


def search_again(dragoman: Dragoman, question: Question) -> list[Hit]:
    """What a question finds today, for its asker's role, market and language."""
    wanted = Filter("shopper" if question.role == "shopper" else "operator", question.market, kinds=("policy",))
    return dragoman.library.retriever.search(question.text, wanted, 4, question.language, ANSWERED)


def _answers(hits: list[Hit], question: Question, entries: frozenset[str]) -> bool:
    """Whether a question finds a likely enough answer today; after a thumbs down, something other than then."""
    if question.source == "feedback":
        hits = [hit for hit in hits[:1] if hit.passage.document not in question.shown]
    return any(hit.score >= (ENTRY_ANSWERED if hit.passage.document in entries else ANSWERED) for hit in hits)


def _decided(dragoman: Dragoman, gaps: list[Gap], decisions: list[Decision]) -> dict[str, Decision | None]:
    """The decision on each gap: on one of its questions, or on one that means the same."""
    found: dict[str, Decision | None] = {gap.id: None for gap in gaps}
    if not decisions:
        return found
    likeness = _vectors(dragoman, [gap.question for gap in gaps]) @ _vectors(dragoman, decisions).T
    for i, gap in enumerate(gaps):
        named = [decision for decision in decisions if gap.is_named(decision.gap_id)]
        nearest = int(likeness[i].argmax())
        near = [decisions[nearest]] if likeness[i, nearest] >= SAME else []
        found[gap.id] = next(iter([*named, *near]), None)
    return found


def _listed(
    dragoman: Dragoman,
    gap: Gap,
    decision: Decision | None,
    hits: dict[Question, list[Hit]],
    closed: set[Question],
) -> Listed:
    entry = decision.entry if decision else ""
    own = {one for one, found in hits.items() if entry and found and found[0].passage.document == entry}
    answered = all(_undated(question) in closed | own for question in gap.questions)
    dismissed = decision is not None and decision.decision == "dismissed"
    wide = Filter(audience="operator", kinds=("policy",))
    near = dragoman.library.retriever.search(gap.question.text, wide, LEADS, gap.question.language, 0.0)
    return Listed(gap, "dismissed" if dismissed else "closed" if answered else "open", tuple(near), decision)
