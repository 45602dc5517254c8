"""Every tool result reaches the model as fenced data, with what could pass for a turn or a fence taken out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

from assistant.guardrails.hidden import visible
from assistant.guardrails.links import defuse_links

_FORGED = re.compile(
    r"<\s*/?\s*data\b[^>]*>?"
    r"|<\s*/?\s*(?:system|assistant|user|human|tool_?calls?|tool_response|function_?calls?|invoke|think|s"
    r"|(?:start|end)_of_turn|(?:start|end)_header_id|bos|eos)\s*>"
    r"|<\|[^|>]{0,40}\|?>|\[/?(?:INST|SYSTEM|SYSTEM_PROMPT|ASSISTANT|USER|TOOL_CALLS)\]|<</?SYS>>"
    r"|(?:^|\\[nrt]|\")[\s>#*_-]*(?:system|assistant|user|human|developer)(?:\s(?:message|prompt))?[\s*_]*:",
    re.IGNORECASE | re.MULTILINE,
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width signs, read as the plain ones they look like."""


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
    """A text as data: hidden characters, forged marks and what could carry data out removed until none is left."""
    before, inside = "", visible(text)
    while inside != before:
        before, inside = inside, without_forged(defuse_links(inside))
    return f'<data from="{tool}">\n{inside}\n</data>'


def without_forged(text: str) -> str:
    """The text with a space for each mark that could pass for a turn or a fence, however wide its signs are."""
    parts, end = [], 0
    for match in _FORGED.finditer(text.translate(_WIDE)):
        parts += [text[end : match.start()], " "]
        end = match.end()
    return "".join([*parts, text[end:]])
