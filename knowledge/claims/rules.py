"""The rules on what may be claimed of goods: an entry of a TOML file each, with its own examples."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from knowledge.claims.places import known_places

Severity = Literal["block", "warn", "info"]


EVERYWHERE = "*"
ANY = "any"
"""The language of words that are the same in all."""

ByLanguage = dict[str, tuple[str, ...]]
"""Words by language code or ANY."""


class RuleWrong(ValueError):
    """An entry of the rules cannot be used; the text names it and says why."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Example(_Entry):
    """A text a rule catches or lets pass, and what was known with it. Without `where`: the rule's first place, EU where
    it holds everywhere.
    """

    text: str
    locale: str
    where: str = ""
    category: str = ""
    evidence: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()


class Unless(_Entry):
    """Words that show something else is meant. `says` in words what. It is met where any of these is: `phrases` read
    over the claim itself, `near` in its sentence, `pattern` a regular expression found in its sentence, `text` one
    found anywhere, `lacks` one not found in its sentence; and where none of `without` stands in the text. Words are by
    language (a bare list: the same in all), and count in texts read in it. "@name" is a list of `words.toml`.
    `of` limits it to some of the rule's phrases, `categories` to some goods, `except_scopes` away from some kinds; with
    `severity` it only softens.
    """

    says: str
    phrases: ByLanguage = {}
    near: ByLanguage = {}
    pattern: str = ""
    text: str = ""
    lacks: str = ""
    without: ByLanguage = {}
    of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    except_scopes: tuple[str, ...] = ()
    severity: Severity | None = None

    @field_validator("pattern", "text", "lacks")
    @classmethod
    def _is_expression(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from error
        return value

    @field_validator("phrases", "near", "without", mode="before")
    @classmethod
    def _by_language(cls, value: object) -> object:
        return {ANY: value} if isinstance(value, list) else value

    @property
    def words(self) -> Iterator[tuple[str, str]]:
        """All it looks for, word by word, each after its language."""
        for held in (self.phrases, self.near, self.without):
            for language, words in held.items():
                yield from ((language, word) for word in words)


class Proof(_Entry):
    """Evidence that lets a claim stand: `says` what it is, `known_by` words that name it, all of a "+"-joined entry.
    `of` limits it to some of the rule's phrases. Without `known_by` it is told and lets nothing stand.
    """

    says: str
    known_by: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


class Rule(_Entry):
    """What may not be said of goods somewhere. `where` are its places, `scopes` the kinds of goods (none: all goods),
    `phrases` what it catches, by language, as the source has them, `also` what we added. `starts` and `ends` are its
    first and last day in force. A phrase that begins with "=" counts in this form alone; "<n>" in it is any number,
    "<year>" a year to come, "<brand>" another maker's name, "@name" any word of a list in the language it is read in,
    "…" leaves room for other words.
    `gap` is how many words may stand between those of a phrase, `compounds` whether a
    phrase counts inside a longer word.
    """

    id: str
    where: tuple[str, ...]
    category: str
    scopes: tuple[str, ...] = ()
    detection: Literal["lexical", "needs_facts", "needs_evidence", "structural"] = "lexical"
    says: str
    severity: Severity
    advice: str
    sources: tuple[str, ...]
    as_of: date
    confidence: Literal["high", "medium", "low"]
    note: str = ""
    starts: date | None = Field(None, alias="from")
    ends: date | None = Field(None, alias="until")
    gap: int = 0
    compounds: bool = True
    phrases: dict[str, tuple[str, ...]] = {}
    also: dict[str, tuple[str, ...]] = {}
    unless: tuple[Unless, ...] = ()
    evidence: tuple[Proof, ...] = ()
    caught: tuple[Example, ...] = ()
    passes: tuple[Example, ...] = ()

    @property
    def place(self) -> str:
        """A place where it holds, to try its examples in."""
        return "EU" if self.where[0] == EVERYWHERE else self.where[0]

    @property
    def giver(self) -> str:
        """Who gave it: a union, a country, a platform."""
        return self.id.partition(".")[0]

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)

    def holds_for(self, scopes: frozenset[str] | None) -> bool:
        """Whether it is about goods of these kinds; None is goods of an unknown kind."""
        return not self.scopes or scopes is None or bool(scopes & set(self.scopes))

    def spoken(self, language: str) -> tuple[str, ...]:
        """Its phrases in a language, ours after the source's."""
        return (*self.phrases.get(language, ()), *self.also.get(language, ()))


