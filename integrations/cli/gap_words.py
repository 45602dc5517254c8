"""Gaps in words for people and as objects for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.cli.out import counted

if TYPE_CHECKING:
    from integrations.gaps.listing import GapList, Listed
    from knowledge.retrieval import Hit

HOW_TO = """\
Read a draft:     dragoman knowledge gaps show ID
Accept an entry:  dragoman knowledge gaps accept ID --answer "TEXT"   (or --file FILE, or --edit)
Not a gap:        dragoman knowledge gaps dismiss ID"""


def word_list(found: GapList, start: datetime, everything: bool) -> str:
    """The list for people: open gaps first, then how to go on."""
    gaps = found.of("open", start)
    lines = [_heading(gaps, found), *(_word(listed) for listed in gaps)]
    if everything:
        lines += [_word(listed) for state in ("dismissed", "closed") for listed in found.of(state, start)]
    return "\n\n".join([*lines, *([HOW_TO] if gaps else [])])


def _heading(gaps: list[Listed], found: GapList) -> str:
    asked = sum(listed.gap.count for listed in gaps)
    closed = f" {counted(found.closed_questions, 'question')} closed since." if found.closed_questions else ""
    if not gaps:
        return f"Every question that was asked finds an answer, or was dismissed.{closed}"
    return f"{counted(asked, 'question')} in {counted(len(gaps), 'gap')}.{closed}"


def _word(listed: Listed) -> str:
    gap = listed.gap
    notes = [", ".join(gap.languages), *_places(listed), f"last asked {gap.last:%Y-%m-%d}", *_reasons(listed)]
    lines = [f"{gap.id}  {gap.count}×  {' · '.join(notes)}", f"          {gap.question.text}"]
    lines += [f"          {text}" for text in gap.examples[1:3]]
    return "\n".join([*lines, f"          nearest: {'; '.join(map(_lead, listed.near[:1])) or 'nothing'}"])


def _places(listed: Listed) -> list[str]:
    markets = [market for market in listed.gap.markets if market]
    return [f"from {', '.join(markets)}"] if markets else []


def _reasons(listed: Listed) -> list[str]:
    said = {"handoff": "then asked for a person", "feedback": "thumbs down"}
    reasons = [f"{count} {said[source]}" for source, count in listed.gap.sources.items() if source in said]
    reasons += [listed.state] if listed.state != "open" else []
    return reasons + (["accepted, but not found"] if _is_lost(listed) else [])


def _is_lost(listed: Listed) -> bool:
    return listed.state == "open" and listed.decision is not None and listed.decision.decision == "accepted"


def _lead(hit: Hit) -> str:
    heading = " – ".join((hit.passage.title, *hit.passage.heading))
    staff = ", for staff only" if hit.passage.audience != "shopper" else ""
    return f"{hit.score:.2f} {hit.passage.document} [{hit.passage.locale}{staff}] {heading}"


def word_leads(listed: Listed) -> str:
    """What was asked and what comes near, above a draft."""
    lines = [f"Asked {listed.gap.count}×:", *(f"  {text}" for text in listed.gap.examples)]
    return "\n".join([*lines, "Nearest:", *(f"  {_lead(hit)}" for hit in listed.near), ""])


def describe_list(found: GapList, start: datetime, everything: bool) -> dict[str, Any]:
    """The list for programs."""
    listed = {"gaps": [describe(one) for one in found.of("open", start)], "closed_questions": found.closed_questions}
    if everything:
        listed |= {state: [describe(one) for one in found.of(state, start)] for state in ("dismissed", "closed")}
    return listed


def describe(listed: Listed) -> dict[str, Any]:
    """A gap for programs. Times are ISO 8601, UTC."""
    gap, decision = listed.gap, listed.decision
    return {
        "id": gap.id, "state": listed.state, "question": gap.question.text, "language": gap.question.language,
        "count": gap.count, "languages": gap.languages, "markets": gap.markets, "sources": gap.sources,
        "first": gap.first.isoformat(), "last": gap.last.isoformat(), "examples": gap.examples,
        "nearest": [
            {"document": hit.passage.document, "heading": [hit.passage.title, *hit.passage.heading],
             "locale": hit.passage.locale, "audience": hit.passage.audience, "score": round(hit.score, 4)}
            for hit in listed.near
        ],
        "decision": decision.decision if decision else None, "reason": decision.reason if decision else "",
        "entry": decision.entry if decision else "",
    }  # fmt: skip
