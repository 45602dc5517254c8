"""The assistant's tool for campaign copy. It publishes nothing."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.context import DraftRefused, ToolContext
from tools.results import Told, tell


@tool(response_format="content_and_artifact")
async def draft_copy(
    kind: str, product: str, locale: str, runtime: ToolRuntime[ToolContext], channel: str = ""
) -> Told:
    """Write campaign copy of a product from its attested facts. Nothing is published: a person does that.

    Args:
        kind: search_ad, social_ad, video_script, livestream, email, brand_story or post_series.
        product: Product id or SKU.
        locale: Language and country of the text, like de-DE or ja-JP.
        channel: Where it is shown, like google, meta, tiktok, line, xiaohongshu; of an email the flow: welcome,
            abandoned_cart, post_purchase or win_back. Empty for the usual one.
    """
    drafts = runtime.context.drafts
    if drafts is None:
        return tell("none", why="Copy is not written here.")
    try:
        return tell("ok", copy=dict(await drafts.copy(kind, product, locale, channel)))
    except DraftRefused as refusal:
        return tell("none", why=str(refusal))
