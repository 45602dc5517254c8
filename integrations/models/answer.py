"""A streamed answer, gathered and judged when it has ended: whole, or a ModelFault."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk

from assistant.guardrails.outgoing import CUT
from integrations.models.faults import ModelFault

CUT_SHORT = ("length", "content_filter")
"""Reasons to finish that leave an answer without its end."""


@dataclass
class Asked:
    """A tool call as it streams in."""

    index: int | None
    id: str
    name: str
    arguments: str

    def is_whole(self) -> bool:
        """Whether its arguments are a JSON object; none at all count as an empty one."""
        try:
            return isinstance(json.loads(self.arguments or "{}"), dict)
        except ValueError:
            return False


class Answer:
    """Gathers the pieces of one stream. Tool calls are only given out once all is there and whole."""

    def __init__(self) -> None:
        self.text = ""
        self.calls: list[Asked] = []
        self.usage: UsageMetadata | None = None
        self._about: dict[str, Any] = {}

    def add(self, piece: ChatGenerationChunk) -> None:
        """Take the next piece."""
        message = piece.message
        self.text += piece.text
        self._about |= piece.generation_info or {}
        if isinstance(message, AIMessageChunk):
            self.usage = message.usage_metadata or self.usage
            for part in message.tool_call_chunks:
                self._call(part)

    def _call(self, part: ToolCallChunk) -> None:
        asked = self._continued(part)
        if asked is None:
            asked = Asked(part["index"], part["id"] or "", part["name"] or "", "")
            self.calls.append(asked)
        asked.arguments += part["args"] or ""

    def _continued(self, part: ToolCallChunk) -> Asked | None:
        """The call a piece goes on with. Some servers give every call the same index: a name with another id, or after
        whole arguments, begins a call of its own.
        """
        asked = next((asked for asked in reversed(self.calls) if asked.index == part["index"]), None)
        if asked is None or not part["name"]:
            return asked
        another = bool(part["id"] and part["id"] != asked.id) or (asked.arguments and asked.is_whole())
        return None if another else asked

    def last(self, taken: Collection[str]) -> ChatGenerationChunk:
        """What closes the stream: the tool calls, under ids of their own where they bear none or one of those taken,
        and what is told about the answer. Raises ModelFault where the answer is not whole.
        """
        reason = self._judge()
        calls = [
            ToolCallChunk(
                name=asked.name, args=asked.arguments or "{}", id=_own_id(asked.id, taken), index=position,
                type="tool_call_chunk",
            )
            for position, asked in enumerate(self.calls)
        ]  # fmt: skip
        return ChatGenerationChunk(
            message=AIMessageChunk(
                content="", chunk_position="last", tool_call_chunks=calls, usage_metadata=self.usage,
                response_metadata=self._about, additional_kwargs={CUT: True} if reason in CUT_SHORT else {},
            )
        )  # fmt: skip

    def _judge(self) -> str:
        """Why the answer ended. Raises ModelFault where it cannot be used."""
        reason = str(self._about.get("finish_reason") or "")
        if not reason or (self.calls and reason in CUT_SHORT):
            raise ModelFault("cut_short")
        if not all(asked.name and asked.is_whole() for asked in self.calls):
            raise ModelFault("broken_tool_call")
        if not self.calls and (reason == "tool_calls" or not self.text.strip()):
            raise ModelFault("empty")
        return reason


def _own_id(given: str, taken: Collection[str]) -> str:
    return given if given and given not in taken else f"call_{uuid.uuid4().hex[:16]}"
