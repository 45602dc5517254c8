"""What a sentence says of states, deeds and promises, against how things stand. A question asserts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.guardrails.claim import Claim
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.phrases import Phrases, Said, phrases_of
from assistant.guardrails.sources import Source
from assistant.guardrails.standing import Course, Standing
from knowledge.keywords import keywords

_CLAUSE = re.compile(
    r"[,;()–—。、؛،\n•]|\.\s|\b(?:but|aber|jedoch|mais|pero|porém|mas|tetapi|namun|لكن)\b|ですが|但是|但(?!不)"
)
_QUESTION = re.compile(r"[?؟]\s*[\"'»”」』)]*\s*$|(?:か|かな|でしょう)。?\s*$|吗。?\s*$")

STEMS = {"pay": "refund", "benefit": "discount"}
"""Promises that share the words by which a passage states them."""

LEAST_WORDS = 6
"""Words that tell something, from which a sentence can be the paraphrase of a passage."""

LIKE = 0.8
"""Share of them that stands in the passage."""

DEEDS = {
    "cancel": {"cancel_order", "cancel_subscription"}, "refund": {"refund_order", "give_goodwill", "settle_return"},
    "change": {"change_order_address", "change_payment_method", "change_order_items", "change_default_address",
               "pause_subscription", "skip_delivery", "swap_subscription"},
    "return": {"return_items", "exchange_items", "withdraw", "settle_return"}, "resend": {"resend_parcel"},
    "discount": {"give_goodwill"}, "message": set(), "handoff": set(), "contact": set(),
}  # fmt: skip
"""The actions that make a deed true. Nothing we have sends a message or speaks to anyone but a colleague."""


@dataclass(frozen=True)
class Sentence:
    """A sentence without its marks, `plain` and folded (`text`), each letter in its place; its claims, the orders and
    products it names, the passages it cites.
    """

    plain: str
    text: str
    claims: tuple[Claim, ...]
    subjects: dict[str, int]
    cites: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return _QUESTION.search(self.text) is not None

    @property
    def clauses(self) -> list[str]:
        """All its clauses, in order, each with the sign it ends in."""
        cuts = [0, *(match.end() for match in _CLAUSE.finditer(self.text)), len(self.text)]
        return [self.text[start:end] for start, end in pairwise(cuts)]

    def clause(self, at: int) -> str:
        """The clause a place stands in."""
        return self.clause_from(at)[0]

    def clause_from(self, at: int) -> tuple[str, int]:
        """The clause a place stands in, and where it begins."""
        cuts = [0, *(match.end() for match in _CLAUSE.finditer(self.text)), len(self.text)]
        start = max(cut for cut in cuts if cut <= at)
        return self.text[start : min(cut for cut in cuts if cut > at or cut == cuts[-1])], start


def false_assertions(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """What a sentence asserts and nothing bears, in plain words."""
    if sentence.asks:
        return
    phrases = phrases_of(evidence.language)
    yield from _states(sentence, evidence, phrases)
    yield from _deeds(sentence, evidence, phrases)
    yield from _promises(sentence, evidence, phrases)


def _states(sentence: Sentence, evidence: Evidence, phrases: Phrases) -> Iterator[str]:
    for said in phrases.states(sentence.text):
        clause = sentence.clause(said.start)
        known = [one for one in evidence.course.standings if not _names_other(one.names, sentence, evidence)]
        if is_denied(said, sentence, evidence):
            happened = known and all(said.kind in one.states for one in known) and not _is_coming_back(said.kind, known)
            if happened and not phrases.condition.search(clause):
                yield f"a tool told that it is {said.kind}"
        elif not any(said.kind in one.states for one in known) and not _is_rule(said, clause, sentence, evidence):
            yield f"no tool told that it is {said.kind}"
        elif not _is_dated_right(said, sentence, known):
            yield f"it was {said.kind} on another day"


def _is_coming_back(kind: str, known: list[Standing]) -> bool:
    """Whether it may be the return that has not arrived, not the order."""
    return kind == "delivered" and any(
        one.states & {"returned", "moving"} and "arrived" not in one.states for one in known
    )


def _is_dated_right(said: Said, sentence: Sentence, known: list[Standing]) -> bool:
    """Whether a day in the clause of a state, if there is one, is a day on which that state was reached."""
    clause, start = sentence.clause_from(said.start)
    dates = [claim for claim in sentence.claims
             if claim.kind == "date" and start <= claim.start < start + len(clause)]  # fmt: skip
    told = {key for one in known for key in one.days_of(said.kind)}
    return not dates or not told or any(claim.keys & told for claim in dates)


def is_denied(said: Said, sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a statement is negative: a word of denial stands before it in its clause, in Japanese behind it, too."""
    clause, start = sentence.clause_from(said.start)
    upto = len(clause) if evidence.language == "ja" else said.end - start
    return phrases_of(evidence.language).negation.search(clause[:upto]) is not None


