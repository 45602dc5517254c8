"""Finding, showing and comparing products. Prices, stock and facts come from the shop, never from a text."""

import asyncio
from decimal import Decimal
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from knowledge.commerce import Product, Variant
from knowledge.filters import Filter
from knowledge.markets import currency_of
from knowledge.retrieval import Hit
from tools.context import ToolContext
from tools.product_names import choose_named
from tools.product_search import Found, Wish, choose_meeting, fits, rank_products
from tools.results import Told, tell


def currency_for(context: ToolContext, wanted: str = "") -> str:
    """The currency to show: the one asked for, else the shopper's market's, else the shop's own."""
    return wanted.upper() or currency_of(context.session.market) or context.shop.home_currency


async def find_products(context: ToolContext, query: str, wish: Wish) -> Told:
    """Products for a query and a wish. When none meets the wish, the nearest that do not are told as such."""
    currency = currency_for(context, wish.currency)
    ranked = await rank_products(context, query, wish.any_kind)
    meeting, near = choose_meeting(ranked, wish, currency, context.shop.home_currency)
    shown = (meeting or near)[:4]
    nearest = max((hit.cosine for found in ranked for hit in found.hits), default=0.0)
    asks_more = wish.any_kind and not wish.cheapest and wish.is_empty()
    sought = bool(shown) and (shown[0].named or shown[0].of_kind or (wish.any_kind and not asks_more))
    if not shown or (nearest < SEARCH_NEAR and not sought):
        return tell("none", query=query, open=asks_more)
    return tell(
        "ok" if meeting else "none", [hit for found in shown for hit in found.hits[:2] or await _own(context, found)],
        query=query, products=[describe_product(context, found.product, currency, wish) for found in shown],
        closest=not meeting, open=asks_more,
        named=[found.product.product_id for found in shown if found.named],
        of_kind=[found.product.product_id for found in shown if found.of_kind],
    )  # fmt: skip


async def _own(context: ToolContext, found: Found) -> list[Hit]:
    """What bears a product that no passage near the query led to."""
    wanted = Filter(kinds=("product",), on=context.today, product_ids=(found.product.product_id,))
    name, language = found.product.name, context.session.language
    return await asyncio.to_thread(context.retriever.search, name, wanted, 2, language, 0.0)


SEARCH_NEAR = 0.17
"""Least cosine of any product passage for a search to be about what the shop sells."""


def describe_product(context: ToolContext, product: Product, currency: str, wish: Wish | None = None) -> dict[str, Any]:
    """A product as an answer or a card needs it; prices in one currency, as the shop states them."""
    home = context.shop.home_currency
    language = context.session.language
    fitting = [v for v in product.variants if wish is None or fits(v, wish, currency, home)] or product.variants
    stated = [price for variant in fitting if (price := variant.price_in(currency, home))]
    prices = [price for price in stated if price[1] == currency] or [p for p in stated if p[1] == stated[0][1]]
    lowest = min(prices, default=None)
    return {
        "product_id": product.product_id, "name": product.name_in(language), "family": product.family,
        "category": product.category, "summary": product.summary_in(language),
        "price": lowest[0] if lowest else None, "currency": lowest[1] if lowest else "",
        "price_to": max(prices)[0] if prices and max(prices) != lowest else None,
        "available": any(variant.available for variant in product.variants),
        "variants": [_describe_variant(variant, currency, home) for variant in product.variants],
        "facts": product.facts or _plain_attributes(product), "warnings": product.warnings,
        "in_the_box": product.in_the_box,
        "certificates": [entry.model_dump(mode="json") for entry in product.certificates],
        "url": f"/products/{product.product_id}",
        **({"not_to_say": product.not_to_say} if context.session.role != "shopper" else {}),
    }  # fmt: skip


def _plain_attributes(product: Product) -> dict[str, Any]:
    return {k: v for k, v in product.attributes.items() if isinstance(v, str | int | float) and str(v)}


def _describe_variant(variant: Variant, currency: str, home: str) -> dict[str, Any]:
    price = variant.price_in(currency, home)
    said = {"stock": variant.stock, "lowest_30_days": variant.lowest_30_days.get(price[1]) if price else None}
    return {
        "sku": variant.sku, "options": variant.options, "available": variant.available,
        "price": price[0] if price else None, "currency": price[1] if price else "",
        **{name: told for name, told in said.items() if told is not None},
    }  # fmt: skip


