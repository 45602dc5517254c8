"""May this go back, and where is the money: what the policy allows for one order, decided in code."""

from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from knowledge.commerce import Order
from knowledge.filters import Filter
from knowledge.markets import currency_of
from knowledge.service.terms import Returns, exclusion_of, last_return_day
from tools.context import ToolContext
from tools.orders import refuse_order, seen_order
from tools.results import Told, citable, tell


def judge_order(order: Order, policy: Returns | None, today: Any) -> tuple[str, dict[str, Any]]:
    """Whether an order as a whole may be returned now: the rule that decides, and its figures."""
    if policy is None:
        return "NO_POLICY", {}
    if order.channel in policy.channels_elsewhere:
        return "MARKETPLACE", {"channel": order.channel, "cite": policy.channels_passage}
    if order.status == "cancelled":
        return "CANCELLED", {}
    if order.status in ("refunded", "lost"):
        return "CLOSED", {}
    if any(entry.status != "rejected" for entry in order.returns):
        return "ALREADY_ASKED", {"returns": [entry.model_dump(mode="json") for entry in order.returns]}
    last = last_return_day(order, policy)
    if last is None:
        state = "DELIVERED_UNDATED" if order.status == "delivered" else "NOT_DELIVERED"
        return state, {"days": policy.days, "cite": policy.passage}
    rule = "WITHIN_WINDOW" if today <= last else "WINDOW_CLOSED"
    return rule, {"last_day": last, "days": policy.days, "cite": policy.passage}


async def weigh_return(context: ToolContext, order_id: str) -> Told:
    """What of an order may be returned, until when, and who pays the postage."""
    order = await seen_order(context, order_id) if order_id.strip() else None
    if order is None:
        return refuse_order(context, order_id)
    policy = context.policy.returns
    rule, figures = judge_order(order, policy, context.today)
    items = [await _judge_item(context, item, policy) for item in order.items]
    postage = policy.postage_for(order.market) if policy else None
    cites = [figures.get("cite"), *(item["cite"] for item in items)]
    wanted = Filter(market=order.market, on=context.today)
    language = context.session.language
    hits = [context.retriever.passage(cite, language, wanted) for cite in dict.fromkeys(cites) if cite]
    for told in (figures, *items):
        told.update({"cite": citable(told["cite"])} if told.get("cite") else {})
    return tell(
        "ok", [hit for hit in hits if hit], rule=rule, order_id=order.order_id, items=items, postage=postage,
        currency=currency_of(order.market) or order.currency, order_status=order.status, **figures,
    )  # fmt: skip


async def _judge_item(context: ToolContext, item: Any, policy: Returns | None) -> dict[str, Any]:
    product = await context.shop.product(item.product_id or item.sku)
    exclusion = exclusion_of(product, policy) if policy else None
    name = product.name_in(context.session.language) if product else item.name
    return {
        "name": name, "item_id": item.sku, "rule": exclusion.rule if exclusion else "",
        "when": exclusion.when if exclusion else "", "cite": exclusion.passage if exclusion else "",
    }  # fmt: skip


async def follow_refund(context: ToolContext, order_id: str) -> Told:
    """How far the refunds of an order are."""
    order = await seen_order(context, order_id) if order_id.strip() else None
    if order is None:
        return refuse_order(context, order_id)
    refunds = [p for p in order.payment_history if p.get("transaction_type") == "refund"]
    return tell(
        "ok" if refunds or order.returns else "none", order_id=order.order_id, order_status=order.status,
        refunds=[{"amount": p.get("amount"), "at": p.get("at")} for p in refunds],
        returns=[entry.model_dump(mode="json") for entry in order.returns],
        currency=order.currency or currency_of(order.market) or context.shop.home_currency,
    )  # fmt: skip


@tool(response_format="content_and_artifact")
async def return_options(order_id: str, runtime: ToolRuntime[ToolContext]) -> Told:
    """Say whether an order of the shopper may be returned or exchanged now, until when, and what it costs.
    The rules are applied for you: report what it says.

    Args:
        order_id: Order number as the shopper wrote it.
    """
    return await weigh_return(runtime.context, order_id)


@tool(response_format="content_and_artifact")
async def refund_status(order_id: str, runtime: ToolRuntime[ToolContext]) -> Told:
    """Say how far a refund or return of one of the shopper's orders is.

    Args:
        order_id: Order number as the shopper wrote it.
    """
    return await follow_refund(runtime.context, order_id)
