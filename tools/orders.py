"""Looking up orders. Who may see one is decided here, by what code attested; a refusal never says what exists."""

from dataclasses import replace
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from knowledge.commerce import Customer, Order, Parcel, normal_order_id
from knowledge.service.payments import original_methods
from tools.context import Session, ToolContext
from tools.possible import possible_actions
from tools.results import Told, tell

MOST_FAILURES = 5
"""Failed proofs within an hour after which a session, or an order number, is not tried again."""


def may_see(session: Session, order: Order) -> bool:
    """Whether this session may see an order: its customer, someone who proved to know it, or the shop's own staff."""
    return (
        session.staff
        or (bool(session.customer_id) and order.customer_id == session.customer_id)
        or normal_order_id(order.order_id) in session.order_ids
    )


async def seen_order(context: ToolContext, order_id: str) -> Order | None:
    """An order this session may see. An unknown order and another person's are the same: None."""
    order = await context.shop.order(order_id)
    return order if order and may_see(context.session, order) else None


def refuse_order(context: ToolContext, order_id: str) -> Told:
    """The one refusal: the same words whether the order does not exist or belongs to someone else. Staff, who may see
    any, are told that there is none.
    """
    missing = [] if normal_order_id(order_id) else ["order_id"]
    if context.session.staff:
        return tell("missing" if missing else "refused", rule="NO_SUCH_ORDER", order_id=order_id, missing=missing)
    if not context.session.customer_id:
        missing.append("email_or_postcode")
    return tell("missing" if missing else "refused", rule="IDENTITY_REQUIRED", order_id=order_id, missing=missing)


async def attest(context: ToolContext, order_id: str, email: str, postcode: str) -> Told:
    """Check an order number against an e-mail address or postcode and, if they match, open that one order. Of one that
    the session may see already no proof is needed, and none fails.
    """
    if seen := await seen_order(context, order_id):
        return tell("ok", order_id=seen.order_id)
    subjects = [f"session {context.session.id}", f"order {normal_order_id(order_id)}"]
    attempt, tries = await context.identities.begin_attempt(subjects)
    if tries > MOST_FAILURES:
        await context.identities.withdraw_attempt(attempt)
        return tell("refused", rule="TOO_MANY_ATTEMPTS", order_id=order_id)
    order = await context.shop.order(order_id)
    customer = await context.shop.customer(order.customer_id) if order else None
    if not (order and proves(order, customer, email, postcode)):
        return tell("refused", rule="NO_MATCH", order_id=order_id)
    await context.identities.withdraw_attempt(attempt)
    opened = await context.identities.open_order(context.session, normal_order_id(order.order_id))
    context.session = replace(context.session, order_ids=context.session.order_ids | opened.order_ids)
    return tell("ok", order_id=order.order_id)


def proves(order: Order, customer: Customer | None, email: str, postcode: str) -> bool:
    """Whether an e-mail address or a postcode is the one of this order."""
    held_email = _plain(customer.email) if customer else ""
    held_codes = {_plain(order.address.zip), _plain(customer.address.zip) if customer else ""}
    by_email = bool(_plain(email)) and _plain(email) == held_email
    by_postcode = len(_plain(postcode)) >= 3 and _plain(postcode) in held_codes
    return by_email or by_postcode


def _plain(text: str) -> str:
    return "".join(text.casefold().replace("-", "").split())


def describe_order(order: Order, home: str = "") -> dict[str, Any]:
    """An order as far as its buyer needs it: no street, no e-mail, no card. `home`: the currency where it has none."""
    return {
        "order_id": order.order_id, "status": order.status, "channel": order.channel, "placed_at": order.placed_at,
        "currency": order.currency or home, "market": order.market, "city": order.address.city,
        "items": [
            {"name": i.name, "product_id": i.product_id, "sku": i.sku, "quantity": i.quantity, "price": i.price,
             "options": i.options} for i in order.items
        ],
        "total": next((p.get("amount") for p in order.payment_history if p.get("transaction_type") == "payment"), None),
        "parcels": [describe_parcel(parcel) for parcel in order.tracking],
        "tracking_numbers": order.tracking_ids, "delivered_at": order.delivered_at,
        "returns": [entry.model_dump(mode="json") for entry in order.returns],
        "refunded": [p.get("amount") for p in order.payment_history if p.get("transaction_type") == "refund"],
        "subscription": order.subscription, "cancel_reason": order.cancel_reason, "more": order.attributes,
    }  # fmt: skip


