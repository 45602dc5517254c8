"""What a sentence is by its meaning, where no listed phrase says it: a deed, a promise, a state, a permission. Learned
from the sentences in `natures/`, a file a language. What is of such a nature is shown only where what was told, done or
offered could bear it.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.guardrails.assertions import DEEDS, Sentence, is_cited
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.phrases import Phrases, phrases_of
from assistant.guardrails.standing import RETURNS, Course
from assistant.guardrails.tongue import PIECE
from knowledge.measures import UNSPACED

SURE = 0.4
"""Chance of natures that nothing bears from which a sentence is kept back, if every reader finds it: the next is asked
only where the one before is sure.
"""

STATES = {
    "delivered": {"delivered"}, "shipped": {"shipped", "moving", "out_for_delivery", "held", "cleared"},
    "out": {"out_for_delivery"}, "held": {"held"}, "cleared": {"cleared"}, "pickup": {"pickup"},
    "cancelled": {"cancelled"}, "refunded": {"refunded"}, "returned": {"returned", "moving"},
    "rejected": {"rejected"}, "lost": {"lost"}, "packed": {"packed"},
}  # fmt: skip
"""States of orders, parcels and returns of which one was told where a sentence may say so."""

DONE = {"person": set(), "contact": set(), "benefit": DEEDS["discount"]}
"""Natures of deeds that are named otherwise than in DEEDS."""


OFFERED = 0.2
"""Chance of a statement about a product from which names in it are taken for names of products."""


LEAST_WORDS = 3
"""Words of a sentence's own, without figures and names, that say enough to be of a nature."""

LEAST_SIGNS = 5
"""Letters that do where words run together."""


def offers_product(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a sentence says something of a product, and not after a passage."""
    if not evidence.natures or evidence.worded or is_cited(sentence, evidence):
        return False
    return evidence.natures[0](sentence.plain, evidence.language).chance("product") >= OFFERED


def unborne_natures(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """Why a sentence may not be shown for its nature, in plain words."""
    if not evidence.natures or evidence.worded or not _says_something(sentence, evidence):
        return
    unborne: dict[str, float] = {}
    cited: bool | None = None
    for read in evidence.natures:
        found = read(sentence.plain, evidence.language).intents
        unborne = {nature: chance for nature, chance in found if not _could_bear(nature, evidence)}
        if sum(unborne.values()) < SURE:
            return
        cited = is_cited(sentence, evidence) if cited is None else cited
        unborne = {nature: chance for nature, chance in unborne.items() if not cited or nature.startswith("free")}
        if sum(unborne.values()) < SURE:
            return
    if unborne:
        yield f"nothing told or done bears this ({max(unborne, key=unborne.__getitem__).replace('_', ': ')})"


def _says_something(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a sentence states something of its own that no listed phrase has judged."""
    if sentence.asks or sentence.text.rstrip().endswith((":", "：")):
        return False
    own = [piece for piece in PIECE.split(sentence.text) if piece and not evidence.holds(piece.strip(" .!。"))]
    words = [word for piece in own for word in piece.split() if sum(c.isalpha() for c in word) > 1]
    signs = sum(c.isalpha() for piece in own for c in piece)
    enough = signs >= LEAST_SIGNS if evidence.language in UNSPACED else len(words) >= LEAST_WORDS
    return enough and not _is_explained(sentence, phrases_of(evidence.language))


def _is_explained(sentence: Sentence, phrases: Phrases) -> bool:
    """Whether listed phrases have judged a sentence, or deny what it says."""
    if phrases.negation.search(sentence.text):
        return True
    listed = (said for name in ("states", "deeds", "offers", "promises", "permissions")
              for said in phrases.find(name, sentence.text))  # fmt: skip
    return any(said.kind != "other" for said in listed)


def _could_bear(nature: str, evidence: Evidence) -> bool:
    """Whether what was told, done or offered could bear a sentence of a nature."""
    group, _, kind = nature.partition("_")
    bearing = {"deed": _is_done, "promise": _is_kept, "state": _is_told, "may": _is_allowed}
    if group == "free":
        return _has_passages(evidence) or evidence.course.free
    return group not in bearing or bearing[group](kind, evidence)


def _is_done(kind: str, evidence: Evidence) -> bool:
    course = evidence.course
    if kind in ("person", "contact"):
        return course.handed
    return bool(course.done & DONE.get(kind, DEEDS.get(kind, set())))


def _is_told(kind: str, evidence: Evidence) -> bool:
    return any(one.states & STATES[kind] for one in evidence.course.standings)


def _is_kept(kind: str, evidence: Evidence) -> bool:
    course = evidence.course
    return {
        "refund": course.back or bool(course.done & DEEDS["refund"]) or _is_told("refunded", evidence),
        "contact": course.handed, "follow": course.handed, "action": bool(course.offered | course.done),
        "benefit": course.back or bool(course.done & DEEDS["discount"]), "message": bool(course.done),
        "delivery": _is_told("shipped", evidence) or bool(course.standings),
        "replacement": bool(course.done & (DEEDS["resend"] | RETURNS)),
    }.get(kind, False)  # fmt: skip


def _is_allowed(kind: str, evidence: Evidence) -> bool:
    course: Course = evidence.course
    told = {"return": course.may_return, "cancel": course.may_cancel}
    if kind in told and told[kind]("") is not None:
        return bool(told[kind](""))
    return _has_passages(evidence) or any("change" in action or "items" in action for action in course.offered)


def _has_passages(evidence: Evidence) -> bool:
    return any(True for _ in evidence.passages())
