"""What a sentence is by its meaning, where no listed phrase says it: a deed, a promise, a state, a permission. Learned
from the sentences in `natures/`, a file a language. What is of such a nature is shown only where what was told, done or
offered could bear it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from assistant.guardrails.assertions import DEEDS, Sentence
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.phrases import Phrases, folded, phrases_of
from assistant.guardrails.promises import is_cited
from assistant.guardrails.standing import RETURNS, Course
from assistant.guardrails.tongue import PIECE
from knowledge.measures import UNSPACED

SURE = 0.6
"""Chance of natures that nothing bears from which a sentence is kept back."""

SURER = 0.75
"""The same for a clause alone, beside one that holds a denial."""

CLEAR, CERTAIN = 0.15, 0.95
"""Below the one and above the other a reader's word is enough; between them the next is asked, too."""

STATES = {
    "delivered": {"delivered"}, "shipped": {"shipped", "moving", "out_for_delivery", "held", "cleared"},
    "out": {"out_for_delivery"}, "held": {"held"}, "cleared": {"cleared"}, "pickup": {"pickup"},
    "cancelled": {"cancelled"}, "refunded": {"refunded"}, "returned": {"returned", "moving"},
    "rejected": {"rejected"}, "lost": {"lost"}, "packed": {"packed"}, "arrived": {"arrived"},
    "attempted": {"attempted"},
}  # fmt: skip
"""States of orders, parcels and returns of which one was told where a sentence may say so."""

ALIKE = {
    name: kinds
    for kinds in (
        {"refund", "refunded", "pending"}, {"cancel", "cancelled", "action"},
        {"delivered", "delivery", "out", "out_for_delivery", "shipped", "moving", "handling", "attempted"},
        {"return", "returned", "arrived", "action"}, {"discount", "benefit", "pay"}, {"change", "action"},
        {"handoff", "person", "contact", "call"}, {"resend", "replacement"}, {"held", "cleared"},
        {"message", "follow"},
    ) for name in kinds
}  # fmt: skip
"""Kinds of one matter: where a listed phrase has judged one, the others say the same."""

ON_CONFIRMATION = ("deed_cancel", "deed_change", "deed_return", "promise_action")
"""What is not done or promised, but asked about: 'say yes, and it is cancelled'."""

DONE = {"person": set(), "contact": set(), "benefit": DEEDS["discount"], "exception": DEEDS["discount"]}
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
    if not evidence.natures or evidence.worded or sentence.asks or sentence.text.rstrip().endswith((":", "：")):
        return
    if not phrases_of(evidence.language).negation.search(sentence.text):
        yield from _unborne(sentence.plain, sentence, evidence, SURE)
        return
    yield from _unborne(sentence.plain, sentence, evidence, SURE, denials=True)
    yield from _unborne(sentence.plain, sentence, evidence, CERTAIN)
    for clause in _affirmed(sentence, evidence):
        yield from _unborne(clause, sentence, evidence, SURER)


