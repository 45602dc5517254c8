"""What may be asked of a shop: each action by its name, with its arguments.

The names and arguments are a contract: tools, command line and ledger speak them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from knowledge.commerce import Amount


def _shortest(amount: Decimal) -> Decimal:
    """The same amount in its shortest form, so that 25 and 25.00 are one request."""
    whole = amount.to_integral_value()
    return whole if whole == amount else amount.normalize()


Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Ids = Annotated[list[Id], Field(max_length=200)]
Sum = Annotated[Amount, Field(gt=0, max_digits=14, decimal_places=3), AfterValidator(_shortest)]


class RequestInvalid(ValueError):
    """A request nobody could carry out as it is written; the text says what is wrong with it."""


class Arguments(BaseModel):
    """Arguments of an action. One that is not known is refused, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OfOrder(Arguments):
    """An action on one order, by its number as the shop writes it."""

    order_id: Id = Field(description="Order number.")


class CancelOrder(OfOrder):
    """Cancel an order and give the money back."""

    reason: Text = Field(description="Why: one of the reasons the policy names, for example 'no longer needed'.")


class ShipTo(Arguments):
    """An address in full."""

    address1: Line = Field(description="Street and house number.")
    address2: Line = Field("", description="Flat, floor, company; empty where there is none.")
    city: Line = Field(description="Town.")
    state: Line = Field("", description="State or province; empty where there is none.")
    country: Line = Field(description="Country, as an ISO code or a name.")
    zip: Line = Field(description="Postcode.")


class ChangeOrderAddress(ShipTo, OfOrder):
    """Send an order to another address."""


class ChangeDefaultAddress(ShipTo):
    """Change the address on the customer's account. `customer_id` only where staff act for a customer."""

    customer_id: Line = Field("", description="Whose account, where staff act.")


class ChangePaymentMethod(OfOrder):
    """Pay an order another way."""

    payment_method_id: Id = Field(description="The new payment method: its id on the customer's account.")


class ChangeOrderItems(OfOrder):
    """Swap items of an order for other variants, pair by pair; the price difference by the method named."""

    item_ids: Ids = Field(description="SKUs of the items of the order, one for each piece.")
    new_item_ids: Ids = Field(description="SKUs that take their place, in the same order.")
    payment_method_id: Id = Field(description="Method that pays or gets the price difference: its id.")


class ReturnItems(OfOrder):
    """Send items back; their price to the method named."""

    item_ids: Ids = Field(description="SKUs of the items that go back, one for each piece.")
    payment_method_id: Id = Field(description="Method that gets the refund: its id.")


class ExchangeItems(ChangeOrderItems):
    """Send items back for other variants, pair by pair."""


class Withdraw(OfOrder):
    """Withdraw from the contract for items (all of the order where none is named): a statutory right."""

    item_ids: Ids = Field([], description="SKUs of the items, one for each piece; empty for all.")


class RefundOrder(OfOrder):
    """Pay back part of an order, or with no amount all that is still paid. `reason` is one the policy names."""

    reason: Text = Field(description="Why: one of the reasons the policy names, for example 'lost parcel'.")
    amount: Sum | None = Field(None, description="How much, in the order's currency; empty for all that is paid.")
    payment_method_id: Line = Field("", description="Method that gets it: its id; empty for the original one.")


class GiveGoodwill(OfOrder):
    """Pay back an amount nobody owes, as a gesture."""

    amount: Sum = Field(description="How much, in the order's currency.")
    reason: Text = Field(description="Why.")
    payment_method_id: Line = Field("", description="Method that gets it: its id; empty for the original one.")


class SettleReturn(OfOrder):
    """Pay out a return whose goods arrived."""

    return_id: Id = Field(description="Number of the return.")


class ResendParcel(OfOrder):
    """Send a lost parcel's goods again. `tracking_id` where an order has several parcels."""

    tracking_id: Line = Field("", description="Number of the parcel, where an order has several.")


