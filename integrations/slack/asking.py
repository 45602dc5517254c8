"""Answering colleagues: in a direct message with all they may see, in a channel only with what everybody may know."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from assistant import events
from integrations.slack.block_kit import Block
from integrations.slack.blocks import Message, answer, cut, safe, said, thumbs
from integrations.slack.cards import order_card, products, sources
from integrations.slack.office import Office
from integrations.slack.people import Colleague, People
from integrations.slack.streams import Growing
from integrations.slack.web import Place, Web
from integrations.slack.words import is_personal, plain_words
from tools.context import Session

NOT_HERE = (
    "I do not answer that here: it names an order or something personal, and others read along. Ask me in a direct"
    " message, if you are of the desk."
)


@dataclass(frozen=True)
class Question:
    """What somebody asked, where. `key` names the event; `alone` where nobody else reads; `again` where an earlier try
    was broken off.
    """

    place: Place
    user: str
    text: str
    key: str
    alone: bool
    again: bool = False


@dataclass
class Reply:
    """An answer as it was made."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    sources: list[events.Citation] = field(default_factory=list)


class Asking:
    """Answers questions."""

    def __init__(self, office: Office, web: Web, people: People) -> None:
        self._office, self._web, self._people = office, web, people

    async def ask(self, question: Question) -> None:
        """Answer where it was asked; what others may not read, only to who asked, and only to the staff."""
        who = await self._people.who(question.place.team, question.user)
        text = plain_words(question.text)
        if question.alone or not is_personal(text):
            await self._answer(question, who, text)
        elif who.staff:
            await self._answer_privately(question, who, text)
        else:
            await self._web.whisper(question.place, question.user, said(NOT_HERE))

    async def _answer(self, question: Question, who: Colleague, text: str) -> None:
        place = question.place
        session = Session(
            f"slack-{place.name}", who.role, "slack", public=not question.alone or not (who.staff or who.is_marketer)
        )
        growing = Growing(self._web, place, question.key, question.user)
        await growing.begin()
        reply = await self._reply(session, question, text, growing)
        shown = (*sources(reply.sources), *reply.blocks, thumbs("feedback", question.key))
        post = await growing.end(reply.text, shown)
        await self._web.records.change_post(post.key, state={"session": session.id, "turn": question.key})

    async def _answer_privately(self, question: Question, who: Colleague, text: str) -> None:
        """Only who asked reads it: with their own rights, in a conversation of their own."""
        session = Session(f"slack-{question.place.name}-{who.user}", who.role, "slack")
        reply = await self._reply(session, question, text, None)
        blocks = [answer(reply.text), *sources(reply.sources), *reply.blocks]
        await self._web.whisper(question.place, question.user, Message(safe(cut(reply.text, 3000)), blocks))

    async def _reply(self, session: Session, question: Question, text: str, growing: Growing | None) -> Reply:
        if question.again:
            await self._office.assistant.forget(session, question.key)
        reply = Reply()
        async with aclosing(self._office.assistant.reply(text, session, question.key)) as told:
            async for event in told:
                await self._show(event, reply, growing, session)
        reply.text = reply.text.strip()
        return reply

    async def _show(self, event: Any, reply: Reply, growing: Growing | None, session: Session) -> None:
        match event:
            case events.Sentence(words):
                reply.text += words
                await (growing.write(words) if growing else _nothing())
            case events.Step(name, words, call_id) if growing:
                await growing.step(call_id or name, words, "in_progress")
            case events.StepDone(name, call_id, status) if growing:
                done = "error" if status == "failed" else "complete"
                await growing.step(call_id or name, growing.words_of(call_id or name), done)
            case events.Citations(entries):
                reply.sources = list(entries)
            case events.Cards(entries):
                reply.blocks += products(entries)
            case events.OrderShown(order) if session.staff:
                reply.blocks += order_card(order)
            case events.Failed(message, _, trace):
                reply.text += f"\n\n{message} ({trace})"

    async def draft(self, session: Session, text: str) -> Reply:
        """What the assistant would answer a shopper, with no more than that shopper may see; nothing is kept of it."""
        reply = Reply()
        async with aclosing(self._office.assistant.reply(text, session)) as told:
            async for event in told:
                await self._show(event, reply, None, session)
        reply.text = reply.text.strip()
        return reply


async def _nothing() -> None:
    """Nothing to show yet."""


PROMPTS: dict[str, tuple[tuple[str, str], ...]] = {
    "operator": (
        ("Look up an order", "Where is order "), ("Can it still be returned?", "Can this order still be returned: "),
        ("What may I offer?", "What goodwill may I offer without approval?"),
        ("Delivery times", "How long does delivery to Germany take?"),
    ),
    "marketer": (
        ("Facts of a product", "What are the facts of "), ("What may I claim?", "Which certificates does it have: "),
        ("Compare two products", "Compare "),
    ),
    "anybody": (
        ("Delivery times", "How long does delivery to Germany take?"),
        ("Returns", "How long can an order be returned?"),
        ("Find a product", "A pet feeder under 80 euros that works without Wi-Fi"),
    ),
}  # fmt: skip
"""What is suggested to whom."""


def prompts_for(who: Colleague) -> list[dict[str, str]]:
    """Suggested prompts, by role."""
    kind = "operator" if who.staff else "marketer" if who.is_marketer and not who.outside else "anybody"
    return [{"title": title, "message": message} for title, message in PROMPTS[kind]]
