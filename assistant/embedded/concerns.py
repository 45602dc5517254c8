"""Worries in words that lead to no rule: a piece that does not fit, a parcel that stands still."""

from __future__ import annotations

from dataclasses import replace

from assistant.embedded.action_words import plain
from assistant.embedded.slots import lexicon
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, SURE, Task
from assistant.embedded.turn import Turn

QUESTIONS = {
    "misfit": "How do I exchange an item whose size does not fit for another size, or send it back?",
    "stuck": "When does a parcel without a new scan count as lost?",
}
"""What is asked of the policies about each, in English, which of all languages leads best to the passage."""

PAYS = "Is {way} accepted as a payment method in my country?"
MOST_LETTERS = 60
"""Letters of a message that asks whether one way to pay is taken, and nothing else."""

WISHES = ("product_search", "product_comparison")


def concerned(task: Task, turn: Turn) -> list[Task]:
    """The question that a worry comes to, and behind it what the message asks about an order; [] where it tells of no
    worry, asks a question of its own about the rules ('how long may I exchange it?'), wishes for a product, or sends a
    piece of an order back, which has a way of its own.
    """
    language = turn.language
    concern = next(iter(lexicon(language).named(plain(task.text), "concerns")), "")
    question = QUESTIONS.get(concern) or _payment_in(task, language)
    sends_back = concern == "misfit" and bool(task.slots.order_ids)
    told = concern == "stuck" and turn.past.shows_order  # its scans and notes say why
    if not question or sends_back or told or _asks_else(task, language):
        return []
    asked = replace(task, intent="policy_question", text=question, sure=1.0, second="")
    of_order = task.intent in ORDER_INTENTS and (task.sure >= SURE or bool(task.slots.order_ids))
    return [asked, task] if of_order and concern == "stuck" else [asked]


def _payment_in(task: Task, language: str) -> str:
    """Whether a way to pay is taken, where a short message asks that and nothing of an order or of money back."""
    words, lower = lexicon(language), plain(task.text)
    named = [way for way in words.named(lower, "payments") if way != "gift_card"]
    if len(named) != 1 or len(lower) > MOST_LETTERS:
        return ""
    left = words.without(lower, "payments", named[0])  # 'contra reembolso' asks for no money back
    settles = any(words.find(left, "actions", key) >= 0 for key in ("refund", "return", "cancel", "exchange"))
    asks = words.find(lower, "paying", "pays") >= 0 and task.intent not in ORDER_INTENTS and not task.slots.order_ids
    return PAYS.format(way=named[0].replace("_", " ")) if asks and not settles else ""


def _asks_else(task: Task, language: str) -> bool:
    asks = lexicon(language).find(task.text.casefold(), "followup", "asks") >= 0
    return task.sure >= CERTAIN and (task.intent in WISHES or (task.intent == "policy_question" and asks))