def _affirmed(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """The clauses of a sentence that hold no word of denial."""
    negation, begin = phrases_of(evidence.language).negation, 0
    for clause in sentence.clauses:
        if not negation.search(clause):
            yield sentence.plain[begin : begin + len(clause)]
        begin += len(clause)


def _unborne(
    text: str, sentence: Sentence, evidence: Evidence, sure: float, *, denials: bool = False
) -> Iterator[str]:  # fmt: skip
    if not says_something(text, evidence):
        return
    phrases = phrases_of(evidence.language)
    judged, soon = _judged(sentence, phrases), phrases.says("days", "now", sentence.text)
    if phrases.confirm.search(sentence.text):
        judged |= {nature.partition("_")[2] for nature in ON_CONFIRMATION}
    chances: dict[str, float] = {}
    harm: dict[str, float] = {}
    for read in evidence.natures:
        chances = _together(chances, dict(read(text, evidence.language).intents))
        borne = _borne(chances, evidence, soon)
        harm = {
            nature: chance
            for nature, chance in chances.items()
            if not borne[nature] and nature.startswith("not_") is denials and _kind(nature) not in judged
        }
        if not CLEAR < sum(harm.values()) < CERTAIN:
            break
    if sum(harm.values()) >= sure and is_cited(sentence, evidence):
        harm = {nature: chance for nature, chance in harm.items() if nature.startswith("free")}
    if sum(harm.values()) >= sure:
        yield f"nothing told or done bears this ({max(harm, key=harm.__getitem__).replace('_', ': ')})"


def _together(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    """Chances as two readers see them: what one holds to be impossible is unlikely."""
    if not one:
        return other
    both = {nature: (chance * one.get(nature, 0.0)) ** 0.5 for nature, chance in other.items()}
    whole = sum(both.values()) or 1.0
    return {nature: chance / whole for nature, chance in both.items()}


def says_something(text: str, evidence: Evidence) -> bool:
    """Whether a text states something of its own."""
    own = [piece for piece in PIECE.split(folded(text)) if piece and not evidence.holds(piece.strip(" .!。"))]
    if evidence.language in UNSPACED:
        return len([c for piece in own for c in piece if c.isalpha()]) >= LEAST_SIGNS
    return len([word for piece in own for word in piece.split() if _is_word(word)]) >= LEAST_WORDS


def _is_word(word: str) -> bool:
    """Whether it has two letters; most begin with them."""
    return (len(word) > 1 and word[:2].isalpha()) or sum(c.isalpha() for c in word) > 1


def _judged(sentence: Sentence, phrases: Phrases) -> frozenset[str]:
    """The kinds of natures that listed phrases have judged."""
    listed = {said.kind for name in ("states", "deeds", "offers", "promises", "permissions")
              for said in phrases.find(name, sentence.text)}  # fmt: skip
    return frozenset(kind for said in listed for kind in ALIKE.get(said, {said}))


def _borne(natures: Collection[str], evidence: Evidence, soon: bool) -> dict[str, bool]:
    """Which natures what was told could bear: found once for all sentences of an answer."""
    known = evidence.bears.setdefault(soon, {})
    for nature in set(natures) - known.keys():
        known[nature] = could_bear(nature, evidence, soon)
    return known


@cache
def _kind(nature: str) -> str:
    return nature.partition("_")[2]


def could_bear(nature: str, evidence: Evidence, soon: bool) -> bool:
    """Whether what was told, done or offered could bear a sentence of a nature; `soon` whether it says so of today."""
    group, _, kind = nature.partition("_")
    if soon and evidence.course.away and kind in ("person", "contact", "call"):
        return False
    if soon and nature == "promise_delivery":
        return any("out_for_delivery" in one.states for one in evidence.course.standings)
    bearing = {"deed": _is_done, "promise": _is_kept, "state": _is_told, "may": _is_allowed, "not": _is_open}
    if group == "free":
        return _has_passages(evidence) or evidence.course.free
    return group not in bearing or bearing[group](kind, evidence)


def _is_done(kind: str, evidence: Evidence) -> bool:
    course = evidence.course
    if kind in ("person", "contact"):
        return course.handed
    return bool(course.done & DONE.get(kind, DEEDS.get(kind, set())))


def _is_told(kind: str, evidence: Evidence) -> bool:
    known = evidence.course.standings
    if kind == "paid":
        return any("unpaid" not in one.states for one in known)
    if kind == "pending":
        return any(one.states & {"returned", "arrived", "moving"} and "refunded" not in one.states for one in known)
    return any(one.states & STATES.get(kind, set()) for one in known)


def _is_open(kind: str, evidence: Evidence) -> bool:
    """Whether something may not have happened yet: not all that was told of says it has."""
    known = evidence.course.standings
    if kind == "paid":
        return not known or any("unpaid" in one.states for one in known)
    return not known or not all(kind in one.states for one in known)


def _is_kept(kind: str, evidence: Evidence) -> bool:
    course = evidence.course
    return {
        "refund": course.back or bool(course.done & DEEDS["refund"]) or _is_told("refunded", evidence),
        "contact": course.handed, "follow": course.handed, "action": bool(course.offered | course.done),
        "benefit": course.back or bool(course.done & DEEDS["discount"]), "message": bool(course.done),
        "delivery": any(one.states & {"shipped", "packed"} for one in course.standings),
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
