"""The assistant's tool for localizing: texts in another locale, each with where it is from. It publishes nothing."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.context import DraftRefused, ToolContext
from tools.results import Told, tell

MOST = 40
"""Texts of one call; a file is localized by `dragoman localize`."""


@tool(response_format="content_and_artifact")
async def localize_texts(
    texts: list[str], locale: str, runtime: ToolRuntime[ToolContext], marketplace: str = "", jurisdiction: str = ""
) -> Told:
    """Put texts of the shop into another locale, by its translation memory and term base, and by a model where one is
    configured. Each comes back with where it is from and what is wrong with it; an empty one could not be translated.

    Args:
        texts: The texts, in English unless the shop writes otherwise.
        locale: Language and country they are put into, like de-DE or ja-JP.
        marketplace: The channel whose limits hold, as for draft_listing; empty for none.
        jurisdiction: Whose rules on claims hold, like DE or EU; empty for those of the locale's country.
    """
    bureau = runtime.context.bureau
    if bureau is None:
        return tell("none", why="Texts are not localized here.")
    if not texts or len(texts) > MOST:
        return tell("none", why=f"Give 1 to {MOST} texts; a file is localized with  dragoman localize.")
    try:
        renderings = await bureau.texts(texts, locale, marketplace, jurisdiction)
    except DraftRefused as refusal:
        return tell("none", why=str(refusal))
    told = [
        {"text": text, "rendering": "" if one.is_blocked else one.text, "origin": one.origin or "not translated",
         "findings": [{"rule": f.rule, "severity": f.severity, "why": f.why} for f in one.findings]}
        for text, one in zip(texts, renderings, strict=True)
    ]  # fmt: skip
    return tell("ok", locale=locale, renderings=told)
