"""Evidence: what is attested about a product, and whether it lets a claim stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from knowledge.claims.rules import Proof, Rule
from tools.claims.folding import plain

UNTIL = re.compile(
    r"(?:valid (?:until|to|through|till)|expire[sd]?(?: on)?|expiry|bis|jusqu'au|valido (?:hasta|fino al|ate)|until"
    r"|exp\.?)\W{0,3}(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})"
)
LOST = re.compile(
    r"\b(?:expired|revoked|withdrawn|suspended|pending|applied for|abgelaufen|beantragt|expire|caduc\w+|scadut\w+)\b"
)
SCOPE = re.compile(r"\bscope\s?[:=]\s?([^;,()]+)")


@dataclass(frozen=True)
class Evidence:
    """A certificate, report or fact. `scope` are the goods it is about ('' for the product itself), `valid_until` its
    last day.
    """

    text: str
    scope: str = ""
    valid_until: date | None = None

    @classmethod
    def of(cls, written: str | Evidence) -> Evidence:
        """Evidence as it was handed in; a text may say 'valid until 2027-01-31', 'scope: towels', 'expired'."""
        if isinstance(written, Evidence):
            return written
        text = plain(written)
        scope = SCOPE.search(text)
        return cls(written, scope.group(1).strip() if scope else "", _last_day(text))


@dataclass(frozen=True)
class Given:
    """What is known beside a text: of which goods it speaks (`scopes` None: any kind), what is attested, the day."""

    category: str
    scopes: frozenset[str] | None
    evidence: tuple[Evidence, ...]
    on: date
    brands: tuple[str, ...] = ()


def _last_day(text: str) -> date | None:
    if LOST.search(text) and not UNTIL.search(text):
        return date.min
    found = UNTIL.search(text)
    if not found:
        return None
    day = found.group(1)
    try:
        return date.fromisoformat(day if "-" in day else "-".join(part.zfill(2) for part in day.split(".")[::-1]))
    except ValueError:
        return date.min


def proves(rule: Rule, phrase: str, evidence: Iterable[Evidence], on: date, goods: str) -> tuple[bool, str]:
    """Whether evidence lets a phrase of a rule stand on a day, said of goods ('' where unknown); and what is wrong with
    evidence that would, were it valid.
    """
    wrong = ""
    for held in evidence:
        if not any(_names(proof, held.text) for proof in rule.evidence if _is_for(proof, phrase)):
            continue
        wrong = _fault(held, on, goods)
        if not wrong:
            return True, ""
    return False, wrong


def _is_for(proof: Proof, phrase: str) -> bool:
    """Whether it is evidence for a phrase: one that it names, or one with all the words of one that it names."""
    held = set(_spelled(phrase).split())
    return not proof.of or is_one_of(phrase, proof.of) or any(set(_spelled(one).split()) <= held for one in proof.of)


def is_one_of(phrase: str, phrases: Iterable[str]) -> bool:
    """Whether a phrase is among some, however they are spelled."""
    wanted = _compared(phrase)
    return any(_compared(one) == wanted for one in phrases)


@lru_cache(maxsize=8192)
def _compared(phrase: str) -> str:
    return plain(phrase.lstrip("="))


def _names(proof: Proof, text: str) -> bool:
    held = f" {_spelled(text)}"
    known = any(all(_stands(_spelled(part), held) for part in known.split("+")) for known in proof.known_by)
    return known or (bool(proof.known_by) and _is_called(proof.says, held))


def _is_called(says: str, held: str) -> bool:
    """Whether evidence is called what the rule calls it, or one of several things it names."""
    named = [_spelled(part) for part in (says, *re.split(r"[/;,+]|\(", says))]
    return any(f" {name} " in f"{held} " for name in named if len(name.split()) > 1 or not name.isascii())


def _stands(words: str, held: str) -> bool:
    """Whether words begin a word there; anywhere, in scripts without spaces."""
    return (f" {words}" if words.isascii() else words) in held


@lru_cache(maxsize=4096)
def _spelled(text: str) -> str:
    return re.sub(r"[\W_]+", " ", plain(text)).strip()


def _fault(held: Evidence, on: date, goods: str) -> str:
    if held.valid_until == date.min:
        return f"{held.text!r} is not in force."
    if held.valid_until and held.valid_until < on:
        return f"{held.text!r} ended on {held.valid_until.isoformat()}."
    if held.scope and goods and not set(_spelled(held.scope).split()) & set(_spelled(goods).split()):
        return f"{held.text!r} is about {held.scope}, which the text does not speak of."
    return ""
