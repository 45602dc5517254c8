"""An answer to what we asked for continues the request it was asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import answer_of
from assistant.embedded.action_calls import wish_of
from assistant.embedded.action_words import plain
from assistant.embedded.slots import lexicon
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, Task
from assistant.embedded.turn import Turn

MOST_WORDS = 30
"""Words of a message that may be an answer to what we asked for."""


def resume(turn: Turn, said: Task) -> Task | None:
    """The request the turn before left open, with this message added; None where the message does not complete it.
    `said` is the message read by itself.
    """
    open_request = turn.past.left_open
    if not open_request or answer_of(turn.text) == "no":
        return None
    orders = said.slots.order_ids or tuple(filter(None, (str(open_request["order_id"]),)))
    slots = replace(said.slots, order_ids=orders[:1])
    task = Task(open_request["intent"], f"{open_request['text']}\n{turn.text}", slots, resumed=True)
    if turn.past.waiting_for_identity or not open_request["order_id"]:
        return task if _identifies(turn, said) else None
    task = replace(task, slots=replace(slots, email="", postcode=""))
    return _completed(task, turn, said)


def _identifies(turn: Turn, said: Task) -> bool:
    """Whether a message brings an order number or a proof, rather than asking for something else."""
    brief = len(turn.text.split()) <= 12 and said.intent != "person"
    return bool(
        said.slots.email or (brief and (said.slots.order_ids or re.search(r"\d{4}", turn.text) or said.slots.postcode))
    )


def _completed(task: Task, turn: Turn, said: Task) -> Task | None:
    before = wish_of(replace(task, text=turn.past.left_open["text"]), replace(turn, text=""), turn.past.last_calls)
    after = wish_of(task, turn, turn.past.last_calls)
    if before is None or after is None or len(turn.text.split()) > MOST_WORDS:
        return None
    if after.lacks != before.lacks:
        return task
    return replace(task, reply=turn.text) if before.lacks == "reason" and _explains(turn, said) else None


def _explains(turn: Turn, said: Task) -> bool:
    """Whether an answer in words we do not know can be a reason: the shop says whether it is one that counts."""
    words = lexicon(turn.language)
    bare = plain(turn.text).strip(" .!。！")
    merely = any(bare == entry.rstrip("$") for key in ("yes", "no") for entry in words.words(key, "words"))
    other = said.sure >= CERTAIN and said.intent not in ORDER_INTENTS
    return not merely and not other and said.intent != "person" and not re.search(r"[?？؟]", turn.text)
