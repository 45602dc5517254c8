"""The assistant's tool for those who write: what a text claims that may not stand."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.claims.asking import asked
from tools.context import ToolContext
from tools.results import Told, tell

MOST_FINDINGS = 12
"""Findings told of one text; more are counted."""


@tool(response_format="content_and_artifact")
async def check_copy(
    text: str,
    jurisdiction: str,
    runtime: ToolRuntime[ToolContext],
    locale: str = "",
    category: str = "",
    evidence: str = "",
) -> Told:
    """Check whether a text about goods may be published: claims that a law or a platform forbids there, each with its
    rule, source, what would prove it, and the text as it could stand. Use for every question whether something may be
    said, and before any copy is called ready. It is no legal advice; say so.

    Args:
        text: The text to check, whole, as it would be published.
        jurisdiction: Where it is shown: EU, DE, US, JP, ...; with a platform: US+amazon.
        locale: The text's language and place, like de-DE; empty where it is the colleague's own.
        category: What is sold: cosmetics, food, supplement, textile, electronics, ...; empty if not known.
        evidence: What is attested, separated by commas, with numbers and validity; empty for none.
    """
    context = runtime.context
    own = context.session.locale or context.session.language
    held = {
        "text": text, "jurisdiction": jurisdiction, "locale": locale or own,
        "category": category, "evidence": [part.strip() for part in evidence.split(",") if part.strip()],
        "on": context.today.isoformat(),
    }  # fmt: skip
    try:
        found = await asyncio.to_thread(asked, held)
    except ValueError as error:
        return tell("invalid", message=str(error))
    told = [{**asdict(finding), "span": list(finding.span)} for finding in found[:MOST_FINDINGS]]
    for finding in told:
        finding.pop("rewrite")
    rewrite = found[0].rewrite if found else text
    return tell("ok", findings=told, more=len(found) - len(told), may_be_published=not found, could_stand=rewrite)
