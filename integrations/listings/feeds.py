"""The flat files channels take, from drafts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import repeat

from integrations.listings.cells import Row, Written, safe
from knowledge.facts import Facts
from knowledge.facts.categories import find_category
from knowledge.listings import Draft
from tools.listings.values import color_in


def _table(
    columns: Sequence[str], rows: Sequence[Mapping[str, str]], mark: str = ",", above: Sequence[Sequence[str]] = ()
) -> bytes:
    held = io.StringIO()
    writer = csv.writer(held, delimiter=mark, lineterminator="\r\n" if mark == "," else "\n")
    writer.writerows([*above, columns])
    writer.writerows([safe(row.get(column, "").replace("\r", "")) for column in columns] for row in rows)
    return held.getvalue().encode("utf-8-sig" if mark == "," else "utf-8")


def _text(draft: Draft, name: str) -> str:
    held = draft.fields.get(name, "")
    return held if isinstance(held, str) else ""


def _entries(draft: Draft, name: str) -> list[str]:
    held = draft.fields.get(name, [])
    return [entry for entry in held if isinstance(entry, str)] if isinstance(held, list) else []


def amazon_flat_file(written: Sequence[Written]) -> bytes:
    """Amazon's tab-separated file: a line on the template, a line for people, a line of attribute names."""
    columns = [
        "item_sku",
        "item_name",
        "title_differentiation",
        "brand_name",
        "product_description",
        *(f"bullet_point{n}" for n in range(1, 6)),
        "generic_keywords",
        "language_tag",
        "update_delete",
    ]
    labels = ["SKU", "Product name", "Item highlights", "Brand", "Description", *(f"Bullet {n}" for n in range(1, 6)),
              "Search terms", "Language", "Update"]  # fmt: skip
    rows = [
        {
            "item_sku": (facts.skus or (draft.product_id,))[0],
            "item_name": _text(draft, "title"),
            "title_differentiation": _text(draft, "item_highlights"),
            "brand_name": _text(draft, "brand"),
            "product_description": _text(draft, "description").replace("\n", " "),
            "generic_keywords": _text(draft, "search_terms"),
            "language_tag": draft.locale.replace("-", "_"),
            "update_delete": "PartialUpdate",
            **{f"bullet_point{n}": text for n, text in enumerate(_entries(draft, "bullets"), 1)},
        }
        for draft, facts, _ in written
    ]
    above = [
        ["TemplateType=fptcustom", "Version=2026.1123", "Partial update: offer and price stay as they are"],
        labels,
    ]
    return _table(columns, rows, "\t", above)


def shopify_csv(written: Sequence[Written]) -> bytes:
    """Shopify's product CSV; a line a variant, the text on the first."""
    columns = [
        "Handle",
        "Title",
        "Body (HTML)",
        "Vendor",
        "Product Category",
        "Tags",
        "Published",
        "Option1 Name",
        "Option1 Value",
        "Option2 Name",
        "Option2 Value",
        "Option3 Name",
        "Option3 Value",
        "Variant SKU",
        "Image Alt Text",
        "SEO Title",
        "SEO Description",
        "Status",
    ]
    return _table(columns, [row for draft, facts, _ in written for row in _shopify_rows(draft, facts)])


def _shopify_rows(draft: Draft, facts: Facts) -> list[Row]:
    found = find_category(str(facts.value("category", "")))
    handle = _text(draft, "handle")
    first: Row = {
        "Title": _text(draft, "title"),
        "Body (HTML)": _text(draft, "description_html") or _text(draft, "description"),
        "Vendor": str(facts.value("brand", "")),
        "Product Category": found.path if found else "",
        "Tags": ", ".join(_entries(draft, "tags")),
        "Published": "FALSE",
        "Image Alt Text": next(iter(_entries(draft, "alt_texts")), ""),
        "SEO Title": _text(draft, "seo_title"),
        "SEO Description": _text(draft, "seo_description"),
        "Status": "draft",
    }
    variants = list(zip(facts.skus, facts.options or repeat({}), strict=False)) or [("", {})]
    rows = []
    for place, (sku, options) in enumerate(variants):
        told = {key: color_in(draft.locale, text) if key == "color" else text for key, text in options.items()}
        chosen = {f"Option{n} {part}": text for n, pair in enumerate(list(told.items())[:3], 1)
                  for part, text in (("Name", pair[0] if place == 0 else ""), ("Value", pair[1]))}  # fmt: skip
        rows.append({"Handle": handle, **(first if place == 0 else {}), **chosen, "Variant SKU": sku})
    return rows


