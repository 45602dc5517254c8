"""What is heard while an agent works: pieces of text as a model writes them, and what concerns them. Whoever works says
so with `show`, from wherever it happens; where nobody listens, nothing is heard.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables.base import RunnableBinding

_PARTS: ContextVar[asyncio.Queue[Any] | None] = ContextVar("parts", default=None)
_END = object()


def show(part: Any) -> None:
    """Let whoever listens hear a part."""
    parts = _PARTS.get()
    if parts is not None:
        parts.put_nowait(part)


async def heard(part: Any) -> None:
    """Let whoever listens hear a part, and go on when they have done with it and all before."""
    parts = _PARTS.get()
    if parts is not None:
        parts.put_nowait(part)
        await parts.join()


async def parts_of(work: Callable[[], Awaitable[Any]]) -> AsyncGenerator[Any]:
    """Work, and what is heard of it meanwhile. Raises what it raises; closed before its end, it is given up."""
    parts: asyncio.Queue[Any] = asyncio.Queue()
    task = asyncio.ensure_future(_working(work, parts))
    try:
        while (part := await parts.get()) is not _END:
            yield part
            parts.task_done()
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _working(work: Callable[[], Awaitable[Any]], parts: asyncio.Queue[Any]) -> None:
    _PARTS.set(parts)
    try:
        await work()
    finally:
        parts.put_nowait(_END)


async def ask(model: BaseChatModel, messages: Sequence[BaseMessage], tools: Sequence[Any] = ()) -> AIMessage:
    """Ask a model, each piece of its answer heard as it comes. This is the model's own stream: what the framework puts
    around it for watchers we do not have costs more than the reading of it.
    """
    bound = model.bind_tools(tools) if tools else model
    offered = bound.kwargs if isinstance(bound, RunnableBinding) else {}
    name, held = f"answer-{uuid.uuid4().hex}", []
    async for piece in model._astream(list(messages), **offered):
        piece.message.id = name
        show(piece.message)
        held.append(piece)
    if held and getattr(held[-1].message, "chunk_position", None) != "last":  # calls are read at the last
        held.append(ChatGenerationChunk(message=AIMessageChunk(content="", id=name, chunk_position="last")))
    await asyncio.sleep(0)  # who listens tells what came before it is looked at whole
    return cast(AIMessage, generate_from_stream(iter(held)).generations[0].message)
