"""Reaching a person."""

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.context import ToolContext
from tools.results import Told, tell


async def call_person(context: ToolContext, reason: str) -> Told:
    """Put the shopper in line for a person, and say truly when one will be there."""
    handoff = await context.handoffs.open(context.session, reason[:500])
    desk = context.desk
    return tell(
        "ok", reference=handoff.id, open_now=desk.is_open(context.now), opens=desk.opens.strftime("%H:%M"),
        closes=desk.closes.strftime("%H:%M"), zone=desk.zone, weekdays=desk.weekdays,
        email=desk.email, reason=handoff.reason,
    )  # fmt: skip


@tool(response_format="content_and_artifact")
async def hand_to_person(reason: str, runtime: ToolRuntime[ToolContext]) -> Told:
    """Hand the conversation to a person. Use when the shopper asks for one, or when nothing you have can help them.

    Args:
        reason: What the shopper needs, in one sentence, for the person who takes over.
    """
    return await call_person(runtime.context, reason)
