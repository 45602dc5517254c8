"""A Slack of our own, over real HTTP: its Web API with its limits and faults, workspaces with people, channels and
guests. What it refuses, Slack refuses.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from integrations.slack.block_kit import check_message, check_view
from tests.slack.limits import refused_blocks

TEAM, BOT, TOKEN = "T1", "UBOT", "xoxb-test-token"
OTHER = "T2"


class Refuse(Exception):
    """The method answers ok: false with this error."""


@dataclass
class Faults:
    """What goes wrong: shares of calls that answer 429, 500 without effect, or 500 although they had one; methods that
    are not there.
    """

    limited: float = 0.0
    failed: float = 0.0
    lost: float = 0.0
    retry_after: int = 1
    missing: set[str] = field(default_factory=set)
    stream_seconds: float = 300.0
    """After which a stream is ended by Slack."""
    expired_after: int = 10**9
    """Pieces after which a stream is ended."""
    expired_address: bool = False
    """Whether the addresses that came with commands hold no more."""


class Slack:
    """What is in the workspaces, and every call that came."""

    def __init__(self, seed: int = 1) -> None:
        self.address = ""
        self.faults = Faults()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.counts: Counter[str] = Counter()
        self.messages: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.statuses: list[tuple[str, str]] = []
        self.whispers: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.reactions: list[tuple[str, str, str]] = []
        self.files: dict[str, dict[str, Any]] = {}
        self.streams: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, tuple[str, str]] = {TOKEN: (TEAM, BOT)}
        self.grants: dict[str, dict[str, Any]] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.users: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, dict[str, Any]] = {}
        self.scopes = ""
        self._numbers, self._random = itertools.count(1), random.Random(seed)
        self._lock = threading.Lock()
        self._people()

    def _people(self) -> None:
        for user, name in (("U1", "Mia"), ("U2", "Tom"), ("U3", "Ada"), ("U4", "Zoe"), ("U9", "Nils")):
            self.add_user(user, name)
        self.add_user("UG", "Guest", is_restricted=True)
        self.add_user("UX", "Stranger", team_id=OTHER, is_stranger=True)
        self.users[BOT] = {"id": BOT, "is_bot": True, "team_id": TEAM}
        self.add_channel("CSUP", "support", ["U1", "U2", "U3", "U4", BOT])
        self.add_channel("CAPP", "approvals", ["U1", "U2", "U3", BOT])
        self.add_channel("CALR", "alerts", ["U1", BOT])
        self.add_channel("CGEN", "general", ["U1", "U2", "U3", "U9", "UG", BOT])
        self.add_channel("CEXT", "partners", ["U1", "U2", "UX", BOT], is_ext_shared=True, is_shared=True)

    def add_user(self, user: str, name: str, **more: Any) -> None:
        self.users[user] = {
            "id": user,
            "name": name.lower(),
            "team_id": TEAM,
            "profile": {"display_name": name},
            **more,
        }

    def add_channel(self, channel: str, name: str, members: list[str], **more: Any) -> None:
        self.channels[channel] = {"id": channel, "name": name, "members": members, "is_member": BOT in members, **more}

    def ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def thread(self, channel: str, root: str) -> list[dict[str, Any]]:
        """Messages of a thread, without its first."""
        return [one for one in self.messages[channel] if one.get("thread_ts") == root and one["ts"] != root]

    def texts(self, channel: str) -> str:
        """All that a channel shows, as text."""
        return json.dumps(self.messages[channel], ensure_ascii=False)

    def of(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    # The methods, by their names with a dot as __.

    def auth__test(self, team: str, _: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": team, "user_id": next(user for held, user in self.tokens.values() if held == team)}

    def users__info(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["user"] not in self.users:
            raise Refuse("user_not_found")
        return {"user": self.users[asked["user"]]}

    def conversations__info(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {name: held for name, held in self._channel(asked).items() if name != "members"}}

    def conversations__members(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        members = self._channel(asked)["members"]
        start = int(asked.get("cursor") or 0)
        page = members[start : start + 3]
        following = str(start + 3) if start + 3 < len(members) else ""
        return {"members": page, "response_metadata": {"next_cursor": following}}

    def conversations__open(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": f"D{asked['users']}"}}

    def _channel(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = str(asked["channel"])
        if channel.startswith("D"):
            return {"id": channel, "is_im": True, "members": [channel[1:], BOT]}
        if channel not in self.channels:
            raise Refuse("channel_not_found")
        if not self.channels[channel]["is_member"]:
            raise Refuse("not_in_channel")
        return self.channels[channel]

    def _hold(self, asked: dict[str, Any]) -> None:
        problems = [*check_message(asked), *refused_blocks(asked.get("blocks") or [], 50)]
        if problems:
            raise Refuse(f"invalid_blocks: {problems}")

    def chat__postMessage(self, team: str, asked: dict[str, Any]) -> dict[str, Any]:
        self._channel(asked)
        self._hold(asked)
        message = {**asked, "ts": self.ts(), "user": self.tokens_user(team), "bot_id": "B1"}
        self.messages[asked["channel"]].append(message)
        return {"ts": message["ts"], "channel": asked["channel"], "message": message}

    def tokens_user(self, team: str) -> str:
        return next(user for held, user in self.tokens.values() if held == team)

    def chat__update(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        self._hold(asked)
        message = self._message(asked)
        if message["ts"] in self.streams and not self.streams[message["ts"]]["over"]:
            raise Refuse("streaming_state_conflict")
        message.update(text=asked["text"], blocks=asked.get("blocks"))
        return {"ts": asked["ts"]}

    def _message(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = [one for one in self.messages[asked["channel"]] if one["ts"] == asked["ts"]]
        if not found:
            raise Refuse("message_not_found")
        return found[0]

    def chat__postEphemeral(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        self._hold(asked)
        if asked["user"] not in self._channel(asked)["members"]:
            raise Refuse("user_not_in_channel")
        self.whispers.append(asked)
        return {"message_ts": self.ts()}

    def chat__startStream(self, team: str, asked: dict[str, Any]) -> dict[str, Any]:
        if not asked.get("thread_ts"):
            raise Refuse("missing_thread_ts")
        if not str(asked["channel"]).startswith("D") and not (
            asked.get("recipient_user_id") and asked.get("recipient_team_id")
        ):
            raise Refuse("missing_recipient_user_id")
        message = {**asked, "ts": self.ts(), "text": "", "user": self.tokens_user(team), "bot_id": "B1"}
        self.messages[asked["channel"]].append(message)
        self.streams[message["ts"]] = {"at": time.monotonic(), "over": False, "tasks": {}, "pieces": 0}
        return {"ts": message["ts"]}

    def chat__appendStream(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        stream, message = self._stream(asked)
        stream["pieces"] += 1
        if not asked.get("chunks") and not asked.get("markdown_text"):
            raise Refuse("no_text")
        for chunk in asked.get("chunks") or []:
            self._chunk(chunk, stream, message)
        message["text"] += asked.get("markdown_text") or ""
        return {"ts": asked["ts"]}

    def _chunk(self, chunk: dict[str, Any], stream: dict[str, Any], message: dict[str, Any]) -> None:
        if chunk["type"] == "markdown_text":
            if not 0 < len(chunk["text"]) <= 12_000:
                raise Refuse("msg_too_long")
            message["text"] += chunk["text"]
        elif chunk["type"] == "task_update":
            if chunk["status"] not in ("pending", "in_progress", "complete", "error") or not chunk.get("title"):
                raise Refuse("invalid_chunks")
            stream["tasks"][chunk["id"]] = chunk
        else:
            raise Refuse("invalid_chunks")

    def _stream(self, asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        stream = self.streams.get(asked["ts"])
        if stream is None:
            raise Refuse("message_not_found")
        late = time.monotonic() - stream["at"] > self.faults.stream_seconds
        if late or stream["pieces"] >= self.faults.expired_after:
            stream["over"] = True
        if stream["over"]:
            raise Refuse("message_not_in_streaming_state")
        return stream, self._message(asked)

    def chat__stopStream(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        stream, message = self._stream(asked)
        if problems := refused_blocks(asked.get("blocks") or [], 50):
            raise Refuse(f"invalid_blocks: {problems}")
        stream["over"] = True
        message["text"] += asked.get("markdown_text") or ""
        message["blocks"] = asked.get("blocks")
        return {"ts": asked["ts"]}

    def conversations__replies(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        self._channel(asked)
        held = [one for one in self.messages[asked["channel"]] if asked["ts"] in (one.get("thread_ts"), one["ts"])]
        return {"messages": held}

    def conversations__history(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        self._channel(asked)
        held = [one for one in self.messages[asked["channel"]] if not one.get("thread_ts")]
        return {"messages": [one for one in reversed(held) if float(one["ts"]) >= float(asked.get("oldest") or 0)]}

    def views__open(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        if not str(asked["trigger_id"]).startswith("trigger"):
            raise Refuse("invalid_trigger_id")
        self._view(asked["view"])
        self.views.append(asked["view"])
        return {"view": {**asked["view"], "id": f"V{next(self._numbers)}"}}

    def views__publish(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        self._view(asked["view"])
        self.homes[asked["user_id"]] = asked["view"]
        return {"view": asked["view"]}

    def _view(self, view: dict[str, Any]) -> None:
        if problems := [*check_view(view), *refused_blocks(view.get("blocks") or [], 100)]:
            raise Refuse(f"invalid_arguments: {problems}")

    def reactions__add(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        reaction = (asked["channel"], asked["timestamp"], asked["name"])
        if reaction in self.reactions:
            raise Refuse("already_reacted")
        self.reactions.append(reaction)
        return {}

    def assistant__threads__setSuggestedPrompts(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        if not 1 <= len(asked["prompts"]) <= 4:
            raise Refuse("invalid_arguments")
        return {}

    def files__getUploadURLExternal(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        file = f"F{next(self._numbers)}"
        self.files[file] = {"name": asked["filename"]}
        return {"upload_url": f"{self.address}/upload/{file}", "file_id": file}

    def files__completeUploadExternal(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        for one in asked["files"]:
            if self.files[one["id"]].get("shares"):
                raise Refuse("file_already_completed")
            where = {"channel": asked["channel_id"], "thread": asked.get("thread_ts"), "shares": 1}
            self.files[one["id"]].update(where)
        return {"files": asked["files"]}

    def assistant__threads__setStatus(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        self._channel({"channel": asked["channel_id"]})
        self.statuses.append((asked["thread_ts"], asked["status"]))
        return {}

    def files__info(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["file"] not in self.files:
            raise Refuse("file_not_found")
        held = self.files[asked["file"]]
        shares = {"public": {held["channel"]: [{"ts": "1.1"}]}} if held.get("shares") else {}
        return {"file": {"id": asked["file"], "name": held["name"], "shares": shares}}

    def add_file(self, name: str, data: bytes, user: str, **more: Any) -> dict[str, Any]:
        """A file somebody put into Slack, as its events tell of it."""
        file = f"F{next(self._numbers)}"
        self.files[file] = {"name": name, "data": data, "channel": "", "user": user}
        address = f"{self.address}/files/{file}"
        return {"id": file, "name": name, "user": user, "mode": "hosted", "url_private_download": address, **more}

    def apps__connections__open(self, _: str, __: dict[str, Any]) -> dict[str, Any]:
        return {"url": f"{self.address.replace('http', 'ws')}/socket"}

    def oauth__v2__access(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:
        grant = self.grants.pop(str(asked.get("code")), None)
        if grant is None:
            raise Refuse("invalid_code")
        self.tokens[grant["access_token"]] = (grant["team"]["id"], grant["bot_user_id"])
        return grant

    # HTTP.

    async def serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        asked = await _asked(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        with self._lock:
            return self._answer(method, asked, token)

    def _answer(self, method: str, asked: dict[str, Any], token: str) -> web.Response:
        self.calls.append((method, asked))
        chance = self._random.random()
        if chance < self.faults.limited:
            self.counts["limited"] += 1
            answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(answer, status=429, headers={"Retry-After": str(self.faults.retry_after)})
        if chance < self.faults.limited + self.faults.failed:
            self.counts["failed"] += 1
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        told = self._do(method, asked, token)
        if chance < self.faults.limited + self.faults.failed + self.faults.lost:
            self.counts["lost"] += 1
            return web.json_response({"ok": False, "error": "internal_error"}, status=503)
        return web.json_response(told, headers={"x-oauth-scopes": self.scopes})

    def _do(self, method: str, asked: dict[str, Any], token: str) -> dict[str, Any]:
        deed = getattr(self, method.replace(".", "__"), None)
        if deed is None or method in self.faults.missing:
            return {"ok": False, "error": "unknown_method"}
        if method not in ("oauth.v2.access", "apps.connections.open") and token not in self.tokens:
            return {"ok": False, "error": "invalid_auth"}
        try:
            return {"ok": True, **deed(self.tokens.get(token, (TEAM, BOT))[0], asked)}
        except Refuse as refusal:
            return {"ok": False, "error": str(refusal)}

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """What is sent to a response_url."""
        body = await request.json()
        with self._lock:
            if self.faults.expired_address:
                return web.json_response({"ok": False, "error": "expired_url"}, status=404)
            if problems := [*check_message(body), *refused_blocks(body.get("blocks") or [], 50)]:
                return web.json_response({"ok": False, "error": str(problems)}, status=400)
            self.responses.append(body)
        return web.Response(text="ok")

    async def upload(self, request: web.Request) -> web.StreamResponse:
        self.files[request.match_info["file"]]["data"] = await request.read()
        return web.Response(text="OK")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file, for those with a token; others are shown where to sign in."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise web.HTTPFound("/signin")
        return web.Response(body=self.files[request.match_info["file"]]["data"])

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Socket Mode: what is put into `outgoing` is sent, what is acknowledged is kept."""
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        self.sockets.append(connection)
        await connection.send_json({"type": "hello", "num_connections": 1})
        async for message in connection:
            if message.type == web.WSMsgType.TEXT:
                self.responses.append(json.loads(message.data))
        return connection


async def _asked(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(await request.post())


@contextmanager
def slack_server() -> Iterator[Slack]:
    """A Slack that answers on loopback, in a thread of its own."""
    slack, ready, stop = Slack(), threading.Event(), threading.Event()

    async def run() -> None:
        app = web.Application(client_max_size=10**7)
        app.router.add_post("/api/{method}", slack.serve)
        app.router.add_post("/respond", slack.respond)
        app.router.add_post("/upload/{file}", slack.upload)
        app.router.add_get("/files/{file}", slack.download)
        app.router.add_get("/socket", slack.socket)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        slack.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        slack.loop = asyncio.get_running_loop()  # type: ignore[attr-defined]
        ready.set()
        while not stop.is_set():  # noqa: ASYNC110  (set by another thread)
            await asyncio.sleep(0.02)
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield slack
    finally:
        stop.set()
        thread.join(5)
