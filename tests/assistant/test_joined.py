"""Guardrails joined into one do what they do apart, in the same order."""

from __future__ import annotations

from typing import Any

import pytest
from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.types import ModelResponse
from langchain_core.messages import AIMessage, HumanMessage

from assistant.guardrails.joined import Joined
from assistant.guardrails.model_calls import LimitModelCalls

SEEN: list[str] = []


class Outer(AgentMiddleware[Any, Any, Any]):
    async def awrap_model_call(self, request: Any, handler: Any) -> Any:
        SEEN.append("outer")
        return await handler(request)

    async def awrap_tool_call(self, request: Any, handler: Any) -> Any:
        SEEN.append("outer tool")
        return await handler(request)


class Inner(Outer):
    async def awrap_model_call(self, request: Any, handler: Any) -> Any:
        SEEN.append("inner")
        return await handler(f"{request}!")


class Node(AgentMiddleware[Any, Any, Any]):
    async def abefore_model(self, state: Any, runtime: Any) -> Any:
        return None


async def told(request: Any) -> Any:
    return f"told {request}"


async def test_wraps_run_from_the_outermost_in() -> None:
    SEEN.clear()
    one = Joined([Outer(), Inner()])
    assert await one.awrap_model_call("x", told) == "told x!"  # type: ignore[arg-type,comparison-overlap]
    assert await one.awrap_tool_call("y", told) == "told y"  # type: ignore[arg-type,comparison-overlap]
    assert SEEN == ["outer", "inner", "outer tool", "outer tool"]


def test_what_would_be_a_step_of_the_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="no steps: Node"):
        Joined([Outer(), Node()])


async def test_a_turn_that_calls_the_model_too_often_is_ended() -> None:
    class Request:
        messages = [AIMessage("old"), HumanMessage("q"), AIMessage("1"), AIMessage("2")]

    async def answer(_: Any) -> Any:
        return ModelResponse(result=[AIMessage("again")])

    for most, said in ((3, "again"), (2, "")):
        response = await LimitModelCalls(most).awrap_model_call(Request(), answer)  # type: ignore[arg-type]
        assert response.result[0].text == said
