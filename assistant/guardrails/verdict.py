"""Whether a sentence may be shown: every claim in it borne, by the source it is said of."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from assistant.embedded.small_talk import ABILITIES, HELP
from assistant.embedded.wording import Words
from assistant.guardrails.assertions import Sentence, false_assertions
from assistant.guardrails.attributes import untold_attributes, untold_brands
from assistant.guardrails.bearing import is_far
from assistant.guardrails.citing import source_of
from assistant.guardrails.claim import Claim
from assistant.guardrails.claims import Reading, read
from assistant.guardrails.derived import is_derived
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.matters import misplaced
from assistant.guardrails.names import untold_names
from assistant.guardrails.nature import offers_product, unborne_natures
from assistant.guardrails.permissions import wrong_permissions
from assistant.guardrails.phrases import folded
from assistant.guardrails.promises import false_promises
from assistant.guardrails.sources import Source
from assistant.guardrails.swaps import is_swapped
from assistant.guardrails.tongue import PIECE, is_in_language
from tools.claims.spoken import unsayable

MARK = re.compile(r"\s?\[([^\s\[\]#]+#\d+)\]")
"""How a model cites: [document#number]."""

_END_SPACE = re.compile(r"\s*\Z")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s+)?(?:\d{1,2}[.)]\s+)?")


@dataclass(frozen=True)
class Verdict:
    """Why a sentence may not be shown, in plain words (none: it may), and what it may cite, by what it cites."""

    reasons: tuple[str, ...] = ()
    cites: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Standing:
    """Evidence as it stands at a moment: the same as another that was told the same."""

    state: tuple[Hashable, ...]
    evidence: Evidence = field(compare=False, repr=False)


def judge(sentence: str, evidence: Evidence) -> Verdict:
    """A verdict on one sentence of an answer."""
    return _judge(sentence, _Standing(evidence.state, evidence))


@lru_cache(256)  # while it streams, and again when the answer is whole
def _judge(sentence: str, standing: _Standing) -> Verdict:
    evidence = standing.evidence
    stated = _stated(sentence)
    text = folded(stated)
    if not text.strip():
        return Verdict()
    if evidence.quotes(text) is not None:
        cites = MARK.findall(sentence)
        reasons = unsayable(stated, evidence.market, evidence.language, evidence.today)
        return Verdict(tuple(reasons), tuple((cite, cite if evidence.passage(cite) else "") for cite in cites))
    if text.strip() in _of_ourselves(evidence.language):
        return Verdict()
    read_sentence = sentence_of(sentence, evidence)
    reasons = [*unborne(read_sentence, evidence), *false_assertions(read_sentence, evidence),
               *false_promises(read_sentence, evidence),
               *wrong_permissions(read_sentence, evidence), *untold_attributes(read_sentence, evidence),
               *untold_brands(read_sentence, evidence)]  # fmt: skip
    reasons += unsayable(stated, evidence.market, evidence.language, evidence.today)
    if not is_in_language(stated, Reading(read_sentence.plain, read_sentence.claims), evidence):
        reasons.append(f"it is not in the shopper's language ({evidence.language})")
    if not reasons:
        reasons += unborne_natures(read_sentence, evidence)
    if not reasons and is_far(read_sentence, evidence):
        reasons.append("nothing told comes near it")
    names = untold_names(stated, evidence.catalogue, lambda: evidence.words, evidence.language,
                         lambda: not reasons and offers_product(read_sentence, evidence))  # fmt: skip
    reasons += [f"no tool told of {name}" for name in names]
    return Verdict(tuple(dict.fromkeys(reasons)), tuple(_cited(read_sentence, evidence)))


@cache
def _of_ourselves(language: str) -> frozenset[str]:
    """What our own texts say that we can do, sentence by sentence: no product is said to have a subscription there."""
    whole = " ".join(Words(language).say(text) for text in (HELP, ABILITIES))
    return frozenset(folded(part).strip() for part in re.split(r"(?<=[.。])", whole))


def cited(sentence: str, cites: Mapping[str, str], evidence: Evidence) -> str:
    """A sentence that may be shown with its right citations: those of its model as `cites` has them, else the passage
    that clearly bears it.
    """
    marked = MARK.sub(lambda match: _mark(cites.get(match[1], match[1])), sentence)
    if evidence.worded or not marked.strip() or MARK.search(marked):
        return marked
    source = _source(sentence, _Standing(evidence.state, evidence))
    return _END_SPACE.sub(lambda match: _mark(source) + match[0], marked, count=1) if source else marked


