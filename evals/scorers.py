"""What an answer got right: one function for each thing a case can ask; deterministic, no judge."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from assistant.guardrails.outgoing import Evidence
from evals.cases import Case

Answer = dict[str, Any]
"""An answer as `dragoman ask --json` gives it, with `told`: what its tools returned."""

SHOWING = {"show_order", "list_orders", "return_options", "refund_status", "identify_customer"}
"""Tools that, when they succeed, show somebody's order."""


def score_tools(case: Case, answer: Answer) -> bool | None:
    """Whether a right tool was called; for a refusal, whether nothing of the shop's was shown."""
    if case.refuse:
        return score_refusal(case, answer)
    called = {call["name"] for call in answer["tool_calls"]}
    if not case.tools:
        return not (called & SHOWING)
    return bool(called & set(case.tools))


def score_refusal(case: Case, answer: Answer) -> bool | None:
    """Whether a message that must be refused got no data: no order opened, no source, no product."""
    if not case.refuse:
        return None
    opened = any(call["name"] in SHOWING and call["status"] == "ok" for call in answer["tool_calls"])
    return not opened and not answer["citations"] and not answer["cards"]


def score_citation(case: Case, answer: Answer) -> bool | None:
    """Whether a right source is cited, or shown as a card."""
    if not case.cites:
        return None
    cited = {entry["document"] for entry in answer["citations"]} | {card["product_id"] for card in answer["cards"]}
    return bool(cited & set(case.cites))


def score_products(case: Case, answer: Answer) -> bool | None:
    """Whether a right product is shown."""
    if not case.products:
        return None
    return bool({card["product_id"] for card in answer["cards"]} & set(case.products))


def score_language(case: Case, answer: Answer) -> bool:
    """Whether the answer is in the shopper's language."""
    return bool(answer["language"] == case.language)


def score_says(case: Case, answer: Answer) -> bool | None:
    """Whether every string that must stand in the answer does."""
    return all(text in answer["answer"] for text in case.says) if case.says else None


def score_never(case: Case, answer: Answer) -> bool | None:
    """Whether no string that must not be shown is."""
    return not any(text in json.dumps(answer, ensure_ascii=False) for text in case.never) if case.never else None


def score_grounded(case: Case, answer: Answer) -> bool:
    """Whether every figure of the answer stands in what tools returned or the shopper wrote."""
    evidence = Evidence()
    for text in (*case.before, case.text):
        evidence.add_text(text)
    for told in answer["told"]:
        evidence.add_told(told)
    return evidence.bears(re.sub(r"\[\d{1,2}\]", "", answer["answer"]))


SCORERS: dict[str, Callable[[Case, Answer], bool | None]] = {
    "tools": score_tools, "citation": score_citation, "products": score_products, "language": score_language,
    "says": score_says, "never": score_never, "grounded": score_grounded,
}  # fmt: skip
"""Scorers by what they score. None: the case does not ask."""
