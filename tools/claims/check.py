"""`check_claims`: the claims in a text that may not stand, each with its rule and what would help."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from knowledge.claims.places import places_meant, scopes_of
from knowledge.claims.rules import Rule, claim_sources, word_lists
from knowledge.claims.tongues import tongue_of, tongues
from knowledge.findings import SEVERITIES, Finding
from knowledge.language import detect_language
from tools.claims.contexts import Claim, Seen, excuse, is_denied, is_denied_running, is_no_claim
from tools.claims.evidence import Evidence, Given, proves
from tools.claims.folding import Folded, plain
from tools.claims.matching import Reader, reader_for
from tools.claims.phrases import NAMED, SPACE, Hit
from tools.claims.rewriting import Cut, cut_of, rewrite
from tools.claims.words import HARD, WORD, Words


def find_claims(text: str, reader: Reader, given: Given) -> list[Finding]:
    """The findings of a text by the rules a reader knows, in the text's order."""
    read = _Read(text, reader, given.brands)
    found: dict[str, list[Claim]] = {}
    for claim in read.claims():
        rule = reader.rules[claim.rule]
        if rule.holds_on(given.on) and rule.holds_for(given.scopes):
            found.setdefault(claim.rule, []).append(claim)
    if given.scopes is not None:
        _leave_to_specific_rules(found, reader.rules)
    findings = [
        finding
        for rule_id, claims in found.items()
        for said in _longest(claims)
        if (finding := read.finding(said, reader.rules[rule_id], given))
    ]
    return sorted(findings, key=lambda finding: (finding.span, SEVERITIES.index(finding.severity), finding.rule))


LAST_SPACED = "\u0900"
"""Letters from here on are of scripts whose words run together, or which are read so."""


class _Read:
    """A text read once, and asked for all rules."""

    def __init__(self, text: str, reader: Reader, brands: Collection[str]) -> None:
        self.text = text
        self.reader = reader
        self.folded = reader.fold(text)
        runs = reader.tongue.unspaced or any(letter > LAST_SPACED for letter in self.folded.text)
        self.squeezed = self.folded.without(SPACE) if runs else Folded("", [], [])
        self.ends = [0, *(match.end() for match in HARD.finditer(self.folded.text)), len(self.folded.text)]
        self.words = Words.of(self.folded, reader.tongue)
        self.seen = Seen({})
        self._empty: dict[tuple[int, int], bool] = {}
        names = [plain(brand) for brand in brands]
        self.words.name(tuple(WORD.findall(name)) for name in names)
        self.squeezed = _named(self.squeezed, names)

    def claims(self) -> Iterator[Claim]:
        """Every phrase of a rule, and, kept aside, every phrase of an exception."""
        spaced, running = self.reader.find(self.words, self.squeezed)
        kept = self._where_in_squeezed() if running else []
        for hit, tongue in spaced:
            span = (self.words.starts[hit.first], self.words.ends[hit.after - 1])
            if hit.meaning.unless >= 0:
                self._note(hit, span)
            elif not any(is_denied(self.words, hit, one) for one in (self.reader.tongue, tongue)):
                yield self._claim(hit, span)
        for hit in running:
            span = (kept[hit.first], kept[hit.after - 1] + 1)
            if hit.meaning.unless >= 0:
                self._note(hit, span)
            elif not is_denied_running(self.squeezed, hit, self.reader.tongue, self._around(span)):
                yield self._claim(hit, span)

    def _around(self, span: tuple[int, int]) -> tuple[str, str]:
        return self.folded.text[: span[0]], self.folded.text[span[1] :]

    def finding(self, said: list[Claim], rule: Rule, given: Given) -> Finding | None:
        """What to say of a claim, which phrases may have found together; None where for one of them something else is
        meant or evidence lets it stand.
        """
        found = [self._judged(claim, rule, given) for claim in said]
        told = [one for one in found if one]
        return max(told, key=lambda one: SEVERITIES.index(one.severity)) if len(told) == len(said) else None

    def _judged(self, claim: Claim, rule: Rule, given: Given) -> Finding | None:
        if self._claims_nothing(claim.sentence):
            return None
        excused = excuse(claim, rule, self.seen, self.folded.text, given)
        if excused and not excused.severity:
            return None
        stands, wrong = proves(rule, claim.phrase, given.evidence, given.on, f"{given.category} {self.text}")
        if stands:
            return None
        return self._told(claim, rule, wrong, excused.severity if excused else None)

    def _claims_nothing(self, sentence: tuple[int, int]) -> bool:
        if sentence not in self._empty:
            said = self.folded.text[slice(*sentence)]
            self._empty[sentence] = any(is_no_claim(said, tongue) for tongue in self.reader.tongues)
        return self._empty[sentence]

    def _told(self, claim: Claim, rule: Rule, wrong: str, softened: str | None) -> Finding:
        start, end = self.folded.span(claim.start, claim.end)
        return Finding(
            rule=rule.id, severity=softened or rule.severity, span=(start, end), text=self.text[start:end],
            why=f"{rule.says} {wrong}".strip(), source=_source(rule.sources, rule.as_of),
            suggestion=rule.advice, evidence=tuple(proof.says for proof in rule.evidence),
        )  # fmt: skip

    def _note(self, hit: Hit, span: tuple[int, int]) -> None:
        meaning = hit.meaning
        self.seen.spans.setdefault((meaning.rule, meaning.unless, meaning.phrase), []).append(span)

    def _claim(self, hit: Hit, span: tuple[int, int]) -> Claim:
        return Claim(hit.meaning.rule, hit.meaning.phrase, *span, self._sentence(span))

    def _sentence(self, span: tuple[int, int]) -> tuple[int, int]:
        before = bisect_right(self.ends, span[0]) - 1
        after = bisect_left(self.ends, span[1])
        return self.ends[before], self.ends[after]

    def _where_in_squeezed(self) -> list[int]:
        return [at for at, letter in enumerate(self.folded.text) if not SPACE.match(letter)]


