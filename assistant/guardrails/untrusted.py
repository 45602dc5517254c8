"""Every tool result reaches the model as fenced data, with what could pass for a turn or a fence taken out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

_FORGED = re.compile(
    r"[<＜]\s*/?\s*data\b[^>＞]*[>＞]?|<\|[^|>]{0,40}\|>|\[/?INST\]"
    r"|(?:^|\\n|\")\s*(?:system|assistant|user|human)\s*[:：]",
    re.IGNORECASE | re.MULTILINE,
)


class FenceToolResults(AgentMiddleware[Any, Any, Any]):
    """Puts each tool result between <data> marks that nothing inside can forge."""

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        """Run the tool, then fence what it said. What code reads (the artifact) stays as it is."""
        result = await handler(request)
        if isinstance(result, ToolMessage):
            result.content = fence(result.text, request.tool_call["name"])
        return result


def fence(text: str, tool: str) -> str:
    """A text as data: hidden characters and forged marks removed until none is left, then fenced."""
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf" or c in "\u200c\u200d")
    while _FORGED.search(visible):
        visible = _FORGED.sub(" ", visible)
    return f'<data from="{tool}">\n{visible}\n</data>'
