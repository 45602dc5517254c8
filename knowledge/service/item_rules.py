"""Rules about the items a request names and what is to take their place."""

from __future__ import annotations

from typing import Any, Literal

from knowledge.service.case import Case
from knowledge.service.rules import Rule


class ItemsNamed(Rule):
    """At least one item is named."""

    check: Literal["items_named"]

    def holds(self, case: Case) -> bool:
        """An item to act on."""
        return bool(case.request.item_ids)

    def explain(self) -> str:
        """In English."""
        return "at least one item must be named"


class ItemsInOrder(Rule):
    """Every item named is in the order, and no more copies than were ordered."""

    check: Literal["items_in_order"]

    def holds(self, case: Case) -> bool:
        """None missing."""
        return not case.missing_items

    def explain(self) -> str:
        """In English."""
        return "the items must be in the order, no more copies than were ordered"


class CountsMatch(Rule):
    """One new item for each old one."""

    check: Literal["counts_match"]

    def holds(self, case: Case) -> bool:
        """As many of both."""
        return len(case.request.item_ids) == len(case.request.new_item_ids)

    def explain(self) -> str:
        """In English."""
        return "one new item must be named for each old one"


class VariantExists(Rule):
    """Every new item is one the shop sells."""

    check: Literal["variant_exists"]

    def holds(self, case: Case) -> bool:
        """All known."""
        return all(sku in case.variants for sku in case.request.new_item_ids)

    def explain(self) -> str:
        """In English."""
        return "the new items must be ones the shop sells"


class SameProduct(Rule):
    """Every new item is a variant of the product it takes the place of."""

    check: Literal["same_product"]

    def holds(self, case: Case) -> bool:
        """No change of product."""
        return all(product.product_id == old.product_id for old, (product, _) in case.pairs)

    def explain(self) -> str:
        """In English."""
        return "the new item must be a variant of the same product"


class VariantDifferent(Rule):
    """Every new item differs from the one it takes the place of."""

    check: Literal["variant_different"]

    def holds(self, case: Case) -> bool:
        """Another variant."""
        return all(variant.sku != old.sku for old, (_, variant) in case.pairs)

    def explain(self) -> str:
        """In English."""
        return "the new item must differ from the old one"


class VariantAvailable(Rule):
    """Every new item can be had now, in the number asked for."""

    check: Literal["variant_available"]

    def holds(self, case: Case) -> bool:
        """All in stock."""
        return not self._short(case)

    def _short(self, case: Case) -> list[str]:
        """SKUs that cannot be had in the number wanted; one the shop does not sell cannot be had."""
        return [sku for sku, count in case.wanted_stock.items() if not _in_stock(case, sku, count)]

    def figures(self, case: Case) -> dict[str, Any]:
        """What cannot be had."""
        return {"items": [case.variants[sku][0].name for sku in self._short(case) if sku in case.variants]}

    def explain(self) -> str:
        """In English."""
        return "the new items must be available"


class VariantPriced(Rule):
    """Every new item has a price in the order's currency: nothing is converted at a guessed rate."""

    check: Literal["variant_priced"]

    def holds(self, case: Case) -> bool:
        """All priced."""
        return all(case.price_of(variant) is not None for _, (_, variant) in case.pairs)

    def figures(self, case: Case) -> dict[str, Any]:
        """The currency."""
        return {"currency": case.currency}

    def explain(self) -> str:
        """In English."""
        return "the new items must have a price in the order's currency"


def _in_stock(case: Case, sku: str, count: int) -> bool:
    if sku not in case.variants:
        return False
    variant = case.variants[sku][1]
    return variant.available and (variant.stock is None or variant.stock >= count)
