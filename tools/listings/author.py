"""Writing a listing with a model: it proposes, the checks dispose. What fails after two revisions is the templates'."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.facts import Facts
from knowledge.findings import Finding
from knowledge.listings import Claimed, Draft, Held, Listing
from knowledge.marketplaces import FieldLimits, Marketplace
from tools.attesting.proposals import TEXT, Ask, ModelSilent, read_pieces, schema_of, told_facts
from tools.listings.check import advice_of
from tools.listings.voice import Voice
from tools.listings.write import Writer

MOST_REVISIONS = 2
TEXT_FIELDS = (
    "title",
    "title_translated",
    "title_rakuten",
    "title_yahoo",
    "subtitle",
    "short_title",
    "seo_title",
    "seo_description",
    "item_highlights",
    "description",
)
LISTS = ("bullets", "key_features", "product_highlight", "short_description")
"""Fields a model writes; all others are filled from facts."""

MOST_EMPHASIS = 6000
"""Letters of reviews and competitors' texts that are shown."""


@dataclass(frozen=True)
class Author:
    """Writes with a model. `fence` marks what others wrote as data; `emphasis` are texts that show what to stress."""

    ask: Ask
    fence: Callable[[str, str], str]
    voice: Voice = Voice()
    emphasis: str = ""

    async def write(
        self, facts: Facts, market: Marketplace, locale: str, on: date, brands: Collection[str] = ()
    ) -> Draft:
        """A draft: the model's text where it passes, the templates' where it does not. Raises LanguageUnworded."""
        writer = Writer(facts, market, locale, on, self.voice.banned, brands)
        base = writer.draft()
        names = [name for name in writer.limits if name in (*TEXT_FIELDS, *LISTS) and base.fields.get(name)]
        parts = dict.fromkeys(names, TEXT)
        said: dict[str, Any] = {}
        found: list[Finding] = []
        task, model = self._task(facts, writer, names), ""
        for _ in range(MOST_REVISIONS + 1):
            try:
                text, model = await self.ask(_instructions(), task, schema_of(parts))
            except ModelSilent as silence:
                return base if not said else self._joined(base, writer, said, model, str(silence))
            proposed = read_pieces(text, parts)
            said |= proposed
            found = self._findings(writer, facts, said, missing=[name for name in names if name not in said])
            if not found:
                break
            task = self._again(facts, writer, names, said, found)
        return self._joined(base, writer, said, model, "")

    def _task(self, facts: Facts, writer: Writer, names: list[str]) -> str:
        held = told_facts(facts, writer.language)
        about = {
            "channel": writer.market.name,
            "locale": writer.checker.locale,
            "not_to_say": facts.not_to_say,
            "banned": self.voice.banned,
            "limits": {name: _limits(writer.limits[name]) for name in names},
            "rules": [
                rule.says
                for rule in writer.market.rules_on(writer.checker.on, writer.checker.site)
                if set(rule.fields) & set(names)
            ],
        }
        parts = [
            json.dumps(about, ensure_ascii=False, default=str),
            self.fence(json.dumps(held, ensure_ascii=False, default=str), "facts"),
        ]
        if self.voice.tone:
            parts.append(f"The brand's voice: {self.voice.tone}")
        if self.emphasis:
            parts.append(self.fence(self.emphasis[:MOST_EMPHASIS], "reviews"))
        return "\n\n".join(parts)

    def _again(
        self, facts: Facts, writer: Writer, names: list[str], said: Mapping[str, Any], found: list[Finding]
    ) -> str:
        """The task with what was written and what is wrong with it."""
        faults = [{"field": f.field, "text": f.text, "why": f.why, "do": f.suggestion} for f in found[:30]]
        written = {name: said[name] for name in names if name in said}
        return "\n\n".join([
            self._task(facts, writer, names), f"You wrote: {json.dumps(written, ensure_ascii=False)}",
            f"This is wrong with it. Mend it, and keep the rest: {json.dumps(faults, ensure_ascii=False)}",
        ])  # fmt: skip

    def _findings(self, writer: Writer, facts: Facts, said: Mapping[str, Any], missing: list[str]) -> list[Finding]:
        """What may not stand in what a model wrote: the checks' findings, pieces no fact bears, banned words."""
        ids, found = set(facts.ids()), list[Finding]()
        for name, pieces in said.items():
            for place, piece in enumerate(pieces):
                item = place if name in LISTS else -1
                known = [fact for fact in piece["facts"] if fact in ids]
                if not known:
                    found.append(
                        _fault(
                            "facts.untied",
                            name,
                            item,
                            piece["text"],
                            "No fact is named that bears it.",
                            "Name the facts' ids, or leave it out.",
                        )
                    )
                found += [
                    _fault(
                        "brand.banned_word", name, item, word, f"The brand never says {word!r}.", "Say it otherwise."
                    )
                    for word in self.voice.banned
                    if word.casefold() in piece["text"].casefold()
                ]
        listing = Listing({name: _held(name, pieces, writer.between) for name, pieces in said.items()})
        checked = [f for f in writer.checker.check(listing, facts) if f.field in said and f.severity == "block"]
        absent = [
            _fault("limit.required", name, -1, "", f"{name} was not written.", f"Write {name}.") for name in missing
        ]
        return [*found, *checked, *absent]

    def _joined(self, base: Draft, writer: Writer, said: Mapping[str, Any], model: str, silence: str) -> Draft:
        """The draft of the model's fields that pass, and the templates' for the rest."""
        failing = {f.field for f in self._findings(writer, writer.facts, said, [])}
        kept = {name: pieces for name, pieces in said.items() if name not in failing and pieces}
        ids = set(writer.facts.ids())
        fields = {**base.fields, **{name: _held(name, pieces, writer.between) for name, pieces in kept.items()}}
        claims = [claim for claim in base.claims if claim.field not in kept]
        claims += [
            Claimed(
                name,
                place if name in LISTS else -1,
                piece["text"],
                tuple(fact for fact in piece["facts"] if fact in ids),
            )
            for name, pieces in kept.items()
            for place, piece in enumerate(pieces)
        ]
        findings, advice = advice_of(writer.checker.check(Listing(fields), writer.facts))
        note = [_note(name, silence) for name in sorted(failing)]
        shown = tuple(f for f in findings if f.rule != "limit.required")
        return replace(
            base, fields=fields, claims=tuple(claims), findings=shown, advice=(*advice, *note), versions=(),
            written_by=model if kept else "templates", by_model=tuple(kept),
        )  # fmt: skip


def _held(name: str, pieces: list[dict[str, Any]], between: Mapping[str, str]) -> Held:
    texts = [piece["text"] for piece in pieces]
    return texts if name in LISTS else (between["space"] if name == "description" else "").join(texts)


def _fault(rule: str, field: str, item: int, text: str, why: str, suggestion: str) -> Finding:
    return Finding(rule, "block", (0, len(text)), text, why, "the product's facts", suggestion, (), field, item=item)


def _note(field: str, silence: str) -> Finding:
    why = f"The model's text for {field} did not pass; the templates' stands." + (f" {silence}" if silence else "")
    return Finding("writer.templates", "info", (0, 0), "", why, "the check of the model's text", "", (), field)


def _limits(limits: FieldLimits) -> dict[str, Any]:
    told = limits.model_dump(
        include={"max", "min", "unit", "min_words", "min_count", "max_count", "combined_max", "recommended_max", "html"}
    )
    return {name: value for name, value in told.items() if value not in (None, "")}


@cache
def _instructions() -> str:
    return (files("tools.listings") / "author.md").read_text("utf-8")
