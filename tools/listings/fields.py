"""What fills each field of a channel. A field nobody names here is left to the merchant."""

from __future__ import annotations

from collections.abc import Callable

from tools.listings.filling import Filling
from tools.listings.terms import search_terms, tags
from tools.listings.texts import bullets, description, name_of, phrases, summed_up, title
from tools.listings.values import (
    alt_texts,
    color,
    faq,
    handle,
    markup,
    material,
    material_list,
    modules,
    options,
    pairs,
    safety,
    sku,
    value,
)  # fmt: skip

FILLERS: dict[str, Callable[[Filling, str], None]] = {
    "title": title,
    "title_translated": title,
    "title_rakuten": title,
    "title_yahoo": title,
    "seo_title": title,
    "short_title": title,
    "family_name": lambda filling, name: filling.text(name, [p for p in [name_of(filling)] if p], ""),
    "item_highlights": phrases,
    "subtitle": phrases,
    "bullets": bullets,
    "key_features": bullets,
    "product_highlight": bullets,
    "short_description": bullets,
    "description": description,
    "description_html": markup,
    "seo_description": summed_up,
    "search_terms": search_terms,
    "tags": tags,
    "brand": value("brand"),
    "sku": sku,
    "seller_sku": sku,
    "id": sku,
    "mpn": sku,
    "handle": handle,
    "materials": material_list,
    "material": material,
    "color": color,
    "options": options,
    "item_specifics": pairs,
    "product_detail": pairs,
    "gpsr_fields": safety,
    "alt_texts": alt_texts,
    "faq": faq,
    "a_plus": modules,
}
"""What fills a field, by its name. Fields of variants and pictures belong to the merchant's own systems."""
