"""The one `create_agent` call."""

from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph

from assistant.guardrails.joined import joined
from assistant.prompts import prompt
from assistant.roles import ROLES
from tools.context import Role, ToolContext

Agent = CompiledStateGraph[Any, ToolContext, Any, Any]


def build_agent(model: BaseChatModel, role: Role, checkpointer: BaseCheckpointSaver[Any]) -> Agent:
    """The agent of a role over a model; conversations are kept by the checkpointer, by thread."""
    spec = ROLES[role]
    return create_agent(
        model,
        list(spec.tools),
        system_prompt=prompt(spec.prompt),
        middleware=joined(spec.guardrails()),
        context_schema=ToolContext,
        checkpointer=checkpointer,
        name=role,
    )
