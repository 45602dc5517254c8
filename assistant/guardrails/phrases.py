"""The words by which a sentence says what is so, what was done and what will be: a file in `words/` a language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from knowledge.figures import plain
from knowledge.measures import UNSPACED

_FOLDED = str.maketrans("أإآةى’‘", "اااهي''")


class Wordings(BaseModel):
    """One language's file: fragments of regular expressions over folded text (see `folded`).

    `repeats` by which a shopper's own words are said again; `states` what an order, parcel, return or its money is
    said to be in; `deeds` what the speaker says to have done, `offers` what they are about to do, `promises` what
    is said to happen, and asking for a `secret`; `rules` stems by which a passage states such a thing as the shop's
    rule; `permissions` what is said to be allowed; `counts` nouns that are counted; `days` words for days near
    today, for time that is `left`, and for a day `of_month` alone; `products` words that offer a product.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    negations: list[str]
    conditions: list[str]
    confirm: list[str]
    repeats: list[str]
    states: dict[str, list[str]]
    deeds: dict[str, list[str]]
    offers: dict[str, list[str]]
    promises: dict[str, list[str]]
    rules: dict[str, list[str]]
    permissions: dict[str, list[str]]
    counts: dict[str, list[str]]
    days: dict[str, list[str]]
    products: dict[str, list[str]]


FOUND = ("states", "deeds", "offers", "promises", "permissions", "counts", "days", "products")
"""Sections whose words are looked for in what is said."""


@dataclass(frozen=True)
class Said:
    """A kind of statement and where it stands in a folded text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Phrases:
    """One language's patterns, by section and kind."""

    negation: re.Pattern[str]
    condition: re.Pattern[str]
    confirm: re.Pattern[str]
    repeats: re.Pattern[str]
    sections: dict[str, dict[str, re.Pattern[str]]]
    any_of: dict[str, re.Pattern[str]]
    """By section what finds that something of it is said at all: most sentences say nothing of most sections."""

    def find(self, section: str, text: str) -> list[Said]:
        """What a folded text says of a section, in order."""
        return list(_found(self, section, text))

    def states(self, text: str) -> Iterator[Said]:
        """The states a folded text says; of those that overlap the longest: money on its way is no parcel."""
        end = 0
        for said in self.find("states", text):
            if said.start >= end:
                yield said
                end = said.end

    def says(self, section: str, kind: str, text: str) -> bool:
        """Whether a folded text has a word of a kind."""
        pattern = self.sections[section].get(kind)
        return pattern is not None and pattern.search(text) is not None


@lru_cache(512)  # several guards look for the same in a sentence
def _found(phrases: Phrases, section: str, text: str) -> tuple[Said, ...]:
    if not phrases.any_of[section].search(text):
        return ()
    found = [Said(kind, *m.span()) for kind, p in phrases.sections[section].items() for m in p.finditer(text)]
    return tuple(sorted(found, key=lambda one: (one.start, -one.end)))


@cache
def phrases_of(language: str) -> Phrases:
    """The patterns of a language; English ones for one that is not served."""
    folder = files("assistant.guardrails") / "words"
    path = folder / f"{language}.toml"
    own = Wordings.model_validate(tomllib.loads((path if path.is_file() else folder / "en.toml").read_text("utf-8")))
    sections = {
        name: {kind: _pattern(listed, language) for kind, listed in getattr(own, name).items()} for name in FOUND
    }
    any_of = {
        name: _pattern(
            (one.replace("(?P<d>", "(?:") for listed in getattr(own, name).values() for one in listed), language
        )
        for name in FOUND
    }
    sections["rules"] = {kind: re.compile("|".join(map(folded, listed))) for kind, listed in own.rules.items()}
    lists = (own.negations, own.conditions, own.confirm, own.repeats)
    negation, condition, confirm, repeats = (_pattern(held, language) for held in lists)
    return Phrases(negation, condition, confirm, repeats, sections, any_of)


def _pattern(fragments: Iterable[str], language: str) -> re.Pattern[str]:
    """Any of some fragments, as whole words where words stand apart."""
    any_of = "|".join(f"(?:{_keeping_classes(fragment)})" for fragment in fragments)
    return re.compile(f"(?:{any_of})" if language in UNSPACED else rf"(?<!\w)(?:{any_of})(?!\w)")


def _keeping_classes(fragment: str) -> str:
    r"""A fragment folded like the text it is looked for in, but for its classes (\S is not \s)."""
    return unicodedata.normalize("NFKC", fragment).translate(_FOLDED)


def folded(text: str) -> str:
    """A text as these words are looked for in it: plain, and with one way to write an Arabic alef and an apostrophe.
    It is as long as the plain text.
    """
    return same_letters(plain(text))


def same_letters(text: str) -> str:
    """A plain text with one way to write an Arabic alef, a teh marbuta and an apostrophe; as long as before."""
    return text if text.isascii() else text.translate(_FOLDED)
