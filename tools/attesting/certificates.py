"""Marks and certificates a text names: attested or not, in force or over."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from knowledge.commerce import Certificate
from knowledge.findings import Finding
from knowledge.quantities import read_codes
from tools.attesting.attested import COMMON, Ground, normal_code, unborne

_DENIED_AT_ONCE = re.compile(
    r"(?:\b(?:not|no|non|without|nicht|kein\w*|ohne|pas|sans|sin|não|sem|bukan|tidak|tanpa)\b|[不无無非]|بدون)\s*(?:(?:a|an|the|de|die|das)\s)?$",
    re.I,
)
"""A denial of a mark: it stands right before the mark's name."""


class Papers:
    """Holds texts against a product's certificates on a day."""

    def __init__(self, ground: Ground, language: str, on: date) -> None:
        self._ground = ground
        self._language = language
        self._on = on
        self._held = ground.facts.certificates
        self._over = [certificate for certificate in self._held if self._is_over(certificate)]
        self._lost = list(self._lost_codes())

    def check(self, field: str, item: int, text: str) -> Iterator[Finding]:
        """Marks no certificate bears, and what only certificates that are over bear: marks, numbers, codes."""
        yield from (self._expired(paper, field, item, text, span) for paper, span in self._expired_in(text))
        for mark in marks_in(text):
            found = mark.pattern.search(text)
            if not found or _DENIED_AT_ONCE.search(text[max(0, found.start() - 24) : found.start()]):
                continue
            own = [certificate for certificate in self._held if bears(certificate, mark)]
            if own and all(certificate in self._over for certificate in own):
                yield self._expired(own[0], field, item, text, found.span())
            elif not own and not _names(mark).search(self._ground.text):
                yield unborne(
                    "facts.unsupported_certificate", "block", field, item, text, found.span(),
                    f"No certificate of the product is for {mark.name}.",
                    "Add the certificate to the facts, or leave the mark out.", (),
                )  # fmt: skip

    def _expired_in(self, text: str) -> Iterator[tuple[Certificate, tuple[int, int]]]:
        """Numbers and codes of certificates that are over."""
        for certificate in self._over:
            number = certificate.number.lower()
            if len(number) > 3 and number in text.lower():
                start = text.lower().index(number)
                yield certificate, (start, start + len(number))
        for certificate, lost in self._lost:
            for start, code in read_codes(text, self._language):
                if normal_code(code) in lost:
                    yield certificate, (start, start + len(code))

    def _lost_codes(self) -> Iterator[tuple[Certificate, set[str]]]:
        """Codes that a certificate which is over attests, and none in force does (IP65 by its test report)."""
        in_force = {code for paper in self._held if paper not in self._over for code in _codes_of(paper)}
        for certificate in self._over:
            lost = _codes_of(certificate) - in_force - {normal_code(certificate.number)} - COMMON
            if lost:
                yield certificate, lost

    def _is_over(self, certificate: Certificate) -> bool:
        told = f"{certificate.attributes.get('status', '')} {certificate.name}".lower()
        ended = certificate.valid_until is not None and certificate.valid_until < self._on
        begun = certificate.valid_from is None or certificate.valid_from <= self._on
        return ended or not begun or re.search(r"\b(?:expired|revoked|withdrawn|abgelaufen)\b", told) is not None

    def _expired(self, certificate: Certificate, field: str, item: int, text: str, span: tuple[int, int]) -> Finding:
        ended = f": it ended on {certificate.valid_until}" if certificate.valid_until else ""
        return unborne(
            "facts.expired_certificate", "block", field, item, text, span,
            f"{certificate.name} is not in force on {self._on.isoformat()}{ended}.",
            "Renew the certificate, or take the claim out.", (self._ground.facts.certificate_fact(certificate),),
        )  # fmt: skip


def _codes_of(certificate: Certificate) -> set[str]:
    return {normal_code(code) for _, code in read_codes(certificate.name)}


@dataclass(frozen=True)
class Mark:
    """A certification mark: the pattern of its names in a text, and what an attestation of it says."""

    name: str
    pattern: re.Pattern[str]
    held_by: tuple[str, ...]


@cache
def marks() -> tuple[Mark, ...]:
    """Every mark we know."""
    table = tomllib.loads((files("knowledge.facts") / "marks.toml").read_text("utf-8"))["marks"]
    return tuple(
        Mark(
            name,
            re.compile("|".join(rf"(?<![\w-]){re.escape(w)}(?![\w])" for w in entry["words"])),
            tuple(entry["held_by"]),
        )
        for name, entry in table.items()
    )


@cache
def _marks_by_word() -> dict[str, tuple[Mark, ...]]:
    """Marks by the first word of each of their names."""
    table = tomllib.loads((files("knowledge.facts") / "marks.toml").read_text("utf-8"))["marks"]
    found: dict[str, dict[str, Mark]] = {}
    for mark in marks():
        for name in table[mark.name]["words"]:
            found.setdefault(_WORD.findall(name)[0], {})[mark.name] = mark
    return {word: tuple(held.values()) for word, held in found.items()}


_WORD = re.compile(r"[^\W_]+")


def marks_in(text: str) -> list[Mark]:
    """The marks whose names a text may hold: only those need a look."""
    known = _marks_by_word()
    near = {mark.name: mark for word in _WORD.findall(text) for mark in known.get(word, ())}
    return list(near.values())


def bears(certificate: Certificate, mark: Mark) -> bool:
    """Whether a certificate is one of a mark."""
    return _names(mark).search(f"{certificate.name} {certificate.issuer}".lower()) is not None


@cache
def _names(mark: Mark) -> re.Pattern[str]:
    """What attests a mark, where it stands as words: 'ul' is not in 'module'."""
    return re.compile("|".join(rf"(?<!\w){re.escape(word.strip())}(?![^\W\d])" for word in mark.held_by))
