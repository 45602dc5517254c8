"""The one `create_agent` call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Any

import langsmith
from langchain.agents import create_agent
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from assistant.guardrails.evidence import Natures
from assistant.guardrails.joined import Guardrail, Joined, ModelCall, ToolCall
from assistant.prompts import prompt
from assistant.roles import ROLES
from assistant.running import Toolbox
from assistant.speaking import ask, heard, show
from tools.context import Role, ToolContext

Agent = CompiledStateGraph[Any, ToolContext, Any, Any]


def build_agent(
    model: BaseChatModel, role: Role, checkpointer: BaseCheckpointSaver[Any] | None,
    known: BaseChatModel | None = None, natures: Natures = (),
) -> Agent:  # fmt: skip
    """The agent of a role over a model; conversations are kept by the checkpointer, by thread. With `known` (the
    embedded model), what the gate keeps back of a served model's answer is written anew; `natures` tells what its
    sentences mean.
    """
    langsmith.set_runtime_overrides(aio_to_thread=_here)
    spec = ROLES[role]
    return create_agent(
        model,
        list(spec.tools),
        system_prompt=prompt(spec.prompt),
        middleware=[Heard(spec.guardrails(known, natures), spec.tools)],
        context_schema=ToolContext,
        checkpointer=checkpointer,
        name=role,
    )


class Heard(Joined):
    """The guardrails, and within them the model and its tools asked directly: what the framework puts between, for
    watchers that nobody has sent, costs more than all guardrails together. What they say is heard as it comes.
    """

    def __init__(self, guardrails: Sequence[Guardrail], tools: Sequence[BaseTool]) -> None:
        super().__init__(guardrails)
        self._box = Toolbox(tools)

    async def awrap_model_call(self, request: ModelRequest[Any], _: ModelCall) -> ModelResponse[Any]:
        """Ask the model within each guardrail. Whoever listens may end the turn before its tools have begun."""
        answer = await super().awrap_model_call(request, _ask)
        await heard(answer.result[-1])
        return answer

    async def awrap_tool_call(self, request: ToolCallRequest, _: ToolCall) -> ToolMessage | Command[Any]:
        """Run the tool within each guardrail."""
        result = await super().awrap_tool_call(request, self._box.run)
        show(result)
        return result


async def _ask(request: ModelRequest[Any]) -> ModelResponse[Any]:
    system = [request.system_message] if request.system_message else []
    return ModelResponse(result=[await ask(request.model, [*system, *request.messages], request.tools)])


async def _here(_: Any, context: Context, function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
    """Do at once what the framework would send to a thread: before and after each call of a guardrail it prepares a
    tracing that nobody asked for, and the way to a thread and back costs more than all the guardrail does.
    """
    return context.run(function, *given, **named)
