"""One turn, whole: `Assistant.reply(message, session)` yields events as they happen. All a channel needs."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import StreamMode

from assistant.agent import Agent
from assistant.confirming import answer_offers, unshown
from assistant.embedded.wording import Words, marked
from assistant.events import (
    ActionShown,
    Cards,
    Citations,
    Event,
    Failed,
    Finished,
    HandedOver,
    Identify,
    OrderShown,
    Sentence,
    Step,
    StepDone,
)
from assistant.guardrails.incoming import MessageRefused, admit
from assistant.guardrails.outgoing import CUT, Evidence
from assistant.guardrails.placeholders import Placeholders
from assistant.guardrails.screen import ScreenedGate
from assistant.roles import MOST_MODEL_CALLS, instructions
from assistant.steps import step_words
from knowledge.language import Guess, detect_language
from knowledge.locales import served_locales
from tools.context import Role, Session, ToolContext

log = logging.getLogger(__name__)

MOST_STEPS = 5 * MOST_MODEL_CALLS
"""Steps of the agent's graph in one turn: four for each call of a model, so the limit of calls is met first."""

CODE = "code"
"""The engine of an answer no model made: what became of an action."""

REFUSALS = {
    "empty": marked("I did not get any text. Please type your question."),
    "too_long": marked("That message is too long for me. Please put your question in a few sentences."),
    "not_text": marked("I could not read that as text. Please type your question."),
}
FAULT = marked("Something went wrong on our side, and nothing was changed. Please try again, or ask for a person.")
WITHHELD = marked("I could not back up an answer with the shop's information, so I would rather not give one. Shall I"
                  " hand you over to a person?")  # fmt: skip


@dataclass
class Talk:
    """What is gathered while one turn runs."""

    session: Session
    evidence: Evidence
    gate: ScreenedGate
    message: HumanMessage
    started: float = field(default_factory=time.perf_counter)
    shown: list[str] = field(default_factory=list)
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)
    engine: str = ""
    speaking: str | None = None
    offers: dict[str, str] = field(default_factory=dict)


class Assistant:
    """Answers messages. One turn at a time in a conversation; conversations do not wait for each other."""

    def __init__(
        self,
        agents: Callable[[Role], Agent],
        context: Callable[[Session], Awaitable[ToolContext]],
        engine: str,
        remember: Callable[[Session], Awaitable[None]],
    ) -> None:
        self._agents = agents
        self._context = context
        self._engine = engine
        self._remember = remember
        self._locks: dict[str, asyncio.Lock] = {}

    async def reply(self, message: str, session: Session) -> AsyncIterator[Event]:
        """The events of one turn, ending in Finished or Failed. Never raises."""
        lock = self._locks.setdefault(session.id, asyncio.Lock())
        async with lock:
            async for event in self._turn(message, session):
                yield event
        if not lock.locked() and len(self._locks) > 1000:
            self._locks.pop(session.id, None)

    async def _turn(self, message: str, session: Session) -> AsyncIterator[Event]:
        started = time.perf_counter()
        try:
            text = admit(message)
        except MessageRefused as refusal:
            yield Sentence(Words(session.language).say(REFUSALS[refusal.code]))
            yield Finished(session.language, self._engine, {}, _milliseconds(started))
            return
        guess = detect_language(text, session.language)
        session = _in_language(session, guess)
        if guess.language and not guess.served and self._engine == "embedded":
            yield Sentence(_unserved(session.language))
        try:
            async for event in self._run(text, session):
                yield event
        except Exception as error:
            trace = uuid.uuid4().hex[:12]
            log.error("turn failed", exc_info=error, extra={"trace": trace, "session": session.id})
            yield Failed(Words(session.language).say(FAULT), "fault", trace)

    async def _run(self, text: str, session: Session) -> AsyncIterator[Event]:
        started = time.perf_counter()
        await self._remember(session)
        context = await self._context(session)
        agent = self._agents(session.role)
        config: RunnableConfig = {"configurable": {"thread_id": session.id}, "recursion_limit": MOST_STEPS}
        message = HumanMessage(text, additional_kwargs={"language": session.language, "market": session.market})
        held: list[AnyMessage] = (await agent.aget_state(config)).values.get("messages", [])
        if done := await answer_offers(context, held, text):
            await agent.aupdate_state(config, {"messages": [message, *done.messages]}, as_node="model")
            for told in done.told:
                yield ActionShown(told)
            yield Sentence(done.said)
            yield Finished(session.language, CODE, {}, _milliseconds(started))
            return
        evidence = Evidence.of([*held, message])
        talk = Talk(session, evidence, ScreenedGate(evidence, instructions(session.role)), message, engine=self._engine)
        modes: list[StreamMode] = ["messages", "updates", "custom"]
        async for mode, part in agent.astream({"messages": [message]}, config, context=context, stream_mode=modes):
            for event in PARTS[mode](part, talk):
                yield event
        for event in _ending(talk):
            yield event


