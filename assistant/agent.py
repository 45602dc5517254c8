"""The one `create_agent` call."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

import langsmith
from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph

from assistant.guardrails.evidence import Natures
from assistant.guardrails.joined import joined
from assistant.prompts import prompt
from assistant.roles import ROLES
from tools.context import Role, ToolContext

Agent = CompiledStateGraph[Any, ToolContext, Any, Any]


def build_agent(
    model: BaseChatModel, role: Role, checkpointer: BaseCheckpointSaver[Any], known: BaseChatModel | None = None,
    natures: Natures = (),
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
        middleware=joined(spec.guardrails(known, natures)),
        context_schema=ToolContext,
        checkpointer=checkpointer,
        name=role,
    )


async def _here(_: Any, context: Context, function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
    """Do at once what the framework would send to a thread: before and after each call of a guardrail it prepares a
    tracing that nobody asked for, and the way to a thread and back costs more than all the guardrail does.
    """
    return context.run(function, *given, **named)
