"""An answer to what we asked for continues the request it was asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import asks, begins_with_no, behind_no, takes_back
from assistant.embedded.action_calls import wish_of
from assistant.embedded.action_words import plain, reason_in
from assistant.embedded.slots import Slots, lexicon
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, TAKEN_BACK, Task
from assistant.embedded.turn import Turn

MOST_WORDS = 30
"""Words of a message that may be an answer to what we asked for."""


def resume(turn: Turn, said: Task) -> Task | None:
    """The request the turn before left open, with this message added, or taken back by it; None where the message is
    about something else. `said` is the message read by itself.
    """
    open_request = turn.past.left_open
    if not open_request:
        return None
    back = _takes_back(turn)
    orders = said.slots.order_ids or tuple(filter(None, (str(open_request["order_id"]),)))
    slots = replace(said.slots, order_ids=orders[:1])
    task = Task(open_request["intent"], f"{open_request['text']}\n{behind_no(turn.text)}", slots, resumed=True)
    if turn.past.waiting_for_identity or not open_request["order_id"]:
        return task if not back and _identifies(turn, said) else _taken(turn, back)
    back = back or (begins_with_no(turn.text) and not asks(turn.text))
    return _completed(replace(task, slots=replace(slots, email="", postcode="")), turn, said, back)


def _takes_back(turn: Turn) -> bool:
    refused = lexicon(turn.language).find(plain(turn.text), "actions", "refused") >= 0
    return (refused or takes_back(turn.text)) and not asks(turn.text)


def _taken(turn: Turn, back: bool) -> Task | None:
    return Task(TAKEN_BACK, turn.text, Slots()) if back else None


def _identifies(turn: Turn, said: Task) -> bool:
    """Whether a message brings an order number or a proof, rather than asking for something else."""
    brief = len(turn.text.split()) <= 12 and said.intent != "person"
    return bool(
        said.slots.email or (brief and (said.slots.order_ids or re.search(r"\d{4}", turn.text) or said.slots.postcode))
    )


def _completed(task: Task, turn: Turn, said: Task, back: bool) -> Task | None:
    """What an answer makes of a request: what it lacked, told in it, counts more than a no that begins it."""
    before = wish_of(replace(task, text=turn.past.left_open["text"]), replace(turn, text=""), turn.past.last_calls)
    after = wish_of(task, turn, turn.past.last_calls)
    if before and before.action == "cancel_order" and not before.lacks:  # it was refused: a reason is told the same
        return task if reason_in(turn.text, turn.language) and not asks(turn.text) else None
    if before and after and after.lacks != before.lacks and len(turn.text.split()) <= MOST_WORDS:
        return task
    if before and before.lacks == "address" and not _takes_back(turn) and _tries_address(turn, said):
        return task
    if back or before is None or after is None or len(turn.text.split()) > MOST_WORDS:
        return _taken(turn, back)
    return replace(task, reply=turn.text) if before.lacks == "reason" and _explains(turn, said) else None


def _tries_address(turn: Turn, said: Task) -> bool:
    """Whether a message may be an address that we cannot read: it is asked for again, and taken for nothing else."""
    return bool(re.search(r"\d", turn.text)) and not said.slots.order_ids and not re.search(r"[?？؟@]", turn.text)


def _explains(turn: Turn, said: Task) -> bool:
    """Whether an answer in words we do not know can be a reason: the shop says whether it is one that counts."""
    words = lexicon(turn.language)
    bare = plain(turn.text).strip(" .!。！")
    merely = any(bare == entry.rstrip("$") for key in ("yes", "no") for entry in words.words(key, "words"))
    other = said.sure >= CERTAIN and said.intent not in ORDER_INTENTS
    return not merely and not other and said.intent != "person" and not asks(turn.text)
