"""What only the shop's own staff may look up: a customer's orders, and how much goes out without another person."""

from typing import Any, Literal

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from knowledge.filters import Filter
from knowledge.retrieval import Hit
from knowledge.service.policy import Limit
from knowledge.shop import FindsCustomers
from tools.context import ToolContext
from tools.orders import describe_order
from tools.results import Told, citable, tell

MOST_ORDERS = 8


async def orders_of_customer(context: ToolContext, customer: str) -> Told:
    """The newest orders of a customer, named by id or e-mail address. Whoever is not staff is told nothing."""
    named = customer.strip()
    if not context.session.staff:
        return tell("refused", rule="STAFF_ONLY")
    if not named:
        return tell("missing", missing=["customer"])
    found = await context.shop.customer(named)
    if found is None and "@" in named and isinstance(context.shop, FindsCustomers):
        found = await context.shop.customer_by_email(named)
    if found is None:
        return tell("refused", rule="NO_SUCH_CUSTOMER", customer=named)
    orders = await context.shop.orders_of(found.customer_id)
    shown = [describe_order(order, context.shop.home_currency) for order in orders[:MOST_ORDERS]]
    return tell("ok" if orders else "none", orders=shown, count=len(orders), customer=named)


def limits_of(context: ToolContext, action: str) -> Told:
    """Up to which amounts each rank of the staff moves money by an action without another person."""
    if not context.session.staff:
        return tell("refused", rule="STAFF_ONLY")
    limits = [limit for limit in context.policy.limits if action in limit.actions and limit.level != "shopper"]
    cites = [hit for limit in limits if limit.passage and (hit := _cited(context, limit.passage))]
    told = [{"level": limit.level, "up_to": _amounts(limit), "per": limit.per} for limit in limits]
    cite = citable(limits[0].passage) if cites else ""
    return tell("ok" if limits else "none", cites[:1], action=action, limits=told, cite=cite)


def _amounts(limit: Limit) -> list[dict[str, Any]]:
    """The most of each currency; none where any amount is within the limit."""
    return [{"amount": amount, "currency": currency} for currency, amount in (limit.up_to or {}).items()]


def _cited(context: ToolContext, cite: str) -> Hit | None:
    wanted = Filter(audience=context.session.audience, on=context.today)
    return context.retriever.passage(cite, context.session.language, wanted)


@tool(response_format="content_and_artifact")
async def customer_orders(customer: str, runtime: ToolRuntime[ToolContext]) -> Told:
    """List the newest orders of one customer, for staff. Use when a colleague names a customer and no order number.

    Args:
        customer: The customer's id or e-mail address as the colleague wrote it.
    """
    return await orders_of_customer(runtime.context, customer)


@tool(response_format="content_and_artifact")
async def approval_limits(action: Literal["refund_order", "give_goodwill"], runtime: ToolRuntime[ToolContext]) -> Told:
    """Tell up to which amounts the staff refund or give goodwill without another person's agreement.

    Args:
        action: refund_order, or give_goodwill for a gesture that nobody owes.
    """
    return limits_of(runtime.context, action)
