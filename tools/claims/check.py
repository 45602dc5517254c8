"""`check_claims`: the claims in a text that may not stand, each with its rule and what would help."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from knowledge.claims.places import places_meant, scopes_of
from knowledge.claims.rules import Rule, claim_sources
from knowledge.findings import SEVERITIES, Finding
from tools.claims.contexts import Claim, excuse, is_denied, is_denied_running, is_no_claim
from tools.claims.evidence import Evidence, proves
from tools.claims.folding import Folded
from tools.claims.matching import Reader, reader_for
from tools.claims.phrases import SPACE, Hit
from tools.claims.words import HARD, Words


@dataclass(frozen=True)
class Given:
    """What is known beside a text."""

    category: str
    evidence: tuple[Evidence, ...]
    on: date


def find_claims(text: str, jurisdiction: str, locale: str, given: Given) -> list[Finding]:
    """The findings of a text, in its order. Raises PlaceUnknown."""
    reader = reader_for(places_meant(jurisdiction), locale)
    read = _Read(text, reader)
    scopes = scopes_of(given.category) if given.category else None
    found: dict[str, list[Claim]] = {}
    for claim in read.claims():
        rule = reader.rules[claim.rule]
        if rule.holds_on(given.on) and rule.holds_for(scopes):
            found.setdefault(claim.rule, []).append(claim)
    findings = [
        finding
        for rule_id, claims in found.items()
        for claim in _longest(claims)
        if (finding := read.finding(claim, reader.rules[rule_id], given))
    ]
    return sorted(findings, key=lambda finding: (finding.span, SEVERITIES.index(finding.severity), finding.rule))


class _Read:
    """A text read once, and asked for all rules."""

    def __init__(self, text: str, reader: Reader) -> None:
        self.text = text
        self.reader = reader
        self.folded = reader.fold(text)
        self.squeezed = self.folded.without(SPACE)
        self.words = Words.of(self.folded, reader.tongue)
        self._exceptions: dict[str, list[Hit]] = {}
        self._places: dict[Hit, tuple[int, int]] = {}

    def claims(self) -> Iterator[Claim]:
        """Every phrase of a rule, and, kept aside, every phrase of an exception."""
        spaced, running = self.reader.find(self.words, self.squeezed)
        kept = self._where_in_squeezed()
        for hit in spaced:
            span = (self.words.starts[hit.first], self.words.ends[hit.after - 1])
            if hit.meaning.unless >= 0:
                self._note(hit, span)
            elif not is_denied(self.words, hit.first, hit.after, self.reader.tongue):
                yield self._claim(hit, span)
        for hit in running:
            span = (kept[hit.first], kept[hit.after - 1] + 1)
            if hit.meaning.unless >= 0:
                self._note(hit, span)
            elif not is_denied_running(self.squeezed, hit, self.reader.tongue):
                yield self._claim(hit, span)

    def finding(self, claim: Claim, rule: Rule, given: Given) -> Finding | None:
        """What to say of a claim; None where something else is meant or evidence lets it stand."""
        if is_no_claim(self.folded.text[slice(*claim.sentence)], self.reader.tongue):
            return None
        excused = excuse(claim, rule, self._exceptions.get(rule.id, []), self._places, self.folded.text, given.category)
        if excused and not excused.severity:
            return None
        stands, wrong = proves(rule, claim.phrase, given.evidence, given.on, f"{given.category} {self.text}")
        if stands:
            return None
        return self._told(claim, rule, wrong, excused.severity if excused else None)

    def _told(self, claim: Claim, rule: Rule, wrong: str, softened: str | None) -> Finding:
        start, end = self.folded.span(claim.start, claim.end)
        source = "; ".join(f"{claim_sources()[key].title} ({claim_sources()[key].url})" for key in rule.sources)
        return Finding(
            rule=rule.id, severity=softened or rule.severity, span=(start, end), text=self.text[start:end],
            why=f"{rule.says} {wrong}".strip(), source=f"{source}, as of {rule.as_of.isoformat()}",
            suggestion=rule.advice, evidence=tuple(proof.says for proof in rule.evidence),
        )  # fmt: skip

    def _note(self, hit: Hit, span: tuple[int, int]) -> None:
        self._exceptions.setdefault(hit.meaning.rule, []).append(hit)
        self._places[hit] = span

    def _claim(self, hit: Hit, span: tuple[int, int]) -> Claim:
        return Claim(hit.meaning.rule, hit.meaning.phrase, *span, _sentence(self.folded.text, span))

    def _where_in_squeezed(self) -> list[int]:
        return [at for at, letter in enumerate(self.folded.text) if not SPACE.match(letter)]


def _sentence(text: str, span: tuple[int, int]) -> tuple[int, int]:
    ends = [match.end() for match in HARD.finditer(text)]
    start = max((end for end in ends if end <= span[0]), default=0)
    return start, min((end for end in ends if end >= span[1]), default=len(text))


def _longest(claims: list[Claim]) -> list[Claim]:
    """Claims of a rule without those inside or across longer ones."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: (claim.start - claim.end, claim.start)):
        if all(claim.end <= other.start or other.end <= claim.start for other in kept):
            kept.append(claim)
    return kept


def check_claims(
    text: str,
    jurisdiction: str,
    locale: str,
    *,
    category: str = "",
    evidence: Collection[str | Evidence] = (),
    on: date | None = None,
    brands: Collection[str] = (),
) -> list[Finding]:
    """The claims in a text that may not stand in a jurisdiction ('DE' brings EU; 'US+amazon' a platform).

    `category` narrows rules to goods, `evidence` may let a claim stand where the law lets it, `on` is the day (today),
    `brands` are other makers' names that must not be leant on. Raises PlaceUnknown.
    """
    given = Given(category, tuple(Evidence.of(held) for held in evidence), on or date.today())  # noqa: DTZ011
    return find_claims(text, jurisdiction, locale, given)
