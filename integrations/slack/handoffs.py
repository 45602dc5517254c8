"""Handoffs in the support channel: a summary, then everything the shopper writes in its thread."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from integrations.database.slack_records import Thread
from integrations.slack.block_kit import Block
from integrations.slack.blocks import (
    Message,
    actions,
    button,
    context,
    cut,
    fields,
    header,
    quoted,
    safe,
    said,
    section,
)
from integrations.slack.calls import SlackRefused
from integrations.slack.files import Files
from integrations.slack.office import Office
from integrations.slack.people import People
from integrations.slack.relaying import Mode
from integrations.slack.web import Place, Web
from integrations.slack.words import for_channel

if TYPE_CHECKING:
    from tools.context import Handoff, Said

WRITING = timedelta(seconds=6)
"""For which a shopper is taken to write on, who said so."""

MOST_ASKED = 6
"""Messages of the shopper that a summary shows, the newest."""

SNOOZES = {"30": "30 minutes", "120": "2 hours", "960": "Tomorrow"}
"""For how many minutes a handoff may be put aside."""


class Handoffs:
    """Puts handoffs into Slack and keeps what is shown there true."""

    def __init__(self, office: Office, web: Web, people: People, team: Callable[[], Awaitable[str]]) -> None:
        self._office, self._web, self._people, self._team = office, web, people, team
        self.files = Files(office, web)
        self._writing: set[str] = set()

    async def thread(self, reference: str) -> Thread:
        """The thread of a handoff that is in the support channel, or comes to be there now. Raises HandoffRefused."""
        return await self._web.records.thread_of(reference) or await self.post(reference)

    async def post(self, reference: str) -> Thread:
        """Put a handoff into the support channel, once. Raises HandoffRefused."""
        handoff = await self._office.desk.find(reference)
        place = Place(await self._team(), self._office.terms.support)
        closed = await self._people.is_closed(place.team, place.channel)
        state = _state(handoff, {})
        post = await self._web.post(f"handoff:{reference}", place, card(handoff, closed), state)
        told = {"team": place.team, "channel": place.channel, "ts": post.ts}
        thread = replace(place, thread=post.ts)
        await self.files.show(handoff.session_id, thread, closed)
        kept = await self._web.records.thread(thread.name) or Thread(thread.name, "handoff", reference, told)
        await self._web.records.keep_thread(kept)
        return kept

    async def refresh(self) -> None:
        """Have every card say how its handoff stands, also where that was changed elsewhere; wake those put aside."""
        for post in await self._web.records.posts("handoff:"):
            handoff = await self._office.sessions.handoffs.find(post.key.removeprefix("handoff:"))
            if handoff is None or not post.ts or post.state.get("over"):
                continue
            thread = await self._web.records.thread_of(handoff.id)
            if thread is None:  # we ended between its message and this
                await self.post(handoff.id)
                continue
            state = _state(handoff, thread.state)
            await self._wake(thread, handoff)
            await self._tell_writing(thread, handoff)
            if state != {name: post.state.get(name, "") for name in state}:
                closed = await self._people.is_closed(post.team, post.channel)
                over = handoff.status not in ("waiting", "claimed")
                await self._web.change(post, card(handoff, closed, thread.state), {**state, "over": over})

    async def _wake(self, thread: Thread, handoff: Handoff) -> None:
        until = thread.state.get("until")
        if until and datetime.fromisoformat(until) <= datetime.now(UTC):
            place = place_of(thread)
            await self._web.post(f"woken:{handoff.id}:{until}", place, said("This waits for you again."))
            await self._web.records.keep_thread(replace(thread, state={**thread.state, "until": ""}))

    async def _tell_writing(self, thread: Thread, handoff: Handoff) -> None:
        """Have a claimed thread say, while it is so, that the shopper is writing."""
        seen = await self._office.sessions.typing.since(handoff.session_id) if handoff.status == "claimed" else None
        writes = seen is not None and datetime.now(UTC) - seen < WRITING
        if writes == (handoff.id in self._writing):
            return
        (self._writing.add if writes else self._writing.discard)(handoff.id)
        place, words = place_of(thread), "The shopper is writing…" if writes else ""
        with contextlib.suppress(SlackRefused):  # a workspace that shows no status in threads
            where = {"channel_id": place.channel, "thread_ts": place.thread}
            await self._web.call("assistant.threads.setStatus", place.team, **where, status=words)

    async def relay(self, reference: str, entry: Said) -> None:
        """Show in a handoff's thread what the shopper wrote, or a colleague from elsewhere; once."""
        thread = await self._web.records.thread_of(reference)
        if thread is None:
            return
        place = place_of(thread)
        closed = await self._people.is_closed(place.team, place.channel)
        if entry.speaker == "shopper":  # before their words: until these stand there, all of it is tried again
            await self.files.show(entry.session_id, place, closed)
        shown = for_channel(entry.text, closed)
        whose = "Shopper" if entry.speaker == "shopper" else f"{entry.name} to the shopper"
        message = Message(safe(cut(f"{whose}: {shown}", 3000)), [
            context(f"*{safe(whose)}*" + (f" ({entry.language})" if entry.language else "")), *quoted(shown),
            *(await self._translated(shown, entry)), *self._beside(entry, shown),
        ])  # fmt: skip
        await self._web.post(f"said:{entry.position}", place, message)

    def _beside(self, entry: Said, shown: str) -> list[Block]:
        buttons = [button("Draft a reply", "draft", str(entry.position))] if entry.speaker == "shopper" else []
        if shown != entry.text:
            buttons.append(button("Show what is hidden (to me)", "unmask", str(entry.position)))
        return [actions(*buttons)] if buttons else []

    async def _translated(self, text: str, entry: Said) -> list[Block]:
        """The words in the desk's language, where a model can tell them; the original stands above."""
        if self._office.translate is None or entry.speaker != "shopper" or entry.language in ("", DESK_LANGUAGE):
            return []
        told = await self._office.translate(text, DESK_LANGUAGE)
        return [context(f"In {DESK_LANGUAGE}: {safe(cut(told, 2500))}")] if told else []


