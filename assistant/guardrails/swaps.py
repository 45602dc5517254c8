"""Whether amounts of several products are said of the wrong ones."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.guardrails.assertions import Sentence
from assistant.guardrails.claim import Claim
from assistant.guardrails.evidence import Evidence

Products = list[tuple[int, set[str]]]
"""Where a sentence names each product, and all that it may be called by."""


def is_swapped(claims: Sequence[Claim], sentence: Sentence, evidence: Evidence) -> bool:
    """Whether, however each amount is placed (behind its product, before it, or in their order), one is not that
    product's.
    """
    products = _products(sentence, evidence)
    placed = [claim for claim in claims if claim.kind in ("money", "size")]
    if len(products) < 2 or not placed:
        return False
    ways = (
        [_before(claim, products) for claim in placed],
        [_behind(claim, products) for claim in placed],
        [products[min(number, len(products) - 1)][1] for number in range(len(placed))],
    )
    return not any(all(map(evidence.bearing, placed, way)) for way in ways)


def _products(sentence: Sentence, evidence: Evidence) -> Products:
    found: dict[int, set[str]] = {}
    for source in evidence.sources:
        named = source.names & sentence.subjects.keys() if source.kind == "product" else set()
        if named:
            found.setdefault(min(sentence.subjects[name] for name in named), set()).update(source.names)
    return sorted(found.items())


def _before(claim: Claim, products: Products) -> set[str]:
    """The product named last before an amount."""
    return next((names for at, names in reversed(products) if at <= claim.start), products[0][1])


def _behind(claim: Claim, products: Products) -> set[str]:
    """The product named next behind an amount."""
    return next((names for at, names in products if at >= claim.start), products[-1][1])
