"""What is open between a shopper and the shop: told by code at the end of an answer, as far as they do not know it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage
from langchain_core.runnables import RunnableConfig

from assistant.agent import Agent
from assistant.embedded.small_talk import THANKS
from assistant.embedded.wording import Words, marked
from assistant.events import ActionShown, Event, Sentence
from tools.actions.decisions import show_again
from tools.actions.ledger import Entry
from tools.actions.speech import Speech
from tools.context import Session, ToolContext
from tools.offers import tell_result, who_of

REMINDED = "reminded"
"""Where the history keeps which quotes an answer reminded of: a yes has them shown again, for it must be one to what
was just read.
"""

WAITED = ("needs_approval", "unknown")
"""States whose end a shopper is told of when it comes."""

LATELY, RECENTLY = timedelta(days=30), timedelta(days=1)
"""How long the end of something waited for is news; and of what was done when nobody could say so any more."""

REMINDER = marked("This still waits for your yes or no: {action}, total {total}.")
REMINDER_UNPRICED = marked("This still waits for your yes or no: {action}.")
NEWS = marked("About your earlier request ({action}):")
LINE = marked("You are still in line for a person (reference {reference}).")
WAITING = {
    "needs_approval": marked("This is still with our team, who decide on it: {action}."),
    "unknown": marked("We are still finding out whether this went through: {action}. It will not be done twice."),
}

_ASKS = re.compile(r"[?？؟][^\n]*$")
"""A question in the last lines of an answer: a yes would be one to that."""


@dataclass
class Matters:
    """`texts` are told to the shopper, `shown` are actions as their tools tell them, `reminded` names quotes
    that wait for a yes, `news` are entries whose end they know then.
    """

    texts: list[str] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    reminded: list[str] = field(default_factory=list)
    news: list[Entry] = field(default_factory=list)

    def events(self) -> list[Event]:
        """What a channel shows."""
        return [*map(ActionShown, self.shown), *(Sentence(f"\n\n{text}") for text in self.texts)]


async def open_matters(context: ToolContext, answer: str, offered: Sequence[str] = (), first: bool = False) -> Matters:
    """What to tell at the end of an answer in which some actions were offered; at the first of a conversation also what
    its customer left open in another. Nobody but who asked for it is told.
    """
    session, found = context.session, Matters()
    who = who_of(session)
    held = await context.clerk.ledger.entries(limit=30, session_id=session.id, customer_id=session.customer_id)
    ours = [entry for entry in held if entry.asker["who"] == who]
    for entry in ours:
        if _is_news(entry, session, context.now):
            await _show(context, found, entry)
            found.news.append(entry)
    quotes = [entry for entry in ours if _waits(entry, context.now)]
    if first:
        await _left_open(context, found, [entry for entry in ours if entry.session_id != session.id], quotes, offered)
    mine = [entry for entry in quotes if entry.session_id == session.id]
    thanked = answer.strip() == Words(session.language).say(THANKS)  # thanks must not sound like done
    if mine and not offered and not found.texts and (thanked or not _ASKS.search(answer.strip())):
        found.texts.append(_reminder(mine[0], session))
        found.reminded.append(mine[0].operation_id)
    return found


async def _left_open(
    context: ToolContext, found: Matters, others: Sequence[Entry], quotes: Sequence[Entry], offered: Sequence[str]
) -> None:
    """What a returning customer left open in another conversation. Its quote is not shown whole beside others: one yes
    would be taken for all of them.
    """
    session = context.session
    words = Words(session.language)
    if not session.customer_id:
        return
    for handoff in await context.handoffs.open_of(session.customer_id):
        if handoff.session_id != session.id:
            found.texts.append(words.say(LINE, reference=handoff.id))
    for entry in others:
        if entry.status in WAITING:
            found.texts.append(words.say(WAITING[entry.status], action=title_of(entry, session)))
    for entry in [entry for entry in quotes if entry in others and not offered][:1]:
        found.texts.append(_reminder(entry, session))
        found.reminded.append(entry.operation_id)


async def _show(context: ToolContext, found: Matters, entry: Entry) -> None:
    outcome = await show_again(context.clerk, entry.operation_id, who_of(context.session))
    _, told = await tell_result(context, entry.name, outcome, entry.arguments)
    found.shown.append(told)
    news = Words(context.session.language).say(NEWS, action=title_of(entry, context.session))
    found.texts.append(f"{news}\n{told['message']}")


def _is_news(entry: Entry, session: Session, now: datetime) -> bool:
    if entry.status not in ("done", "denied", "expired") or entry.told == entry.status:
        return False
    waited = any(step["status"] in WAITED for step in entry.history)
    done_here = entry.session_id == session.id and entry.status == "done"
    return entry.changed_at > now - (LATELY if waited else RECENTLY) and (waited or done_here)


def _waits(entry: Entry, now: datetime) -> bool:
    return entry.status == "needs_confirmation" and (entry.expires_at is None or entry.expires_at > now)


def _reminder(entry: Entry, session: Session) -> str:
    words, quote = Words(session.language), entry.quote
    if not Decimal(str(quote["total"])):
        return words.say(REMINDER_UNPRICED, action=title_of(entry, session))
    total = words.money(quote["total"], quote["currency"])
    return words.say(REMINDER, action=title_of(entry, session), total=total)


def title_of(entry: Entry, session: Session) -> str:
    """What an action does to which order, in a line."""
    speech, key = Speech(session.language, session.locale), f"actions.{entry.name}"
    order = entry.order_id or str(entry.quote.get("order_id", ""))
    return speech.say(key, order=order) if speech.text(key) else order


async def remember(agent: Agent, config: RunnableConfig, context: ToolContext, found: Matters) -> None:
    """Keep that these were told, and in the history which quotes a yes may mean now."""
    for entry in found.news:
        await context.clerk.ledger.note_told(entry)
    if not found.texts:
        return
    held: list[AnyMessage] = (await agent.aget_state(config)).values.get("messages", [])
    last = held[-1] if held else None
    if not isinstance(last, AIMessage):
        return
    said = "\n\n".join([last.text, *found.texts])
    about = {**last.additional_kwargs, REMINDED: found.reminded}
    told = last.model_copy(update={"content": said, "additional_kwargs": about})
    await agent.aupdate_state(config, {"messages": [told]}, as_node="model")
