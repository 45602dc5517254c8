"""Where Slack's requests come in: proven to be Slack's, kept, acknowledged. The work is done afterwards."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from integrations.database.slack_queue import Arrived, SlackQueue
from integrations.slack.submissions import mistakes

log = logging.getLogger(__name__)

OLDEST = 300
"""Seconds after which a signed request is no longer taken: it may be one that was recorded."""

MOST_BYTES = 1_000_000
"""Largest request that is read; Slack's are far smaller."""

RUSH = 60
"""Requests within a second that are a rush: more than one machine can work through as they come."""

TALK, CLICK = "talk", "click"
"""Lanes: what may take its time, and what a person waits for with an open hand (a modal must open within 3 s)."""


@dataclass(frozen=True)
class Answer:
    """What is answered at once."""

    status: int
    body: str = ""
    media_type: str = "text/plain"


class Door:
    """Takes requests in. `knock` is called when something new is there."""

    def __init__(self, secret: str, queue: SlackQueue, knock: Any) -> None:
        self._secret, self._queue, self._knock = secret, queue, knock
        self._lately: deque[float] = deque(maxlen=RUSH)

    def is_rushed(self) -> bool:
        """Whether requests come in so fast that work should wait for their acknowledgements."""
        return len(self._lately) == RUSH and time.monotonic() - self._lately[0] < 1

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """A request to /slack/events: kept before it is acknowledged. Never raises: what cannot be kept is answered so
        that Slack sends it again.
        """
        self._lately.append(time.monotonic())
        if not is_signed(self._secret, headers, body, time.time()):
            return Answer(401, "bad signature")
        told = read_body(headers.get("content-type", ""), body)
        if told is None:
            return Answer(400, "not a request of Slack's")
        if told.get("type") == "url_verification":
            return Answer(200, str(told.get("challenge", "")))
        if "ssl_check" in told or told.get("type") == "app_rate_limited":
            log.warning("slack sent %s", told.get("type", "ssl_check"))
            return Answer(200)
        try:
            return await self.take(told)
        except Exception as error:
            log.error("what Slack sent could not be kept; it sends it again", exc_info=error)
            return Answer(503)

    async def take(self, told: dict[str, Any]) -> Answer:
        """Keep what came in, over whichever connection."""
        if told.get("type") == "view_submission" and (found := mistakes(told["view"])):
            said = {"response_action": "errors", "errors": found}
            return Answer(200, json.dumps(said, ensure_ascii=False), "application/json")
        await self._queue.receive(arrived(told))
        self._knock()
        return Answer(200)


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether a request is Slack's own, and of this moment."""
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not (secret and stamp.isascii() and stamp.isdigit() and len(stamp) < 12) or abs(now - int(stamp)) > OLDEST:
        return False
    expected = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={expected}".encode(), signature.encode("utf-8", "replace"))


def read_body(kind: str, body: bytes) -> dict[str, Any] | None:
    """What a request says: an event, something that was clicked, or a command; None where it is none of these."""
    try:
        text = body.decode("utf-8")
        if kind.startswith("application/json"):
            told = json.loads(text)
        else:
            form = {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
            told = json.loads(form["payload"]) if "payload" in form else form
    except (UnicodeDecodeError, ValueError):
        return None
    return told if isinstance(told, dict) and told else None


def arrived(told: dict[str, Any]) -> Arrived:
    """What came in, with its place: what is of one thread is worked through in order."""
    if told.get("type") == "event_callback" and isinstance(told.get("event"), dict):
        event = told["event"]
        ts = str(event.get("event_ts") or event.get("ts") or told.get("event_time") or "")
        event_id = str(told.get("event_id") or _digest(told))
        return Arrived(event_id, TALK, f"{told.get('team_id', '')}:{_place(event)}", _sortable(ts), told)
    where = told.get("container") or {}
    user = told.get("user") if isinstance(told.get("user"), dict) else {"id": told.get("user_id", "")}
    place = f"{where.get('channel_id', '')}:{where.get('message_ts', '')}:{(user or {}).get('id', '')}"
    if told.get("command"):
        place = f"command:{told.get('trigger_id') or _digest(told)}"
    return Arrived(_digest(told), CLICK, place, _sortable(str(time.time())), told)


def _place(event: dict[str, Any]) -> str:
    """A thread by its first message; what is of none, by its channel or user."""
    inner = event.get("message") or event.get("previous_message") or event
    channel = event.get("channel") or event.get("channel_id") or ""
    thread = inner.get("thread_ts") or event.get("thread_ts") or inner.get("ts") or event.get("ts")
    return f"{channel}:{thread}" if thread else f"{channel}:{event.get('user', '')}"


def _sortable(ts: str) -> str:
    whole, _, part = ts.partition(".")
    return f"{whole.zfill(12)}.{part.ljust(6, '0')[:6]}"


def _digest(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
