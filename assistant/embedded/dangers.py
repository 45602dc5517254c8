"""A danger that a message describes: what the policies say of it is told before any product is looked at."""

from __future__ import annotations

from dataclasses import replace

from assistant.embedded.action_words import plain
from assistant.embedded.slots import lexicon
from assistant.embedded.task import ORDER_INTENTS, SURE, Task

FEES = "message asks for fees: do not pay yet"


def warned(task: Task, language: str) -> list[Task]:
    """The question what to do about the danger that a task describes, before what it asks about an order; [] where it
    describes none. It is asked in English, too: rules of safety are often written in one language only, and the one
    passage of many on batteries that tells of the danger must come first.
    """
    danger = _danger_in(plain(task.text), language)
    if not danger:
        return []
    asked = replace(task, intent="policy_question", text=f"{task.text} ({danger})", sure=1.0, second="")
    return [asked, task] if task.intent in ORDER_INTENTS and task.sure >= SURE else [asked]


def _danger_in(lower: str, language: str) -> str:
    words = lexicon(language)
    if named := words.named(lower, "dangers"):
        return f"{named[0]}: safety"
    return FEES if {"message", "fees"} <= set(words.named(lower, "scams")) else ""
