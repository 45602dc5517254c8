"""What a sentence promises, against what was done and what the shop's own rules say."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.guardrails.assertions import DEEDS, Sentence, is_denied, names_other
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.near import near_passages
from assistant.guardrails.phrases import phrases_of
from assistant.guardrails.sources import Source
from knowledge.keywords import keywords

STEMS = {"pay": "refund", "benefit": "discount"}
"""Promises that share the words by which a passage states them."""

RULED = {"refund", "pay", "message"}
"""Promises that a shop's rules make, in whatever words."""

RULE, MEANT = 0.5, 0.55
"""How near a passage must come to a promise to be the rule that makes it: where the passage promises in words we have
for it, and where we have none."""

LEAST_WORDS = 6
"""Words that tell something, from which a sentence can be the paraphrase of a passage."""

LIKE = 0.8
"""Share of them that stands in the passage."""


def false_promises(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """What a sentence promises and nothing bears, in plain words. A question promises nothing, but like any sentence it
    may ask for a secret, a password or a card's code, which nobody of a shop does in a chat.
    """
    phrases = phrases_of(evidence.language)
    for said in phrases.find("promises", sentence.text):
        if said.kind == "secret":
            if not phrases.negation.search(sentence.clause(said.start)):
                yield "it asks for a secret"
        elif not (sentence.asks or is_denied(said, sentence, evidence) or _is_kept(said.kind, sentence, evidence)):
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
    known = [one for one in course.standings if not names_other(one.names, sentence, evidence)]
    if kind == "refund" and any("refunded" in one.states for one in known):
        return True
    if kind == "other":
        return _may_be_meant(sentence, evidence)
    if kind in ("guarantee", "follow"):
        return False
    if kind in ("call", "benefit", "handling") and any(_speaks_of(kind, source) for source in evidence.told()):
        return True
    bearing = {source.cite for claim in sentence.claims for source in evidence.bearing(claim, ()) if source.cite}
    stem = STEMS.get(kind, kind)
    near = near_passages(sentence.plain, evidence, RULE) if kind in RULED else set()
    stated = [
        source for source in evidence.sources if source.cite and source.cite in {*sentence.cites, *bearing, *near}
    ]
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
    if course.done or course.handed or waits or cited or _is_paraphrase(sentence, evidence):
        return True
    return any(near_passages(text, evidence, MEANT) for text in (sentence.plain, *sentence.clauses))


def _speaks_of(kind: str, source: Source) -> bool:
    """Whether what was told speaks of such a thing: a passage of vouchers, a scan, in English, of a front door. That an
    order names its carrier says nothing of a front door, as a rule of carriers does.
    """
    if source.kind not in ("passage", "product") and not (source.kind == "order" and kind == "handling"):
        return False
    languages = (source.locale,) if source.kind == "passage" else (source.locale, "en")
    return any(
        phrases_of(language).says("promises", kind, source.text)
        or (source.kind != "order" and phrases_of(language).says("rules", STEMS.get(kind, kind), source.text))
        for language in languages
    )


def _is_paraphrase(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether nearly all words of a sentence, and all its figures, stand in one passage of its language."""
    own = set(keywords(sentence.plain))
    passages = (source for source in evidence.told() if source.kind == "passage" and source.locale == evidence.language)
    return len(own) >= LEAST_WORDS and any(
        len(own & source.words) >= LIKE * len(own) and all(claim.keys & source.keys for claim in sentence.claims)
        for source in passages
    )
