"""What the gate keeps back of a served model's answer is written anew, once. What fails again gives way to what is
known: the embedded model words what the tools told.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages.ai import add_usage

from assistant.embedded.model import WORDED, EmbeddedModel
from assistant.embedded.turn import REWRITE, begun
from assistant.embedded.wording import Words, marked
from assistant.guardrails.evidence import Evidence, Natures, claims_market
from assistant.guardrails.names import catalogue_of
from assistant.guardrails.outgoing import CUT, Failed, sift
from assistant.speaking import ask, show
from knowledge.locales import served_locales

log = logging.getLogger(__name__)

Handler = Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]


WITHHELD = marked("I could not back up an answer with the shop's information, so I would rather not give one. Shall I"
                  " hand you over to a person?")  # fmt: skip


@dataclass(frozen=True)
class Anew:
    """Told to whoever shows the stream: what was kept back is about to be written anew."""


class RewriteUnborne(AgentMiddleware[Any, Any, Any]):
    """Asks a served model once more for the sentences of its final answer that may not be shown, if the turn has a call
    left. `known` is the embedded model, `most_calls` the calls of one turn, `note` what the model is asked, with places
    for what {failed} and its {language}, `natures` tells what a sentence means.
    """

    def __init__(self, known: BaseChatModel, most_calls: int, note: str, natures: Natures = ()) -> None:
        super().__init__()
        self._note = note
        self._natures = natures
        self._known = known
        self._most_calls = most_calls

    async def awrap_model_call(self, request: ModelRequest[Any], handler: Handler) -> ModelResponse[Any]:
        """Call the model; where its answer fails in part, have that part written anew."""
        response = await handler(request)
        answer = response.result[-1]
        if isinstance(request.model, EmbeddedModel) or not isinstance(answer, AIMessage) or not _is_final(answer):
            return response
        context = request.runtime.context
        names, market = await catalogue_of(context.shop), claims_market(context.session)
        evidence = Evidence.of(request.messages, context.today, names, market, self._natures)
        first = sift(answer.text, evidence)
        failed = [one for one in first.failed if not (answer.additional_kwargs.get(CUT) and _is_half(one))]
        if not failed:
            return response if first.failed else _sourced(response, answer, first.kept)
        show(Anew())
        more, texts = await self._anew(request, handler, answer, failed, evidence)
        written = [text.strip() for text in (first.kept, *texts) if text.strip()]
        return replace(response, result=[*response.result[:-1], _joined(answer, more, "\n\n".join(written))])

    async def _anew(
        self, request: ModelRequest[Any], handler: Handler, answer: AIMessage, failed: list[Failed], evidence: Evidence
    ) -> tuple[list[AIMessage], list[str]]:
        """The messages that came of it, and what of them is shown."""
        more: list[AIMessage] = []
        texts: list[str] = []
        if _calls_made(request.messages) + 1 < self._most_calls:
            messages = [*request.messages, _marked(answer), _request_for(failed, evidence.language, self._note)]
            response = await handler(request.override(messages=messages, tools=[]))
            more = [message for message in response.result if isinstance(message, AIMessage)]
            second = sift("\n".join(message.text for message in more), evidence)
            texts.append(second.kept)
            if not second.failed and second.kept.strip():
                return more, texts
        log.warning("sentences gave way to what is known", extra={"count": len(failed)})
        show(Anew())
        if not _was_told(request.messages):
            return more, [*texts, Words(evidence.language).say(WITHHELD)]
        known = await ask(self._known, request.messages)
        evidence.worded = True
        return [*more, known], [*texts, sift(known.text, evidence).kept]


def _sourced(response: ModelResponse[Any], answer: AIMessage, kept: str) -> ModelResponse[Any]:
    """An answer that is kept with the sources it was shown with: what it cites stays evidence for later turns."""
    if kept.strip() == answer.text.strip():
        return response
    return replace(response, result=[*response.result[:-1], answer.model_copy(update={"content": kept})])


def _is_half(failed: Failed) -> bool:
    """Whether a sentence was broken off, where a stream was cut."""
    return failed.text.rstrip()[-1:] not in (*".!?。！？؟",)


def _was_told(messages: Sequence[AnyMessage]) -> bool:
    """Whether a tool told anything in the turn these messages end in."""
    told = [message.artifact for message in messages[begun(messages) :] if isinstance(message, ToolMessage)]
    return any(isinstance(artifact, dict) and artifact.get("status") != "failed" for artifact in told)


def _is_final(answer: AIMessage) -> bool:
    """Whether an answer is a served model's last word of the turn: the embedded one invents nothing."""
    return not answer.tool_calls and bool(answer.text.strip()) and not answer.additional_kwargs.get(WORDED)


def _calls_made(messages: Sequence[AnyMessage]) -> int:
    """Calls of a model in the turn these messages end in."""
    return sum(isinstance(message, AIMessage) for message in messages[begun(messages) :])


def _request_for(failed: Sequence[Failed], language: str, note: str) -> HumanMessage:
    listed = "\n".join(f"- {' '.join(one.text.split())} ({'; '.join(one.reasons)})" for one in failed)
    name = served_locales()[language].name if language in served_locales() else language
    text = note.format(failed=listed, language=name)
    return HumanMessage(text, additional_kwargs={REWRITE: True, "language": language})


def _marked(answer: AIMessage) -> AIMessage:
    return answer.model_copy(update={"additional_kwargs": {**answer.additional_kwargs, REWRITE: True}})


def _joined(answer: AIMessage, more: Sequence[AIMessage], text: str) -> AIMessage:
    """One message for the conversation: what was shown, and what all of it took."""
    usage, about, kwargs = answer.usage_metadata, dict(answer.response_metadata), dict(answer.additional_kwargs)
    for message in more:
        usage = add_usage(usage, message.usage_metadata)
        about = _summed(about, message.response_metadata)
        kwargs |= message.additional_kwargs
    update = {"content": text, "usage_metadata": usage, "response_metadata": about, "additional_kwargs": kwargs}
    return answer.model_copy(update=update)


def _summed(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What two calls say about themselves; what they took is added up."""
    counts = {
        name: {key: held.get(key, 0) + value for key, value in other[name].items()}
        for name, held in one.items()
        if isinstance(held, dict) and isinstance(other.get(name), dict) and _all_numbers(held, other[name])
    }
    return {**other, **one, **counts}


def _all_numbers(*tables: dict[str, Any]) -> bool:
    return all(isinstance(value, int | float) for table in tables for value in table.values())
