"""Which products are looked for: by likeness to what was said, by name, by kind, and by what they must be."""

import asyncio
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from knowledge.commerce import Product, Variant
from knowledge.filters import Filter
from knowledge.retrieval import Hit
from tools.context import ToolContext
from tools.product_names import FIRST_WORD, choose_fullest, kinds_abroad, names_in, same_option, says_kind, says_option

NAMED = 1.5
"""Added to the score of a product whose distinctive name stands in the question: more than any likeness can give."""


BESIDE = 0.75
"""How near, as a part of the best of the kind asked for, a product of another kind must be to be shown beside it."""

HINT, HINTED = 0.24, 0.6
"""How like the query the likeliest product but one is where it hints at what is wished for ('anything for cats'), and
as what part of that another must be like it. In eight queries with such a hint it lies at 0.27 to 0.45, in nine
without at 0.10 to 0.22.
"""

LIKENESS = 0.45
"""How much less like the query than the likeliest product one may be and still be what was looked for."""


@dataclass(frozen=True)
class Wish:
    """What a product must be. Prices are in `currency`; `having` and `lacking` name yes/no facts. `cheapest`: the
    cheapest come first; `any_kind`: no kind of thing is asked for ('a gift'), so that likeness only orders.
    """

    max_price: Decimal | None = None
    min_price: Decimal | None = None
    currency: str = ""
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    cheapest: bool = False
    any_kind: bool = False

    def is_empty(self) -> bool:
        """Whether any product is as wished."""
        return replace(self, currency="", cheapest=False, any_kind=False) == Wish()


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


def price_of(product: Product, wish: Wish, currency: str, home: str) -> Decimal:
    """The lowest price of the variants as wished, else of all; 0 where none is stated."""
    fitting = [variant for variant in product.variants if fits(variant, wish, currency, home)] or product.variants
    stated = [price[0] for variant in fitting if (price := variant.price_in(wish.currency or currency, home))]
    return min(stated, default=Decimal(0))


@dataclass(frozen=True)
class Found:
    """A product that may be meant. `named`: the text calls it by its name; `of_kind`: by what it is; `likeness`: its
    score without what its name counts for.
    """

    product: Product
    score: float
    named: bool
    of_kind: bool
    hits: list[Hit]
    likeness: float = 0.0


async def rank_products(context: ToolContext, query: str, any_kind: bool = False) -> list[Found]:
    """Products by how well they answer a query, with the passages that say so; empty when none is near. Where no kind
    of thing is asked for, all of them.
    """
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
    asked = {*near, *named, *far, *(by_id if any_kind else ())}
    likeness = {i: near[i][0].score if i in near else 0.0 for i in asked if i in by_id}
    scores = {i: score + NAMED * named.get(i, float(i in far)) for i, score in likeness.items()}
    fullest = choose_fullest(named, query, products, language)[:1]
    meant = [product.product_id for product in fullest if named[product.product_id] >= FIRST_WORD]
    kind |= far
    ranked = sorted(scores, key=lambda i: (i not in meant, i not in kind, -scores[i], i))
    return [
        Found(by_id[i], scores[i], named.get(i, 0.0) >= FIRST_WORD, i in kind, near.get(i, []), likeness[i])
        for i in ranked
    ]


def _kinds_far(query: str, products: list[Product], language: str) -> set[str]:
    """Ids of products of the kind that a query says, though none of their passages is like it."""
    said = {product.product_id for product in products if says_kind(product, query, language)}
    return said or kinds_abroad(query, products, language)


def choose_meeting(ranked: list[Found], wish: Wish, currency: str, home: str) -> tuple[list[Found], list[Found]]:
    """Of products found, those that are as wished, and those to show where none is. Where the query says a kind of
    thing that the shop has, others meet the wish only beside one of that kind: no blades for who wants cheap socks.
    """
    kind = [found for found in ranked if found.of_kind]
    least = _least(ranked, wish)
    meeting: list[Found] = []
    near: list[Found] = []
    for found in ranked:
        if not meets(found.product, wish, currency, home):
            near.append(found)
        elif found.of_kind or (found.likeness if least.of_likeness else found.score) >= least.score:
            meeting.append(found)
    if wish.any_kind and least.of_likeness:
        near = [found for found in near if found.likeness >= least.score] or near
    if kind and not wish.is_empty():
        meeting, near = (meeting if any(found.of_kind for found in meeting) else []), kind
    return _cheapest_first(meeting, wish, currency, home), _nearest_first(near, wish, currency, home)


class _Least(NamedTuple):
    score: float
    of_likeness: bool = False


def _least(ranked: list[Found], wish: Wish) -> _Least:
    """The score a product of no kind asked for needs to be what is looked for. A part of a name ('dog' of a dog bed)
    makes no other unlike it.
    """
    kind = [found for found in ranked if found.of_kind]
    if kind:
        return _Least(kind[0].score * BESIDE)
    if any(found.named for found in ranked):
        return _Least(ranked[0].score - LIKENESS)
    likest, second = sorted((0.0, 0.0, *(found.likeness for found in ranked)))[:-3:-1]
    if wish.any_kind:
        return _Least(HINTED * second if second >= HINT else float("-inf"), of_likeness=True)
    return _Least(likest - LIKENESS, of_likeness=True)


def _cheapest_first(meeting: list[Found], wish: Wish, currency: str, home: str) -> list[Found]:
    """Products by price, where the cheapest are asked for: of the kind asked for, or of all where none was."""
    if not wish.cheapest:
        return meeting
    kind = any(found.of_kind for found in meeting)

    def place(found: Found) -> tuple[bool, Decimal]:
        meant = found.of_kind or (wish.any_kind and not kind)
        return not meant, price_of(found.product, wish, currency, home) if meant else Decimal(0)

    return sorted(meeting, key=place)


def _nearest_first(near: list[Found], wish: Wish, currency: str, home: str) -> list[Found]:
    """What is not as wished, by how near its price comes to the one wished for, where nothing else was asked for."""
    priced = wish.max_price is not None or wish.min_price is not None
    if not (wish.any_kind and priced) or any(found.of_kind or found.named for found in near):
        return near
    bound = wish.max_price if wish.max_price is not None else wish.min_price or Decimal(0)
    return sorted(near, key=lambda found: abs(price_of(found.product, wish, currency, home) - bound))
