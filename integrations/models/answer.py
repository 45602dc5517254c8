"""A streamed answer, gathered and judged when it has ended: whole, or a ModelFault."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.messages.tool import ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk

from assistant.guardrails.outgoing import CUT
from integrations.models.client import Chunk
from integrations.models.faults import ModelFault, reported
from integrations.models.thoughts import Aloud

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
    """Gathers the pieces of one stream. Tool calls are only given out once all is there and whole. What a model thinks
    to itself is not part of it.
    """

    def __init__(self, thinks_first: bool = False) -> None:
        self.text = ""
        self.calls: list[Asked] = []
        self.usage: UsageMetadata | None = None
        self.fault: ModelFault | None = None
        self._about: dict[str, Any] = {}
        self._aloud = Aloud(thinks_first)

    def take(self, chunks: Iterable[Chunk]) -> str:
        """Take the next pieces; returns the text in them, up to one that tells of a fault (`fault`)."""
        said = self._aloud.feed("".join(map(self._piece, itertools.takewhile(self._is_sound, chunks))))
        return self._say(said if self.text else said.lstrip())

    def _is_sound(self, chunk: Chunk) -> bool:
        if chunk.get("error"):
            self.fault = reported(str(chunk["error"]))
        return self.fault is None

    def rest(self) -> str:
        """Text that was held back and has proved to be part of the answer, when the stream has ended."""
        return self._say(self._aloud.finish())

    def _say(self, said: str) -> str:
        self.text += said
        return said

    def _piece(self, chunk: Chunk) -> str:
        choices = chunk.get("choices")
        if chunk.get("usage"):
            self.usage = usage_of(chunk["usage"])
        elif choices is None:
            raise ModelFault("protocol")
        if not choices:
            return ""
        self._note(chunk, choices[0])
        delta = choices[0].get("delta") or {}
        for part in delta.get("tool_calls") or ():
            self._call(part)
        return text_of(delta.get("content"))

    def _note(self, chunk: Chunk, choice: dict[str, Any]) -> None:
        if chunk.get("model"):
            self._about.setdefault("model_name", chunk["model"])
        if choice.get("finish_reason"):
            self._about["finish_reason"] = choice["finish_reason"]

    def _call(self, part: dict[str, Any]) -> None:
        function = part.get("function") or {}
        index, name, call_id = part.get("index"), function.get("name") or "", part.get("id") or ""
        asked = self._continued(index, name, call_id)
        if asked is None:
            asked = Asked(index, call_id, name, "")
            self.calls.append(asked)
        arguments = function.get("arguments") or ""
        asked.arguments += arguments if isinstance(arguments, str) else json.dumps(arguments)

    def _continued(self, index: int | None, name: str, call_id: str) -> Asked | None:
        """The call a piece goes on with. Some servers give every call the same index: a name with another id, or after
        whole arguments, begins a call of its own.
        """
        asked = next((asked for asked in reversed(self.calls) if asked.index == index), None)
        if asked is None or not name:
            return asked
        another = bool(call_id and call_id != asked.id) or (asked.arguments and asked.is_whole())
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


def text_of(content: Any) -> str:
    """The text of a piece: some servers send it in blocks, of which those with thoughts are none of the answer."""
    if not isinstance(content, list):
        return content or ""
    return "".join(str(block.get("text") or "") for block in content if block.get("type") == "text")


def usage_of(told: dict[str, Any]) -> UsageMetadata:
    """The tokens a server reports, those it had read before among them (`cache_read`)."""
    read, written = int(told.get("prompt_tokens") or 0), int(told.get("completion_tokens") or 0)
    cached = (told.get("prompt_tokens_details") or {}).get("cached_tokens") or told.get("prompt_cache_hit_tokens") or 0
    return UsageMetadata(
        input_tokens=read, output_tokens=written, total_tokens=read + written,
        input_token_details=InputTokenDetails(cache_read=int(cached)),
    )  # fmt: skip
