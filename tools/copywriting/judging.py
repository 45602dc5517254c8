"""Holding campaign copy against facts, law and the shop's word: no claim without a fact, no promise nobody gave."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from knowledge.facts import Facts
from knowledge.findings import SEVERITIES, Finding
from tools.attesting.attested import Ground
from tools.attesting.claims import jurisdiction_of, territory_of, unlawful
from tools.attesting.tracing import Tracer
from tools.copywriting.catalogue import Channel, Field

_WHY = {
    "promise": ("copy.promise", "It promises something of payment, delivery or price, and no fact bears it."),
    "haste": ("copy.haste", "It hurries people; no fact says that anything ends or runs out."),
}


class Judge:
    """Judges copy of one product for a channel in a locale, on a day. `banned` are words the brand never uses."""

    def __init__(  # noqa: PLR0913  (each is a part of what is judged)
        self, facts: Facts, locale: str, language: str, channel: str, on: date,
        banned: Collection[str] = (), brands: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.facts = facts
        self._locale, self._language, self._on = locale, language, on
        self._jurisdiction = jurisdiction_of(territory_of(locale), channel)
        self._tracer = Tracer(Ground(facts), language, on, brands)
        self._banned = tuple(banned)
        self._passed: dict[str, bool] = {}

    def passes(self, text: str) -> bool:
        """Whether nothing blocks a text by itself."""
        if text not in self._passed:
            self._passed[text] = not any(finding.severity == "block" for finding in self.text("", -1, text))
        return self._passed[text]

    def bearing(self, text: str) -> tuple[str, ...]:
        """The facts that bear figures of a text."""
        return self._tracer.bearing(text)

    def text(self, field: str, item: int, text: str) -> Iterator[Finding]:
        """What may not stand in a text."""
        yield from (replace(found, field=field) for found in self._tracer.check("", item, text))
        yield from unlawful(text, self.facts, self._jurisdiction, self._locale, self._on, field, item)
        yield from self._promised(field, item, text)
        for word in self._banned:
            at = text.casefold().find(word.casefold())
            if at >= 0:
                yield _found(
                    "brand.banned_word", field, item, text, (at, at + len(word)), f"The brand never says {word!r}."
                )

    def copy(self, channel: Channel, fields: Mapping[str, Any]) -> list[Finding]:
        """Every finding of a copy's fields, the blocking ones first."""
        found: list[Finding] = []
        for field in channel.fields:
            held = fields.get(field.name)
            found += _lengths(field, held)
            for item, text in texts_of(held):
                found += self.text(field.name, item, text)
        return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.field, f.item, f.span))

    def _promised(self, field: str, item: int, text: str) -> Iterator[Finding]:
        for kind, (rule, why) in _WHY.items():
            for match in _patterns(kind, self._language).finditer(text.lower()):
                if match.group() not in self._held:
                    yield _found(rule, field, item, text, match.span(), why)

    @cached_property
    def _held(self) -> str:
        return " ".join(str(fact.value) for fact in self.facts.attested).lower()


def texts_of(held: Any, item: int = -1) -> Iterator[tuple[int, str]]:
    """Every text in a field's value, with the entry it stands in."""
    if isinstance(held, str):
        yield item, held
    elif isinstance(held, Mapping):
        for name, part in held.items():
            if name not in ("time", "seconds"):
                yield from texts_of(part, item)
    elif isinstance(held, list | tuple):
        for place, part in enumerate(held):
            yield from texts_of(part, place if item < 0 else item)


def _lengths(field: Field, held: Any) -> Iterator[Finding]:
    if not held:
        if not field.optional and (field.min_count or 0) > 0:
            yield _limit("limit.required", field, -1, "", f"{field.name} is not filled.")
        return
    for place, text in _measured(held):
        if not field.fits(text):
            why = f"{field.length(text)} {field.unit}; at most {field.max} are taken."
            yield _limit(f"limit.max_{field.unit}", field, place, text, why)
    count = len(held) if isinstance(held, list) else 1
    if field.max_count and count > field.max_count:
        yield _limit("limit.max_count", field, -1, "", f"{count} entries; at most {field.max_count} are taken.")
    if field.min_count and count < field.min_count:
        yield _limit("limit.min_count", field, -1, "", f"{count} entries; at least {field.min_count} are wanted.")


def _measured(held: Any) -> Iterator[tuple[int, str]]:
    """The texts a field's limit is about: of a shot, its caption."""
    for place, entry in enumerate(held if isinstance(held, list) else [held]):
        text = entry.get("caption", "") if isinstance(entry, Mapping) else entry
        if isinstance(text, str):
            yield place if isinstance(held, list) else -1, text


def _limit(rule: str, field: Field, item: int, text: str, why: str) -> Finding:
    return Finding(rule, "block", (0, len(text)), text[:80], why, "the channel's limits", "Say less; never cut a word.",
                   (), field.name, item=item)  # fmt: skip


def _found(rule: str, field: str, item: int, text: str, span: tuple[int, int], why: str) -> Finding:
    return Finding(rule, "block", span, text[slice(*span)], why, "the product's facts", "Leave it out, or attest it.",
                   (), field, item=item)  # fmt: skip


@cache
def _patterns(kind: str, language: str) -> re.Pattern[str]:
    held = tomllib.loads((files("tools.copywriting") / "promises.toml").read_text("utf-8"))[kind]
    bounded = r"(?<![^\W\d_])" if language not in ("ja", "zh-CN", "ar") else ""
    own = held.get(language, [])
    english = held["en"] if language != "en" else []
    parts = [
        f"{bounded}(?:{'|'.join(own)})" if own else "",
        rf"(?<![^\W\d_])(?:{'|'.join(english)})" if english else "",
    ]
    return re.compile("|".join(part for part in parts if part))
