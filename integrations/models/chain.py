"""Models in the order they are asked, ending in one that always answers: an outage degrades, it does not silence."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk

from assistant.guardrails.outgoing import CUT
from assistant.guardrails.personal_data import as_written
from assistant.tracing import ModelAsked, note
from integrations.models.breaker import Breaker
from integrations.models.budget import SPENT, Budget, Use
from integrations.models.faults import ModelFault
from integrations.models.streaming import StreamingModel, Tools, pieces_of

log = logging.getLogger(__name__)


MOST_LETTERS = 12_000
"""Letters of one answer: more is a model that does not come to an end."""

MOST_TOOL_CALLS = 16
"""Tool calls of one answer: more is no question but a flood, and none of them is run."""


@dataclass(frozen=True)
class Patience:
    """How often a model is asked again after a fault that may pass, and how long is waited: twice as long each time, or
    as long as the server asks where that is no more than `most_s`.
    """

    retries: int = 2
    pause_s: float = 0.5
    most_s: float = 8.0

    def pause(self, fault: ModelFault, attempt: int) -> float | None:
        """Seconds until the next attempt (the first is 0); None where there is none."""
        if not fault.is_retryable or attempt >= self.retries:
            return None
        if fault.after is not None:
            return fault.after if fault.after <= self.most_s else None
        return self.pause_s * float(2**attempt) * random.uniform(0.75, 1.25)  # noqa: S311


@dataclass
class Link:
    """A served model, the name it is configured by, and its circuit."""

    name: str
    model: BaseChatModel
    breaker: Breaker = field(default_factory=Breaker)


@dataclass
class Tally:
    """What one call of the chain has come to so far."""

    use: Use = field(default_factory=Use)
    said: bool = False
    letters: int = 0
    done: bool = False
    began: float = 0.0
    first: float | None = None


class ModelChain(StreamingModel):
    """Asks each link in turn until one answers whole; `last` answers where none did. One message comes of it, with what
    a failed link had already said at its beginning and never a tool call of it; its response_metadata name who
    answered (`model_name`) and what all attempts took.
    """

    links: list[Link]
    last: BaseChatModel
    last_name: str = "embedded"
    budget: Budget
    patience: Patience

    @property
    def _llm_type(self) -> str:
        return "chain"

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        *,
        tools: Tools = (),
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        tally = Tally()
        for link in self.links:
            async for piece in self._ask(link, messages, tools, tally):
                yield piece
            if tally.done:
                return
        async for piece in pieces_of(self.last, as_written(messages), tools):
            yield _signed(piece, self.last_name, tally.use)

    async def _ask(
        self, link: Link, messages: list[BaseMessage], tools: Tools, tally: Tally
    ) -> AsyncIterator[ChatGenerationChunk]:
        """What a link says, asked again while nothing of it was heard and its fault may pass."""
        for attempt in itertools.count():
            tally.began, tally.first = time.perf_counter(), None
            if why := await self._passed_over(link, messages, tally):
                note(ModelAsked(link.name, why, tally.began, tally.began))
                return
            try:
                async with aclosing(pieces_of(link.model, messages, tools)) as pieces:
                    async for piece in pieces:
                        yield await self._passed_on(piece, link, tally)
                return
            except ModelFault as error:
                fault = error
            await self._failed(link, fault, tally)
            if tally.said:
                tally.said = False
                yield ChatGenerationChunk(message=AIMessageChunk(content="\n\n", additional_kwargs={CUT: True}))
                return
            pause = self.patience.pause(fault, attempt)
            if pause is None:
                return
            await asyncio.sleep(pause)

    async def _passed_over(self, link: Link, messages: list[BaseMessage], tally: Tally) -> str:
        """Why a link is not asked: budget, breaker; '' where it is."""
        if not await self.budget.allows(messages, tally.use):
            return "budget"
        return "" if link.breaker.allows() else "breaker"

    async def _passed_on(self, piece: ChatGenerationChunk, link: Link, tally: Tally) -> ChatGenerationChunk:
        tally.said = tally.said or bool(piece.text.strip())
        tally.first = tally.first or time.perf_counter()
        tally.letters += len(piece.text)
        if tally.letters > MOST_LETTERS or len(getattr(piece.message, "tool_call_chunks", ())) > MOST_TOOL_CALLS:
            raise ModelFault("endless", retry=False)
        if not _is_last(piece):
            return piece
        usage = cast(AIMessageChunk, piece.message).usage_metadata
        use = await self.budget.note(link.name, usage)
        tally.use += use
        note(_asked(link, "answered", tally, usage, use, piece.message.response_metadata))
        tally.done = True
        link.breaker.succeeded()
        return _signed(piece, link.name, tally.use)

    async def _failed(self, link: Link, fault: ModelFault, tally: Tally) -> None:
        if not fault.ours:
            link.breaker.failed()
        use = await self.budget.note(link.name, fault.usage)
        tally.use += use
        note(_asked(link, fault.kind, tally, fault.usage, use, {}))
        cause = type(fault.__cause__ or fault).__name__
        log.warning("model failed", extra={"model": link.name, "kind": fault.kind, "cause": cause})


def _asked(
    link: Link, outcome: str, tally: Tally, usage: UsageMetadata | None, use: Use, about: dict[str, Any]
) -> ModelAsked:
    read, written = (usage["input_tokens"], usage["output_tokens"]) if usage else (0, 0)
    cached = (usage.get("input_token_details") or {}).get("cache_read") or 0 if usage else 0
    return ModelAsked(
        link.name, outcome, tally.began, time.perf_counter(), tally.first, read, cached, written, use.microdollars,
        str(about.get("finish_reason") or ""), str(about.get("model_name") or ""),
    )  # fmt: skip


def _is_last(piece: ChatGenerationChunk) -> bool:
    return getattr(piece.message, "chunk_position", None) == "last"


def _signed(piece: ChatGenerationChunk, name: str, use: Use) -> ChatGenerationChunk:
    """A piece that, where it is the last, says who answered and what all attempts took."""
    if _is_last(piece):
        about = piece.message.response_metadata
        piece.message.response_metadata = {"model_name": name, **about, SPENT: asdict(use)}
    return piece
