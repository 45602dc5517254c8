"""While a person of the shop is in charge the assistant is silent; afterwards it knows what was said."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from langchain_core.runnables import RunnableConfig

from assistant.agent import Agent
from assistant.events import Event, Finished
from assistant.guardrails.untrusted import fence
from assistant.notices import with_person
from tools.context import Handoff, Said, ToolContext

HEARD = "read_person_messages"
"""The call by which code puts a person's words into the history."""


async def pass_on(context: ToolContext, handoff: Handoff, text: str) -> AsyncGenerator[Event]:
    """Keep a message for the person in charge. The first one is acknowledged, the others are not answered at all. It is
    kept last, so that one to which more was added in between is not kept twice.
    """
    session = context.session
    if not any(said.speaker == "shopper" for said in await context.handoffs.said(handoff.id)):
        yield with_person(handoff.claimed_by, session)
    yield Finished(session.language, "person", {}, 0)
    await context.handoffs.say(handoff, "shopper", "", text, session.language)


async def catch_up(agent: Agent, config: RunnableConfig, context: ToolContext) -> list[AnyMessage]:
    """Put into the history what was said with a person since the assistant fell silent; returns what is new."""
    said = await context.handoffs.unheard(context.session.id)
    new = [message for entry in said if entry.text for message in _kept(entry, context.session.market)]
    if new:
        await agent.aupdate_state(config, {"messages": [*new, AIMessage(OVER)]}, as_node="model")
        await context.handoffs.hear(said)
    return [*new, AIMessage(OVER)] if new else []


OVER = "[The person of the shop has given the conversation back to me.]"


def _kept(said: Said, market: str) -> Iterator[AnyMessage]:
    if said.speaker == "shopper":
        about = {"language": said.language, "market": market}
        yield HumanMessage(said.text, id=f"said-{said.position}", additional_kwargs=about)
        return
    told = {"status": "ok", "person": said.name, "said": said.text, "at": said.at.isoformat()}
    call_id = f"said-{said.position}"
    yield AIMessage("", id=f"call-{call_id}", tool_calls=[tool_call(name=HEARD, args={}, id=call_id)])
    content = fence(json.dumps(told, ensure_ascii=False), HEARD)
    yield ToolMessage(content, id=f"result-{call_id}", name=HEARD, tool_call_id=call_id, artifact=told)
