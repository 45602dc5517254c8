"""The front page and what is sold: cards, filters, a product with its variants, what the cart needs to know."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from integrations.markup import Html, tag
from integrations.widget.shop_front import is_demo
from integrations.widget.storefront.frame import FAMILIES
from integrations.widget.storefront.pictures import colour_of
from knowledge.product_passages import fact_label

if TYPE_CHECKING:
    from integrations.widget.house import House
    from integrations.widget.storefront.visitor import Visitor
    from knowledge.commerce import Product, Variant

FEW = 5
"""Pieces of which it is said how few are left."""

SIZES = ("XXS", "XS", "S", "M", "L", "XL", "XXL")
"""In the order people look for theirs; other values stay in the merchant's order."""


def front(house: House, visitor: Visitor, products: Sequence[Product], family: str) -> list[Html]:
    """The front page: what the shop is, and its products, of one family where it is chosen."""
    shown = [product for product in products if family in ("", product.family)]
    heading = tag("h2", visitor.label(family) if family else visitor.say("products"), id="products")
    head = tag("div", heading, _filters(visitor, products, family), class_="listing-head")
    cards = tag("div", [card(product, visitor) for product in shown[:200]], class_="grid")
    return [_hero(house, visitor), tag("section", head, cards, class_="listing")]


def _hero(house: House, visitor: Visitor) -> Html:
    if not is_demo(house):
        return tag("section", tag("h1", house.shop.name), class_="plain-hero")
    words = tag(
        "div", tag("h1", visitor.say("title")), tag("p", visitor.say("lead")),
        tag("a", visitor.say("browse"), href="#products", class_="button"), class_="hero-words",
    )  # fmt: skip
    return tag("section", words, tag("img", src="/images/quay.svg", alt="", width=1200, height=560), class_="hero")


def _filters(visitor: Visitor, products: Sequence[Product], family: str) -> Html:
    held = {product.family for product in products if product.family}
    families = [*(name for name in FAMILIES if name in held), *sorted(held - {*FAMILIES})]
    links = [
        tag("a", visitor.label(name) if name else visitor.say("all"),
            href=(visitor.link("/", family=name) if name else visitor.link("/")) + "#products",
            aria_current="true" if name == family else None)
        for name in ("", *families)
    ]  # fmt: skip
    return tag("nav", links, class_="filters", aria_label=visitor.say("products"))


def card(product: Product, visitor: Visitor) -> Html:
    """A product in a list."""
    gone = not any(variant.available for variant in product.variants)
    colours = list(dict.fromkeys(colour for variant in product.variants if (colour := colour_of(variant))))
    return tag(
        "a", tag("span", picture(product), tag("b", visitor.say("sold_out"), class_="badge") if gone else None,
                 class_="shot"),
        tag("span", product.name_in(visitor.language), class_="product-name"),
        tag("span", tag("span", visitor.lowest_price(product), class_="price"), _dots(colours[:5]), class_="card-line"),
        href=visitor.link(f"/products/{product.product_id}"), class_="card",
    )  # fmt: skip


def _dots(colours: Sequence[str]) -> Html | None:
    """The colours there are, as small squares of a picture: a style attribute is not allowed on these pages."""
    dots = "".join(
        f'<circle cx="{7 + 13 * place}" cy="7" r="5.5" fill="{colour}" stroke="#0003"/>'
        for place, colour in enumerate(colours)
    )
    width = 13 * len(colours) + 1
    shapes = Html(f'<svg viewBox="0 0 {width} 14" width="{width}" height="14" aria-hidden="true">{dots}</svg>')
    return shapes if len(colours) > 1 else None


