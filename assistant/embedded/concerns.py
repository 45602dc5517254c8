"""Worries in words that lead to no rule: a piece that does not fit, a parcel that stands still."""

from __future__ import annotations

from dataclasses import replace

from assistant.embedded.action_words import plain
from assistant.embedded.slots import lexicon
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, SURE, Task

QUESTIONS = {
    "misfit": "How do I exchange an item whose size does not fit for another size, or send it back?",
    "stuck": "When does a parcel without a new scan count as lost?",
}
"""What is asked of the policies about each, in English, which of all languages leads best to the passage."""

WISHES = ("product_search", "product_comparison")


def concerned(task: Task, language: str) -> list[Task]:
    """The question that a worry comes to, and behind it what the message asks about an order; [] where it tells of no
    worry, asks a question of its own about the rules ('how long may I exchange it?'), wishes for a product, or sends a
    piece of an order back, which has a way of its own.
    """
    concern = next(iter(lexicon(language).named(plain(task.text), "concerns")), "")
    sends_back = concern == "misfit" and bool(task.slots.order_ids)
    if not concern or sends_back or _asks_else(task, language):
        return []
    asked = replace(task, intent="policy_question", text=QUESTIONS[concern], sure=1.0, second="")
    of_order = task.intent in ORDER_INTENTS and (task.sure >= SURE or bool(task.slots.order_ids))
    return [asked, task] if of_order and concern == "stuck" else [asked]


def _asks_else(task: Task, language: str) -> bool:
    asks = lexicon(language).find(task.text.casefold(), "followup", "asks") >= 0
    return task.sure >= CERTAIN and (task.intent in WISHES or (task.intent == "policy_question" and asks))
