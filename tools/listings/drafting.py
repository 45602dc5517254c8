"""The assistant's tools for listings: a draft from facts, a text checked. Neither publishes anything."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from knowledge.listings import Draft
from tools.context import DraftRefused, ToolContext
from tools.results import Told, tell


@tool(response_format="content_and_artifact")
async def draft_listing(product: str, marketplace: str, locale: str, runtime: ToolRuntime[ToolContext]) -> Told:
    """Write a marketplace listing of a product from its attested facts. Nothing is published: a person does that.

    Args:
        product: Product id or SKU.
        marketplace: The channel: amazon, ebay, tiktok_shop, google_merchant, shopify, walmart, etsy, aliexpress,
            shopee, lazada, mercadolibre, temu_shein, rakuten_yahoo_jp or joom.
        locale: Language and country of the text, like de-DE or ja-JP.
    """
    drafts = runtime.context.drafts
    if drafts is None:
        return tell("none", why="Listings are not written here.")
    try:
        return tell("ok", listing=_told(await drafts.write(product, marketplace, locale)))
    except DraftRefused as refusal:
        return tell("none", why=str(refusal))


@tool(response_format="content_and_artifact")
async def check_listing(
    fields: dict[str, Any], marketplace: str, locale: str, runtime: ToolRuntime[ToolContext], product: str = ""
) -> Told:
    """Check the text of a marketplace listing: the channel's limits and words, claims, and figures against the facts.

    Args:
        fields: The text by field, such as title, bullets (a list), description, search_terms.
        marketplace: The channel, as for draft_listing.
        locale: Language and country of the text, like de-DE.
        product: Product id or SKU whose facts the text is held against; empty where it is none of the shop's.
    """
    drafts = runtime.context.drafts
    if drafts is None:
        return tell("none", why="Listings are not checked here.")
    try:
        return tell("ok", listing=_told(await drafts.check(fields, product, marketplace, locale)))
    except DraftRefused as refusal:
        return tell("none", why=str(refusal))


def _told(draft: Draft) -> dict[str, Any]:
    """A draft as the assistant reads it: its text, what is wrong and what is missing."""
    told = draft.told()
    keep = ("product_id", "marketplace", "locale", "fields", "missing", "versions", "provenance")
    findings = [
        {name: asdict(f)[name] for name in ("rule", "severity", "field", "text", "why", "suggestion")}
        for f in draft.findings
    ]
    return {**{name: told[name] for name in keep}, "findings": findings}