def picture(product: Product, sku: str = "", size: int = 480) -> Html:
    """A product's picture."""
    return tag("img", src=picture_address(product, sku), alt="", loading="lazy", width=size, height=size * 3 // 4)


def picture_address(product: Product, sku: str = "") -> str:
    """Where a product's picture is, in the colour of a variant."""
    colour = f"?variant={quote(sku, safe='')}" if sku else ""
    return f"/images/{quote(product.product_id, safe='')}.svg{colour}"


def product_page(product: Product, visitor: Visitor, others: Sequence[Product]) -> list[Html]:
    """A product, whole."""
    chosen = next((v for v in product.variants if v.available), next(iter(product.variants), None))
    shot = tag("div", picture(product, chosen.sku if chosen else "", 720), class_="shot large", data_shot=True)
    bought = tag(
        "div", tag("a", visitor.label(product.family), href=visitor.link("/", family=product.family) + "#products",
                   class_="crumb") if product.family else None,
        tag("h1", product.name_in(visitor.language)),
        tag("p", product.summary_in(visitor.language), class_="summary"),
        _buying(product, chosen, visitor) if chosen else None, _promises(visitor), class_="buying",
    )  # fmt: skip
    cards = tag("div", [card(other, visitor) for other in others], class_="grid")
    related = tag("section", tag("h2", visitor.say("related")), cards, class_="listing") if others else Html("")
    return [tag("article", shot, bought, class_="product"), _facts(product, visitor), related]


def _buying(product: Product, chosen: Variant, visitor: Visitor) -> Html:
    """The form that puts a variant into the cart; a script shows the price and stock of what is ticked."""
    told = [variant_told(product, variant, visitor) for variant in product.variants]
    first = next(entry for entry in told if entry["variant_id"] == chosen.sku)
    names = list(dict.fromkeys(name for variant in product.variants for name in variant.options))
    groups = [_options(name, product, chosen, visitor) for name in names]
    box = tag("input", type="number", name="quantity", value=1, min=1, max=20, inputmode="numeric")
    count = tag("label", tag("span", visitor.say("quantity")), box, class_="quantity")
    button = tag("button", visitor.say("add"), type="submit", class_="button", disabled=not first["available"])
    return tag(
        "form", tag("p", first["price_words"], class_="price large", data_price=True), groups,
        tag("p", first["stock_words"], class_="stock", data_stock=True, aria_live="polite"),
        tag("div", count, button, class_="buy-line"), data_buy=product.product_id,
        data_variants=json.dumps(told, ensure_ascii=False), action=visitor.link("/cart"), method="get",
    )  # fmt: skip


def _options(name: str, product: Product, chosen: Variant, visitor: Visitor) -> Html:
    held = list(dict.fromkeys(v.options[name] for v in product.variants if name in v.options))
    values = sorted(held, key=lambda value: SIZES.index(value) if value in SIZES else len(SIZES))
    boxes = [
        tag("label", tag("input", type="radio", name=f"option-{name}", value=value,
                         checked=chosen.options.get(name) == value), tag("span", value))
        for value in values
    ]  # fmt: skip
    return tag("fieldset", tag("legend", visitor.label(name)), tag("div", boxes, class_="pills"), data_option=name)


def variant_told(product: Product, variant: Variant, visitor: Visitor) -> dict[str, Any]:
    """A variant as scripts need it, figures in words beside them."""
    price = visitor.price_of(variant)
    return {
        "variant_id": variant.sku, "options": variant.options, "available": variant.available and variant.stock != 0,
        "price": str(price[0]) if price else None, "currency": price[1] if price else "",
        "price_words": visitor.words.money(*price) if price else "", "stock_words": _stock(variant, visitor),
        "image": picture_address(product, variant.sku),
    }  # fmt: skip


def _stock(variant: Variant, visitor: Visitor) -> str:
    if not variant.available or variant.stock == 0:
        return visitor.say("sold_out")
    if variant.stock is not None and variant.stock <= FEW:
        return visitor.say("few_left", count=variant.stock)
    return visitor.say("in_stock")


def _promises(visitor: Visitor) -> Html:
    shipping = tag("a", visitor.say("delivery"), href=visitor.link("/policies/shipping-overview"))
    returns = tag("a", visitor.say("returns"), href=visitor.link("/policies/returns"))
    return tag("p", shipping, " · ", returns, class_="promises")


def _facts(product: Product, visitor: Visitor) -> Html:
    words = visitor.words
    facts = [
        tag("tr", tag("th", words.label(name), scope="row"), tag("td", words.value(name, value)))
        for name, value in product.facts.items() if fact_label(name)[0]
    ]  # fmt: skip
    box = [tag("li", entry) for entry in product.in_the_box]
    warnings = [tag("li", entry) for entry in product.warnings]
    asked = [tag("details", tag("summary", entry.q), tag("p", entry.a)) for entry in product.faq]
    return tag(
        "section",
        tag("div", tag("h2", visitor.say("details")), tag("table", facts)) if facts else None,
        tag("div",
            [tag("h2", visitor.say("in_the_box")), tag("ul", box)] if box else None,
            [tag("h2", visitor.say("warnings")), tag("ul", warnings)] if warnings else None,
            [tag("h2", visitor.say("questions")), asked] if asked else None),
        class_="facts",
    )  # fmt: skip
