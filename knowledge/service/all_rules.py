"""Every rule there is, in the order in which they are asked: who, then the order, then the items, then the money."""

from typing import Annotated, get_args

from pydantic import Field

from knowledge.service import item_rules as items
from knowledge.service import money_rules as money
from knowledge.service import rules, time_rules

AnyRule = Annotated[
    rules.Identified | rules.OrderExists | rules.OwnOrder | rules.CustomerExists | rules.StaffOnly | rules.Channel
    | rules.NotStatus | rules.Status | time_rules.NotCancelled | rules.ReturnOpen
    | time_rules.HasSubscription | rules.Reason
    | time_rules.ReturnWindow | time_rules.StatutoryWindow | time_rules.ParcelLost | time_rules.NotResent
    | time_rules.BeforeDispatch | time_rules.PauseLength
    | items.ItemsNamed | items.ItemsInOrder | rules.FirstReturn | time_rules.Excluded | items.CountsMatch
    | items.VariantExists | items.SameProduct | items.VariantDifferent | items.VariantAvailable | items.VariantPriced
    | money.MethodKnown | money.SinglePayment | money.MethodDifferent | money.RefundDestination | money.Paid
    | money.AmountDigits | money.Refundable | money.GiftCardCovers,
    Field(discriminator="check"),
]  # fmt: skip

ORDER = {kind: place for place, kind in enumerate(get_args(get_args(AnyRule)[0]))}
"""The place of each kind of rule."""