def woocommerce_csv(written: Sequence[Written]) -> bytes:
    """WooCommerce's product CSV, unpublished."""
    columns = ["Type", "SKU", "Name", "Published", "Short description", "Description", "Tags", "Categories", "Brands"]
    rows = [
        {
            "Type": "simple",
            "SKU": (facts.skus or (draft.product_id,))[0],
            "Name": _text(draft, "title"),
            "Published": "0",
            "Short description": _text(draft, "seo_description") or _text(draft, "item_highlights"),
            "Description": _text(draft, "description_html") or _text(draft, "description"),
            "Tags": ", ".join(_entries(draft, "tags")),
            "Categories": str(facts.value("category", "")),
            "Brands": str(facts.value("brand", "")),
        }
        for draft, facts, _ in written
    ]
    return _table(columns, rows)


def google_feed(written: Sequence[Written]) -> bytes:
    """A Merchant Center text feed. What a model wrote stands in the structured fields, marked as such."""
    columns = ["id", "title", "structured_title", "description", "structured_description", "brand",
               "google_product_category", "product_highlight", "product_detail", "color", "material"]  # fmt: skip
    return _table(columns, [_google_row(draft, facts) for draft, facts, _ in written], "\t")


def _google_row(draft: Draft, facts: Facts) -> Row:
    found = find_category(str(facts.value("category", "")))
    detail = draft.fields.get("product_detail")
    row = {
        "id": _text(draft, "id") or draft.product_id,
        "brand": str(facts.value("brand", "")),
        "color": _text(draft, "color"),
        "google_product_category": found.google if found else "",
        "material": _text(draft, "material"),
        "product_highlight": ",".join(_quoted(entry) for entry in _entries(draft, "product_highlight")),
        "product_detail": ",".join(f":{_quoted(k)}:{_quoted(str(v))}" for k, v in detail.items())
        if isinstance(detail, Mapping)
        else "",
    }
    for name in ("title", "description"):
        text = _text(draft, name).replace("\n", " ")
        by_model = name in draft.by_model
        row["structured_" + name if by_model else name] = (
            f"trained_algorithmic_media:{_quoted(text)}" if by_model else text
        )
    return row


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


EBAY_SITES = {
    "AU": ("Australia", "AUD"), "AT": ("Austria", "EUR"), "CA": ("Canada", "CAD"), "CH": ("Switzerland", "CHF"),
    "DE": ("Germany", "EUR"), "ES": ("Spain", "EUR"), "FR": ("France", "EUR"), "GB": ("UK", "GBP"),
    "IE": ("Ireland", "EUR"),
    "IT": ("Italy", "EUR"), "NL": ("Netherlands", "EUR"), "PL": ("Poland", "PLN"), "US": ("US", "USD"),
}  # fmt: skip
"""eBay's sites and their currencies by country; what has no site of its own is listed on the one of the US."""


def _ebay_site(locale: str) -> str:
    country = locale.rsplit("-", 1)[-1].upper()
    country = country if country in EBAY_SITES else "US"
    site, currency = EBAY_SITES[country]
    return f"SiteID={site}|Country={country}|Currency={currency}"


def ebay_csv(written: Sequence[Written]) -> bytes:
    """eBay's file of drafts; item specifics have a column each."""
    columns = [
        f"Action({_ebay_site(written[0][0].locale if written else 'en-US')}|Version=1193)",
        "Custom label (SKU)",
        "Title",
        "Subtitle",
        "Description",
    ]
    rows: list[Row] = []
    for draft, facts, _ in written:
        specifics = draft.fields.get("item_specifics")
        own = {f"C:{key}": str(value) for key, value in specifics.items()} if isinstance(specifics, Mapping) else {}
        rows.append(
            {
                columns[0]: "Draft",
                columns[1]: (facts.skus or (draft.product_id,))[0],
                "Title": _text(draft, "title"),
                "Subtitle": _text(draft, "subtitle"),
                "Description": _text(draft, "description"),
                **own,
            }
        )
    return _table([*columns, *dict.fromkeys(key for row in rows for key in row if key.startswith("C:"))], rows)


def tiktok_csv(written: Sequence[Written]) -> bytes:
    """TikTok Shop's batch file."""
    columns = ["category", "brand", "product_name", "product_description", "seller_sku", "package_weight(g)"]
    rows = [
        {
            "category": str(facts.value("category", "")),
            "brand": str(facts.value("brand", "")),
            "product_name": _text(draft, "title"),
            "product_description": _text(draft, "description"),
            "seller_sku": _text(draft, "seller_sku"),
            "package_weight(g)": str(facts.value("package_weight_g", "")),
        }
        for draft, facts, _ in written
    ]
    return _table(columns, rows)