def _unserved(language: str) -> str:
    """Which languages there are, to someone who writes in another."""
    names = ", ".join(locale.name for locale in served_locales().values())
    return Words(language).say("I can answer in these languages: {languages}.", languages=names) + "\n\n"


def _in_language(session: Session, guess: Guess) -> Session:
    """The session in the language of the message; a language we do not serve is answered in the session's."""
    return replace(session, language=guess.language) if guess.served and guess.language else session


def _messages(part: Any, talk: Talk) -> list[Event]:
    """Streamed text: only what the model writes, never what a tool returned."""
    chunk, _ = part
    if not isinstance(chunk, AIMessageChunk):
        return []
    if chunk.additional_kwargs.get(CUT):
        talk.gate.cut()
        return []
    before = talk.gate.finish() if chunk.id != talk.speaking else ()
    talk.speaking = chunk.id
    return _shown((*before, *talk.gate.feed(chunk.text)), talk)


def _begun(part: Any, talk: Talk) -> list[Event]:
    """A served model is about to write: what the placeholders in its text stand for."""
    return _shown(talk.gate.begin(part), talk) if isinstance(part, Placeholders) else []


def _shown(sentences: Any, talk: Talk) -> list[Event]:
    found: list[Event] = []
    for sentence in sentences:
        talk.shown.append(sentence)
        found.append(Sentence(sentence))
    return found


def _updates(part: Any, talk: Talk) -> list[Event]:
    """Finished steps of the graph: tool calls the model asked for, and what tools told."""
    events: list[Event] = []
    for update in part.values():
        for message in (update or {}).get("messages", []) if isinstance(update, dict) else []:
            if isinstance(message, AIMessage):
                events += _called(message, talk)
            elif isinstance(message, ToolMessage):
                events += _told(message, talk)
    return events


def _called(message: AIMessage, talk: Talk) -> list[Event]:
    for name, count in (message.usage_metadata or {}).items():
        if isinstance(count, int):
            talk.usage[name] = talk.usage.get(name, 0) + count
    talk.engine = str(message.response_metadata.get("model_name") or talk.engine)
    events: list[Event] = []
    for call in message.tool_calls:
        talk.asked[call["id"] or ""] = call["args"]
        events.append(Step(call["name"], step_words(call["name"], talk.session.language), call["id"] or ""))
    return events


def _told(message: ToolMessage, talk: Talk) -> list[Event]:
    told: dict[str, Any] = message.artifact if isinstance(message.artifact, dict) else {"status": "failed"}
    talk.evidence.add_told(told)
    talk.products |= {product["product_id"]: product for product in told.get("products", [])}
    arguments = talk.asked.get(message.tool_call_id, {})
    events: list[Event] = [StepDone(message.name or "", message.tool_call_id, told.get("status", "failed"), arguments)]
    if told.get("status") == "ok" and told.get("order"):
        events.append(OrderShown(told["order"]))
    if "email_or_postcode" in told.get("missing", []):
        events.append(Identify(tuple(told["missing"]), str(told.get("order_id", ""))))
    if told.get("operation_id"):
        events.append(ActionShown(told))
        talk.offers |= {told["operation_id"]: told["message"]} if told["status"] == "needs_confirmation" else {}
    if message.name == "hand_to_person" and told.get("status") == "ok":
        events.append(HandedOver(told["reference"], told["open_now"], told["email"]))
    return events


PARTS: dict[str, Callable[[Any, Talk], list[Event]]] = {"messages": _messages, "updates": _updates, "custom": _begun}
"""What becomes of each part of the agent's stream."""


def _ending(talk: Talk) -> list[Event]:
    """What closes a turn: the last sentence, the sources, the products it names."""
    events = _shown(talk.gate.finish(), talk)
    words = Words(talk.session.language)
    if not "".join(talk.shown).strip():
        events += _shown([words.say(WITHHELD)], talk)
    events += _shown(unshown(talk.offers.values(), "".join(talk.shown)), talk)
    answer = "".join(talk.shown)
    if talk.gate.citations:
        events.append(Citations(talk.gate.citations))
    named = tuple(product for product in talk.products.values() if product["name"] in answer)
    if named:
        events.append(Cards(named[:4]))
    if kept_back := len(talk.gate.dropped) + talk.gate.screened:
        log.warning("sentences withheld", extra={"count": kept_back, "session": talk.session.id})
    ended = _milliseconds(talk.started)
    events.append(Finished(talk.session.language, talk.engine, talk.usage, ended, tuple(talk.offers)))
    return events


def _milliseconds(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
