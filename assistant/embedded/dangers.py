"""A danger that a message describes: what the policies say of it is told before any product is looked at."""

from __future__ import annotations

from dataclasses import replace

from assistant.embedded.action_words import plain
from assistant.embedded.slots import lexicon
from assistant.embedded.task import ORDER_INTENTS, SURE, Task

FEES = "What should I do if a carrier or a text message asks me for duty or a handling fee?"

QUESTIONS = {
    "swollen": "What should I do if a battery is swollen?",
    "smoke": "What should I do if a device smokes?",
    "smells burnt": "What should I do if a plug or device smells burnt?",
    "fire": "What should I do if a device catches fire?",
    "electric shock": "How do I report an electric shock from a device?",
    "leaking battery": "What should I do if a battery leaks?",
}
"""What is asked of the policies about a danger. In English whoever asks: rules of safety are often written in one
language only, and what stands beside a danger in a message (a charger, a plug) leads to rules of using it.
"""


def is_warning(task: Task) -> bool:
    """Whether a task asks what to do about a danger: nothing that only comes near may answer it."""
    return task.text == FEES or task.text in QUESTIONS.values()


def warned(task: Task, language: str) -> list[Task]:
    """The question what to do about the danger that a task describes, before what it asks about an order; [] where it
    describes none.
    """
    danger = _danger_in(plain(task.text), language)
    if not danger:
        return []
    asked = replace(task, intent="policy_question", text=danger, sure=1.0, second="")
    return [asked, task] if task.intent in ORDER_INTENTS and task.sure >= SURE else [asked]


def _danger_in(lower: str, language: str) -> str:
    words = lexicon(language)
    if named := words.named(lower, "dangers"):
        return QUESTIONS[named[0]]
    return FEES if {"message", "fees"} <= set(words.named(lower, "scams")) else ""