class PauseSubscription(OfOrder):
    """No deliveries until a day."""

    until: date = Field(description="First day on which deliveries may come again, YYYY-MM-DD.")


class SkipDelivery(OfOrder):
    """Leave out the next delivery of a subscription."""


class SwapSubscription(OfOrder):
    """Another variant or product in the next deliveries of a subscription."""

    item_id: Id = Field(description="SKU that is sent now.")
    new_item_id: Id = Field(description="SKU to be sent from now on.")


class CancelSubscription(OfOrder):
    """End a subscription."""

    reason: Text = Field("", description="Why, if they said so.")


class ShowOrder(OfOrder):
    """Read one order."""


class ShowCustomer(Arguments):
    """Read one customer's account."""

    customer_id: Id


READS: dict[str, type[Arguments]] = {"show_order": ShowOrder, "show_customer": ShowCustomer}
"""What only reads: nothing to confirm, nothing recorded."""

WRITES: dict[str, type[Arguments]] = {
    "cancel_order": CancelOrder, "change_order_address": ChangeOrderAddress,
    "change_payment_method": ChangePaymentMethod, "change_order_items": ChangeOrderItems,
    "return_items": ReturnItems, "exchange_items": ExchangeItems, "withdraw": Withdraw,
    "change_default_address": ChangeDefaultAddress, "refund_order": RefundOrder, "give_goodwill": GiveGoodwill,
    "settle_return": SettleReturn, "resend_parcel": ResendParcel, "pause_subscription": PauseSubscription,
    "skip_delivery": SkipDelivery, "swap_subscription": SwapSubscription, "cancel_subscription": CancelSubscription,
}  # fmt: skip
"""What changes the shop."""

ActionName = Literal[
    "cancel_order", "change_order_address", "change_payment_method", "change_order_items", "return_items",
    "exchange_items", "withdraw", "change_default_address", "refund_order", "give_goodwill", "settle_return",
    "resend_parcel", "pause_subscription", "skip_delivery", "swap_subscription", "cancel_subscription", "show_order",
    "show_customer",
]  # fmt: skip


@dataclass(frozen=True)
class Request:
    """An action asked for."""

    name: str
    arguments: Arguments

    @classmethod
    def of(cls, name: str, arguments: Any) -> Request:
        """A request as it came in. Raises RequestInvalid."""
        kind = {**WRITES, **READS}.get(name)
        if kind is None:
            raise RequestInvalid(f"There is no action {name!r}. There are: {', '.join(sorted({**WRITES, **READS}))}.")
        try:
            return cls(name, kind.model_validate(arguments))
        except ValidationError as error:
            raise RequestInvalid(f"{name}: {_told(error)}") from error

    @property
    def reads(self) -> bool:
        """Whether the request changes nothing."""
        return self.name in READS

    @property
    def order_id(self) -> str:
        """The order it is about; '' where it is about the customer."""
        return str(getattr(self.arguments, "order_id", ""))

    @property
    def item_ids(self) -> list[str]:
        """Items of the order it names."""
        named = getattr(self.arguments, "item_ids", None) or [getattr(self.arguments, "item_id", "")]
        return [item for item in named if item]

    @property
    def new_item_ids(self) -> list[str]:
        """Items that are to take their place, in the same order."""
        named = getattr(self.arguments, "new_item_ids", None) or [getattr(self.arguments, "new_item_id", "")]
        return [item for item in named if item]

    @property
    def payment_method_id(self) -> str:
        """The payment method it names, or ''."""
        return str(getattr(self.arguments, "payment_method_id", ""))

    @property
    def reason(self) -> str:
        """Why it is asked for, where that is an argument."""
        return str(getattr(self.arguments, "reason", ""))

    def told(self) -> dict[str, Any]:
        """The arguments as plain data."""
        return self.arguments.model_dump(mode="json")

    def text(self) -> str:
        """Name and arguments in one canonical text: the same request always reads the same."""
        return json.dumps([self.name, self.told()], sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _told(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'arguments'}: {fault['msg']}" for fault in error.errors())
