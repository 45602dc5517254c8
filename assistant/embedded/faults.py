"""Goods that came damaged, wrong or not at all: what the policies say of them, beside the order's state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.embedded.action_calls import action_of, said_in
from assistant.embedded.action_words import plain
from assistant.embedded.handing_over import FAULTY
from assistant.embedded.passages import DOUBTFUL, quote_passage
from assistant.embedded.slots import lexicon
from assistant.embedded.task import Task
from assistant.embedded.turn import Turn
from assistant.embedded.wording import FAULTS, Words

SETTLING = ("return_request", "refund_status")
"""Intents that ask to settle a fault told of just before."""


def fault_calls(task: Task, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """The look-up of what the policies say of a fault that was told of."""
    question = _question(task, turn)
    return [("search_policies", {"question": question})] if question else []


def tell_fault(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """What that look-up found, if it is near enough."""
    question = _question(task, turn)
    asked = (call.told or {} for call in turn.calls if question and call.arguments.get("question") == question)
    for told in asked:
        best = told.get("passages", [])[:1]
        if best and best[0]["score"] >= DOUBTFUL:
            yield quote_passage(best, question, told.get("country", ""), words)


def offer_help(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """That a person can take up a fault that was told of."""
    yield from [words.say(FAULTY)] if _question(task, turn) else []


def _question(task: Task, turn: Turn) -> str:
    """What to ask of the policies about the fault that a task tells of, or, where it asks to settle one, the turns
    before; '' where there is none. Why an order is cancelled is no fault.
    """
    if action_of(task, turn) == "cancel_order":
        return ""
    before = turn.past.lately[:2] if task.intent in SETTLING and turn.past.speaks_of_order else ()
    said = ((said_in(task, turn), turn.language), *before)
    fault = next((fault for text, language in said if (fault := _fault_in(text, language))), "")
    return Words(turn.language).say(FAULTS[fault]) if fault else ""


def _fault_in(text: str, language: str) -> str:
    """The fault a text tells of; a whole parcel that does not come is none of goods."""
    words, lower = lexicon(language), plain(text)
    named = words.named(lower, "faults")
    lost = words.find(lower, "actions", "lost") >= 0
    return next((fault for fault in named if not (fault == "missing" and lost)), "")
