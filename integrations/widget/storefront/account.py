"""The account page of the demo: one signs in as one of its people, and sees their orders. Never outside the demo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jwt

from integrations.markup import Html, tag
from integrations.widget.order_view import order_line, picture_of
from integrations.widget.shop_front import identity_key, is_demo
from knowledge.locales import served_locales
from tools.orders import describe_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request

    from integrations.widget.house import House
    from integrations.widget.storefront.visitor import Visitor
    from knowledge.commerce import Customer, Order

COOKIE = "dragoman_demo"
LASTING = timedelta(hours=8)
PEOPLE = (
    "lena_brandt_2041", "callum_ashdown_9499", "sofia_delgado_2911", "thiago_moreira_9857", "noura_alotaibi_1611",
    "ines_belhadj_4001", "siyu_lin_9862", "tobias_rademacher_4719",
)  # fmt: skip
"""Whom one can be: customers of the demo with something to ask about."""


async def signed_in(house: House, request: Request) -> Customer | None:
    """Who signed in to the demo with this browser."""
    if not is_demo(house):
        return None
    key = identity_key(house).get_secret_value()
    try:
        claims = jwt.decode(
            request.cookies.get(COOKIE, ""),
            key,
            algorithms=["HS256"],
            audience="storefront",
            options={"require": ["exp"]},
        )
    except jwt.InvalidTokenError:
        return None
    return await house.shop.customer(str(claims.get("sub", "")))


def cookie_of(house: House, customer_id: str) -> str:
    """What a browser keeps of having signed in. It is no identity token: those are for another reader."""
    claims = {"sub": customer_id, "aud": "storefront", "exp": datetime.now(UTC) + LASTING}
    return jwt.encode(claims, identity_key(house).get_secret_value(), algorithm="HS256")


def is_own_form(request: Request) -> bool:
    """Whether a form was sent by a page of ours."""
    origin = request.headers.get("origin", "")
    return urlsplit(origin).netloc == request.headers.get("host") and request.headers.get(
        "sec-fetch-site", "same-origin"
    ) in ("same-origin", "none")


def name_of(customer: Customer) -> str:
    """What a customer is called."""
    if isinstance(customer.name, str):
        return customer.name
    parts = [customer.name.get("first_name", ""), customer.name.get("last_name", "")]
    return " ".join(part for part in parts if part)


def _mark(visitor: Visitor) -> Html:
    return tag("p", visitor.say("demo_mode"), class_="badge standing")


def sign_in_page(visitor: Visitor, people: Sequence[Customer]) -> list[Html]:
    """Whom one can be."""
    known = served_locales()
    choices = [
        tag("li", tag("button", tag("b", name_of(person), dir="auto"),
                      tag("span", known[person.locale].name if person.locale in known else person.market),
                      type="submit", name="customer", value=person.customer_id))
        for person in people
    ]  # fmt: skip
    return [
        tag("div", _mark(visitor), tag("h1", visitor.say("sign_in")),
            tag("p", visitor.say("sign_in_text"), class_="lead"), class_="intro"),
        tag("form", tag("ul", choices, class_="people"), method="post", action=visitor.link("/account/sign-in")),
    ]  # fmt: skip


def account_page(visitor: Visitor, orders: Sequence[Order]) -> list[Html]:
    """Somebody's account: their orders."""
    assert visitor.customer is not None  # noqa: S101  (only for who signed in)
    listed = [_order(order, visitor) for order in orders]
    return [
        tag("div", tag("div", _mark(visitor), tag("h1", visitor.say("hello", name=name_of(visitor.customer))),
                       class_="intro"),
            tag("form", tag("button", visitor.say("sign_out"), class_="button quiet", type="submit"), method="post",
                action=visitor.link("/account/sign-out")), class_="listing-head"),
        tag("section", tag("h2", visitor.say("your_orders")),
            tag("ul", listed, class_="orders") if listed else tag("p", visitor.say("no_orders")),
            tag("p", visitor.say("ask_orders"), class_="lead"), class_="listing"),
    ]  # fmt: skip


def _order(order: Order, visitor: Visitor) -> Html:
    told: dict[str, Any] = order_line(describe_order(order), visitor.language)
    total = visitor.words.money(told["total"], told["currency"]) if told["total"] else ""
    shown = [
        tag("img", src=picture_of(item.product_id), alt=item.name, width=72, height=54, loading="lazy")
        for item in order.items[:4] if item.product_id
    ]  # fmt: skip
    return tag(
        "li", tag("div", shown, class_="thumbs"),
        tag("div", tag("b", told["order_id"]), tag("span", visitor.words.day(order.placed_at.date()) if order.placed_at
                                                   else "")),
        tag("span", told["status_words"], class_="state"), tag("span", total, class_="price"),
    )  # fmt: skip
