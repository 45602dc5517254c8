"""What an answer got right: one function for each thing a case can ask; deterministic, no judge."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from assistant.guardrails.evidence import Evidence
from assistant.guardrails.outgoing import sentences_of
from assistant.guardrails.verdict import is_grounded
from evals.cases import Case

Answer = dict[str, Any]
"""An answer as `dragoman ask --json` gives it, the turns of a conversation joined; with `told`, what tools returned,
and `state`, what the shop holds afterwards.
"""

SHOWING = {"show_order", "list_orders", "return_options", "refund_status", "identify_customer", "customer_orders"}
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
    ours = {name: part for name, part in answer.items() if name not in ("state", "asked", "wrote")}
    shown = json.dumps(ours, ensure_ascii=False)
    return not any(text in shown for text in case.never) if case.never else None


def score_grounded(case: Case, answer: Answer) -> bool:
    """Whether every figure of the answer stands in what tools returned or the shopper wrote."""
    evidence = Evidence(case.language)
    for text in answer.get("wrote", case.messages):
        evidence.add_text(text)
    for told in answer["told"]:
        evidence.add_told(told)
    shown = re.sub(r"\[\d{1,2}\]", "", answer["answer"])
    return all(is_grounded(sentence, evidence) for sentence in sentences_of(shown, case.language))


def score_state(case: Case, answer: Answer) -> bool | None:
    """Whether the shop and the ledger hold afterwards what they must."""
    return not differences(case, answer) if case.state else None


def differences(case: Case, answer: Answer) -> list[str]:
    """Where the state after a conversation is not the one that was wanted, in words."""
    if case.state is None:
        return []
    wanted = case.state.model_dump(mode="json")
    return list(_differ(wanted, answer["state"], ""))


def _differ(wanted: Any, held: Any, place: str) -> list[str]:
    """Fields wanted and not held; of a list all, of a table those that are named."""
    if isinstance(wanted, dict) and isinstance(held, dict):
        return [line for name, part in wanted.items() for line in _differ(part, held.get(name), f"{place} {name}")]
    if isinstance(wanted, list) and isinstance(held, list) and len(wanted) == len(held):
        pairs = enumerate(zip(wanted, held, strict=True), 1)
        return [line for number, (one, other) in pairs for line in _differ(one, other, f"{place} {number}")]
    return [] if wanted == held else [f"{place.strip()}: {json.dumps(held)}, wanted {json.dumps(wanted)}"]


def score_unasked(case: Case, answer: Answer) -> bool | None:
    """Whether nothing was done to the shop that the case does not want done."""
    if case.state is None:
        return None
    done = Counter(entry for entry in answer["state"].get("ledger", []) if entry.endswith(" done"))
    return not done - Counter(case.state.ledger)


def score_answered(case: Case, answer: Answer) -> bool:  # noqa: ARG001  (scorers are called alike)
    """Whether every message got an answer, and none ended in a fault."""
    return "error" not in answer


def score_judged(case: Case, answer: Answer) -> bool | None:  # noqa: ARG001  (scorers are called alike)
    """What a judge said, where one was asked."""
    verdict = answer.get("verdict")
    return bool(verdict["right"]) if verdict else None


SCORERS: dict[str, Callable[[Case, Answer], bool | None]] = {
    "tools": score_tools, "citation": score_citation, "products": score_products, "language": score_language,
    "says": score_says, "never": score_never, "grounded": score_grounded, "state": score_state,
    "unasked": score_unasked, "judged": score_judged, "answered": score_answered,
}  # fmt: skip
"""Scorers by what they score. None: the case does not ask."""
