"""What a sentence says of states and deeds, against how things stand. A question asserts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from assistant.guardrails.claim import Claim
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.phrases import Phrases, Said, phrases_of
from assistant.guardrails.standing import Course, Standing

_CLAUSE = re.compile(
    r"[,;()–—。、؛،\n•]|\.\s|\b(?:but|aber|jedoch|mais|pero|porém|mas|tetapi|namun|لكن)\b|ですが|但是|但(?!不)"
)
_QUESTION = re.compile(r"[?؟]\s*[\"'»”」』)]*\s*$|(?:か|かな|でしょう)。?\s*$|吗。?\s*$")

ASIDE = 3
"""Words of a denial that belongs to the clause before it."""

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

    @cached_property
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

    def clause_whole(self, at: int, negation: re.Pattern[str]) -> str:
        """The clause a place stands in, with a bare denial behind it: 'in the dryer, better not'."""
        clause, start = self.clause_from(at)
        if (end := start + len(clause)) >= len(self.text):
            return clause
        behind = self.clause(end).rstrip(" .!。！,،，")
        denial = negation.search(behind)
        return clause + behind if denial and len(behind.split()) <= ASIDE and denial.end() == len(behind) else clause

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


def _states(sentence: Sentence, evidence: Evidence, phrases: Phrases) -> Iterator[str]:
    for said in phrases.states(sentence.text):
        clause = sentence.clause(said.start)
        known = [one for one in evidence.course.standings if not names_other(one.names, sentence, evidence)]
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


def names_other(names: frozenset[str], sentence: Sentence, evidence: Evidence) -> bool:
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
