"""The kinds of campaign copy, where each is shown, and how long its fields may be: data, a file a kind."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from knowledge.phrasing import LanguageUnworded
from knowledge.phrasing.measure import width


class CopyUnknown(LookupError):
    """There is no such kind of copy, or no such channel of it; the text names those there are."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Field(_Entry):
    """A field of a channel: `fill` is how it is filled, `max` its most letters ('width': a wide one counts two), the
    counts how many entries a list takes.
    """

    name: str
    fill: str
    max: int | None = None
    unit: Literal["characters", "width"] = "characters"
    min_count: int | None = None
    max_count: int | None = None
    optional: bool = False

    def length(self, text: str) -> int:
        """How long a text is, as the channel counts."""
        return width(text) if self.unit == "width" else len(text)

    def fits(self, text: str) -> bool:
        """Whether a text is no longer than the field takes."""
        return self.max is None or self.length(text) <= self.max


class Channel(_Entry):
    """Where copy is shown. `seconds` is how long a script lasts at most, `shape` how a platform writes."""

    name: str
    source: str
    as_of: date
    confidence: Literal["high", "medium", "low"]
    note: str = ""
    seconds: int = 0
    shape: Literal["prose", "lines", "list", "question"] = "prose"
    fields: tuple[Field, ...]


class Kind(_Entry):
    """A kind of copy with its channels, the first one meant where none is named."""

    id: str
    says: str
    channels: dict[str, Channel]

    def channel(self, name: str) -> tuple[str, Channel]:
        """A channel by its name. Raises CopyUnknown."""
        chosen = name or next(iter(self.channels))
        if chosen not in self.channels:
            raise CopyUnknown(f"{self.says} has no channel {name!r}. There are: {', '.join(self.channels)}.")
        return chosen, self.channels[chosen]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of copy by its id."""
    folder = files("tools.copywriting.kinds")
    held = [Kind.model_validate(tomllib.loads(entry.read_text("utf-8"))) for entry in folder.iterdir()
            if entry.name.endswith(".toml")]  # fmt: skip
    return {kind.id: kind for kind in sorted(held, key=lambda kind: kind.id)}


def kind_of(name: str) -> Kind:
    """A kind by its id. Raises CopyUnknown."""
    if name not in kinds():
        raise CopyUnknown(f"There is no copy {name!r}. There are: {', '.join(kinds())}.")
    return kinds()[name]


@cache
def campaign_words(language: str) -> dict[str, Any]:
    """The words of campaigns in a language. Raises LanguageUnworded."""
    source = files("tools.copywriting.words") / f"{language}.toml"
    if not source.is_file():
        raise LanguageUnworded(f"Copy is not written in {language!r} without a model.")
    return tomllib.loads(source.read_text("utf-8"))
