"""What colleagues do in a handoff's thread: claim it, write, correct, give it back."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from integrations.database.slack_records import Post, Thread
from integrations.desk import HandoffRefused
from integrations.slack.asking import Asking
from integrations.slack.blocks import Message, actions, answer, asked, button, context, cut, modal, safe, said
from integrations.slack.calls import SlackRefused
from integrations.slack.cards import sources
from integrations.slack.files import names_of
from integrations.slack.handoffs import DESK_LANGUAGE, Handoffs, mode_of, place_of
from integrations.slack.office import FileRefused, Office
from integrations.slack.people import Colleague, People
from integrations.slack.relaying import Fate, fate_of
from integrations.slack.web import Place, Web
from tools.context import Session

if TYPE_CHECKING:
    from integrations.database.attachments import Attachment

HOW = (
    "You have it; the assistant is silent. What you write here is a *note* that only colleagues read. To write to the"
    " shopper begin the message with `>`, use “Reply to the shopper”, or press “Send what I write”."
)
NOT_STAFF = "Only people of the desk can do that. Who that is stands in DRAGOMAN_SLACK_PEOPLE."


class Threads:
    """The handoffs' threads, as colleagues use them."""

    def __init__(self, office: Office, web: Web, people: People, handoffs: Handoffs, asking: Asking) -> None:
        self._office, self._web, self._people, self._handoffs = office, web, people, handoffs
        self._asking = asking

    async def heard(self, thread: Thread, message: dict[str, Any]) -> None:
        """A colleague wrote in a handoff's thread."""
        place, mode = place_of(thread), mode_of(thread)
        fate = fate_of(message, mode, place.team)
        handoff = await self._office.desk.find(thread.reference)
        who = await self._people.who(place.team, str(message.get("user", "")))
        if fate.kind == "send" and who.staff and handoff.status == "claimed":
            await self._send_message(thread, who, fate, str(message["ts"]))
        elif fate.why or fate.kind == "send":
            why = fate.why or "nobody has claimed the conversation, or not you"
            await self._web.whisper(place, who.user, said(f"Not sent to the shopper: {why}."))
        elif mode.live and who.user == mode.claimer:
            await self._mark(place, str(message["ts"]), "lock")

    async def _send_message(self, thread: Thread, who: Colleague, fate: Fate, ts: str) -> None:
        """Send a message of the thread whole, or nothing of it."""
        place = place_of(thread)
        session, origin = await self._session(thread), origin_of(place, ts)
        try:
            files = await self._handoffs.files.take(place.team, session.id, fate.files, origin)
        except FileRefused as refusal:
            await self._web.whisper(place, who.user, said(f"Not sent to the shopper: {safe(str(refusal))}"))
            return
        await self._send(thread, who, fate.text, origin, files)
        await self._mark(place, ts, "white_check_mark")

    async def _mark(self, place: Place, ts: str, name: str) -> None:
        with contextlib.suppress(SlackRefused):
            await self._web.call("reactions.add", place.team, channel=place.channel, timestamp=ts, name=name)

    async def _send(
        self, thread: Thread, who: Colleague, text: str, origin: str, files: Sequence[Attachment] = ()
    ) -> None:
        handoff = await self._office.desk.find(thread.reference)
        known = await self._office.sessions.handoffs.said_at(origin)
        words = known.text if known else await self._in_their_language(thread, text) if text else names_of(files)
        await self._office.desk.say(thread.reference, handoff.claimed_by, words, origin, files)

    async def _in_their_language(self, thread: Thread, text: str) -> str:
        """The words in the shopper's language, with those that were written below; as written without a model."""
        session = await self._session(thread)
        if self._office.translate is None or session.language == DESK_LANGUAGE:
            return text
        told = await self._office.translate(text, session.language)
        return f"{told}\n\n({text})" if told and told != text else text

    async def edited(self, thread: Thread, event: dict[str, Any]) -> None:
        """A message was changed or taken back: so is what the shopper read, and nothing becomes readable by it."""
        place, message = place_of(thread), event.get("message") or {}
        before = event.get("previous_message") or {}
        origin = origin_of(place, str(message.get("ts") or event.get("deleted_ts") or before.get("ts") or ""))
        if await self._office.sessions.handoffs.said_at(origin) is None:
            return
        if event.get("subtype") == "message_deleted":
            await self._office.desk.correct(origin, "")
            return
        if message.get("text") == before.get("text"):
            return
        handoff = await self._office.desk.find(thread.reference)
        fate = fate_of(message, mode_of(thread), place.team)
        keeps = fate.kind == "send" and handoff.status == "claimed"
        await self._office.desk.correct(origin, await self._in_their_language(thread, fate.text) if keeps else "")

    async def press(self, what: str, reference: str, place: Place, user: str, trigger: str) -> None:
        """A button of a handoff's card."""
        who = await self._people.who(place.team, user)
        if not who.staff:
            await self._web.whisper(place, user, said(NOT_STAFF))
            return
        try:
            thread = await self._handoffs.thread(reference.partition(":")[0])
            await getattr(self, f"_{what}")(thread, who, reference, trigger)
        except HandoffRefused as refusal:
            await self._web.whisper(place, user, said(safe(str(refusal))))
        await self._handoffs.refresh()

    async def _claim(self, thread: Thread, who: Colleague, *_: str) -> None:
        handoff = await self._office.desk.find(thread.reference)
        ours = handoff.status == "claimed" and handoff.claimed_by == who.name and not thread.state.get("claimer")
        if not ours:  # else we ended between the two, or they have it from the command line
            await self._office.desk.claim(thread.reference, who.name)
        await self._keep(thread, claimer=who.user, live=False, until="")
        await self._web.post(f"claimed:{thread.reference}", place_of(thread), Message(f"{who.name} has it.", [
            context(f"*{safe(who.name)}* has it."),
        ]))  # fmt: skip
        await self._web.whisper(place_of(thread), who.user, said(HOW))

    async def _live(self, thread: Thread, who: Colleague, *_: str) -> None:
        self._only_claimer(thread, who)
        live = not thread.state.get("live")
        await self._keep(thread, live=live)
        words = "What you write here is *sent to the shopper* from now on, but for notes (`note:` or `//`)."
        await self._web.whisper(place_of(thread), who.user, said(words if live else "What you write is a note again."))

    async def _give_back(self, thread: Thread, who: Colleague, *_: str) -> None:
        await self._end(thread, who, resolved=False)

    async def _resolve(self, thread: Thread, who: Colleague, *_: str) -> None:
        await self._end(thread, who, resolved=True)

    async def _end(self, thread: Thread, who: Colleague, resolved: bool) -> None:
        if thread.state.get("claimer"):
            self._only_claimer(thread, who)
        handoff = await self._office.desk.find(thread.reference)
        await self._office.desk.give_back(thread.reference, handoff.claimed_by or who.name, resolved)
        await self._keep(thread, claimer="", live=False, until="")

    async def _snooze(self, thread: Thread, _: Colleague, value: str, __: str) -> None:
        until = datetime.now(UTC) + timedelta(minutes=int(value.partition(":")[2] or 30))
        await self._keep(thread, until=until.isoformat())

    async def _reply(self, thread: Thread, who: Colleague, value: str, trigger: str, initial: str = "") -> None:
        self._only_claimer(thread, who)
        field = asked("The shopper reads", "text", 3000, lines=True, initial=initial)
        view = modal("reply_sent", "Reply to the shopper", "Send", value, field)
        await self._web.open_modal(place_of(thread).team, trigger, view)
        with contextlib.suppress(HandoffRefused):
            await self._office.desk.writes(thread.reference, who.name)

    async def reply_sent(self, reference: str, user: str, text: str, view_id: str) -> None:
        """What was written in the modal is sent, and shown in the thread."""
        thread = await self._web.records.thread_of(reference)
        if thread is None:
            return
        place = place_of(thread)
        who = await self._people.who(place.team, user)
        try:
            self._only_claimer(thread, who)
            await self._send(thread, who, text, f"slack:view:{view_id}")
        except HandoffRefused as refusal:
            await self._web.whisper(place, user, said(f"Not sent to the shopper: {safe(str(refusal))}"))
            return
        shown = Message(f"{who.name} to the shopper", [context(f"*{safe(who.name)} to the shopper*"), answer(text)])
        await self._web.post(f"replied:{view_id}", place, shown)

    async def draft(self, position: str, place: Place, user: str) -> None:
        """What the assistant would answer, with sources, shown to whoever asked; they may send it."""
        entry = await self._entry(position)
        who = await self._people.who(place.team, user)
        thread = await self._web.records.thread_of(entry[0]) if entry else None
        if entry is None or thread is None or not who.staff:
            await self._web.whisper(place, user, said(NOT_STAFF))
            return
        shopper = await self._session(thread)
        session = replace(shopper, id=f"draft-{secrets.token_hex(6)}", role="operator", channel="slack", public=True)
        reply = await self._asking.draft(session, entry[1])
        key = f"draft:{secrets.token_hex(8)}"
        kept = Post(key, place.team, place.channel, "-", "", {"text": reply.text, "of": entry[0]}, datetime.now(UTC))
        await self._web.records.begin_post(kept)
        blocks = [context("*Draft.* Only you see it."), answer(reply.text), *sources(reply.sources),
                  actions(button("Edit and send", "draft_edit", key, "primary"))]  # fmt: skip
        await self._web.whisper(place_of(thread), user, Message(safe(cut(reply.text, 3000)), blocks))

    async def draft_edit(self, key: str, place: Place, user: str, trigger: str) -> None:
        """Open a draft to be sent."""
        kept = await self._web.records.post(key)
        thread = await self._web.records.thread_of(str(kept.state["of"])) if kept else None
        who = await self._people.who(place.team, user)
        if kept is None or thread is None or not who.staff:
            return
        try:
            await self._reply(thread, who, thread.reference, trigger, str(kept.state["text"]))
        except HandoffRefused as refusal:
            await self._web.whisper(place_of(thread), user, said(safe(str(refusal))))

    async def unmask(self, position: str, place: Place, user: str) -> None:
        """Show somebody of the desk, and nobody else, what the channel does not show."""
        who, entry = await self._people.who(place.team, user), await self._entry(position)
        words = entry[1] if entry and who.staff else NOT_STAFF
        await self._web.whisper(place, user, Message("Only you see this.", [answer(words)]))

    async def _entry(self, position: str) -> tuple[str, str] | None:
        """What was said at a position, with its handoff."""
        found = await self._office.sessions.handoffs.said_by(int(position)) if position.isdigit() else None
        return (found[0], found[1].text) if found else None

    async def _session(self, thread: Thread) -> Session:
        return await self._office.desk.session(await self._office.desk.find(thread.reference))

    def _only_claimer(self, thread: Thread, who: Colleague) -> None:
        if thread.state.get("claimer") != who.user:
            raise HandoffRefused("Only who has claimed the conversation can do that. Take it over first.")

    async def _keep(self, thread: Thread, **state: Any) -> None:
        await self._web.records.keep_thread(replace(thread, state={**thread.state, **state}))


def origin_of(place: Place, ts: str) -> str:
    """What names a message of Slack."""
    return f"slack:{place.team}:{place.channel}:{ts}"