class Source(_Entry):
    """Where a rule stands. `seen` says whether we read it or tell it from knowledge."""

    title: str
    url: str
    date: str
    seen: str


@cache
def claim_rules() -> dict[str, Rule]:
    """Every rule by its id. Raises RuleWrong."""
    found: dict[str, Rule] = {}
    for name, entries in _files():
        for rule_id, entry in entries.items():
            if rule_id in found:
                raise RuleWrong(f"knowledge/claims/rules/{name}: {rule_id} stands twice.")
            found[rule_id] = read_rule(name, rule_id, entry)
    return found


@cache
def claim_sources() -> dict[str, Source]:
    """Every source by its key."""
    held = tomllib.loads((files("knowledge.claims") / "sources.toml").read_text("utf-8"))
    return {key: Source.model_validate(entry) for key, entry in held.items()}


AILMENTS = ("illnesses", "pains", "complaints")


@cache
def word_lists() -> dict[str, ByLanguage]:
    """The lists rules share, by "@name" and language; "@ailments" are three of them together."""
    held: dict[str, ByLanguage] = tomllib.loads((files("knowledge.claims") / "words.toml").read_text("utf-8"))
    languages = {language for name in AILMENTS for language in held[name]}
    held["ailments"] = {language: _all_of(held, language) for language in languages}
    return {f"@{name}": {key: tuple(words) for key, words in lists.items()} for name, lists in held.items()}


def _all_of(held: dict[str, ByLanguage], language: str) -> tuple[str, ...]:
    return tuple(word for name in AILMENTS for word in held[name].get(language, ()))


def entries(name: str, language: str) -> tuple[str, ...]:
    """What a list holds for a language: its own words and those that are the same in all."""
    held = word_lists()[name]
    return (*held.get(ANY, ()), *held.get(language, ()))


def _files() -> list[tuple[str, dict[str, object]]]:
    folder = files("knowledge.claims") / "rules"
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    return [(entry.name, tomllib.loads(entry.read_text("utf-8"))) for entry in entries]


def read_rule(name: str, rule_id: str, entry: object) -> Rule:
    """A rule as a file writes it. Raises RuleWrong that names what is wrong."""
    held = {**entry, "id": rule_id} if isinstance(entry, dict) else entry
    try:
        rule = Rule.model_validate(held)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise RuleWrong(f"knowledge/claims/rules/{name}: {rule_id}: {place}: {fault['msg']}.") from error
    for wrong in _faults(rule):
        raise RuleWrong(f"knowledge/claims/rules/{name}: {rule_id}: {wrong}.")
    return rule


def _faults(rule: Rule) -> Iterator[str]:
    """What in a rule names something that does not exist."""
    yield from (f"no source is called {key}" for key in rule.sources if key not in claim_sources())
    yield from (f"there is no place {name!r}" for name in rule.where if name not in (EVERYWHERE, *known_places()))
    slots = [slot for language in (*rule.phrases, *rule.also) for phrase in rule.spoken(language)
             for slot in re.findall(r"@\w+", phrase)]  # fmt: skip
    yield from (f"no list is called {slot}" for slot in slots if slot not in word_lists())
    for unless in rule.unless:
        lists = [word for _, word in unless.words if word.startswith("@")]
        yield from (f"no list is called {word}" for word in lists if word not in word_lists())
