"""What a shopper wants done with an order: an action with its arguments, or what is lacking for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from assistant.embedded.action_words import items_in, method_in, plain, reason_in
from assistant.embedded.addresses import address_in
from assistant.embedded.days import day_in
from assistant.embedded.piece_counts import divided

LOST = "lost parcel"
"""The reason policies know for paying back what never came."""

PERSON = "person"
"""What is lacking where only a person can help."""

STATE = "state"
"""What is lacking where the order is no longer as it would have to be."""


@dataclass(frozen=True)
class Said:
    """What a shopper said about an order they were shown. `reply` is their answer to a question of ours, `names` the
    items' names in their language by item id, `reason` the one they gave before.
    """

    text: str
    language: str
    order: dict[str, Any]
    reply: str = ""
    names: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    @property
    def items(self) -> list[str]:
        """The pieces named."""
        return items_in(self.text, self.language, self.order["items"], self.names)


@dataclass(frozen=True)
class Wish:
    """An action with its arguments. `lacks` names what the shopper must add first: reason, items, until, address,
    method; or 'person' where we cannot do it for them.
    """

    action: str
    arguments: dict[str, Any]
    lacks: str = ""


def read_wish(action: str, said: Said) -> Wish:
    """An action that was asked for, with its arguments as far as they were given."""
    arguments, lacks = NEEDS[action](said) if action in NEEDS else ({}, PERSON)
    return Wish(action, {"order_id": said.order["order_id"], **arguments}, lacks)


Needed = tuple[dict[str, Any], str]


def _cancel(said: Said) -> Needed:
    """Of an order of several items one that is named is meant alone, and one alone cannot be cancelled. Why is asked
    only of an order that is not packed yet; of others the shop's rule is told.
    """
    several, named = len(said.order["items"]) > 1, len(set(said.items))
    if several and (0 < named < len(said.order["items"]) or _keeps_something(said)):
        return {}, PERSON
    reason = reason_in(said.text, said.language) or said.reply or said.reason
    return {"reason": reason}, "" if reason or not _is_pending(said.order) else "reason"


def _is_pending(order: dict[str, Any]) -> bool:
    return str(order["status"]).startswith("pending")


def _return(said: Said) -> Needed:
    method = next((method["id"] for method in said.order["payment_methods"] if method["used"]), "")
    lacks = "" if said.items else "items"
    return {"item_ids": said.items, "payment_method_id": method}, lacks if method else PERSON


def _withdraw(said: Said) -> Needed:
    return {"item_ids": said.items}, "items" if _keeps_something(said) else ""


def _keeps_something(said: Said) -> bool:
    """Whether something stays with the shopper, but not which item."""
    return not said.items and bool(divided(plain(said.text), said.language)[1])


def _resend(said: Said) -> Needed:
    named = [number for number in said.order["tracking_numbers"] if number.casefold() in plain(said.text)]
    return ({"tracking_id": named[0]} if named else {}), ""


def _refund(_: Said) -> Needed:
    return {"reason": LOST}, ""


def _pause(said: Said) -> Needed:
    text = plain(said.text).replace(plain(said.order["order_id"]), " ")
    until = day_in(text, said.language, said.today)
    return ({"until": until.isoformat()}, "") if until else ({}, "until")


def _nothing(_: Said) -> Needed:
    return {}, ""


def _address(said: Said) -> Needed:
    found = address_in(said.text, said.language, said.order["market"])
    return found, "" if found else "address" if _is_pending(said.order) else STATE


def _method(said: Said) -> Needed:
    found = method_in(said.text, said.language, said.order["payment_methods"])
    return ({"payment_method_id": found}, "") if found else ({}, "method")


NEEDS: dict[str, Callable[[Said], Needed]] = {
    "cancel_order": _cancel, "return_items": _return, "withdraw": _withdraw, "resend_parcel": _resend,
    "refund_order": _refund, "pause_subscription": _pause, "skip_delivery": _nothing, "cancel_subscription": _nothing,
    "change_order_address": _address, "change_payment_method": _method,
}  # fmt: skip
"""What each action needs to be told; of one that is not here a person takes care."""
