"""What copy is made of: a product's facts in phrases and sentences that may stand, and words that claim nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zlib import crc32

from knowledge.facts import Facts
from knowledge.listings import Claimed
from knowledge.phrasing import Phrasing, Piece
from tools.copywriting.catalogue import Channel, Field
from tools.copywriting.judging import Judge


@dataclass
class Material:
    """A copy being written: its material, what stands in its fields, and the facts of each part."""

    facts: Facts
    phrasing: Phrasing
    words: dict[str, Any]
    judge: Judge
    channel_name: str
    channel: Channel
    fields: dict[str, Any] = field(default_factory=dict)
    claims: list[Claimed] = field(default_factory=list)

    @cached_property
    def name(self) -> Piece:
        """The product's name in the language."""
        named = self.facts.text_in("name", self.phrasing.facts_language) or self.facts.get("name")
        return Piece(str(named.value), (named.id,)) if named else Piece(self.facts.product_id, ())

    @cached_property
    def names(self) -> list[Piece]:
        """The name with its brand, without it, and its first word, which names the line: the fullest first."""
        brand, first = self.facts.get("brand"), Piece(self.name.text.split()[0], self.name.facts)
        full = [Piece(f"{brand.value} {self.name.text}", (brand.id, *self.name.facts))] if brand else []
        owned = brand is not None and str(brand.value).lower() in self.name.text.lower()
        return [*([] if owned else full), self.name, *([first] if first.text[:1].isupper() else [])]

    @cached_property
    def phrases(self) -> list[Piece]:
        """Phrases of facts, the most telling first, with a capital."""
        held = (Piece(piece.text[:1].upper() + piece.text[1:], piece.facts) for piece in self.phrasing.leading())
        return [piece for piece in held if self.judge.passes(piece.text)]

    @cached_property
    def sentences(self) -> list[Piece]:
        """The summary's sentences and the facts in sentences, those that may stand."""
        return [piece for piece in self.phrasing.sentences() if self.judge.passes(piece.text)]

    @cached_property
    def questions(self) -> list[tuple[Piece, Piece]]:
        """Questions the facts answer."""
        return [(q, a) for q, a in self.phrasing.questions() if self.judge.passes(f"{q.text} {a.text}")]

    def line(self, template: str, short: bool = False) -> Piece:
        """A line of words; {name} and {brand} in it are facts."""
        brand = self.facts.get("brand")
        name = self.names[-1] if short else self.name
        facts = (
            *(name.facts if "{name}" in template else ()),
            *((brand.id,) if brand and "{brand}" in template else ()),
        )
        own = str(brand.value) if brand else self.name.text
        return Piece(template.replace("{name}", name.text).replace("{brand}", own), facts)

    def chosen(self, ways: list[str], salt: str) -> str:
        """One of several ways of saying, by the product."""
        return ways[crc32(f"{salt} {self.facts.product_id}".encode()) % len(ways)]

    def about(self, groups: Collection[str]) -> list[Piece]:
        """Sentences that facts of some groups bear."""
        ids = {fact.id for fact in self.facts.attested if fact.group in groups or fact.name in groups}
        return [piece for piece in self.sentences if set(piece.facts) & ids]

    def join(self, pieces: list[Piece]) -> Piece:
        """Sentences one after another."""
        between = self.phrasing.words["space"]
        return Piece(between.join(p.text for p in pieces), tuple(dict.fromkeys(f for p in pieces for f in p.facts)))

    def text(self, into: Field, piece: Piece | None) -> None:
        """Fill a field with a text."""
        if piece:
            self.fields[into.name] = piece.text
            self.tie(into.name, -1, piece)

    def entries(self, into: Field, pieces: Iterator[Piece] | list[Piece]) -> None:
        """Fill a list's field, no entry twice, none too long, no more than it takes."""
        held: dict[str, Piece] = {}
        for piece in pieces:
            if piece.text and into.fits(piece.text) and self.judge.passes(piece.text):
                held.setdefault(piece.text, piece)
        kept = list(held.values())[: into.max_count or None]
        self.fields[into.name] = [piece.text for piece in kept]
        for place, piece in enumerate(kept):
            self.tie(into.name, place, piece)

    def tie(self, name: str, item: int, piece: Piece) -> None:
        """Say which facts bear a part. Words that claim nothing have none."""
        if piece.facts:
            self.claims.append(Claimed(name, item, piece.text, piece.facts))
