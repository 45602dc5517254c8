"""A listing being filled: what stands in its fields, and the facts of each part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from knowledge.facts import Facts
from knowledge.listings import Claimed, Held
from knowledge.marketplaces import FieldLimits
from knowledge.phrasing import Phrasing, Piece

Passes = Callable[[str, str], bool]
"""Whether a text may stand in a field by what law, channel and facts say of it alone."""

TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass
class Filling:
    """A listing being filled: what stands in its fields, and the facts of each part."""

    phrasing: Phrasing
    passes: Passes
    limits: dict[str, FieldLimits]
    fields: dict[str, Held] = field(default_factory=dict)
    claims: list[Claimed] = field(default_factory=list)

    @property
    def facts(self) -> Facts:
        """The product's facts."""
        return self.phrasing.facts

    def text(self, name: str, pieces: Iterable[Piece], between: str) -> None:
        """Fill a text's field from pieces."""
        held = list(pieces)
        if held:
            self.fields[name] = between.join(piece.text for piece in held)
            self.claims += [Claimed(name, -1, piece.text, piece.facts) for piece in held]

    def entries(self, name: str, pieces: Iterable[Piece]) -> None:
        """Fill a list's field, an entry a piece."""
        held = list(pieces)
        if held:
            self.fields[name] = [piece.text for piece in held]
            self.claims += [Claimed(name, place, piece.text, piece.facts) for place, piece in enumerate(held)]

    def pairs(self, name: str, held: dict[str, Piece]) -> None:
        """Fill a field of named values."""
        if held:
            self.fields[name] = {key: piece.text for key, piece in held.items()}
            self.claims += [Claimed(name, -1, f"{key}: {piece.text}", piece.facts) for key, piece in held.items()]
