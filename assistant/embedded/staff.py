"""What the shop's own staff ask: a customer's orders, and what goes out without another person's agreement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assistant.embedded.action_words import plain
from assistant.embedded.handing_over import OUT_OF_SCOPE
from assistant.embedded.order_numbers import order_numbers, speaks_of_order
from assistant.embedded.order_words import list_orders
from assistant.embedded.slots import lexicon, read_slots
from assistant.embedded.turn import Turn
from assistant.embedded.wording import Words, marked

STAFF_TOOLS = ("customer_orders", "approval_limits")

_ID = r"[^\W_][\w.-]*(?:\d|_)[\w.-]*(?<=\w)"
"""A customer's id behind a word for one."""

_SHAPED = re.compile(r"(?<![\w.@-])[a-z]+(?:_[a-z]+)*_\d+(?![\w@])", re.IGNORECASE)
"""What is a customer's id wherever it stands."""

LEADS = {
    "refund_order": marked("Limits for refunds that nobody else has to agree to:"),
    "give_goodwill": marked("Limits for goodwill that nobody else has to agree to:"),
}
LEVELS = {"agent": marked("agent"), "lead": marked("team lead"), "head": marked("head of support")}


def staff_calls(turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """The look-up that only staff may make, where the message asks for one that was not made yet."""
    called = any(call.name in STAFF_TOOLS for call in turn.calls)
    customer, action = _customer(turn), _limited(turn)
    if called or not (customer or action):
        return []
    return [("customer_orders", {"customer": customer}) if customer else ("approval_limits", {"action": action})]


def _customer(turn: Turn) -> str:
    """The customer a message about orders names, where it names no order."""
    if order_numbers(turn.text) or not speaks_of_order(turn.text):
        return ""
    words = "|".join(map(re.escape, lexicon(turn.language).words("staff", "customer")))
    behind = re.search(rf"(?:{words})\w{{0,2}}[\s:：#]*({_ID})", turn.text, re.IGNORECASE)
    shaped = _SHAPED.search(turn.text)
    return read_slots(turn.text, turn.language).email or (
        behind.group(1) if behind else shaped.group() if shaped else ""
    )


def _limited(turn: Turn) -> str:
    """The action whose limit a message asks for, or ''."""
    words, lower = lexicon(turn.language), plain(turn.text)
    if words.find(lower, "staff", "limit") < 0:
        return ""
    if words.find(lower, "staff", "goodwill") >= 0:
        return "give_goodwill"
    return "refund_order" if words.find(lower, "actions", "refund") >= 0 else ""


def tell_staff(turn: Turn, words: Words) -> Iterator[str]:
    """What such a look-up told; where others read along, that it is no matter for here."""
    if any(told.get("rule") == "STAFF_ONLY" for name in STAFF_TOOLS for told in turn.told(name)):
        yield words.say(OUT_OF_SCOPE)
        return
    for told in turn.told("customer_orders"):
        yield _word_customer(told, words)
    for told in turn.told("approval_limits"):
        yield _word_limits(told, words)


def _word_customer(told: dict[str, Any], words: Words) -> str:
    customer = str(told.get("customer", ""))
    if told["status"] == "ok":
        return list_orders(told["orders"], words.say("Latest orders of {customer}:", customer=customer), words)
    if told["status"] == "none":
        return words.say("{customer} has no orders.", customer=customer)
    return words.say("There is no customer {customer} in this shop.", customer=customer)


def _word_limits(told: dict[str, Any], words: Words) -> str:
    if told["status"] != "ok":
        return words.say("The shop's policy sets no such limit.")
    cite, lead = f" [{told['cite']}]" if told["cite"] else "", LEADS[told["action"]]
    lines = [words.say(lead) + cite]
    lines += [f"• {_limit(limit, words)}{cite}" for limit in told["limits"]]
    if any(limit["per"] == "order" for limit in told["limits"]):
        lines.append(words.say("What was given for one order is added up."))
    return "\n".join(lines)


def _limit(limit: dict[str, Any], words: Words) -> str:
    """One rank of the staff with its limit; a rank of the shop's own by its name."""
    level = limit["level"]
    rank = words.say(LEVELS[level]) if level in LEVELS else level
    return words.say("{label}: {value}", label=rank, value=_amounts(limit["up_to"], words))


def _amounts(up_to: list[dict[str, str]], words: Words) -> str:
    if not up_to:
        return words.say("any amount")
    return words.series([words.money(most["amount"], most["currency"]) for most in up_to])
