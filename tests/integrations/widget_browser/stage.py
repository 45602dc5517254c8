"""A server that speaks the widget's part of the API and says what a test has written: streams cut where a test wants,
hostile payloads, states that take a real shop days. The files it serves are the real ones.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integrations.widget.assets import assets
from tests.http_server import running

Event = dict[str, Any]
NONCE = "abc123"
POLICIES = {
    "": "default-src 'self'; img-src 'self' data:",
    "nonce": f"default-src 'none'; script-src 'nonce-{NONCE}'; style-src 'nonce-{NONCE}'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
}


def text(*pieces: str) -> list[Event]:
    """An answer's text, piece by piece."""
    return [{"type": "TEXT_MESSAGE_CONTENT", "delta": piece} for piece in pieces]


def custom(name: str, /, **value: Any) -> Event:
    return {"type": "CUSTOM", "name": name, "value": value}


def step(words: str) -> Event:
    return {"type": "STEP_STARTED", "stepName": words}


class Conversation:
    """Frames of one session, as they come."""

    def __init__(self) -> None:
        self.frames: list[Event] = []
        self.turns: list[dict[str, Any]] = []
        self.open: dict[str, dict[str, Any]] = {}
        self.begun: dict[str, int] = {}
        self.news = threading.Condition()

    def add(self, *events: Event) -> None:
        with self.news:
            self.frames += events
            self.news.notify_all()

    def tell(self, *events: Event) -> None:
        """Something between two answers, as a person's words are."""
        run = f"person-{uuid.uuid4().hex}"
        end = {"type": "RUN_FINISHED", "runId": run, "result": {"person": True}}
        self.add({"type": "RUN_STARTED", "runId": run}, *events, end)


class Stage:
    """What the server says, and what it was told."""

    def __init__(self) -> None:
        self.address = ""
        self.calm()

    def calm(self) -> None:
        """As at the beginning."""
        self.answer: Callable[[str], list[Event]] = lambda message: text(f"You said: {message}")
        self.pause = 0.0
        self.newline = "\n"
        self.comments = False
        self.pieces = 0
        self.cut: list[int] = []
        self.down = False
        self.session: dict[str, Any] = {}
        self.handoff: dict[str, Any] | None = None
        self.replies: dict[str, tuple[int, Any]] = {}
        self.calls: list[tuple[str, Any]] = []
        self.conversations: dict[str, Conversation] = {}
        self.expired: set[str] = set()
        self.page = ""
        self.files: dict[str, bytes] = {}
        self.person_messages: list[dict[str, Any]] = []

    @property
    def said(self) -> list[str]:
        """The messages that were taken in, each once."""
        return [turn["question"] for held in self.conversations.values() for turn in [*held.turns, *held.open.values()]]

    @property
    def last(self) -> Conversation:
        return list(self.conversations.values())[-1]

    def called(self, path: str) -> list[Any]:
        return [body for where, body in self.calls if where == path]

    def begin(self, conversation: Conversation, body: dict[str, Any]) -> int:
        """Take a message in once; the number after which its frames come."""
        turn = body["turn"]
        if turn not in conversation.begun:
            number = conversation.begun[turn] = len(conversation.frames)
            conversation.open[turn] = {"turn": turn, "question": body["message"], "status": "running", "from": number}
            threading.Thread(target=self._write, args=(conversation, turn), daemon=True).start()
        return conversation.begun[turn]

    def _write(self, conversation: Conversation, turn: str) -> None:
        question = conversation.open[turn]["question"]
        told = self.answer(question)
        conversation.add({"type": "RUN_STARTED", "runId": turn})
        for event in told:
            if self.pause:
                time.sleep(self.pause)
            conversation.add({"runId": turn, **event} if event["type"] == "RUN_ERROR" else event)
        answer = "".join(event.get("delta", "") for event in told)
        events = [{"name": event["name"], "value": event["value"]} for event in told if event["type"] == "CUSTOM"]
        with conversation.news:
            del conversation.open[turn]
            held = {"turn": turn, "question": question, "answer": answer, "shown": {}, "events": events, "score": None}
            conversation.turns.append(held)
        conversation.add({"type": "RUN_FINISHED", "runId": turn})


