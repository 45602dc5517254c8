"""Running a tool that a model called: what it was given is held to the tool's own description first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ValidationError

UNKNOWN = "Error: {name} is not a valid tool, try one of [{names}]."
UNFIT = "Error invoking tool '{name}' with kwargs {given} with error:\n{errors}\nPlease fix the error and try again."


class Toolbox:
    """The tools of a role. Each is asynchronous, takes its `runtime`, and gives back what a model reads and the same as
    data.
    """

    def __init__(self, tools: Sequence[BaseTool]) -> None:
        self.tools = {tool.name: cast(StructuredTool, tool) for tool in tools}
        self._schemas = {tool.name: cast("type[BaseModel]", tool.tool_call_schema) for tool in tools}

    async def run(self, request: ToolCallRequest) -> ToolMessage:
        """Run the tool of a call. One that is unknown, or given what it does not take, is told to the model."""
        call = request.tool_call
        tool = self.tools.get(call["name"])
        if tool is None or tool.coroutine is None:
            return _failed(call, UNKNOWN.format(name=call["name"], names=", ".join(self.tools)))
        try:
            given = self._schemas[call["name"]].model_validate(call["args"])
        except ValidationError as error:
            told = "\n".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            return _failed(call, UNFIT.format(name=call["name"], given=call["args"], errors=told))
        arguments = {name: getattr(given, name) for name in type(given).model_fields}
        content, artifact = await tool.coroutine(**arguments, runtime=request.runtime)
        return ToolMessage(content, artifact=artifact, name=call["name"], tool_call_id=call["id"])


def _failed(call: Any, told: str) -> ToolMessage:
    return ToolMessage(told, name=call["name"], tool_call_id=call["id"], status="error")
