"""Answering from the shop's own rules: shipping, returns, payment, customs, warranty and the like."""

import asyncio

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from knowledge.countries import without_countries
from knowledge.filters import Filter
from knowledge.retrieval import Hit
from tools.context import ToolContext
from tools.results import Told, tell

NEAR_MATTER = 8
"""How many passages are looked through for what a question is about, without the country it names."""


async def find_policies(context: ToolContext, question: str, country: str = "") -> Told:
    """Passages of policy documents that answer a question, for the shopper's market or a country named in it."""
    wanted = Filter(
        audience=context.session.audience, market=country.upper() or context.session.market, on=context.today,
        kinds=("policy",),
    )  # fmt: skip
    # in a thread, since a search takes as long as its embedder, and other conversations go on meanwhile
    hits = await asyncio.to_thread(_search, context, question, wanted, country)
    named = not country or await asyncio.to_thread(context.retriever.names_market, wanted.market, wanted)
    told = tell("ok" if hits else "none", hits, country=wanted.market, **({} if named else {"unnamed": True}))
    await context.note("policies", question, told[1])
    return told


def _search(context: ToolContext, question: str, wanted: Filter, country: str) -> list[Hit]:
    """The passages for a question; of one that names a country those that are found without the name too, which draws
    all that is written of it, whatever it is about.
    """
    language = context.session.language
    hits = context.retriever.search(question, wanted, 4, language)
    matter = without_countries(question, language) if country else ""
    near = context.retriever.search(matter, wanted, NEAR_MATTER, language) if hits and matter else []
    own = {(hit.passage.document, hit.passage.number) for hit in near}
    return [hit for hit in hits if (hit.passage.document, hit.passage.number) in own] or near[:4] or hits


@tool(response_format="content_and_artifact")
async def search_policies(question: str, runtime: ToolRuntime[ToolContext], country: str = "") -> Told:
    """Find what the shop's policies say. Use for every question about shipping, returns, refunds, payment, customs,
    warranty, subscriptions, privacy, care or safety. Answer only from the passages, and cite each you use. "unnamed"
    means that no policy names that country: say so where no passage speaks of all countries, and offer a person.

    Args:
        question: The shopper's question, in their own words and language, complete without the conversation.
        country: ISO code of the country the question is about, if one is named; otherwise empty.
    """
    return await find_policies(runtime.context, question, country)