def _mark(cite: str) -> str:
    return f" [{cite}]" if cite else ""


@lru_cache(256)  # as a verdict
def _source(sentence: str, standing: _Standing) -> str:
    return source_of(sentence_of(sentence, standing.evidence), standing.evidence)


def sentence_of(sentence: str, evidence: Evidence) -> Sentence:
    """A sentence of an answer as it is judged: without its marks, with all that it states and names."""
    stated = _stated(sentence)
    reading = read(stated, evidence.language, evidence.today)
    return _sentence(reading, folded(stated), tuple(MARK.findall(sentence)), evidence)


def _stated(sentence: str) -> str:
    return _LIST_MARK.sub("", MARK.sub("", sentence)).replace("**", "")


def is_grounded(text: str, evidence: Evidence) -> bool:
    """Whether every figure, date and number of a sentence is borne, whatever else it says."""
    stated = _stated(text)
    shown = folded(stated)
    if evidence.quotes(shown):
        return True
    reading = read(stated, evidence.language, evidence.today)
    return not any(unborne(_sentence(reading, shown, (), evidence), evidence))


def _sentence(reading: Reading, text: str, cites: tuple[str, ...], evidence: Evidence) -> Sentence:
    codes = [str(key[1]) for claim in reading.claims if claim.kind == "code" for key in claim.keys]
    return Sentence(reading.text, text, reading.claims, evidence.subjects_in(text, codes), cites)


def unborne(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """The claims of a sentence that nothing bears, or only what is said of something else."""
    borne: list[Claim] = []
    for claim in sentence.claims:
        if _is_idle(claim, sentence) or (claim.kind == "letters" and not evidence.states("letters")):
            continue
        if evidence.bearing(claim, sentence.subjects):
            borne.append(claim)
        elif not _is_quoted(claim, sentence, evidence) and not is_derived(
            claim, sentence.plain, sentence.claims, evidence
        ):
            yield f"nothing told says {claim.text}"
    if is_swapped(borne, sentence, evidence):
        yield "an amount is said of the wrong product"
    yield from _misplaced(borne, sentence, evidence)


def _is_quoted(claim: Claim, sentence: Sentence, evidence: Evidence) -> bool:
    """Whether the words around a claim stand in a told text: 'Kept for: 10 years' keeps its unit in any language."""
    cuts = [0, *(match.end() for match in PIECE.finditer(sentence.text)), len(sentence.text)]
    piece = sentence.text[max(c for c in cuts if c <= claim.start) : min(c for c in cuts if c >= claim.end)]
    bare = piece.strip(" .!?,:;/–—()[]•\n=|")
    return any(c.isalpha() for c in bare) and evidence.holds(bare)


def _is_idle(claim: Claim, sentence: Sentence) -> bool:
    """A day near today in a question states nothing: 'shall I look again tomorrow?'."""
    return sentence.asks and claim.kind in ("date", "weekday") and not any(c.isdigit() for c in claim.text)


def _misplaced(claims: list[Claim], sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """Figures that only passages bear, and these of another matter or country."""
    for claim in claims:
        bearers = evidence.bearing(claim, sentence.subjects)
        if claim.kind in ("money", "duration", "percent") and all(source.kind == "passage" for source in bearers):
            passages = [passage for source in bearers if (passage := evidence.passage(source.cite))]
            others = [passage for passage in evidence.passages() if passage.get("kind") == passages[0].get("kind")]
            if misplaced(claim, _clause(claim, sentence), others, evidence.language):
                yield f"{claim.text} is told of something else"


def _clause(claim: Claim, sentence: Sentence) -> str:
    start = sentence.text.find(clause := sentence.clause(claim.start))
    return sentence.plain[start : start + len(clause)]


def _cited(sentence: Sentence, evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Each citation with the one that stands in its place: itself, the passage that bears the claims, or none."""
    bearers = [evidence.bearing(claim, sentence.subjects) for claim in sentence.claims]
    for cite in sentence.cites:
        if evidence.passage(cite) is None:
            yield cite, ""
        elif not bearers or any(_bears(cite, sources) or not _only_passages(sources) for sources in bearers):
            yield cite, cite
        else:
            right = [source.cite for source in bearers[0] if all(_bears(source.cite, own) for own in bearers)]
            yield cite, right[0] if right else ""


def _bears(cite: str, sources: list[Source]) -> bool:
    return any(source.cite == cite for source in sources)


def _only_passages(sources: list[Source]) -> bool:
    return bool(sources) and all(source.kind == "passage" for source in sources)
