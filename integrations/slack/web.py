"""What we put into Slack: a message once, whatever is lost on the way, and each held against what Slack takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from integrations.database.slack_records import Post
from integrations.slack.block_kit import BlockKitInvalid, check_message, check_view
from integrations.slack.blocks import Message, fitting
from integrations.slack.calls import PAUSE, TRIES, SlackRefused, SlackUnavailable
from integrations.slack.transfers import Transfers

EVENT = "dragoman_message"
"""The kind of metadata by which our messages are found again."""


ABSENT = ("user_not_in_channel", "not_in_channel", "channel_not_found")
"""Why something cannot be shown to one person in a channel."""


@dataclass(frozen=True)
class Place:
    """Where something is said: a workspace, a channel of it and, where it is in one, a thread."""

    team: str
    channel: str
    thread: str = ""

    @property
    def name(self) -> str:
        """What tells it from every other."""
        return f"{self.team}:{self.channel}:{self.thread}"


@dataclass(frozen=True)
class Address:
    """Where a command or a shortcut is answered, for half an hour at most; and who used it, in which workspace."""

    url: str
    team: str
    user: str


class Web(Transfers):
    """Everything we show."""

    async def post(self, key: str, place: Place, message: Message, state: dict[str, Any] | None = None) -> Post:
        """Put a message somewhere, once for its key; where it is there already, it comes to show this. Raises
        SlackRefused, SlackUnavailable.
        """
        fresh = Post(key, place.team, place.channel, "", place.thread, state or {}, datetime.now(UTC))
        if not await self.records.begin_post(fresh):
            known = await self.records.post(key)
            found = replace(known, state=fresh.state) if known and known.ts else None
            lost = "" if found or known is None else await self._find(known)
            if found or (known and lost):
                return await self.change(found or replace(fresh, ts=lost, at=known.at), message)  # type: ignore[union-attr]
        ts = await self._send(fresh, message)
        await self.records.change_post(key, ts=ts, channel=place.channel, thread=place.thread, state=fresh.state)
        return replace(fresh, ts=ts)

    async def _send(self, post: Post, message: Message) -> str:
        """Send what is not there yet. Where an answer is lost, we look whether the message arrived."""
        about = {"event_type": EVENT, "event_payload": {"key": post.key}}
        given = {"channel": post.channel, "thread_ts": post.thread or None, "metadata": about, **_sound(message)}
        for attempt in range(TRIES):
            try:
                return str((await self.once("chat.postMessage", post.team, given))["ts"])
            except SlackUnavailable:
                await asyncio.sleep(PAUSE * 2**attempt)
                if found := await self._find(post):
                    return found
        raise SlackUnavailable(f"chat.postMessage failed {TRIES} times")

    async def _find(self, post: Post) -> str:
        """Where a message of ours is that may have arrived; '' where it has not."""
        method = "conversations.replies" if post.thread else "conversations.history"
        where = {"ts": post.thread} if post.thread else {}
        told = await self.call(
            method, post.team, channel=post.channel, include_all_metadata=True, limit=50,
            oldest=f"{post.at.timestamp() - 60:.6f}", **where,
        )  # fmt: skip
        held = [one for one in told.get("messages", []) if _key(one) == post.key]
        return str(held[0]["ts"]) if held else ""

    async def change(self, post: Post, message: Message, state: dict[str, Any] | None = None) -> Post:
        """Have a message show something else. Raises SlackRefused, SlackUnavailable."""
        post = post if state is None else replace(post, state=state)
        await self.call("chat.update", post.team, channel=post.channel, ts=post.ts, **_sound(message))
        await self.records.change_post(post.key, ts=post.ts, state=post.state)
        return post

    async def whisper(self, place: Place, user: str, message: Message) -> None:
        """Show something to one person only: where they are, or in a direct message where that cannot be. Raises
        SlackRefused, SlackUnavailable.
        """
        given = _sound(message)
        try:
            await self.call(
                "chat.postEphemeral",
                place.team,
                channel=place.channel,
                user=user,
                thread_ts=place.thread or None,
                **given,
            )
        except SlackRefused as refusal:
            if refusal.code not in ABSENT:
                raise
            await self.call("chat.postMessage", place.team, channel=await self.direct(place.team, user), **given)

    async def direct(self, team: str, user: str) -> str:
        """The channel of direct messages with somebody. Raises SlackRefused, SlackUnavailable."""
        return str((await self.call("conversations.open", team, users=user))["channel"]["id"])

    async def open_modal(self, team: str, trigger: str, view: dict[str, Any]) -> None:
        """Open a modal for whoever clicked."""
        _hold(check_view(view))
        await self.call("views.open", team, trigger_id=trigger, view=view)

    async def publish_home(self, team: str, user: str, blocks: list[Any]) -> None:
        """Show somebody's Home tab."""
        view = {"type": "home", "blocks": blocks[:100]}
        _hold(check_view(view))
        await self.call("views.publish", team, user_id=user, view=view)

    async def respond(self, address: Address, message: Message, instead: bool = False) -> None:
        """Answer a command or a shortcut where it was used, to nobody but its user; or put it in place of the answer
        before. Where the address holds no more it is a direct message. Raises SlackRefused, SlackUnavailable.
        """
        given = _sound(message)
        try:
            await self.answer(address.url, {**given, "response_type": "ephemeral", "replace_original": instead})
        except SlackRefused:
            channel = await self.direct(address.team, address.user)
            await self.call("chat.postMessage", address.team, channel=channel, **given)


def _sound(message: Message) -> dict[str, Any]:
    given = {"text": message.text, "blocks": fitting(list(message.blocks))}
    _hold(check_message(given))
    return given


def _hold(problems: list[str]) -> None:
    if problems:
        raise BlockKitInvalid("; ".join(problems))


def _key(message: dict[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))
