"""An answer in Slack as it grows: streamed where Slack streams, else one message that is updated. It is one message,
whatever happens: a stream that expired is updated, an answer begun again takes the place of its first try.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from datetime import UTC, datetime

from integrations.database.slack_records import Post
from integrations.slack.block_kit import MOST_MARKDOWN, Block
from integrations.slack.blocks import Message, answer, context, cut, safe
from integrations.slack.calls import SlackRefused, SlackUnavailable
from integrations.slack.web import Place, Web

EVERY = 0.6
"""Seconds between two pieces of a stream, so that Slack's limits are kept."""

SLOWLY = 1.5
"""Seconds between two updates of a message that is not streamed."""


class Growing:
    """One answer. `key` is what it answers: an event worked on again finds the message of its first try."""

    def __init__(self, web: Web, place: Place, key: str, asker: str) -> None:
        self._web, self._place, self._key, self._asker = web, place, f"answer:{key}", asker
        self._post: Post | None = None
        self._streams = False
        self._text = self._sent = ""
        self._tasks: dict[str, Block] = {}
        self._fresh: list[Block] = []
        self._shown = 0.0

    async def begin(self) -> None:
        """Show that an answer is coming. Raises SlackRefused, SlackUnavailable."""
        fresh = Post(self._key, self._place.team, self._place.channel, "", self._place.thread, {}, datetime.now(UTC))
        known = None if await self._web.records.begin_post(fresh) else await self._web.records.post(self._key)
        if known and known.ts:
            self._post = known
            return
        try:
            told = await self._web.call(
                "chat.startStream", self._place.team, channel=self._place.channel, thread_ts=self._place.thread,
                recipient_user_id=self._asker, recipient_team_id=self._place.team,
            )  # fmt: skip
        except SlackRefused:
            self._post = await self._web.post(self._key, self._place, self._message("", ()))
            return
        self._streams = True
        self._post = replace(fresh, ts=str(told["ts"]))
        await self._web.records.change_post(self._key, ts=self._post.ts)

    async def step(self, name: str, words: str, status: str) -> None:
        """Show a step of the work: pending, in_progress, complete or error."""
        task: Block = {"type": "task_update", "id": name, "title": cut(words, 150), "status": status}
        self._tasks[name] = task
        self._fresh = [held for held in self._fresh if held["id"] != name] + [task]
        await self._show()

    def words_of(self, name: str) -> str:
        """How a step was shown."""
        return str(self._tasks.get(name, {}).get("title", name))

    async def write(self, text: str) -> None:
        """Show more of the answer."""
        self._text += text
        await self._show()

    async def _show(self, now: bool = False) -> None:
        """Show what is new, not more often than Slack likes."""
        pause = EVERY if self._streams else SLOWLY
        if self._post is None or (not now and time.monotonic() - self._shown < pause):
            return
        self._shown = time.monotonic()
        if not self._streams:
            with contextlib.suppress(SlackRefused, SlackUnavailable):
                await self._web.change(self._post, self._message(self._text, ()))
            return
        chunks, self._fresh = self._fresh, []
        text = self._text[len(self._sent) :][:MOST_MARKDOWN]
        chunks = [*chunks, *([{"type": "markdown_text", "text": safe(text)}] if text else [])]
        if not chunks:
            return
        try:
            await self._web.call(
                "chat.appendStream", self._place.team, channel=self._place.channel, ts=self._post.ts, chunks=chunks
            )
            self._sent += text
        except (SlackRefused, SlackUnavailable):
            self._streams = False  # it expired: from here on the message is updated

    async def end(self, text: str, blocks: tuple[Block, ...] = ()) -> Post:
        """Show the whole answer, with what belongs to it. Raises SlackRefused, SlackUnavailable."""
        assert self._post is not None  # noqa: S101
        self._text = text
        if self._streams and text.startswith(self._sent):
            await self._show(now=True)
        if self._streams and self._sent == text:
            with contextlib.suppress(SlackRefused):
                await self._web.call(
                    "chat.stopStream", self._place.team, channel=self._place.channel, ts=self._post.ts,
                    blocks=list(blocks),
                )  # fmt: skip
                return self._post
        elif self._streams:
            with contextlib.suppress(SlackRefused, SlackUnavailable):
                await self._web.call("chat.stopStream", self._place.team, channel=self._place.channel, ts=self._post.ts)
        return await self._web.change(self._post, self._message(text, blocks))

    def _message(self, text: str, blocks: tuple[Block, ...]) -> Message:
        """The answer as one message."""
        marks = {"complete": "✓", "error": "✗"}
        steps = [f"{marks.get(task['status'], '…')} {safe(task['title'])}" for task in self._tasks.values()]
        shown = [context(*steps[:10])] if steps and not blocks else []
        return Message(safe(cut(text or "Working on it …", 3000)), [*shown, answer(text or "Working on it …"), *blocks])
