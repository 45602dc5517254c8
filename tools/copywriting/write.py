"""Writing campaign copy from facts, without a model: whole sentences, each tied to its facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.facts import Facts
from knowledge.listings import Draft, Missing
from knowledge.locales import match_language
from knowledge.phrasing import Phrasing
from tools.copywriting.catalogue import Channel, campaign_words, kind_of
from tools.copywriting.fills import FILLS
from tools.copywriting.judging import Judge
from tools.copywriting.material import Material


@dataclass(frozen=True)
class Copy:
    """A campaign's text of a kind for a channel: a draft with its findings and each claim's facts."""

    kind: str
    channel: str
    draft: Draft

    def told(self) -> dict[str, Any]:
        """The copy as one JSON object."""
        held = self.draft.told()
        for name in ("marketplace", "versions", "advice"):
            held.pop(name)
        return {"kind": self.kind, "channel": self.channel, **held}


class Writing:
    """One piece of copy being written. Raises CopyUnknown, LanguageUnworded."""

    def __init__(  # noqa: PLR0913  (each is a part of what is asked)
        self, kind: str, facts: Facts, locale: str, channel: str, on: date,
        banned: Collection[str] = (), brands: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.kind = kind_of(kind)
        self.channel_name, self.channel = self.kind.channel(channel)
        self.facts, self.locale, self.on, self.banned = facts, locale.replace("_", "-"), on, tuple(banned)
        self.language = match_language(locale) or locale
        self.judge = Judge(facts, self.locale, self.language, self.channel_name, on, banned, brands)

    def copy(self) -> Copy:
        """The copy by templates, checked whole."""
        phrasing = Phrasing(self.facts, self.language, self.locale)
        work = Material(
            self.facts, phrasing, campaign_words(self.language), self.judge, self.channel_name, self.channel
        )
        for field in self.channel.fields:
            FILLS[field.fill](work, field)
        return self.drafted(work.fields, work.claims)

    def drafted(
        self, fields: dict[str, Any], claims: Collection[Any], model: str = "", by_model: Collection[str] = ()
    ) -> Copy:
        """Fields and their claims as a copy with its findings."""
        found = self.judge.copy(self.channel, fields)
        held = {name: value for name, value in fields.items() if value}
        draft = Draft(
            self.facts.product_id, self.channel_name, self.locale, self.on, held, tuple(claims),
            tuple(f for f in found if f.rule not in _LACKING), (), tuple(_missing(self.channel, held)),
            written_by=model or "templates", by_model=tuple(by_model),
        )  # fmt: skip
        return Copy(self.kind.id, self.channel_name, draft)


_LACKING = frozenset({"limit.required", "limit.min_count"})
"""Findings that a draft tells as what is missing."""


def _missing(channel: Channel, held: dict[str, Any]) -> list[Missing]:
    lacking = []
    for field in channel.fields:
        count = len(held[field.name]) if isinstance(held.get(field.name), list) else 1
        if not held.get(field.name):
            lacking += [] if field.optional else [Missing(field.name, f"No fact fills {field.name} within its limits.")]
        elif count < (field.min_count or 0):
            lacking.append(Missing(field.name, f"The facts fill {count} of at least {field.min_count} entries."))
    return lacking
