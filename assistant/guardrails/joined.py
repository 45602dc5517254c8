"""Guardrails as one, outermost first. Each wraps calls of the model, of tools, or both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

Guardrail = AgentMiddleware[Any, Any, Any]
ModelCall = Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
ToolCall = Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]


class Joined(AgentMiddleware[Any, Any, Any]):
    """Several guardrails. Raises ValueError for one that would be a step of its own: there is only one step."""

    def __init__(self, guardrails: Sequence[Guardrail]) -> None:
        super().__init__()
        if apart := [type(one).__name__ for one in guardrails if any(_has(one, hook) for hook in _STEPS)]:
            raise ValueError(f"guardrails wrap calls, they are no steps: {', '.join(apart)}")
        self._of_models = [one for one in guardrails if _has(one, "awrap_model_call")]
        self._of_tools = [one for one in guardrails if _has(one, "awrap_tool_call")]

    async def awrap_model_call(self, request: ModelRequest[Any], handler: ModelCall) -> ModelResponse[Any]:
        """Call the model within each guardrail."""
        call: Any = handler
        for one in reversed(self._of_models):
            call = partial(one.awrap_model_call, handler=call)
        answer: ModelResponse[Any] = await call(request)
        return answer

    async def awrap_tool_call(self, request: ToolCallRequest, handler: ToolCall) -> ToolMessage | Command[Any]:
        """Run the tool within each guardrail."""
        call: Any = handler
        for one in reversed(self._of_tools):
            call = partial(one.awrap_tool_call, handler=call)
        result: ToolMessage | Command[Any] = await call(request)
        return result


_PLACES = ("before_model", "after_model", "before_agent", "after_agent")
_STEPS = (*_PLACES, *(f"a{place}" for place in _PLACES))


def _has(guardrail: Guardrail, hook: str) -> bool:
    return getattr(type(guardrail), hook) is not getattr(AgentMiddleware, hook)
