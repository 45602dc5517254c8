"""What surrounds every page: head, header, footer, and the widget's one tag. No script or style stands in a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import jwt
from fastapi.responses import HTMLResponse

from integrations.markup import Html, Part, tag
from integrations.widget.shop_front import identity_key, is_demo
from knowledge.locales import served_locales

if TYPE_CHECKING:
    from integrations.widget.house import House
    from integrations.widget.storefront.visitor import Visitor

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""Content security of our own pages: the widget must work under it."""

FAMILIES = ("home", "fashion", "care", "pet")
POLICIES = ("shipping-overview", "returns", "payments", "warranty", "contact-and-support", "privacy")
"""Documents the footer leads to, those of them there are."""

SIGNED = timedelta(minutes=30)
"""How long a page's identity token holds; each page carries a fresh one."""


def page(house: House, visitor: Visitor, title: str, path: str, *body: Part, status: int = 200) -> HTMLResponse:
    """A whole page. `path` is where it is, for the other languages."""
    locale = visitor.conventions
    whole = tag("html", _head(house, visitor, title), tag(
        "body", tag("a", visitor.say("skip"), href="#content", class_="skip"), _header(house, visitor, path),
        tag("main", *body, id="content"), _footer(house, visitor), _toast(visitor),
    ), lang=locale.language, dir=locale.direction)  # fmt: skip
    return HTMLResponse(f"<!doctype html>{whole}", status, headers={
        "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
        "Cache-Control": "private, no-store" if visitor.customer else "private, no-cache",
    })  # fmt: skip


def _head(house: House, visitor: Visitor, title: str) -> Html:
    name = house.shop.name
    return tag(
        "head", tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title if title == name else f"{title} – {name}"),
        tag("link", rel="icon", href="/images/logo.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href="/storefront/storefront.css"),
        tag("script", type="module", src="/storefront/shop.js"),
        tag("script", type="module", src="/widget.js", data_shop="demo", data_locale=visitor.locale,
            data_identity_token=identity_of(house, visitor), data_logo="/images/logo.svg"),
    )  # fmt: skip


def identity_of(house: House, visitor: Visitor) -> str | None:
    """The token that tells the assistant who is signed in, as a merchant's own server would sign it."""
    if visitor.customer is None:
        return None
    claims = {"sub": visitor.customer.customer_id, "aud": "dragoman", "exp": datetime.now(UTC) + SIGNED}
    return jwt.encode(claims, identity_key(house).get_secret_value(), algorithm="HS256")


def _header(house: House, visitor: Visitor, path: str) -> Html:
    families = [
        tag("a", visitor.label(family), href=visitor.link("/", family=family) + "#products") for family in FAMILIES
    ]
    account = (
        tag("a", visitor.say("account"), href=visitor.link("/account"), class_="account") if is_demo(house) else None
    )
    cart = tag(
        "a", visitor.say("cart"), tag("span", "", class_="count", data_cart_count=True), href=visitor.link("/cart"),
        class_="cart-link",
    )  # fmt: skip
    brand = tag(
        "a", tag("img", src="/images/logo.svg", alt="", width=34, height=34), tag("span", house.shop.name),
        href=visitor.link("/"), class_="brand",
    )  # fmt: skip
    return tag("header", brand, tag("nav", families if is_demo(house) else None, aria_label=visitor.say("products"),
               class_="families"), tag("div", _languages(visitor, path), account, cart, class_="tools"),
               class_="top")  # fmt: skip


def _languages(visitor: Visitor, path: str) -> Html:
    choices = [
        tag("a", other.name, href=f"{path}{'&' if '?' in path else '?'}locale={other.locale}", lang=other.language,
            hreflang=other.language, aria_current="true" if other.language == visitor.language else None)
        for other in served_locales().values()
    ]  # fmt: skip
    summary = tag("summary", tag("span", visitor.say("language"), class_="unseen"), visitor.conventions.name)
    return tag("details", summary, tag("div", choices, class_="choices"), class_="languages", data_menu=True)


def _footer(house: House, visitor: Visitor) -> Html:
    shown = [(name, house.retriever.document(name, visitor.language)) for name in POLICIES]
    links = [
        tag("li", tag("a", passages[0].title, href=visitor.link(f"/policies/{name}")))
        for name, passages in shown if passages
    ]  # fmt: skip
    families = [tag("li", tag("a", visitor.label(name), href=visitor.link("/", family=name) + "#products"))
                for name in FAMILIES]  # fmt: skip
    known = is_demo(house)
    return tag(
        "footer", tag("div", tag("p", house.shop.name, class_="name"), tag("p", visitor.say("demo_note")) if known else
                      None, tag("p", visitor.say("ask"))),
        tag("nav", tag("h2", visitor.say("products")), tag("ul", families), aria_label=visitor.say("products"))
        if known else None,
        tag("nav", tag("h2", visitor.say("policies")), tag("ul", links), aria_label=visitor.say("policies"))
        if links else None,
        class_="bottom",
    )  # fmt: skip


def _toast(visitor: Visitor) -> Html:
    """Where it is said that something is in the cart; `{name}` stands for what."""
    return tag("p", "", role="status", class_="toast", data_toast=visitor.say("added", name="{name}"), hidden=True)
