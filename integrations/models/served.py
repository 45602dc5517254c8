"""A model behind an OpenAI-compatible server that gives whole answers or none: what is cut short is never acted on."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import Runnable
from pydantic import PrivateAttr

from assistant.memory.notes import notes
from integrations.models.answer import Answer
from integrations.models.client import Client
from integrations.models.faults import FIELDS, ModelFault, fault_of
from integrations.models.fitting import History
from integrations.models.request import offer, write_request
from integrations.models.streaming import StreamingModel
from integrations.models.thoughts import THOUGHT_FIRST
from knowledge.jobs import Halted, ItemFailed

FRAME_S, LATER_FRAME_S = 0.06, 0.25
"""Tokens that come within this time are read together; the first of an answer is read at once. Once a sentence is there
to be read, the next may take a little longer.
"""

HOLD_S = 1.0
"""What was read is passed on when a sentence may end in it, and after this time: only whole sentences are shown."""

_MARK = r"[.!?\n\u061f\u3002\uff01\uff1f]"
_MAY_END, _LAST = re.compile(_MARK), re.compile(rf"{_MARK}\W*\Z")

LIMITS = ("max_completion_tokens", "max_tokens")
"""What the most tokens of an answer are called: by OpenAI, and by most who speak its protocol."""


class Held:
    """Text that was read, kept together until it is passed on. The first of an answer is passed on at once. `frame_s`:
    how long more is awaited.
    """

    def __init__(self) -> None:
        self.text = ""
        self.frame_s = FRAME_S
        self._passed_on = 0.0
        self._open = False

    def add(self, text: str, now: float, *, last: bool = False) -> str:
        """More text, at a moment (of the monotonic clock); returns what is to be passed on now."""
        self.text += text
        ends = self._open or _MAY_END.search(self.text)
        if not (last or ends or now >= self._passed_on + HOLD_S):
            return ""
        whole, self.text = self.text, ""
        self._open = _LAST.search(whole) is not None  # whether it ends there is told by what follows
        if ends:
            self.frame_s = FRAME_S if self._open else LATER_FRAME_S
        self._passed_on = now if whole else self._passed_on
        return whole


@dataclass
class Habits:
    """What a model's server was found to refuse or do, for this process: each is met once."""

    refuses: set[str] = field(default_factory=set)
    thinks_first: bool = False

    def learn(self, fault: ModelFault, sent: set[str]) -> bool:
        """Take note of a fault; says whether the same question, asked otherwise, may be answered."""
        self.thinks_first = self.thinks_first or fault.kind == THOUGHT_FIRST
        if fault.field in sent:
            self.refuses.add(fault.field)
        return fault.field in sent


class ServedModel(StreamingModel):
    """Streams text as it comes, tool calls only when the answer has ended well. Every failure is a ModelFault.

    `count` counts tokens where the server reports none; `longest_s` is the time a whole answer may take; `most_written`
    the tokens of an answer, 0 as many as the server likes; `history` bounds what is sent of a conversation.
    """

    model_name: str
    client: Client
    history: History
    count: Callable[[str], int] = len
    longest_s: float = 180.0
    most_written: int = 0
    _habits: Habits = PrivateAttr(default_factory=Habits)
    _offers: dict[tuple[int, ...], tuple[Sequence[Any], Runnable[LanguageModelInput, AIMessage]]] = PrivateAttr(
        default_factory=dict
    )

    @property
    def _llm_type(self) -> str:
        return "served"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: Any = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Offer tools. They are described once: the agent offers the same ones with every call."""
        key = tuple(map(id, tools))
        if key not in self._offers:
            self._offers[key] = (list(tools), self.bind(tools=offer(tools)))
        bound = self._offers[key][1]
        return bound.bind(**kwargs) if kwargs else bound

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        *,
        tools: orjson.Fragment | None = None,
        response_format: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        """The answer's text in pieces, then one last piece with all else; in a form, where one is given. Raises
        ModelFault.
        """
        ends = time.monotonic() + self.longest_s
        trimmed = False
        for _ in range(len(FIELDS) + 2):
            head = self._head(messages, tools) | ({"response_format": response_format} if response_format else {})
            answer = Answer(self._habits.thinks_first)
            try:
                async for piece in self._ask(head, messages, answer, ends):
                    yield piece
                return
            except ModelFault as fault:
                learnt = self._habits.learn(fault, set(head))
                shorter = not trimmed and self.history.learn(fault, messages)
                if answer.text or not (learnt or shorter):
                    raise
                trimmed = trimmed or shorter

    def _head(self, messages: list[BaseMessage], tools: orjson.Fragment | None) -> dict[str, Any]:
        """A request but for its messages. Raises ModelFault where tools are needed and the server knows none."""
        refuses = self._habits.refuses
        if tools and "tools" in refuses and not isinstance(messages[-1], ToolMessage):
            raise ModelFault("no_tools", retry=False, ours=True)
        limits = LIMITS if self.client.is_openai else LIMITS[::-1]
        limit = next((name for name in limits if name not in refuses), "")
        head: dict[str, Any] = {"model": self.model_name, "stream": True}
        head |= {"stream_options": {"include_usage": True}} if "stream_options" not in refuses else {}
        head |= {limit: self.most_written} if limit and self.most_written else {}
        return head | ({"tools": tools} if tools and "tools" not in refuses else {})

    async def _ask(
        self, head: dict[str, Any], messages: list[BaseMessage], answer: Answer, ends: float
    ) -> AsyncGenerator[ChatGenerationChunk]:
        begun, held = False, Held()
        try:
            sent = self.history.fit(messages)
            async with self.client.ask(self._body(head, sent, notes(messages)), ends) as stream:
                while (chunks := await stream.read()) is not None:
                    begun, now = True, time.monotonic()
                    if text := held.add(answer.take(chunks), now, last=answer.fault is not None):
                        yield _piece(text)
                    if answer.fault:
                        raise answer.fault
                    if answer.text:
                        await stream.rest(now + held.frame_s)
                await stream.drain()
            if text := held.add(answer.rest(), time.monotonic(), last=True):
                yield _piece(text)
            answer.usage = answer.usage or self._counted(sent, answer)
            last = answer.last(_ids(messages))
        except (Halted, ItemFailed):  # what a job is told is no fault of the answer
            raise
        except Exception as error:
            fault = fault_of(error)
            fault.usage = answer.usage or (self._counted(messages, answer) if begun else None)
            raise fault from error
        yield last

    def _body(self, head: dict[str, Any], messages: list[BaseMessage], known: str) -> bytes:
        reasons = self.client.is_openai and self.model_name[:1] == "o" and self.model_name[1:2].isdigit()
        system = "developer" if reasons else "system"
        return write_request(head, messages, known, system=system, tools="tools" not in self._habits.refuses)

    def _counted(self, messages: list[BaseMessage], answer: Answer) -> UsageMetadata:
        """Tokens as near as they can be told from outside; what tools are described by is not counted."""
        read = sum(self.count(message.text) for message in messages)
        written = self.count(answer.text + "".join(asked.arguments for asked in answer.calls))
        return UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)


def _piece(text: str) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=AIMessageChunk(content=text))


def _ids(messages: list[BaseMessage]) -> set[str]:
    """The ids that tool calls of the conversation bear."""
    return {call["id"] or "" for message in messages if isinstance(message, AIMessage) for call in message.tool_calls}