def describe_parcel(parcel: Parcel) -> dict[str, Any]:
    """A parcel with its scans, oldest first."""
    return {
        "tracking_id": parcel.tracking_id, "carrier": parcel.carrier,
        "estimated_from": parcel.estimated_from, "estimated_until": parcel.estimated_until,
        "events": [{"at": e.at, "code": e.code, "place": e.place, "note": e.note} for e in parcel.events],
        **{name: url for name, url in parcel.attributes.items() if name == "tracking_url" and is_link(url)},
    }  # fmt: skip


def is_link(url: Any) -> bool:
    """Whether a shop's text is an address that may be opened."""
    return isinstance(url, str) and url.startswith(("https://", "http://"))


async def look_up(context: ToolContext, order_id: str) -> Told:
    """One order, if this session may see it."""
    order = await seen_order(context, order_id) if normal_order_id(order_id) else None
    if order is None:
        return refuse_order(context, order_id)
    customer = await context.shop.customer(order.customer_id)
    methods = describe_methods(order, customer, context.session)
    content, told = tell("ok", order={**describe_order(order, context.shop.home_currency), "payment_methods": methods})
    return content, {**told, "order": {**told["order"], "actions": possible_actions(context, order, customer)}}


def describe_methods(order: Order, customer: Customer | None, session: Session) -> list[dict[str, Any]]:
    """Payment methods by id and kind: those the order was paid by first, then, for the customer or the staff, the
    others of the account.
    """
    held = customer.payment_methods if customer else {}
    used = original_methods(order)
    own = session.staff or (bool(session.customer_id) and session.customer_id == order.customer_id)
    shown = dict.fromkeys([*used, *(held if own else [])])
    return [{"id": name, "kind": held.get(name, {}).get("source", ""), "used": name in used} for name in shown]


async def look_up_all(context: ToolContext) -> Told:
    """The orders this session may see, newest first, shortened."""
    session = context.session
    if session.customer_id:
        orders = await context.shop.orders_of(session.customer_id)
    else:
        opened = [await context.shop.order(order_id) for order_id in sorted(session.order_ids)]
        orders = [order for order in opened if order]
    if session.staff and not session.identified:
        return tell("missing", rule="NO_SUCH_ORDER", missing=["order_id"])
    if not session.identified:
        return tell("missing", rule="IDENTITY_REQUIRED", missing=["order_id", "email_or_postcode"])
    shown = [describe_order(order, context.shop.home_currency) for order in orders[:8]]
    return tell("ok" if orders else "none", orders=shown, count=len(orders))


@tool(response_format="content_and_artifact")
async def identify_customer(
    order_id: str, runtime: ToolRuntime[ToolContext], email: str = "", postcode: str = ""
) -> Told:
    """Prove that the shopper knows an order, before showing it. Use when they gave an order number together with
    the e-mail address or the delivery postcode of that order. Never guess any of them.

    Args:
        order_id: Order number as the shopper wrote it.
        email: E-mail address the order was placed with, if given.
        postcode: Delivery postcode, if given.
    """
    return await attest(runtime.context, order_id, email, postcode)


@tool(response_format="content_and_artifact")
async def show_order(order_id: str, runtime: ToolRuntime[ToolContext]) -> Told:
    """Show one order of the shopper: state, parcels with every scan, expected delivery, returns.
    If it answers "missing" or "refused", ask for what it names; never say whether the order exists.

    Args:
        order_id: Order number as the shopper wrote it, for example "AQ-10023" or "#W2611340".
    """
    return await look_up(runtime.context, order_id)


@tool(response_format="content_and_artifact")
async def list_orders(runtime: ToolRuntime[ToolContext]) -> Told:
    """List the shopper's recent orders. Use when they ask about their order without giving a number."""
    return await look_up_all(runtime.context)
