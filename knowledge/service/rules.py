"""Rules about who asks and about the order as a whole. A rule is an entry of a policy file; `check` says what it looks
at, the other fields with what figures.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.commerce import normal_order_id
from knowledge.markets import market_groups
from knowledge.service.case import Case, left_of
from knowledge.service.payments import PENDING_RETURNS

ANY = "*"


class Rule(BaseModel):
    """What must hold for an action to be allowed. `rule` is its name in ledger and answers, `passage` cites where the
    shop states it ('document#number'), `text` says it where no document does. It binds the `actions` named ('*': all),
    in the `markets`, `channels` and for the `levels` (shopper, or a rank of the staff) named; none named: everywhere.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    check: str
    actions: tuple[str, ...] = (ANY,)
    markets: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    passage: str = ""
    text: str = ""

    def binds(self, action: str) -> bool:
        """Whether it is about an action."""
        return ANY in self.actions or action in self.actions

    def applies(self, case: Case) -> bool:
        """Whether it binds this case."""
        market = not self.markets or bool({*market_groups(case.market), ANY} & {*self.markets})
        channel = not self.channels or bool(case.order and case.order.channel in self.channels)
        level = not self.levels or case.asker.level in self.levels
        return self.binds(case.request.name) and market and channel and level

    @property
    def meaning(self) -> dict[str, Any]:
        """What it asks, however it is called and wherever it is stated."""
        return self.model_dump(exclude={"rule", "actions", "passage", "text"})

    def holds(self, case: Case) -> bool:
        """Whether the case meets it."""
        raise NotImplementedError

    def figures(self, case: Case) -> dict[str, Any]:
        """What a refusal tells beside the rule's own fields."""
        return {}

    def explain(self) -> str:
        """The rule in English, for those who write policies."""
        raise NotImplementedError


class Identified(Rule):
    """Somebody whose identity code attested."""

    check: Literal["identified"]

    def holds(self, case: Case) -> bool:
        """A customer, staff, or whoever proved to know an order."""
        return bool(case.asker.staff or case.asker.customer_id or case.asker.order_ids)

    def explain(self) -> str:
        """In English."""
        return "the asker must be identified"


class OrderExists(Rule):
    """The order is in the shop under exactly the number given."""

    check: Literal["order_exists"]

    def holds(self, case: Case) -> bool:
        """An order, where the request is about one."""
        return case.order is not None or not case.request.order_id

    def figures(self, case: Case) -> dict[str, Any]:
        """The number asked for."""
        return {"order_id": case.request.order_id}

    def explain(self) -> str:
        """In English."""
        return "the order number must be one of the shop's, exactly"


class CustomerExists(Rule):
    """The customer is known to the shop."""

    check: Literal["customer_exists"]

    def holds(self, case: Case) -> bool:
        """A customer, where the request is about an account."""
        return case.customer is not None or bool(case.request.order_id)

    def explain(self) -> str:
        """In English."""
        return "the customer must be one of the shop's"


class OwnOrder(Rule):
    """Only what is the asker's own; staff act for customers."""

    check: Literal["own"]

    def holds(self, case: Case) -> bool:
        """The order is the asker's, was opened by proof, or staff ask."""
        if case.asker.staff:
            return True
        if case.order is None:
            return not case.customer or case.customer.customer_id == case.asker.customer_id
        opened = normal_order_id(case.order.order_id) in case.asker.order_ids
        return opened or case.order.customer_id == case.asker.customer_id

    def explain(self) -> str:
        """In English."""
        return "the order or account must be the asker's own; staff act for customers"


class StaffOnly(Rule):
    """Only the shop's own staff may ask."""

    check: Literal["staff"]

    def holds(self, case: Case) -> bool:
        """Staff ask."""
        return case.asker.staff

    def explain(self) -> str:
        """In English."""
        return "only the shop's staff may do it"


class Status(Rule):
    """The order is in one of the states named."""

    check: Literal["status"]
    allowed: tuple[str, ...] = Field(min_length=1)

    def holds(self, case: Case) -> bool:
        """One of the states."""
        return case.order is None or case.order.status in self.allowed

    def figures(self, case: Case) -> dict[str, Any]:
        """The state it is in."""
        return {"status": case.order.status if case.order else "", "allowed": list(self.allowed)}

    def explain(self) -> str:
        """In English."""
        return f"the order must be {' or '.join(self.allowed)}"


class NotStatus(Rule):
    """The order is in none of the states named: what was done once is not done again."""

    check: Literal["not_status"]
    forbidden: tuple[str, ...] = Field(min_length=1)

    def holds(self, case: Case) -> bool:
        """None of the states."""
        return case.order is None or case.order.status not in self.forbidden

    def figures(self, case: Case) -> dict[str, Any]:
        """The state it is in."""
        return {"status": case.order.status if case.order else ""}

    def explain(self) -> str:
        """In English."""
        return f"the order must not be {' or '.join(self.forbidden)}"


class FirstReturn(Rule):
    """Nothing of the order, or of the items named, is on its way back or was sent back."""

    check: Literal["first_return"]
    kinds: tuple[str, ...] = ("return", "exchange", "withdrawal")
    per: Literal["order", "item"] = "order"

    def holds(self, case: Case) -> bool:
        """No earlier return that was not rejected; where no item is named, something is left to send back."""
        if case.order is None:
            return True
        earlier = [entry for entry in case.order.returns if entry.kind in self.kinds and entry.status != "rejected"]
        if self.per == "order":
            return not earlier
        left, named = left_of(case.order, earlier), Counter(case.request.item_ids)
        return all(left[sku] >= count for sku, count in named.items()) if named else any(+left)

    def explain(self) -> str:
        """In English."""
        return f"no earlier {' or '.join(self.kinds)} of the same {self.per}"


class Channel(Rule):
    """The order was bought where the shop itself decides; other channels have their own order pages."""

    check: Literal["channel"]
    elsewhere: tuple[str, ...] = Field(min_length=1)

    def holds(self, case: Case) -> bool:
        """Not bought on such a channel."""
        return case.order is None or case.order.channel not in self.elsewhere

    def figures(self, case: Case) -> dict[str, Any]:
        """The channel."""
        return {"channel": case.order.channel if case.order else ""}

    def explain(self) -> str:
        """In English."""
        return f"the order must not come from {' or '.join(self.elsewhere)}"


class Reason(Rule):
    """The reason is one the policy names."""

    check: Literal["reason"]
    allowed: tuple[str, ...] = Field(min_length=1)

    def holds(self, case: Case) -> bool:
        """One of the reasons, word for word."""
        return case.request.reason in self.allowed

    def figures(self, case: Case) -> dict[str, Any]:
        """The reasons there are."""
        return {"allowed": list(self.allowed)}

    def explain(self) -> str:
        """In English."""
        return "the reason must be " + " or ".join(f"'{reason}'" for reason in self.allowed)


class ReturnOpen(Rule):
    """The return to be paid out is there and not yet paid."""

    check: Literal["return_open"]
    allowed: tuple[str, ...] = PENDING_RETURNS

    def holds(self, case: Case) -> bool:
        """A return of that number, in one of the states."""
        return case.settled is not None and case.settled.status in self.allowed

    def explain(self) -> str:
        """In English."""
        return f"the return must be {' or '.join(self.allowed)}"
