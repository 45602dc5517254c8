"""Every tool call is noted, whatever becomes of it: run, refused by a guard, broken, given up."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

from assistant.tracing import ToolRan, note


class NoteToolCalls(AgentMiddleware[Any, Any, Any]):
    """Stands around all other guards of a tool, so that it sees what they decide."""

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        """Run the tool, then note it."""
        began = time.perf_counter()
        told: dict[str, Any] = {"status": "cancelled"}
        try:
            result = await handler(request)
            artifact = result.artifact if isinstance(result, ToolMessage) else None
            told = artifact if isinstance(artifact, dict) else {"status": "failed"}
            return result
        finally:
            note(_ran(request.tool_call, told, began))


def _ran(call: Any, told: dict[str, Any], began: float) -> ToolRan:
    passages = tuple((str(found["cite"]), float(found["score"])) for found in told.get("passages", []))
    return ToolRan(
        call["name"], call["id"] or "", call["args"], str(told.get("status", "failed")), began, time.perf_counter(),
        str(told.get("rule") or ""), passages, str(told.get("operation_id") or ""),
    )  # fmt: skip
