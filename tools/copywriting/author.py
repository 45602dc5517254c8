"""Campaign copy by a model: it proposes, the checks dispose. What fails after two revisions is the templates'."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.findings import Finding
from knowledge.listings import Claimed
from knowledge.locales import nearest_locale
from tools.attesting.proposals import TEXT, Ask, ModelSilent, Pieces, read_pieces, schema_of, told_facts
from tools.copywriting.catalogue import Field, campaign_words
from tools.copywriting.write import Copy, Writing

MOST_REVISIONS = 2
PARTS: Mapping[str, Sequence[str]] = {
    "shots": ("voice_over", "shot", "caption"), "run": ("say", "part"), "questions": ("answer", "question"),
}  # fmt: skip
"""The parts of entries that are no plain text, the one with the claim first."""
BY_CODE = frozenset({"paths"})
"""Fields no model writes."""


@dataclass(frozen=True)
class CopyAuthor:
    """Writes copy with a model. `fence` marks what others wrote as data, `tone` is the brand's voice."""

    ask: Ask
    fence: Callable[[str, str], str]
    tone: str = ""

    async def write(self, writing: Writing) -> Copy:
        """The model's text where it passes, the templates' where it does not. Raises LanguageUnworded."""
        base = writing.copy()
        fields = {field.name: field for field in writing.channel.fields if field.fill not in BY_CODE}
        parts = {name: PARTS.get(field.fill, TEXT) for name, field in fields.items()}
        said: Pieces = {}
        task, model = self._task(writing, fields), ""
        for _ in range(MOST_REVISIONS + 1):
            try:
                text, model = await self.ask(_instructions(), task, schema_of(parts))
            except ModelSilent:
                break
            said |= read_pieces(text, parts)
            found = [*_faults(writing, fields, said), *_absent(fields, said)]
            if not found:
                break
            task = self._again(writing, fields, said, found)
        return _joined(writing, fields, base, said, model)

    def _task(self, writing: Writing, fields: Mapping[str, Field]) -> str:
        facts, channel = writing.facts, writing.channel
        about: dict[str, Any] = {
            "kind": writing.kind.says, "channel": channel.name, "locale": writing.locale, "shape": channel.shape,
            "seconds": channel.seconds, "not_to_say": facts.not_to_say, "banned": writing.banned,
            "limits": {
                name: field.model_dump(include={"max", "unit", "min_count", "max_count"}, exclude_none=True)
                for name, field in fields.items()
            },
        }  # fmt: skip
        place = nearest_locale(writing.locale)
        if place:
            about |= {"address": place.formality, "platform_voices": place.voices}
            about["mind"] = [*place.notes, *place.culture.minded]
        told = json.dumps(told_facts(facts, writing.language), ensure_ascii=False, default=str)
        voice = [f"The brand's voice: {self.tone}"] if self.tone else []
        return "\n\n".join([json.dumps(about, ensure_ascii=False), self.fence(told, "facts"), *voice])

    def _again(self, writing: Writing, fields: Mapping[str, Field], said: Pieces, found: list[Finding]) -> str:
        wrong = [{"field": f.field, "text": f.text, "why": f.why, "do": f.suggestion} for f in found[:30]]
        return "\n\n".join([
            self._task(writing, fields), f"You wrote: {json.dumps(said, ensure_ascii=False)}",
            f"This is wrong with it. Mend it, and keep the rest: {json.dumps(wrong, ensure_ascii=False)}",
        ])  # fmt: skip


def _faults(writing: Writing, fields: Mapping[str, Field], said: Pieces) -> list[Finding]:
    """What may not stand in what a model wrote: the checks' findings, and pieces that name no fact."""
    ids, found = set(writing.facts.ids()), list[Finding]()
    for name, pieces in said.items():
        for place, piece in enumerate(pieces):
            if not set(piece["facts"]) & ids:
                text = next(iter(piece.values()))
                found.append(_fault("facts.untied", name, place, text, "No fact is named that bears it.",
                                    "Name the facts' ids, or leave it out."))  # fmt: skip
    held = {name: _held(writing, fields[name], pieces) for name, pieces in said.items()}
    checked = writing.judge.copy(writing.channel, held)
    return [*found, *(f for f in checked if f.field in said and f.severity == "block"), *_overtime(writing, held)]


def _overtime(writing: Writing, held: Mapping[str, Any]) -> list[Finding]:
    shots = held.get("shots") or []
    lasts = sum(shot["seconds"] for shot in shots)
    if not writing.channel.seconds or lasts <= writing.channel.seconds:
        return []
    why = f"The shots last {lasts} seconds; {writing.channel.seconds} are the most."
    return [_fault("limit.seconds", "shots", -1, "", why, "Leave a shot out.")]


def _absent(fields: Mapping[str, Field], said: Pieces) -> list[Finding]:
    return [_fault("limit.required", name, -1, "", f"{name} was not written.", f"Write {name}.")
            for name, field in fields.items() if name not in said and not field.optional]  # fmt: skip


def _fault(rule: str, field: str, item: int, text: str, why: str, suggestion: str) -> Finding:
    return Finding(rule, "block", (0, len(text)), text, why, "the product's facts", suggestion, (), field, item=item)


def _held(writing: Writing, field: Field, pieces: list[dict[str, Any]]) -> Any:
    """A field's value as the templates would leave it."""
    entries = [{key: value for key, value in piece.items() if key != "facts"} for piece in pieces]
    if field.fill == "shots":
        return _timed(writing, entries)
    if field.fill in PARTS:
        return entries
    texts = [entry["text"] for entry in entries]
    many = field.max_count is not None or field.min_count is not None
    return texts if many else " ".join(texts)


def _timed(writing: Writing, shots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pace, at, held = float(campaign_words(writing.language)["pace"]), 0, []
    for shot in shots:
        lasts = max(2, -int(-len(shot["voice_over"]) // pace))
        held.append({"time": f"{at}–{at + lasts} s", "seconds": lasts, **shot})
        at += lasts
    return held


def _joined(writing: Writing, fields: Mapping[str, Field], base: Copy, said: Pieces, model: str) -> Copy:
    """The copy of the model's fields that pass, and the templates' for the rest."""
    failing = {finding.field for finding in _faults(writing, fields, said)}
    kept = {name: pieces for name, pieces in said.items() if name not in failing}
    held = {**base.draft.fields, **{name: _held(writing, fields[name], pieces) for name, pieces in kept.items()}}
    ids = set(writing.facts.ids())
    claims = [claim for claim in base.draft.claims if claim.field not in kept]
    claims += [
        Claimed(name, place, next(iter(piece.values())), tuple(fact for fact in piece["facts"] if fact in ids))
        for name, pieces in kept.items() for place, piece in enumerate(pieces)
    ]  # fmt: skip
    return writing.drafted(held, claims, model if kept else "", tuple(kept))


@cache
def _instructions() -> str:
    return (files("tools.copywriting") / "author.md").read_text("utf-8")
