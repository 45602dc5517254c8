"""One turn, whole: `Assistant.reply(message, session)` yields events as they happen. All a channel needs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any, cast

from langchain_core.messages import AnyMessage, HumanMessage, RemoveMessage
from langchain_core.runnables import RunnableConfig
from langgraph.graph.message import REMOVE_ALL_MESSAGES

from assistant.agent import Agent
from assistant.confirming import Answered, Answering, answers_in, asks_more, reopened, take_answers
from assistant.embedded.wording import Words, marked
from assistant.events import (
    ActionShown,
    Event,
    Failed,
    Finished,
    Sentence,
    Step,
    StepDone,
)
from assistant.guardrails.evidence import Evidence, Natures, claims_market
from assistant.guardrails.incoming import MessageRefused, admit
from assistant.guardrails.names import Catalogue, catalogue_of
from assistant.guardrails.screen import ScreenedGate
from assistant.matters import Matters, open_matters, remember
from assistant.memory.keeping import kept
from assistant.memory.notes import told_beside
from assistant.mending import forget, forget_all, mend, name_of
from assistant.persons import catch_up, pass_on
from assistant.roles import MOST_MODEL_CALLS, instructions
from assistant.speaking import parts_of
from assistant.steps import step_words
from assistant.summary import summarize
from assistant.telling import Talk, tell, tell_end
from assistant.tracing import Broke, Keeper, Observer, Refused, current_id, note, watched
from knowledge.language import Guess, detect_language
from knowledge.locales import served_locales
from tools.actions.ledger import LedgerUnavailable
from tools.context import Role, Session, ToolContext

log = logging.getLogger(__name__)

MOST_STEPS = 3 * MOST_MODEL_CALLS
"""Steps of the agent's graph in one turn: two for each call of a model, so the limit of calls is met first."""

CODE = "code"
"""The engine of an answer no model made: what became of an action."""

REFUSALS = {
    "empty": marked("I did not get any text. Please type your question."),
    "too_long": marked("That message is too long for me. Please put your question in a few sentences."),
    "not_text": marked("I could not read that as text. Please type your question."),
}
FAULT = marked("Something went wrong on our side, and nothing was changed. Please try again, or ask for a person.")


