"""Slack's side of the Events API: signed requests, sent again where they are not acknowledged in time."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

from httpx import AsyncClient, HTTPError, Response

from tests.slack.slack_server import TEAM

SECRET = "a-signing-secret-of-slack"
_numbers = itertools.count(1)


def signed(body: bytes, secret: str = SECRET, at: float | None = None, **more: str) -> dict[str, str]:
    """The headers of a signed request."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}", **more}


def envelope(event: dict[str, Any], event_id: str = "", team: str = TEAM) -> dict[str, Any]:
    """An event as Slack sends it."""
    event_id = event_id or f"Ev{next(_numbers):08d}"
    return {
        "type": "event_callback", "team_id": team, "api_app_id": "A1", "event": event, "event_id": event_id,
        "event_time": int(time.time()), "authorizations": [{"team_id": team, "user_id": "UBOT", "is_bot": True}],
    }  # fmt: skip


class Sender:
    """Sends to a server of ours."""

    def __init__(self, client: AsyncClient, slack_address: str = "") -> None:
        self.client, self._slack = client, slack_address
        self.acks: list[float] = []

    async def send(self, told: dict[str, Any], tries: int = 3) -> Response:
        """A JSON request, again with X-Slack-Retry-Num where it is not acknowledged within 3 seconds."""
        body = json.dumps(told).encode()
        for attempt in range(tries + 1):
            retry = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": "http_error"} if attempt else {}
            headers = signed(body, **{"content-type": "application/json", **retry})
            began = time.perf_counter()
            try:
                answer = await self.client.post("/slack/events", content=body, headers=headers, timeout=3)
            except HTTPError:
                continue
            self.acks.append(time.perf_counter() - began)
            if answer.status_code < 400:
                return answer
        raise AssertionError("no acknowledgement")

    async def event(self, event: dict[str, Any], event_id: str = "", team: str = TEAM) -> Response:
        return await self.send(envelope(event, event_id, team))

    async def form(self, fields: dict[str, str]) -> Response:
        body = urlencode(fields).encode()
        headers = signed(body, **{"content-type": "application/x-www-form-urlencoded"})
        return await self.client.post("/slack/events", content=body, headers=headers, timeout=3)

    async def say(self, channel: str, user: str, text: str, ts: str = "", **more: Any) -> str:
        """Somebody writes; returns when."""
        ts = ts or f"{int(time.time())}.{next(_numbers) + 500_000:06d}"
        kind = "im" if channel.startswith("D") else "channel"
        event = {"type": "message", "channel": channel, "user": user, "text": text, "ts": ts, "event_ts": ts,
                 "channel_type": kind, "team": TEAM, **more}  # fmt: skip
        assert (await self.event(event)).status_code == 200
        return ts

    async def mention(self, channel: str, user: str, text: str, **more: Any) -> str:
        """Somebody mentions us: Slack sends both events."""
        ts = await self.say(channel, user, f"<@UBOT> {text}", **more)
        event = {"type": "app_mention", "channel": channel, "user": user, "text": f"<@UBOT> {text}", "ts": ts,
                 "event_ts": ts, "team": TEAM, **more}  # fmt: skip
        await self.event(event)
        return ts

    async def edit(self, channel: str, user: str, ts: str, before: str, text: str, thread: str) -> None:
        base = {"user": user, "ts": ts, "thread_ts": thread, "type": "message", "team": TEAM}
        now = f"{int(time.time())}.{next(_numbers) + 500_000:06d}"
        await self.event({
            "type": "message", "subtype": "message_changed", "channel": channel, "hidden": True, "event_ts": now,
            "ts": now, "message": {**base, "text": text, "edited": {"user": user, "ts": now}},
            "previous_message": {**base, "text": before},
        })  # fmt: skip

    async def delete(self, channel: str, user: str, ts: str, before: str, thread: str) -> None:
        now = f"{int(time.time())}.{next(_numbers) + 500_000:06d}"
        await self.event({
            "type": "message", "subtype": "message_deleted", "channel": channel, "hidden": True, "deleted_ts": ts,
            "event_ts": now, "ts": now,
            "previous_message": {"user": user, "ts": ts, "thread_ts": thread, "text": before, "type": "message"},
        })  # fmt: skip

    async def click(
        self, user: str, action: str, value: str, channel: str, ts: str, thread: str = "", **more: Any
    ) -> Response:  # fmt: skip
        held = {"action_id": action, "value": value, "type": "button", **more}
        if action == "snooze":
            held = {"action_id": action, "type": "overflow", "selected_option": {"value": value}}
        payload = {
            "type": "block_actions", "user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM},
            "trigger_id": f"trigger{next(_numbers)}", "actions": [held], "channel": {"id": channel},
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "thread_ts": thread or ts},
            "response_url": f"{self._slack}/respond",
        }  # fmt: skip
        return await self.form({"payload": json.dumps(payload)})

    async def submit(self, user: str, view: dict[str, Any], **fields: str) -> Response:
        values = {name: {"value": {"type": "plain_text_input", "value": text}} for name, text in fields.items()}
        held = {**view, "id": f"V{next(_numbers)}", "state": {"values": values}}
        payload = {"type": "view_submission", "user": {"id": user}, "team": {"id": TEAM}, "view": held,
                   "trigger_id": f"trigger{next(_numbers)}"}  # fmt: skip
        return await self.form({"payload": json.dumps(payload)})

    async def command(self, user: str, text: str, channel: str = "CGEN") -> Response:
        return await self.form({
            "command": "/dragoman", "text": text, "user_id": user, "team_id": TEAM, "channel_id": channel,
            "response_url": f"{self._slack}/respond", "trigger_id": f"trigger{next(_numbers)}",
        })  # fmt: skip

    async def shortcut(self, user: str, name: str, text: str, channel: str = "CGEN") -> Response:
        payload = {
            "type": "message_action", "callback_id": name, "user": {"id": user}, "team": {"id": TEAM},
            "channel": {"id": channel}, "message": {"text": text, "ts": "1.1", "user": "U9"},
            "trigger_id": f"trigger{next(_numbers)}", "response_url": f"{self._slack}/respond",
        }  # fmt: skip
        return await self.form({"payload": json.dumps(payload)})
