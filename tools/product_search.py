"""Which products are looked for: by likeness to what was said, by name, by kind, and by what they must be."""

import asyncio
from dataclasses import dataclass, replace
from decimal import Decimal

from knowledge.commerce import Product, Variant
from knowledge.filters import Filter
from knowledge.retrieval import Hit
from tools.context import ToolContext
from tools.product_names import FIRST_WORD, choose_fullest, kinds_abroad, names_in, same_option, says_kind, says_option

NAMED = 1.5
"""Added to the score of a product whose distinctive name stands in the question: more than any likeness can give."""


BESIDE = 0.75
"""How near, as a part of the best of the kind asked for, a product of another kind must be to be shown beside it."""

LIKENESS = 0.45
"""How much less like the query than the likeliest product one may be and still be what was looked for."""


@dataclass(frozen=True)
class Wish:
    """What a product must be. Prices are in `currency`; `having` and `lacking` name yes/no facts."""

    max_price: Decimal | None = None
    min_price: Decimal | None = None
    currency: str = ""
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self == Wish(currency=self.currency)


def meets(product: Product, wish: Wish, currency: str, home: str) -> bool:
    """Whether attested facts say that a product is as wished. What no fact says is not so: neither yes nor no."""
    facts = {**product.attributes, **product.facts}
    if not all(facts.get(name) is True for name in wish.having):
        return False
    if not all(facts.get(name) is False for name in wish.lacking):
        return False
    left = tuple(wanted for wanted in wish.options if not says_option(product, wanted))
    return any(fits(variant, replace(wish, options=left), currency, home) for variant in product.variants)


def fits(variant: Variant, wish: Wish, currency: str, home: str) -> bool:
    """Whether a variant comes as wished and costs what it may. One without a price in the currency does not."""
    options = {str(value) for value in variant.options.values()}
    if not all(any(same_option(wanted, held) for held in options) for wanted in wish.options):
        return False
    if wish.max_price is None and wish.min_price is None:
        return True
    price = variant.price_in(wish.currency or currency, home)
    if price is None or price[1] != (wish.currency or currency):
        return False
    above = wish.min_price is None or price[0] >= wish.min_price
    return above and (wish.max_price is None or price[0] <= wish.max_price)


@dataclass(frozen=True)
class Found:
    """A product that may be meant. `named`: the text calls it by its name; `of_kind`: by what it is."""

    product: Product
    score: float
    named: bool
    of_kind: bool
    hits: list[Hit]


async def rank_products(context: ToolContext, query: str) -> list[Found]:
    """Products by how well they answer a query, with the passages that say so; empty when none is near."""
    products = await context.shop.products()
    language = context.session.language
    named = names_in(query, products, language)
    wanted = Filter(kinds=("product",), on=context.today)
    hits = await asyncio.to_thread(context.retriever.search, query, wanted, 30, language, 0.0)
    near: dict[str, list[Hit]] = {}
    for hit in hits:
        near.setdefault(hit.passage.product_id, []).append(hit)
    by_id = {product.product_id: product for product in products}
    kind = {i for i in {*near, *named} if i in by_id and says_kind(by_id[i], query, language)}
    far = set() if kind or named else _kinds_far(query, products, language)
    scores = {i: near[i][0].score if i in near else 0.0 for i in {*near, *named, *far} if i in by_id}
    scores = {i: score + NAMED * named.get(i, float(i in far)) for i, score in scores.items()}
    fullest = choose_fullest(named, query, products, language)[:1]
    meant = [product.product_id for product in fullest if named[product.product_id] >= FIRST_WORD]
    kind |= far
    ranked = sorted(scores, key=lambda i: (i not in meant, i not in kind, -scores[i], i))
    return [Found(by_id[i], scores[i], named.get(i, 0.0) >= FIRST_WORD, i in kind, near.get(i, [])) for i in ranked]


def _kinds_far(query: str, products: list[Product], language: str) -> set[str]:
    """Ids of products of the kind that a query says, though none of their passages is like it."""
    said = {product.product_id for product in products if says_kind(product, query, language)}
    return said or kinds_abroad(query, products, language)


def choose_meeting(ranked: list[Found], wish: Wish, currency: str, home: str) -> tuple[list[Found], list[Found]]:
    """Of products found, those that are as wished, and those to show where none is. Where the query says a kind of
    thing that the shop has, others meet the wish only beside one of that kind: no blades for who wants cheap socks.
    """
    kind = [found for found in ranked if found.of_kind]
    least = (kind[0].score * BESIDE) if kind else (ranked[0].score - LIKENESS if ranked else 0.0)
    meeting = [
        found for found in ranked
        if (found.of_kind or found.score >= least) and meets(found.product, wish, currency, home)
    ]  # fmt: skip
    if kind and not wish.is_empty():
        return (meeting if any(found.of_kind for found in meeting) else []), kind
    return meeting, ranked
