"""A shopper's yes or no to what was quoted in the last turn. Code takes it: no model can give it, and none is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from assistant.answers import Answer, answer_of, refuses
from assistant.embedded.action_words import wanted_action
from assistant.embedded.turn import LEFT_OPEN
from assistant.guardrails.hidden import visible
from assistant.matters import REMINDED, title_of
from tools.actions.decisions import confirm, consent_of, show_again, take_back
from tools.actions.ledger import Entry
from tools.context import Session, ToolContext
from tools.offers import asker_of, tell_result, who_of
from tools.results import Told

INTENTS = ("order_change", "return_request")
"""What a message that asks for an action can be about."""

CORRECTABLE = ("change_order_address", "change_payment_method", "pause_subscription")
"""Actions that carry out what the shopper wrote: a no may be to that alone."""


def offered_in(messages: Sequence[AnyMessage]) -> list[str]:
    """The operations that the last turn quoted and that wait for a yes, in the order they were shown."""
    found: list[str] = []
    for message in _last_turn(messages):
        told = message.artifact if isinstance(message, ToolMessage) else None
        if isinstance(told, dict) and told.get("status") == "needs_confirmation":
            found.append(str(told.get("operation_id", "")))
    return list(dict.fromkeys(found))


def reminded_in(messages: Sequence[AnyMessage]) -> list[str]:
    """The operations the last turn said were still waiting for a yes or no."""
    told = [message for message in _last_turn(messages) if isinstance(message, AIMessage)]
    return [operation for message in told for operation in message.additional_kwargs.get(REMINDED, [])]


def _last_turn(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    begun = [place for place, message in enumerate(messages) if isinstance(message, HumanMessage)]
    return list(messages[begun[-1] :]) if begun else []


def unshown(offers: Sequence[str], answer: str) -> list[str]:
    """Quotes that an answer does not show word for word: code shows them, for a yes is a yes to what was read."""
    read = "".join(answer.split())
    shown = [{"".join(text.split()) for text in (offer, visible(offer))} for offer in offers]  # marks of direction go
    return [f"\n\n{offer}" for offer, texts in zip(offers, shown, strict=True) if not any(t in read for t in texts)]


@dataclass(frozen=True)
class Answered:
    """What was done on a yes or no: as told for each action, and as the conversation keeps it."""

    told: list[dict[str, Any]]
    messages: list[AnyMessage]
    entries: list[Entry]

    @property
    def said(self) -> str:
        """For the shopper."""
        return "\n\n".join(str(told.get("message", "")) for told in self.told)


@dataclass(frozen=True)
class Answering:
    """A yes or no to what an entry of the ledger quotes. A yes that comes late has the quote shown again: `again`."""

    entry: Entry
    answer: Answer
    again: bool = False


async def answers_in(context: ToolContext, held: Sequence[AnyMessage], text: str) -> list[Answering]:
    """What a message answers that is a mere yes, or begins with a no, to what the last turn quoted or reminded of;
    nothing where it is not. A nod is no yes to what nobody asked for.
    """
    answer = answer_of(text) or ("no" if refuses(text) else None)
    if answer is None:
        return []
    late = [] if offered_in(held) else reminded_in(held)
    found = [await context.clerk.ledger.find(operation) for operation in offered_in(held) or late]
    ours = [entry for entry in found if entry is not None and entry.asker["who"] == who_of(context.session)]
    again = bool(late) and answer != "no"
    return [Answering(entry, answer, again) for entry in ours if answer != "nod" or _was_asked(entry, held)]


def asks_more(text: str, language: str) -> bool:
    """Whether behind its no a message asks for something else: an action, or what has a number, like an address."""
    wants = any(wanted_action(intent, text, language) for intent in INTENTS)
    return answer_of(text) is None and refuses(text) and (wants or any(map(str.isdigit, text)))


async def take_answers(context: ToolContext, answers: Iterable[Answering]) -> Answered:
    """Do what the shopper said yes to, and take back what they said no to."""
    done = {answering.entry.operation_id: await _take(context, answering) for answering in answers}
    found = [await context.clerk.ledger.find(operation) for operation in done]
    return Answered([told for _, told in done.values()], _kept(done), [entry for entry in found if entry])


def _was_asked(entry: Entry, held: Sequence[AnyMessage]) -> bool:
    """Whether the shopper asked for an action in so many words, in this conversation."""
    said = [message for message in held if isinstance(message, HumanMessage)]
    return any(
        wanted_action(intent, message.text, message.additional_kwargs.get("language", "en")) == entry.name
        for message in said for intent in INTENTS
    )  # fmt: skip


def reopened(done: Answered, session: Session) -> list[AnyMessage]:
    """What the conversation keeps of quotes taken back, the first one's request left open without what it said: what
    stands behind the no completes it anew.
    """
    *before, last = done.messages
    named = [(entry, title_of(entry, session)) for entry in done.entries]
    left = [
        {"intent": intent, "text": title, "order_id": entry.order_id or str(entry.quote.get("order_id", ""))}
        for entry, title in named for intent in INTENTS
        if entry.name in CORRECTABLE and wanted_action(intent, title, session.language) == entry.name
    ]  # fmt: skip
    return [*before, last.model_copy(update={"additional_kwargs": {LEFT_OPEN: next(iter(left), {})}})]


async def _take(context: ToolContext, answering: Answering) -> Told:
    entry, who = answering.entry, who_of(context.session)
    if answering.again:
        outcome = await show_again(context.clerk, entry.operation_id, who)
    elif answering.answer == "no":
        outcome = await take_back(context.clerk, entry.operation_id, who)
    else:
        outcome = await confirm(context.clerk, consent_of(entry), asker_of(context.session), who)
    return await tell_result(context, entry.name, outcome, entry.arguments)


def _kept(done: dict[str, Told]) -> list[AnyMessage]:
    """Calls that code made, what became of them, and what was said."""
    calls = [tool_call(name="confirm_action", args={}, id=f"confirm-{operation}") for operation in done]
    results = [
        ToolMessage(content, name="confirm_action", tool_call_id=f"confirm-{operation}", artifact=_without_token(told))
        for operation, (content, told) in done.items()
    ]
    said = "\n\n".join(str(told.get("message", "")) for _, told in done.values())
    return [AIMessage("", tool_calls=calls), *results, AIMessage(said)]


def _without_token(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "token"}