class Handler(BaseHTTPRequestHandler):
    """One request."""

    stage: Stage

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        where = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.stage.down and where.path.startswith("/v1/"):
            self._abort()
        elif where.path in ("/widget.js",) or where.path.startswith("/widget/"):
            asset = assets()[where.path.removeprefix("/")]
            self._send(200, asset.packed, asset.kind, {"Content-Encoding": "gzip", "Access-Control-Allow-Origin": "*"})
        elif where.path.startswith("/v1/"):
            self._api(where.path, raw)
        elif where.path.startswith("/images/"):
            self._send(200, b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "image/svg+xml", {})
        elif self.stage.page:
            self._send(200, self.stage.page.encode(), "text/html; charset=utf-8", {})
        else:
            query = dict(parse_qsl(where.query))
            policy = POLICIES[query.pop("csp", "")]
            self._send(200, shop_page(query).encode(), "text/html; charset=utf-8", {"Content-Security-Policy": policy})

    def _api(self, path: str, raw: bytes) -> None:
        stage = self.stage
        is_text = (self.headers.get("content-type") or "").startswith("application/json")
        body = json.loads(raw) if is_text and raw else {}
        token = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        stage.calls.append((path, body if is_text else len(raw)))
        if path in stage.replies:
            self._json(*stage.replies[path])
        elif path == "/v1/sessions":
            stage.conversations[token := uuid.uuid4().hex] = Conversation()
            self._json(201, {**SESSION, "token": token, **stage.session})
        elif path == "/v1/sessions/renew" and token in stage.conversations:
            stage.expired.discard(token)
            self._json(200, {"token": token, "expires_at": "2030-01-01T00:00:00Z"})
        elif token not in stage.conversations or token in stage.expired:
            self._json(
                401, {"error": {"code": "expired" if token in stage.expired else "unauthorized", "message": "No."}}
            )
        elif path == "/v1/history":
            self._json(200, self._history(stage.conversations[token]))
        elif path == "/v1/chat":
            self._chat(stage.conversations[token], body)
        elif path.startswith("/v1/attachments/") and path.rpartition("/")[2] in stage.files:
            self._send(200, stage.files[path.rpartition("/")[2]], "image/png", {})
        else:
            self._json(200, {})

    def _history(self, held: Conversation) -> dict[str, Any]:
        with held.news:
            return {
                "turns": list(held.turns), "last_event_id": len(held.frames), "handoff": self.stage.handoff,
                "person_messages": self.stage.person_messages, "person_events": [], "open": list(held.open.values()), "rating": None,
            }  # fmt: skip

    def _chat(self, held: Conversation, body: dict[str, Any]) -> None:
        after = self.headers.get("last-event-id")
        number = int(after) if after else self.stage.begin(held, body)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("cache-control", "no-cache")
        self.end_headers()
        budget = self.stage.cut.pop(0) if self.stage.cut else None
        try:
            for data in self._follow(held, number, bool(body.get("stay"))):
                part = data if budget is None else data[:budget]
                self._write(part)
                budget = None if budget is None else budget - len(part)
                if budget == 0:
                    self._abort()
                    return
        except OSError:
            return

    def _follow(self, held: Conversation, number: int, stay: bool) -> Iterator[bytes]:
        end = self.stage.newline
        while True:
            with held.news:
                fresh = held.frames[number:]
                if not fresh and not held.open and not stay:
                    return
                if not fresh:
                    held.news.wait(0.2)
                    continue
            for event in fresh:
                number += 1
                comment = f": ping{end}{end}" if self.stage.comments else ""
                yield f"{comment}id: {number}{end}data: {json.dumps(event, ensure_ascii=False)}{end}{end}".encode()

    def _write(self, data: bytes) -> None:
        size = self.stage.pieces or len(data) or 1
        for start in range(0, len(data), size):
            self.wfile.write(data[start : start + size])
            self.wfile.flush()

    def _abort(self) -> None:
        """As a network goes: no goodbye."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _json(self, status: int, told: Any) -> None:
        self._send(status, json.dumps(told).encode(), "application/json", {})

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage, served on a free port."""
    stage = Stage()
    with running(type("StageHandler", (Handler,), {"stage": stage})) as address:
        stage.address = address
        yield stage


def shop_page(query: dict[str, str]) -> str:
    """A page of a shop with the widget on it; parameters other than `lang` are the tag's data attributes."""
    language = query.pop("lang", "en")
    direction = "rtl" if language[:2] in ("ar", "he", "fa", "ur") else "ltr"
    tag = (
        ""
        if query.pop("bare", "")
        else f'<script nonce="{NONCE}" type="module" src="/widget.js" data-shop="stage"{{told}}></script>'
    )
    told = "".join(f' data-{name}="{escape(value)}"' for name, value in query.items())
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>Shop</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'</head><body><main><h1>Shop</h1><p>Lamps and chargers. <a href="/?lang={language}">Home</a></p></main>'
        f"{tag.format(told=told)}</body></html>"
    )


SESSION: dict[str, Any] = {
    "session_id": "s", "language": "en", "direction": "ltr", "disclosure": "An AI.", "greeting": "Welcome to Stage!",
    "suggestions": ["Where is my order?", "How long does delivery take?"], "identified": False,
    "expires_at": "2030-01-01T00:00:00Z", "consent_needed": False,
    "shop": {"name": "Stage", "privacy_url": "/privacy", "logo": ""},
    "hours": {"open_now": True, "opens": "09:00", "closes": "18:00", "weekdays": [0, 1, 2, 3, 4], "wait_minutes": 4},
    "attachments": {"most_bytes": 5_000_000, "media_types": ["image/png", "image/jpeg", "application/pdf"]},
}  # fmt: skip