def _state(handoff: Handoff, thread: dict[str, Any]) -> dict[str, Any]:
    """What a card shows that may change: a summary comes a moment after its handoff."""
    told = hashlib.sha256(json.dumps(handoff.summary, sort_keys=True, default=str).encode()).hexdigest()[:16]
    mode = {"until": thread.get("until", ""), "live": bool(thread.get("live"))}
    return {"status": handoff.status, "by": handoff.claimed_by, "told": told, **mode}


DESK_LANGUAGE = "en"
"""What colleagues read and write."""


def place_of(thread: Thread) -> Place:
    """Where a thread is."""
    return Place(str(thread.state["team"]), str(thread.state["channel"]), str(thread.state["ts"]))


def mode_of(thread: Thread) -> Mode:
    """Who has claimed a thread, and whether what they write is sent by itself."""
    return Mode(str(thread.state.get("claimer", "")), bool(thread.state.get("live")))


def card(handoff: Handoff, closed: bool, state: dict[str, Any] | None = None) -> Message:
    """A handoff with its summary and what can be done."""
    told, state = handoff.summary, state or {}
    customer = str(told.get("customer") or "not known") if closed else "not shown here"
    about = [
        ("Language", str(told.get("language", ""))), ("Customer", customer),
        ("Orders", ", ".join(told.get("orders", [])) if closed else ""), ("Mood", mood(told.get("asked", []))),
        ("Waiting since", f"{handoff.created_at:%Y-%m-%d %H:%M} UTC"),
    ]  # fmt: skip
    reason = for_channel(handoff.reason, closed)
    return Message(f"A shopper waits for a person: {handoff.id}", [
        header(f"{handoff.id}: {STATES.get(handoff.status, handoff.status)}"), *quoted(reason), fields(about),
        *_told(told, closed), *_stands(handoff, state), *_buttons(handoff, state),
    ])  # fmt: skip


STATES = {
    "waiting": "waits for a person",
    "claimed": "claimed",
    "returned": "with the assistant",
    "resolved": "resolved",
}


def _told(told: dict[str, Any], closed: bool) -> list[Block]:
    asked = [f"• {for_channel(text, closed)}" for text in told.get("asked", [])[-MOST_ASKED:]]
    tried = [f"{one['tool']} {_about(one, asked, closed)}: {one['outcome']}" for one in told.get("tried", [])]
    done = [
        f"{one['action']} {one['order'] if closed else ''}: {one['status']} {one.get('total', '')}"
        f" {one.get('currency', '')}".strip() for one in told.get("actions", [])
    ]  # fmt: skip
    blocks = [section("*Asked*"), *quoted("\n".join(asked))] if asked else []
    blocks += [context("*Tried* " + safe(cut("; ".join(tried), 2000)))] if tried else []
    return [*blocks, *([context("*Promised or done* " + safe(cut("; ".join(done), 2000)))] if done else [])]


def _about(one: dict[str, Any], asked: list[str], closed: bool) -> str:
    """What a tool was asked about; a number that is hidden in the shopper's words (of their phone) is hidden here."""
    about = for_channel(one["about"], closed)
    return "[number]" if about.isdigit() and not any(about in text for text in asked) else about


def mood(asked: list[str]) -> str:
    """What can be seen of a shopper's mood: no more than how they write."""
    plain = ["".join(text.casefold().split()) for text in asked]
    seen = [
        ("asked the same again", len(set(plain)) < len(plain)),
        ("many exclamation marks", any(re.search(r"[!！]{2,}", text) for text in asked)),
        ("capitals", any(sum(map(str.isupper, text)) > max(10, 0.6 * len(text)) for text in asked)),
    ]
    return ", ".join(name for name, holds in seen if holds) or "nothing seen"


def _stands(handoff: Handoff, state: dict[str, Any]) -> list[Block]:
    lines = [f"{safe(handoff.claimed_by)} has it."] if handoff.status == "claimed" else []
    lines += [f"Put aside until {state['until'][:16].replace('T', ' ')} UTC."] if state.get("until") else []
    return [context(*lines)] if lines else []


def _buttons(handoff: Handoff, state: dict[str, Any]) -> list[Block]:
    """What can be done with a handoff as it stands."""
    aside: Block = {
        "type": "overflow", "action_id": "snooze",
        "options": [{"text": {"type": "plain_text", "text": f"Put aside: {words}"}, "value": f"{handoff.id}:{minutes}"}
                    for minutes, words in SNOOZES.items()],
    }  # fmt: skip
    if handoff.status == "waiting":
        return [
            actions(
                button("Take over", "claim", handoff.id, "primary"), button("Resolve", "resolve", handoff.id), aside
            )
        ]
    if handoff.status != "claimed":
        return []
    live = button("Stop sending what I write" if state.get("live") else "Send what I write", "live", handoff.id)
    return [actions(
        button("Reply to the shopper", "reply", handoff.id, "primary"), live,
        button("Hand back", "give_back", handoff.id), button("Resolve", "resolve", handoff.id), aside,
    )]  # fmt: skip
