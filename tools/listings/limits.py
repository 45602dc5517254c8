"""Lengths, counts and required fields, by what the channel says of each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.facts import Facts
from knowledge.findings import Finding
from knowledge.listings import Listing
from knowledge.marketplaces import FieldLimits, Marketplace
from knowledge.phrasing.measure import length, words

COPY = frozenset(
    {"title", "bullets", "description", "title_rakuten", "title_yahoo", "key_features", "description_html"}
)
"""Required fields that are text: a listing without them is none. Other required fields may stand elsewhere."""


class Limits:
    """The limits of a channel's fields on a day."""

    def __init__(self, market: Marketplace, fields: Mapping[str, FieldLimits], groups: tuple[str, ...]) -> None:
        self._market = market
        self._fields = fields
        self._groups = groups

    def check(self, listing: Listing, facts: Facts | None) -> Iterator[Finding]:
        """What is too long, too short, too many, too few, or not there."""
        for name, limits in self._fields.items():
            if not listing.fields.get(name):
                yield from self._absent(name, limits, facts)
                continue
            for item, text in listing.texts(name):
                yield from self._lengths(limits, item, text)
            yield from self._counts(limits, listing.fields[name])

    def requires(self, limits: FieldLimits) -> bool:
        """Whether the channel requires a field here."""
        return limits.required or any(group in self._groups for group in limits.required_in)

    def _absent(self, name: str, limits: FieldLimits, facts: Facts | None) -> Iterator[Finding]:
        if not self.requires(limits) or (facts and facts.get(name)):
            return
        severity = "block" if name in COPY else "info"
        yield self._finding(limits, "required", severity, -1, "", f"{self._market.name} requires {name}.",
                            f"Fill {name}, or give the fact it is filled from.")  # fmt: skip

    def _lengths(self, limits: FieldLimits, item: int, text: str) -> Iterator[Finding]:
        size = length(text, limits.unit)
        unit = limits.unit or "characters"
        if limits.max is not None and size > limits.max:
            yield self._finding(limits, f"max_{unit}", "block", item, text,
                                f"{_told(size)} {unit}; at most {limits.max} are taken.",
                                "Leave a phrase out; never cut a word.")  # fmt: skip
        elif limits.safe_max is not None and size > limits.safe_max:
            yield self._finding(limits, f"safe_max_{unit}", "warn", item, text,
                                f"{_told(size)} {unit}; guides disagree above {limits.safe_max}.",
                                "Leave a phrase out.")  # fmt: skip
        elif limits.recommended_max is not None and size > limits.recommended_max:
            yield self._advice(
                limits,
                f"recommended_max_{unit}",
                item,
                text,
                f"{_told(size)} {unit}; {limits.recommended_max} are advised.",
            )
        yield from self._least(limits, item, text, size, unit)

    def _least(self, limits: FieldLimits, item: int, text: str, size: float, unit: str) -> Iterator[Finding]:
        if limits.min is not None and size < limits.min:
            yield self._finding(
                limits,
                f"min_{unit}",
                "block",
                item,
                text,
                f"{_told(size)} {unit}; at least {limits.min} are wanted.",
                "Say more, from the facts.",
            )
        elif limits.min_words is not None and words(text) < limits.min_words:
            severity = "warn" if limits.confidence != "high" and limits.min_words > 100 else "block"
            yield self._finding(limits, "min_words", severity, item, text,
                                f"{words(text)} words; at least {limits.min_words} are wanted.",
                                "Say more, from the facts.")  # fmt: skip
        elif limits.recommended_min is not None and size < limits.recommended_min:
            yield self._advice(
                limits,
                f"recommended_min_{unit}",
                item,
                text,
                f"{_told(size)} {unit}; {limits.recommended_min} are advised.",
            )
        if limits.recommended_max_words is not None and words(text) > limits.recommended_max_words:
            yield self._advice(
                limits,
                "recommended_max_words",
                item,
                text,
                f"{words(text)} words; {limits.recommended_max_words} are advised.",
            )

    def _counts(self, limits: FieldLimits, held: Any) -> Iterator[Finding]:
        if not isinstance(held, list | Mapping):
            return
        count = len(held)
        if limits.max_count is not None and count > limits.max_count:
            why = f"{count} entries; at most {limits.max_count} are taken."
            yield self._finding(limits, "max_count", "block", -1, "", why, "Leave the least important out.")
        if limits.min_count is not None and count < limits.min_count:
            why = f"{count} entries; at least {limits.min_count} are wanted."
            yield self._finding(limits, "min_count", "block", -1, "", why, "Add entries, from the facts.")
        texts = [entry for entry in held if isinstance(entry, str)] if isinstance(held, list) else []
        total = sum(length(text, limits.unit) for text in texts)
        if limits.combined_max is not None and total > limits.combined_max:
            why = f"{_told(total)} together; at most {limits.combined_max} are taken."
            yield self._finding(limits, "combined_max", "block", -1, "", why, "Leave a phrase out; never cut a word.")
        yield from self._pairs(limits, held)
        yield from self._images(limits, held)

    def _pairs(self, limits: FieldLimits, held: Any) -> Iterator[Finding]:
        if limits.kind != "pairs" or not isinstance(held, Mapping):
            return
        for name, value in held.items():
            for most, text, what in ((limits.name_max, str(name), "name"), (limits.value_max, str(value), "value")):
                if most is not None and len(text) > most:
                    yield self._finding(
                        limits,
                        f"{what}_max",
                        "block",
                        -1,
                        text,
                        f"The {what} has {len(text)} characters; at most {most} are taken.",
                        "Say it shorter.",
                    )

    def _images(self, limits: FieldLimits, held: Any) -> Iterator[Finding]:
        if limits.kind != "images" or limits.min_px is None or not isinstance(held, list):
            return
        for place, image in enumerate(held):
            stated = [image.get("width"), image.get("height")] if isinstance(image, Mapping) else []
            sides = [side for side in stated if isinstance(side, int)]
            if len(sides) == 2 and min(sides) < limits.min_px:
                yield self._finding(
                    limits,
                    "min_pixels",
                    "block",
                    place,
                    "",
                    f"{sides[0]} × {sides[1]} pixels; at least {limits.min_px} are wanted.",
                    "Give a larger image.",
                )

    def _advice(self, limits: FieldLimits, rule: str, item: int, text: str, why: str) -> Finding:
        return self._finding(limits, rule, "info", item, text, why, "")

    def _finding(  # noqa: PLR0913  (each is a part of the finding)
        self, limits: FieldLimits, rule: str, severity: str, item: int, text: str, why: str, suggestion: str
    ) -> Finding:
        return Finding(
            rule=f"limit.{rule}", severity=severity, span=(0, len(text)), text=text[:80], why=why,
            source=f"{self._market.told_sources(limits.source)}, as of {limits.as_of} ({limits.confidence} confidence)",
            suggestion=suggestion, field=limits.name, item=item,
        )  # fmt: skip


def _told(size: float) -> str:
    return f"{size:g}"