async def resolve_product(context: ToolContext, text: str) -> Product | None:
    """The product meant by an id, a SKU or a name as people write it; None when no name matches."""
    known = await context.shop.product(text.strip())
    if known:
        return known
    named = choose_named(text, await context.shop.products(), context.session.language, 1)
    return named[0] if named else None


async def detail_product(context: ToolContext, text: str, question: str) -> Told:
    """One product with the passages nearest to a question about it."""
    product = await resolve_product(context, text)
    if product is None:
        return tell("none", query=text)
    wanted = Filter(kinds=("product",), on=context.today, product_ids=(product.product_id,))
    text, language = question or product.name, context.session.language
    hits = await asyncio.to_thread(context.retriever.search, text, wanted, 4, language, 0.0)
    return tell("ok", hits, question=question, products=[describe_product(context, product, currency_for(context))])


async def _compared(context: ToolContext, texts: list[str]) -> list[Product]:
    """The products meant: one for each text, or several named in one."""
    known = [await context.shop.product(text.strip()) for text in texts]
    found = [product for product in known if product]
    if len(found) < 2:
        found += choose_named(" ".join(texts), await context.shop.products(), context.session.language, 4)
    return list({product.product_id: product for product in found}.values())[:4]


async def contrast_products(context: ToolContext, texts: list[str]) -> Told:
    """Two or more products side by side: what differs, and what they share."""
    products = await _compared(context, texts)
    currency = currency_for(context)
    described = [describe_product(context, product, currency) for product in products]
    if len(products) < 2:
        return tell("missing", missing=["product"], products=described)
    facts = [{**product.facts} or _plain_attributes(product) for product in products]
    names = list(dict.fromkeys(name for own in facts for name in own))
    rows = {name: [own.get(name) for own in facts] for name in names}
    differing = {name: row for name, row in rows.items() if any(value != row[0] for value in row)}
    return tell("ok", products=described, differing=differing)


@tool(response_format="content_and_artifact")
async def search_products(  # noqa: PLR0913  (each is one wish the model may fill)
    query: str,
    runtime: ToolRuntime[ToolContext],
    max_price: float | None = None,
    min_price: float | None = None,
    currency: str = "",
    having: list[str] | None = None,
    lacking: list[str] | None = None,
    options: list[str] | None = None,
    cheapest: bool = False,
    any_kind: bool = False,
) -> Told:
    """Find products the shop sells. Use when the shopper looks for something, with or without limits. If "closest"
    is true, nothing met the limits: say so before showing what comes nearest.

    Args:
        query: What is looked for, in the shopper's words.
        max_price: Most it may cost.
        min_price: Least it may cost.
        currency: ISO currency of these prices, if one was named.
        having: Yes/no facts it must have, such as wifi, waterproof, vegan, machine_washable.
        lacking: Yes/no facts it must not have, such as wifi, app_required.
        options: Colours or sizes it must come in, in English, such as black, M.
        cheapest: Whether the cheapest are to come first.
        any_kind: Whether no kind of thing is asked for, as with a gift or anything under a price.
    """
    having, lacking, options = having or [], lacking or [], options or []
    wish = Wish(
        _decimal(max_price), _decimal(min_price), currency.upper(), tuple(having), tuple(lacking), tuple(options),
        cheapest, any_kind,
    )  # fmt: skip
    told = await find_products(runtime.context, query, wish)
    await runtime.context.note("products", query, told[1])
    return told


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@tool(response_format="content_and_artifact")
async def show_product(product: str, runtime: ToolRuntime[ToolContext], question: str = "") -> Told:
    """Show one product with its attested facts. Use for questions about a product that is known by name or SKU.

    Args:
        product: Product id, SKU or name.
        question: What the shopper wants to know about it, in their words.
    """
    return await detail_product(runtime.context, product, question)


@tool(response_format="content_and_artifact")
async def compare_products(products: list[str], runtime: ToolRuntime[ToolContext]) -> Told:
    """Compare two to four products by their attested facts and prices.

    Args:
        products: Product ids, SKUs or names.
    """
    return await contrast_products(runtime.context, products[:4])
