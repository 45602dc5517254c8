"""One thing a message asks for."""

from dataclasses import dataclass

from assistant.embedded.slots import Slots

SURE = 0.6
"""Probability from which an intent is acted on alone."""

CERTAIN = 0.9
"""Probability from which a message is refused as off topic, or answered about a product, without a second look."""

NEARLY = 0.3
"""Probability from which a second intent is kept in mind."""

UNSURE = 0.42
"""Probability below which every kind of search is tried and what it finds decides."""

TAKEN_BACK = "taken_back"
"""The intent of a message that takes back a request still open: no model finds it, only what was asked before tells."""

SMALL_TALK = {"greeting", "thanks", "help", "bot_question", "abuse", TAKEN_BACK}
SHOP_QUESTIONS = {"policy_question", "product_question", "product_search"}
ORDER_INTENTS = {"order_status", "return_request", "refund_status", "order_change"}


@dataclass(frozen=True)
class Task:
    """One thing asked for. `text` is complete without the conversation, `sure` the probability of its intent, `second`
    the intent that comes next, where it is nearly as likely; `resumed` whether it
    continues an earlier request, `reply` the answer to a question of ours that is one in any words.
    """

    intent: str
    text: str
    slots: Slots
    sure: float = 1.0
    second: str = ""
    reply: str = ""
    resumed: bool = False