def _names_other(names: frozenset[str], sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a sentence names orders, and not this one."""
    named = {name for one in evidence.course.standings for name in one.names} & sentence.subjects.keys()
    return bool(named) and bool(names) and not names & named


def _is_rule(said: Said, clause: str, sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a state is spoken of in general: under a condition, or as a cited passage does."""
    if phrases_of(evidence.language).condition.search(clause):
        return True
    return any(phrases_of(locale).says("states", said.kind, text) for locale, text in _cited(sentence, evidence))


def _cited(sentence: Sentence, evidence: Evidence) -> Iterator[tuple[str, str]]:
    """The passages a sentence cites, with their languages."""
    for source in evidence.sources:
        if source.cite and source.cite in sentence.cites:
            yield source.locale, source.text


STANDING = {"refund": "refunded", "cancel": "cancelled"}
"""States in which an order stands once a deed was done, whenever and by whom."""


def _deeds(sentence: Sentence, evidence: Evidence, phrases: Phrases) -> Iterator[str]:
    course = evidence.course
    for said in phrases.find("deeds", sentence.text):
        if is_denied(said, sentence, evidence) or _is_conditional(said, sentence, phrases):
            continue
        stands = any(STANDING.get(said.kind) in one.states for one in course.standings)
        if not _is_done(said.kind, course) and not stands:
            yield f"nothing of the kind was done ({said.kind})"
    for said in phrases.find("offers", sentence.text):
        asked = phrases.confirm.search(sentence.text) is not None
        offered = course.done | (course.offered if asked else set())
        allowed = course.handed or asked if said.kind == "handoff" else offered & DEEDS[said.kind]
        if not allowed and not is_denied(said, sentence, evidence):
            yield f"no tool offered this ({said.kind})"


def _is_done(kind: str, course: Course) -> bool:
    """Whether what was done bears a deed; one we have no word for is borne by any."""
    if kind == "other":
        return bool(course.done) or course.handed
    return course.handed if kind in ("handoff", "contact") else bool(course.done & DEEDS[kind])


def _is_conditional(said: Said, sentence: Sentence, phrases: Phrases) -> bool:
    """'Once we have registered your return' says what follows, not that it was done."""
    clause, start = sentence.clause_from(said.start)
    return phrases.condition.search(clause[: said.start - start]) is not None


def _promises(sentence: Sentence, evidence: Evidence, phrases: Phrases) -> Iterator[str]:
    for said in phrases.find("promises", sentence.text):
        if not is_denied(said, sentence, evidence) and not _is_kept(said.kind, sentence, evidence):
            yield f"the shop promised nothing of the kind ({said.kind})"


def _is_kept(kind: str, sentence: Sentence, evidence: Evidence) -> bool:
    """Whether what was done, or the shop's own rule, bears a promise."""
    course = evidence.course
    if kind == "contact" and course.handed:
        return True
    if kind in ("refund", "discount", "benefit", "pay") and (
        course.back or course.done & DEEDS.get(STEMS.get(kind, kind), set())
    ):
        return True
    known = [one for one in course.standings if not _names_other(one.names, sentence, evidence)]
    if kind == "refund" and any("refunded" in one.states for one in known):
        return True
    if kind == "other":
        return _may_be_meant(sentence, evidence)
    if kind in ("guarantee", "follow"):
        return False
    if kind in ("call", "benefit", "handling") and any(_speaks_of(kind, source) for source in evidence.told()):
        return True
    bearing = {source.cite for claim in sentence.claims for source in evidence.bearing(claim, ()) if source.cite}
    stated = [source for source in evidence.sources if source.cite and source.cite in {*sentence.cites, *bearing}]
    stem = STEMS.get(kind, kind)
    return any(phrases_of(source.locale).says("rules", stem, source.text) for source in stated) or (
        kind != "call" and _is_paraphrase(sentence, evidence)
    )


def is_cited(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a sentence can be a passage's: it cites one that was told, states a figure that only passages bear, or
    says nearly the same.
    """
    bearers = [evidence.bearing(claim, sentence.subjects) for claim in sentence.claims]
    stated = any(sources and all(source.kind == "passage" for source in sources) for sources in bearers)
    return stated or any(evidence.passage(cite) for cite in sentence.cites) or _is_paraphrase(sentence, evidence)


def _may_be_meant(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a promise we have no word for stands on something: what was done or waits for a yes, a person called, a
    passage it cites, or a condition the shopper has yet to meet.
    """
    course, phrases = evidence.course, phrases_of(evidence.language)
    waits = phrases.confirm.search(sentence.text) is not None
    cited = any(evidence.passage(cite) for cite in sentence.cites)
    return bool(course.done) or course.handed or waits or cited or _is_paraphrase(sentence, evidence)


def _speaks_of(kind: str, source: Source) -> bool:
    """Whether a passage or a product speaks of such a thing: of vouchers, of telephoning."""
    phrases = phrases_of(source.locale)
    said = phrases.says("promises", kind, source.text) or phrases.says("rules", STEMS.get(kind, kind), source.text)
    return source.kind in ("passage", "product") and said


def _is_paraphrase(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether nearly all words of a sentence, and all its figures, stand in one passage of its language."""
    own = set(keywords(sentence.plain))
    passages = (source for source in evidence.told() if source.kind == "passage" and source.locale == evidence.language)
    return len(own) >= LEAST_WORDS and any(
        len(own & source.words) >= LIKE * len(own) and all(claim.keys & source.keys for claim in sentence.claims)
        for source in passages
    )
