"""Facts in the words of a language: phrases, headed bullets, sentences, questions. What no fact says is not said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from knowledge.facts import TEXTS, Facts
from knowledge.phrasing.measure import split_sentences
from knowledge.phrasing.order import GROUPS, LEADING
from knowledge.phrasing.values import Values
from knowledge.quantities import read_quantities, unit


@dataclass(frozen=True)
class Piece:
    """A phrase or sentence and the facts that bear it."""

    text: str
    facts: tuple[str, ...]


@cache
def words_for(language: str) -> dict[str, Any]:
    """The words of a language. Raises LanguageUnworded for one nobody has written them for."""
    folder = files("knowledge.phrasing.words")
    source = folder / f"{language}.toml"
    if not source.is_file():
        known = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
        raise LanguageUnworded(
            f"Listings are not written in {language!r} without a model. They are in: {', '.join(known)}."
        )
    return tomllib.loads(source.read_text("utf-8"))


class LanguageUnworded(LookupError):
    """There are no words for a language; the text names those there are."""


class Phrasing:
    """One product's facts in one language, by the customs of a locale. Its id chooses between ways of saying."""

    def __init__(self, facts: Facts, language: str, locale: str) -> None:
        self.facts = facts
        self.words = words_for(language)
        self._language = self.facts_language = language
        self._values = Values(facts, language, locale, self.words)

    def value(self, name: str) -> str:
        """A fact's value as this language writes it; '' for one that has no translation or is none."""
        return self._values.told(name)

    def plain(self, text: str) -> str:
        """A text without the signs that bullets take nowhere: degrees are written out."""
        text = re.sub(
            r"\s?(?:°\s?[CcＣ]|℃|°م)",
            f" {self.words['degrees']}" if self.words["space"] else self.words["degrees"],
            text,
        )
        return text.replace("±", "+/-").replace("~", "").replace("™", "").replace("®", "")

    def label(self, name: str) -> str:
        """What a fact is called; '' where the language has no word for it."""
        return str(self.words["labels"].get(name, ""))

    def phrase(self, name: str) -> Piece | None:
        """A fact as a phrase, or None where the language has none for it."""
        fact = self.facts.get(name)
        if fact is None:
            return None
        key = f"{name}.{'yes' if fact.value else 'no'}" if isinstance(fact.value, bool) else name
        pattern = self.words["phrases"].get(key)
        value = self.value(name)
        if pattern is None or ("{value}" in pattern and not value):
            return None
        return Piece(pattern.format(value=value), (fact.id,))

    def leading(self, order: tuple[str, ...] = LEADING) -> Iterator[Piece]:
        """Phrases in the order titles lead with."""
        yield from (piece for name in dict.fromkeys(order) if (piece := self.phrase(name)))

    def bullets(self) -> Iterator[tuple[str, Piece, list[Piece]]]:
        """Bullets: their group, the header, and phrases, most telling first."""
        for group, names in GROUPS.items():
            told = self._bare if group == "origin" else self.phrase
            pieces = [piece for name in names if (piece := told(name) or self._text(name))]
            alone = [name for name in names if self.facts.get(name)] if group == "size" and len(pieces) == 1 else []
            if alone and self.label(alone[0]) and (bare := self._bare(alone[0])):
                yield group, Piece(self.label(alone[0]), ()), [bare]  # a weight alone is no size
            elif pieces:
                yield group, Piece(self._chosen(self.words["headers"][group], group), ()), pieces

    def _bare(self, name: str) -> Piece | None:
        """A fact by its value alone, where the header says what it is."""
        fact, value = self.facts.get(name), self.value(name)
        return Piece(value, (fact.id,)) if fact and value else None

    def _text(self, name: str) -> Piece | None:
        """A fact that is a text, as the shop's own language has it."""
        fact, value = self.facts.get(name), self.value(name)
        if fact is None or name not in TEXTS or not value:
            return None
        return Piece(value.rstrip("."), (fact.id,))

    def summary(self) -> Iterator[Piece]:
        """The sentences of the summary."""
        summary = self.facts.text_in("summary", self._language)
        if summary:
            yield from (Piece(text, (summary.id,)) for text in split_sentences(str(summary.value)))

    def sentences(self) -> Iterator[Piece]:
        """The summary's sentences, then the facts as sentences, in an order of the product's own: the same facts in the
        same order would make products read alike.
        """
        summary = self.facts.text_in("summary", self._language)
        yield from self.summary()
        told = self._measured(str(summary.value)) if summary else set()
        order = sorted(_SENTENCES, key=lambda kind: _drawn(f"{kind} {self.facts.product_id}"))
        yield from (piece for kind in order if not self._is_told(kind, told) and (piece := self._sentence(kind)))

    def _measured(self, text: str) -> set[tuple[str, Decimal]]:
        """The measures of a text, each in the kind's own unit."""
        found = [(unit(q.unit), q.values[0]) for q in read_quantities(text, self._language) if q.unit]
        return {(measure.kind, value * measure.size) for measure, value in found if measure}

    def _is_told(self, kind: str, told: set[tuple[str, Decimal]]) -> bool:
        """Whether the summary tells all the measures of a sentence."""
        measures = [self._measured(self.value(name)) for name in _SENTENCES[kind] if name in _MEASURES]
        return bool(measures) and all(held and held <= told for held in measures)

    def _sentence(self, kind: str) -> Piece | None:
        names = _SENTENCES[kind]
        patterns = self.words["sentences"].get(kind, [])
        facts = [self.facts.get(name) for name in names]
        values = {_slot(name): self.value(name).rstrip(".") for name in names}
        if not patterns or not all(facts) or not all(values.values()) or self._told_fuller(kind):
            return None
        text = self._chosen(patterns, kind).format(**values)
        return Piece(text, tuple(fact.id for fact in facts if fact))

    def _told_fuller(self, kind: str) -> bool:
        """Whether a sentence that tells more has told it."""
        if kind == "box":
            return len(self.facts.value("in_the_box") or ()) == 1  # it is the product itself
        fuller = {"dimensions": "weight_g", "weight": "dimensions_mm", "battery_life": "charging_time_h"}.get(kind)
        if kind == "wash" and str(self.facts.value("wash_temp_c")) in self.value("care"):
            return True
        return bool(fuller and self.value(fuller))

    def features(self) -> Piece | None:
        """What is so and what is not, in one sentence."""
        held = [
            piece for name in LEADING
            if isinstance(self.facts.value(name), bool) and (piece := self.phrase(name))
        ]  # fmt: skip
        if len(held) < 2:
            return None
        pattern = self._chosen(self.words["sentences"]["features"], "features")
        held.sort(key=lambda piece: _drawn(f"{piece.facts} features"))
        told = self.words["between"].join(piece.text for piece in held)
        return Piece(pattern.format(features=told), tuple(fact for piece in held for fact in piece.facts))

    def questions(self) -> Iterator[tuple[Piece, Piece]]:
        """Questions with answers: the shop's own in English, else those the facts answer."""
        own = [fact for fact in self.facts.attested if fact.name.startswith("faq.")]
        if own and self._language == "en":
            for answered in own:
                question, mark, answer = str(answered.value).partition("? ")
                if mark:
                    yield Piece(f"{question}?", (answered.id,)), Piece(answer, (answered.id,))
            return
        for key, (question, answer) in self.words["faq"].items():
            name, _, wanted = key.partition(".")
            fact = self.facts.get(name)
            if fact is None or (wanted and fact.value is not (wanted == "yes")):
                continue
            value = self.value(name)
            if "{value}" not in answer or value:
                yield Piece(question, (fact.id,)), Piece(answer.format(value=value), (fact.id,))

    def _chosen(self, ways: list[str], salt: str) -> str:
        return ways[_drawn(f"{self.facts.product_id} {salt}") % len(ways)]


def _drawn(text: str) -> int:
    """A number drawn by a text, the same every time; of texts that are nearly alike, not nearly the same."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


_MEASURES = ("capacity_ml", "power_w", "weight_g", "dimensions_mm", "battery_life_h", "charging_time_h", "wash_temp_c")


_SENTENCES = {
    "material": ("material",),
    "size": ("dimensions_mm", "weight_g"),
    "dimensions": ("dimensions_mm",),
    "weight": ("weight_g",),
    "capacity": ("capacity_ml",),
    "battery": ("battery_life_h", "charging_time_h"),
    "battery_life": ("battery_life_h",),
    "power": ("power_w",),
    "wash": ("wash_temp_c",),
    "suitable": ("suitable_for",),
    "compatible": ("compatible_with",),
    "care": ("care",),
    "box": ("in_the_box",),
    "origin": ("origin",),
    "warranty": ("warranty_months",),
}


def _slot(name: str) -> str:
    return name.rsplit("_", 1)[0] if name.endswith(("_mm", "_g", "_ml", "_h", "_w", "_c", "_months")) else name
