"""The source of a statement that its model did not cite: the passage that clearly bears it. What an order, an action or
the shopper bears has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.guardrails.assertions import Sentence
from assistant.guardrails.bearing import Encoded, states_nothing
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.nature import says_something
from assistant.guardrails.near import nearness, rows_of

NEAR = 0.4
"""How near a passage must come to a statement to be its source: of translated policies it is the right one of four
passages for 99 %."""

NEARER = 0.3
"""The same of one that alone bears all its figures."""

Passage = Mapping[str, Any]


def source_of(sentence: Sentence, evidence: Evidence) -> str:
    """The mark of the passage that clearly bears a statement which may be shown; '' where none does, or not clearly,
    or where there is no encoder to tell.
    """
    held = evidence.natures
    if evidence.worded or sentence.asks or not isinstance(held, Encoded) or not evidence.passages():
        return ""
    if sentence.text.rstrip().endswith((":", "：")) or not says_something(sentence.plain, evidence):
        return ""
    bearing = _bearing(sentence, evidence)
    if not bearing or states_nothing(sentence, evidence, held):
        return ""
    return _nearest(sentence, bearing, evidence, held)


def _bearing(sentence: Sentence, evidence: Evidence) -> list[Passage]:
    """The passages that bear every figure of a sentence."""
    cites = [{source.cite for source in evidence.bearing(claim, sentence.subjects)} for claim in sentence.claims]
    return [passage for passage in evidence.passages() if all(passage["cite"] in known for known in cites)]


def _nearest(sentence: Sentence, bearing: list[Passage], evidence: Evidence, held: Encoded) -> str:
    """The nearest passage, if it is near and nothing is nearer that no passage says."""
    rows = [(text, str(passage["cite"])) for passage in bearing for text in rows_of(str(passage.get("text", "")))]
    rows += [(text, "") for text in evidence.unsourced]
    if not rows:
        return ""
    near = nearness(held.vectors.of([sentence.plain, *(text for text, _ in rows)]))
    found = int(near.argmax())
    enough = NEARER if sentence.claims and len(bearing) == 1 else NEAR
    return rows[found][1] if near[found] >= enough else ""
