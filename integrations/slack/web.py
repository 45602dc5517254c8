"""Slack's Web API as we call it: again after a pause where it asks for one, and a message once, whatever is lost on the
way.
"""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from integrations.database.slack_records import Post, SlackRecords
from integrations.slack.block_kit import BlockKitInvalid, check_message, check_view
from integrations.slack.blocks import Message, fitting
from integrations.slack.workspaces import Workspaces

log = logging.getLogger(__name__)

TRIES = 6
"""How often one call is made before it is given up."""

PAUSE = 0.25
"""Seconds before the second try; twice as long each time."""

LONGEST = 30.0
"""The longest pause that is waited within a call, in seconds."""

SECONDS = 10
"""How long an answer is waited for."""

EVENT = "dragoman_message"
"""The kind of metadata by which our messages are found again."""


ABSENT = ("user_not_in_channel", "not_in_channel", "channel_not_found")
"""Why something cannot be shown to one person in a channel."""


class SlackRefused(Exception):
    """Slack said no; `code` says why. To ask again would change nothing."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refused {method}: {code}")
        self.code = code


class SlackUnavailable(Exception):
    """Slack did not answer, or asked for more patience than we have; to be tried later."""


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


class Web:
    """Calls of one workspace and another."""

    def __init__(self, url: str, records: SlackRecords, workspaces: Workspaces) -> None:
        self.records, self.workspaces = records, workspaces
        self._url = url.rstrip("/") + "/"
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, team: str, **arguments: Any) -> dict[str, Any]:
        """One call, made again while it surely had no effect. Raises SlackRefused, SlackUnavailable."""
        return await self._tried(method, team, arguments, again=True)

    async def _tried(self, method: str, team: str, arguments: dict[str, Any], again: bool) -> dict[str, Any]:
        client = AsyncWebClient(
            await self.workspaces.token(team),
            base_url=self._url,
            timeout=SECONDS,
            session=self._open(),
            retry_handlers=[],
        )
        for attempt in range(TRIES):
            try:
                answer = await client.api_call(method, json={k: v for k, v in arguments.items() if v is not None})
                return dict(answer.data)  # type: ignore[arg-type]
            except SlackApiError as error:
                pause = _pause(error, attempt)
                if pause is None:
                    raise SlackRefused(method, _code(error)) from error
                if not again and error.response.status_code != 429:
                    raise SlackUnavailable(f"{method}: {error.response.status_code}") from error
            except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
                if not again:
                    raise SlackUnavailable(f"{method}: {type(error).__name__}") from error
                pause = PAUSE * 2**attempt
            await asyncio.sleep(min(pause, LONGEST) * random.uniform(1, 1.1))  # noqa: S311
        raise SlackUnavailable(f"{method} failed {TRIES} times")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

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
                return str((await self._tried("chat.postMessage", post.team, given, again=False))["ts"])
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

    async def scopes(self, team: str) -> list[str]:
        """What a workspace's token may do. Raises SlackRefused."""
        client = AsyncWebClient(await self.workspaces.token(team), base_url=self._url, session=self._open())
        try:
            told = await client.auth_test()
        except SlackApiError as error:
            raise SlackRefused("auth.test", _code(error)) from error
        return [scope.strip() for scope in str(told.headers.get("x-oauth-scopes", "")).split(",")]

    async def open_modal(self, team: str, trigger: str, view: dict[str, Any]) -> None:
        """Open a modal for whoever clicked."""
        _hold(check_view(view))
        await self.call("views.open", team, trigger_id=trigger, view=view)

    async def publish_home(self, team: str, user: str, blocks: list[Any]) -> None:
        """Show somebody's Home tab."""
        view = {"type": "home", "blocks": blocks[:100]}
        _hold(check_view(view))
        await self.call("views.publish", team, user_id=user, view=view)

    async def respond(self, url: str, message: Message, instead: bool = False) -> None:
        """Answer a command or a shortcut where it was used, to nobody but its user; or put it in place of the answer
        before. Raises SlackRefused, SlackUnavailable.
        """
        body = {**_sound(message), "response_type": "ephemeral", "replace_original": instead}
        for attempt in range(TRIES):
            try:
                async with self._open().post(url, json=body, timeout=aiohttp.ClientTimeout(SECONDS)) as answer:
                    if answer.status < 400:
                        return
                    if answer.status not in (429, 500, 502, 503):
                        raise SlackRefused("response_url", str(answer.status))
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.info("an answer to a command is sent again: %s", type(error).__name__)
            await asyncio.sleep(PAUSE * 2**attempt)
        raise SlackUnavailable("response_url")

    async def upload(self, place: Place, name: str, title: str, data: bytes) -> None:
        """Put a file somewhere. Raises SlackRefused, SlackUnavailable."""
        asked = {"filename": name, "length": len(data)}
        told = await self.call("files.getUploadURLExternal", place.team, **asked)
        async with self._open().post(told["upload_url"], data=data, timeout=aiohttp.ClientTimeout(SECONDS)) as answer:
            if answer.status >= 400:
                raise SlackUnavailable(f"upload: {answer.status}")
        files = [{"id": told["file_id"], "title": title}]
        await self.call("files.completeUploadExternal", place.team, files=files, channel_id=place.channel)


def _sound(message: Message) -> dict[str, Any]:
    given = {"text": message.text, "blocks": fitting(list(message.blocks))}
    _hold(check_message(given))
    return given


def _hold(problems: list[str]) -> None:
    if problems:
        raise BlockKitInvalid("; ".join(problems))


def _code(error: SlackApiError) -> str:
    held = error.response.data
    return str(held.get("error", "")) if isinstance(held, dict) else str(error.response.status_code)


def _pause(error: SlackApiError, attempt: int) -> float | None:
    """Seconds to the next try; None where there is none."""
    status = error.response.status_code
    if status == 429 or _code(error) == "ratelimited":
        return float(error.response.headers.get("Retry-After", 1))
    passing = status >= 500 or _code(error) in ("internal_error", "fatal_error", "service_unavailable")
    return PAUSE * 2**attempt if passing else None


def _key(message: dict[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))
