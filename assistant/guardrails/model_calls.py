"""A turn calls the model so many times and no more; what each call took."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, HumanMessage


class LimitModelCalls(AgentMiddleware[Any, Any, Any]):
    """Ends a turn that calls the model more than `most` times; more is a loop."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """Call the model, or end the turn with nothing said."""
        calls = 0
        for message in reversed(request.messages):
            if isinstance(message, HumanMessage):
                break
            calls += isinstance(message, AIMessage)
        return await handler(request) if calls < self._most else ModelResponse(result=[AIMessage("")])


def tokens_of(message: AIMessage) -> dict[str, int]:
    """The tokens a call took; `cached_tokens` are those of the input that the server had read before."""
    usage = message.usage_metadata
    if not usage:
        return {}
    cached = (usage.get("input_token_details") or {}).get("cache_read") or 0
    return {
        "input_tokens": usage["input_tokens"], "output_tokens": usage["output_tokens"],
        "total_tokens": usage["total_tokens"], "cached_tokens": cached,
    }  # fmt: skip
