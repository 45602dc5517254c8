"""Personal data does not reach a served model: it reads placeholders, tools and shoppers get what they stand for.

The conversation that is kept holds the shopper's own words; what a model reads is made anew for each call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.embedded.model import EmbeddedModel
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.outgoing import SentenceGate
from assistant.guardrails.placeholders import BEGUN, Placeholders
from assistant.speaking import show
from assistant.tracing import Masked, note
from knowledge.personal import Kind

NO_TOOL_NEEDS: tuple[Kind, ...] = ("card", "id")
"""Kinds that are never put back into what a tool is called with."""

SEARCHES = ("search_policies", "search_products")
"""Tools that look for texts: nothing personal is put back, for their words may go to a served embedder."""

PUBLIC = (*SEARCHES, "show_product", "compare_products")
"""Tools that tell what the shop publishes: its own addresses and telephone are nobody's personal data."""

NUMBERS = {
    "order_id", "item_id", "sku", "gtin", "product_id", "tracking_id", "tracking_numbers", "id", "operation_id",
    "reference",
}  # fmt: skip
"""Fields of tool results that number things. What stands there is not personal, though it may look like a card."""

Change = Callable[[str], str]

_HIDDEN: ContextVar[Placeholders | None] = ContextVar("hidden", default=None)
"""What the placeholders stand for that a model reads now."""


class MaskPersonalData(AgentMiddleware[Any, Any, Any]):
    """Shows a served model placeholders instead of personal data, and puts the data back into the tool calls and the
    answer it gives. The embedded model runs in this process and reads the conversation as it is.
    """

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """Mask, call the model, restore. Whoever shows the stream gets the placeholders before the first word."""
        if isinstance(request.model, EmbeddedModel):
            return await handler(request)
        placeholders = Placeholders(numbers_of(request.messages))
        masked = [masked_message(message, placeholders) for message in request.messages]
        note(Masked(placeholders.counts()))
        show(placeholders)
        token = _HIDDEN.set(placeholders)
        try:
            response = await handler(request.override(messages=masked))
        finally:
            _HIDDEN.reset(token)
        return replace(response, result=[restored_message(message, placeholders) for message in response.result])


def as_written(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Messages with what their placeholders stand for, while a model is asked: for one in this process that answers in
    place of a served one. It reads what the shopper wrote, and so can take up what they prove who they are by.
    """
    hidden = _HIDDEN.get()
    return [_changed_message(message, hidden.restore) for message in messages] if hidden else list(messages)


class RestoringGate(SentenceGate):
    """A sentence gate for text with placeholders: they are put back first, so that what is checked is what is shown.
    What may be the beginning of one waits for the rest.
    """

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._placeholders = Placeholders()
        self._held = ""

    def begin(self, placeholders: Placeholders) -> Iterator[str]:
        """A model begins to write, with these placeholders; yields what the one before left."""
        yield from super().feed(self._rest())
        self._placeholders = placeholders

    def feed(self, text: str) -> Iterator[str]:
        """Add streamed text; yields each sentence that is complete and may be shown."""
        text = self._held + text
        begun = BEGUN.search(text)
        end = begun.start() if begun else len(text)
        self._held = text[end:]
        yield from super().feed(self._placeholders.restore(text[:end]))

    def finish(self) -> Iterator[str]:
        """The last sentence."""
        yield from super().feed(self._rest())
        yield from super().finish()

    def _rest(self) -> str:
        left, self._held = self._held, ""
        return left


def masked_message(message: AnyMessage, placeholders: Placeholders) -> AnyMessage:
    """A message as a served model may read it."""
    private = isinstance(message, ToolMessage) and message.name not in PUBLIC
    if private or isinstance(message, AIMessage | HumanMessage):
        return cast(AnyMessage, _changed_message(message, placeholders.mask))
    return message


def restored_message(message: BaseMessage, placeholders: Placeholders) -> BaseMessage:
    """What a served model wrote, with what the placeholders stand for, as far as the tools it calls may know it."""
    if not isinstance(message, AIMessage):
        return message

    def of_tool(name: str) -> Change:
        if name in SEARCHES:
            return lambda text: text
        return lambda text: placeholders.restore(text, spare=NO_TOOL_NEEDS)

    return _changed_answer(message, placeholders.restore, of_tool)


def _changed_message(message: BaseMessage, change: Change) -> BaseMessage:
    if isinstance(message, AIMessage):
        return _changed_answer(message, change, lambda _: change)
    content = _changed(message.content, change)
    return message if content == message.content else message.model_copy(update={"content": content})


def _changed_answer(message: AIMessage, change: Change, of_tool: Callable[[str], Change]) -> AIMessage:
    calls = [{**call, "args": _changed(call["args"], of_tool(call["name"]))} for call in message.tool_calls]
    broken = [{**call, "args": of_tool("")(call["args"] or "")} for call in message.invalid_tool_calls]
    more = {name: value for name, value in message.additional_kwargs.items() if name != "tool_calls"}
    content = _changed(message.content, change)
    if content == message.content and calls == message.tool_calls and not broken and not message.additional_kwargs:
        return message
    update = {"content": content, "tool_calls": calls, "invalid_tool_calls": broken, "additional_kwargs": more}
    return message.model_copy(update=update)


def _changed(value: Any, change: Change) -> Any:
    """A value with each text in it changed; the names of fields stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _changed(part, change) for name, part in value.items()}
    return [_changed(part, change) for part in value] if isinstance(value, list) else value


def numbers_of(messages: Sequence[AnyMessage]) -> set[str]:
    """Numbers of orders, items and parcels that tools told in a conversation."""
    told = [message.artifact for message in messages if isinstance(message, ToolMessage)]
    return {text for artifact in told for text in _numbers(artifact, within=False)}


def _numbers(value: Any, *, within: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _numbers(part, within=name in NUMBERS)
    elif isinstance(value, list):
        for part in value:
            yield from _numbers(part, within=within)
    elif within and isinstance(value, str):
        yield value