@cache
def _source(keys: tuple[str, ...], as_of: date) -> str:
    known = claim_sources()
    return f"{'; '.join(f'{known[key].title} ({known[key].url})' for key in keys)}, as of {as_of.isoformat()}"


EFFECTS = {"health", "cosmetics", "food", "biocide"}


def _leave_to_specific_rules(found: dict[str, list[Claim]], rules: dict[str, Rule]) -> None:
    """A general rule on effects says nothing where one of the same lawgiver for just these goods speaks of the same
    words.
    """
    specific = [claim for name, claims in found.items() if rules[name].scopes for claim in claims]
    for name, claims in found.items():
        rule = rules[name]
        if rule.category in EFFECTS and not rule.scopes:
            own = [other for other in specific if rules[other.rule].giver == rule.giver]
            found[name] = [claim for claim in claims if not any(_covers(other, claim) for other in own)]


def _covers(other: Claim, claim: Claim) -> bool:
    return other.start <= claim.start and claim.end <= other.end


def _named(squeezed: Folded, names: Collection[str]) -> Folded:
    """A text with brands made unreadable but for their length, so that phrases find them."""
    text = squeezed.text
    for name in filter(None, (SPACE.sub("", name) for name in names)):
        text = text.replace(name, NAMED * len(name))
    return Folded(text, squeezed.starts, squeezed.ends)


def _longest(claims: list[Claim]) -> list[list[Claim]]:
    """Claims of a rule without those inside or across longer ones; those of the same words together."""
    kept: list[list[Claim]] = []
    for claim in sorted(claims, key=lambda claim: (claim.start - claim.end, claim.start, claim.phrase)):
        same = next((said for said in kept if (said[0].start, said[0].end) == (claim.start, claim.end)), None)
        if same:
            same.append(claim)
        elif all(claim.end <= said[0].start or said[0].end <= claim.start for said in kept):
            kept.append([claim])
    return kept


VERBAL = {*EFFECTS, "pricing", "origin", "reviews", "livestream"}
"""Kinds of rules whose claims of several words are mostly verbs with their objects."""


def _is_verb(rule: Rule, said: str) -> bool:
    if rule.category in VERBAL and len(said.split()) > 1:
        return True
    return plain(said) in _verbs()


@cache
def _verbs() -> frozenset[str]:
    return frozenset(plain(word.lstrip("=")) for words in word_lists()["@verbs"].values() for word in words)


ENOUGH = 6
"""Words a text needs so that its language counts beside the one that was told."""
LOOKED_AT = 400
"""Letters that tell its language."""


def _seen(text: str, locale: str) -> str:
    """The language a text is written in, where it is not the one that was told: '' where it is, or cannot be seen."""
    if len(text.split()) < ENOUGH:
        return ""
    seen = (detect_language(text[:LOOKED_AT], locale).language or "").split("-")[0]
    return seen if seen in tongues() and seen not in (tongue_of(locale).language, "en") else ""


def check_claims(  # noqa: PLR0913
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
    scopes = scopes_of(category) if category else None
    given = Given(category, scopes, tuple(Evidence.of(held) for held in evidence), on or date.today(), tuple(brands))  # noqa: DTZ011
    reader = reader_for(places_meant(jurisdiction), locale, _seen(text, locale))
    found = find_claims(text, reader, given)
    if not found:
        return []

    def cuts(written: str) -> list[Cut]:
        return [
            cut_of(written, one.span, _is_verb(reader.rules[one.rule], one.text), reader.tongue)
            for one in find_claims(written, reader, given)
        ]

    could_stand = rewrite(text, cuts, reader.tongue)
    return [replace(finding, rewrite=could_stand) for finding in found]
