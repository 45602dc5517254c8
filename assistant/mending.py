"""A history that broke off, made whole again: every call has its result, every message its answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, RemoveMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.message import REMOVE_ALL_MESSAGES

from assistant.agent import Agent

BROKEN_OFF = "[This answer was broken off.]"
"""What the history holds in place of an answer nobody saw."""

LOST: dict[str, Any] = {"status": "failed", "note": "This was interrupted; nothing is known of it."}


def name_of(turn: str) -> str | None:
    """The id of the message a turn begins with."""
    return f"turn-{turn}" if turn else None


def whole(messages: Sequence[AnyMessage], shown: str = "") -> list[AnyMessage]:
    """The messages with a result right after every call, none for no call, and an answer at the end: what was shown."""
    results = {message.tool_call_id: message for message in messages if isinstance(message, ToolMessage)}
    mended: list[AnyMessage] = []
    for message in messages:
        if isinstance(message, ToolMessage):
            continue
        mended.append(message)
        for call in message.tool_calls if isinstance(message, AIMessage) else []:
            lost = ToolMessage(json.dumps(LOST), name=call["name"], tool_call_id=call["id"] or "", artifact=LOST)
            mended.append(results.get(call["id"] or "") or lost)
    answered = not mended or (isinstance(mended[-1], AIMessage) and not mended[-1].tool_calls)
    return mended if answered else [*mended, AIMessage(shown or BROKEN_OFF)]


async def mend(
    agent: Agent, config: RunnableConfig, came: Sequence[AnyMessage] = (), shown: str = ""
) -> list[AnyMessage]:
    """Make a conversation's history whole; what `came` of a turn is kept where the store has not got to it. Returns the
    history.
    """
    held = await _held(agent, config)
    known = {kept.id for kept in held}
    lacking = [message for message in came if message.id is None or message.id not in known]
    mended = whole([*held, *lacking], shown)
    if [id(kept) for kept in mended] != [id(kept) for kept in held]:
        new = mended[len(held) :] if mended[: len(held)] == held else [RemoveMessage(REMOVE_ALL_MESSAGES), *mended]
        await agent.aupdate_state(config, {"messages": new}, as_node="model")
    return mended


async def forget(agent: Agent, config: RunnableConfig, turn: str) -> None:
    """Take a turn out of the history, and all that came of it."""
    held = await _held(agent, config)
    begun = [place for place, message in enumerate(held) if message.id == name_of(turn)]
    if not begun:
        return
    kept = held[: begun[0]]
    if kept:
        gone = [RemoveMessage(message.id or "") for message in held[begun[0] :]]
        await agent.aupdate_state(config, {"messages": gone}, as_node="model")
    elif agent.checkpointer:
        await forget_all(agent, config)


async def forget_all(agent: Agent, config: RunnableConfig) -> None:
    """Take the whole history away."""
    if agent.checkpointer:
        await agent.checkpointer.adelete_thread(config["configurable"]["thread_id"])  # type: ignore[union-attr]


async def _held(agent: Agent, config: RunnableConfig) -> list[AnyMessage]:
    """The history as it is kept; the graph would make its next step ready too, which costs more than the reading."""
    kept = agent.checkpointer
    last = await kept.aget_tuple(config) if isinstance(kept, BaseCheckpointSaver) else None
    held: list[AnyMessage] = last.checkpoint["channel_values"].get("messages", []) if last else []
    return held