class Assistant:
    """Answers messages. One turn at a time in a conversation; conversations do not wait for each other."""

    def __init__(
        self,
        agents: Callable[[Role], Agent],
        context: Callable[[Session], Awaitable[ToolContext]],
        engine: str,
        remember: Callable[[Session], Awaitable[None]],
        observers: Iterable[Observer] = (),
        natures: Natures = (),
    ) -> None:
        self._agents = agents
        self._context = context
        self._engine = engine
        self._remember = remember
        self._natures = natures
        self.observers = list(observers)
        self._locks: dict[str, asyncio.Lock] = {}

    async def reply(self, message: str, session: Session, turn: str = "") -> AsyncGenerator[Event]:
        """The events of one turn, ending in Finished or Failed. Never raises. Closed before its end, it leaves a whole
        history; `turn` names it, so that it can be forgotten. What a Step names has not begun when the Step is told.
        """
        lock = self._locks.setdefault(session.id, asyncio.Lock())
        told = watched(self._turn(message, session, turn), message, session, self.observers)
        async with lock, aclosing(told):
            async for event in told:
                yield event
        if not lock.locked() and len(self._locks) > 1000:
            self._locks.pop(session.id, None)

    async def forget(self, session: Session, turn: str) -> None:
        """Take a turn of which nothing was shown out of the conversation."""
        await forget(self._agents(session.role), _config(session), turn)

    async def erase(self, session: Session) -> None:
        """Forget a conversation: what the agent remembers of it, and what observers kept."""
        await forget_all(self._agents(session.role), _config(session))
        for observer in self.observers:
            if isinstance(observer, Keeper):
                await observer.erase([session.id])

    async def tells_of(self, session: Session, marks: Collection[str]) -> bool:
        """Whether what the agent remembers of a conversation holds one of these texts."""
        state = await self._agents(session.role).aget_state(_config(session))
        told = str(state.values.get("messages", ""))
        return any(mark in told for mark in marks)

    async def _turn(self, message: str, session: Session, turn: str) -> AsyncGenerator[Event]:
        started = time.perf_counter()
        try:
            text = admit(message)
        except MessageRefused as refusal:
            note(Refused(refusal.code))
            yield Sentence(Words(session.language).say(REFUSALS[refusal.code]))
            yield Finished(session.language, self._engine, {}, _milliseconds(started))
            return
        session = _in_language(session, detect_language(text, session.language))
        try:
            async with aclosing(self._run(text, session, turn)) as told:
                async for event in told:
                    yield event
        except Exception as error:
            note(Broke(type(error).__name__))
            log.error("turn failed", exc_info=error)
            yield Failed(Words(session.language).say(FAULT), "fault", current_id())

    async def _run(self, text: str, session: Session, turn: str) -> AsyncGenerator[Event]:
        await self._remember(session)
        context = await self._context(session)
        agent, config = self._agents(session.role), _config(session)
        handoff = await context.handoffs.last(session.id)
        if handoff and handoff.status == "claimed":
            async with aclosing(pass_on(context, handoff, text)) as passed:
                async for event in passed:
                    yield event
            return
        message = HumanMessage(text, id=name_of(turn), additional_kwargs=told_beside(session, context.today))
        held = await mend(agent, config)
        held = kept([*held, *(await catch_up(agent, config, context) if handoff else [])])
        if self._engine == "embedded" and _is_unserved(message) and not any(map(_is_unserved, held)):
            yield Sentence(_unserved(session.language))
        answers = await answers_in(context, held, text)
        if answers and asks_more(text, session.language):
            done = await take_answers(context, answers)
            for event in _taken_back(done):
                yield event
            held, answers = [*held, *reopened(done, session)], []
        given: list[AnyMessage] = [*held, message]
        way = self._act(agent, context, given, answers) if answers else self._ask(agent, context, given)
        async with aclosing(way) as told:
            async for event in told:
                yield event

    async def _act(
        self, agent: Agent, context: ToolContext, given: list[AnyMessage], answers: list[Answering]
    ) -> AsyncGenerator[Event]:
        """The shopper said yes or no to what was quoted: code does it."""
        started, session = time.perf_counter(), context.session
        call_id = f"confirm-{answers[0].entry.operation_id}"
        yield Step("confirm_action", step_words("confirm_action", session.language), call_id)
        done = await take_answers(context, answers)
        await agent.aupdate_state(_config(session), _instead([*given, *done.messages]), as_node="model")
        yield StepDone("confirm_action", call_id, done.told[0].get("status", "failed"))
        for told in done.told:
            yield ActionShown(told)
        yield Sentence(done.said)
        for entry in done.entries:
            await context.clerk.ledger.note_told(entry)
        waits = tuple(told["operation_id"] for told in done.told if told.get("status") == "needs_confirmation")
        yield Finished(session.language, CODE, {}, _milliseconds(started), waits)

    async def _ask(self, agent: Agent, context: ToolContext, given: list[AnyMessage]) -> AsyncGenerator[Event]:
        """The agent answers what is given: what is kept of the conversation, and the message."""
        message = cast(HumanMessage, given[-1])
        names = Catalogue() if self._engine == "embedded" else await catalogue_of(context.shop)
        evidence = Evidence.of(given, context.today, names, claims_market(context.session), self._natures)
        gate = ScreenedGate(evidence, instructions(context.session.role))
        talk = Talk(context.session, evidence, gate, engine=self._engine)
        config = _config(context.session)
        work = partial(
            agent.ainvoke, _instead(given), config, context=context, stream_mode="updates", durability="exit"
        )
        try:
            async with aclosing(parts_of(work)) as parts:
                async for part in parts:
                    for event in tell(part, talk):
                        yield event
        except BaseException:
            await mend(agent, config, [message, *talk.messages], "".join(talk.shown).strip())
            raise
        if talk.handed_over:
            await self.summarize(context)
        for event in tell_end(talk):
            yield event
        matters = await self._matters(context, talk, first=len(given) == 1)
        for event in matters.events():
            yield event
        await remember(agent, config, context, matters)
        waits = (*talk.offers, *matters.reminded)
        yield Finished(talk.session.language, talk.engine, talk.usage, _milliseconds(talk.started), waits)

    async def _matters(self, context: ToolContext, talk: Talk, first: bool) -> Matters:
        try:
            return await open_matters(context, "".join(talk.shown), tuple(talk.offers), first)
        except LedgerUnavailable as error:
            log.warning("open matters could not be told: %s", error)
            return Matters()

    async def summarize(self, context: ToolContext) -> None:
        """Keep what the person for whom the shopper waits should know."""
        session = context.session
        handoff = await context.handoffs.last(session.id)
        if handoff is None:
            return
        state = await self._agents(session.role).aget_state(_config(session))
        entries = await context.clerk.ledger.entries(session_id=session.id)
        told = summarize(session, state.values.get("messages", []), entries)
        await context.handoffs.summarize(handoff.id, told)


def _taken_back(done: Answered) -> list[Event]:
    """What is shown of quotes a shopper said no to, before what else they asked is answered."""
    return [*map(ActionShown, done.told), Sentence(f"{done.said}\n\n")]


def _instead(messages: list[AnyMessage]) -> dict[str, Any]:
    """What puts these messages in the place of those that were stored."""
    return {"messages": [RemoveMessage(REMOVE_ALL_MESSAGES), *messages]}


def _config(session: Session) -> RunnableConfig:
    return {"configurable": {"thread_id": session.id}, "recursion_limit": MOST_STEPS}


def _is_unserved(message: AnyMessage) -> bool:
    """Whether a message is the shopper's, in a language that we do not serve."""
    guess = detect_language(message.text, message.additional_kwargs.get("language"))
    return isinstance(message, HumanMessage) and bool(guess.language) and not guess.served


def _unserved(language: str) -> str:
    """Which languages there are, to someone who writes in another."""
    names = ", ".join(locale.name for locale in served_locales().values())
    return Words(language).say("I can answer in these languages: {languages}.", languages=names) + "\n\n"


def _in_language(session: Session, guess: Guess) -> Session:
    """The session in the language of the message; a language we do not serve is answered in the session's."""
    return replace(session, language=guess.language) if guess.served and guess.language else session


def _milliseconds(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
