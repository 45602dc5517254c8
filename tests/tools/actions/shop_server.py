"""A real server on loopback: the built-in shop over the protocol of `HttpShop`, which can be told to fail."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integrations.database.engine import open_engine, prepare
from integrations.database.shop import BuiltInShop
from knowledge.commerce import Customer, Order
from knowledge.shop import Change, OperationBarred, ShopUnavailable, StateChanged
from tests.http_server import running
from tests.tools.actions.corner import STOCK

KEY = "key-of-the-shop"
HASTE_S = 0.4
"""How long a fault that makes one wait is waited for."""

DEEDS = {
    "undisturbed": "do", "late": "wait do",
    "done, late answer": "do wait", "never": "hang", "done, never answered": "do hang",
    "done, dropped": "do drop", "dropped": "drop", "done, half an answer": "do half", "done, 500": "do 500",
    "500": "500", "twice": "do do", "twice at once": "both", "done, garbage": "do garbage",
    "done, a page": "do page", "done, nothing": "do empty", "done, another's": "do other",
    "done, says changed": "do lie", "gateway's 409": "409", "moved": "301",
}  # fmt: skip
"""Faults by name: what the server does in turn with a request it spoils."""

SPOILT: dict[str, tuple[int, bytes]] = {
    "500": (500, b'{"error": "oh no"}'), "garbage": (200, b'{"operation_id": "opera'), "empty": (200, b""),
    "page": (200, b"<html>Welcome to our shop</html>"), "409": (409, b'{"error": "request in progress"}'),
    "other": (200, b'{"operation_id": "another", "outcome": "written", "written": true}'),
    "301": (301, b'{"outcome": "written"}'),
}  # fmt: skip


class ShopServer:
    """A shop behind HTTP. `spoil(path, fault, times)` spoils the next requests to a path."""

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self.loop, self.address = loop, ""
        self.released = threading.Event()
        self.spoilt: list[tuple[str, str]] = []
        self.asked: list[str] = []
        self.busy, self.idle = 0, threading.Condition()
        self.engine = open_engine(url)
        self.shop = BuiltInShop(self.run(prepare(self.engine)), {})
        self.run(self.shop.replace(STOCK))

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def spoil(self, path: str, fault: str, times: int = 1) -> None:
        self.spoilt += [(path, DEEDS[fault])] * times

    def deeds(self, path: str) -> list[str]:
        if self.spoilt and self.spoilt[0][0] == path:
            return self.spoilt.pop(0)[1].split()
        return ["do"]

    def answer(self, path: str, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            return self._answer(path, sent)
        except ShopUnavailable:
            return 503, {}

    def _answer(self, path: str, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        shop = self.shop
        reads = {"product": ("key", shop.product), "order": ("id", shop.order), "customer": ("id", shop.customer)}
        if path in reads:
            name, read = reads[path]
            return 200, {path: plain(self.run(read(sent[name])))}
        if path == "orders":
            return 200, {"orders": plain(self.run(shop.orders_of(sent["customer_id"])))}
        if path == "changes":
            return self.change(sent)
        if path == "settle":
            return 200, {**sent, "written": self.run(shop.settle(sent["operation_id"]))}
        if path == "look":
            return 200, looked(self.run(shop.look(sent["order_id"], sent["customer_id"], sent["skus"])))
        about = {"name": shop.name, "home_currency": shop.home_currency}
        return 200, {"shop": about, "products": {"products": plain(self.run(shop.products()))}}[path]

    def change(self, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        change = Change(
            sent["operation_id"], sent["order"] and Order.model_validate(sent["order"]),
            sent["customer"] and Customer.model_validate(sent["customer"]), sent["stock"],
            {(seen["kind"], seen["id"]): seen["version"] for seen in sent["seen"]},
        )  # fmt: skip
        status, outcome = 200, "written"
        try:
            self.run(self.shop.change(change))
        except StateChanged:
            status, outcome = 409, "changed"
        except OperationBarred:
            status, outcome = 410, "barred"
        return status, {"operation_id": change.operation_id, "outcome": outcome}

    def wait_until_idle(self) -> None:
        """Let what is under way end, however late."""
        self.released.set()
        with self.idle:
            assert self.idle.wait_for(lambda: not self.busy, 10)


def plain(nouns: Any) -> Any:
    if isinstance(nouns, list | tuple):
        return [plain(noun) for noun in nouns]
    return nouns and nouns.model_dump(mode="json", exclude_unset=True)


def looked(seen: Any) -> dict[str, Any]:
    versions = [{"kind": kind, "id": key, "version": version} for (kind, key), version in seen.versions.items()]
    parts = {name: plain(getattr(seen, name)) for name in ("order", "customer", "products", "history")}
    return {**parts, "versions": versions}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    shop: ShopServer

    def do_GET(self) -> None:
        self.carry(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))

    def do_POST(self) -> None:
        self.carry(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def carry(self, sent: dict[str, Any]) -> None:
        self.count(1)
        try:
            self.carry_out(urlsplit(self.path).path.removeprefix("/api/"), sent)
        finally:
            self.count(-1)

    def count(self, more: int) -> None:
        with self.shop.idle:
            self.shop.busy += more
            self.shop.idle.notify_all()

    def carry_out(self, path: str, sent: dict[str, Any]) -> None:
        self.shop.asked.append(path)
        if self.headers["authorization"] != f"Bearer {KEY}":
            self.say(401, b"{}")
            return
        if "/" in path:
            self.say(404, b"{}")
            return
        assert path != "changes" or self.headers["idempotency-key"] == sent["operation_id"]
        answer: tuple[int, dict[str, Any]] | None = None
        for deed in self.shop.deeds(path):
            if deed == "do":
                answer = self.shop.answer(path, sent)
            elif deed == "both":
                answer = self.both(path, sent)
            elif self.spoil(deed, answer):
                return
        status, told = answer or (200, {})
        self.say(status, json.dumps(told).encode())

    def both(self, path: str, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The same request from two hands at once; one of the answers."""
        answers: list[Any] = []
        hands = [threading.Thread(target=lambda: answers.append(self.shop.answer(path, sent))) for _ in range(2)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        first: tuple[int, dict[str, Any]] = answers[0]
        return first

    def spoil(self, deed: str, answer: tuple[int, dict[str, Any]] | None) -> bool:
        """Fail in one way; whether that ends the request."""
        if deed in ("wait", "hang"):
            self.shop.released.wait(10)
            self.close_connection = deed == "hang"
            return deed == "hang"
        if deed == "half":
            whole = json.dumps((answer or (0, {}))[1]).encode()
            self.say(200, whole[: len(whole) // 2], len(whole))
            self.close_connection = True
        elif deed == "lie":
            self.say(200, json.dumps({**(answer or (0, {}))[1], "outcome": "changed"}).encode())
        elif deed == "drop":
            self.close_connection = True
        else:
            self.say(*SPOILT[deed])
        return True

    def say(self, status: int, body: bytes, length: int | None = None) -> None:
        try:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def shop_server(url: str) -> Iterator[ShopServer]:
    """A shop over HTTP, filled with the corner shop."""
    loop = asyncio.new_event_loop()
    turning = threading.Thread(target=loop.run_forever)
    turning.start()
    shop = ShopServer(url, loop)
    try:
        with running(type("Bound", (Handler,), {"shop": shop})) as address:
            shop.address = f"{address}/api"
            try:
                yield shop
            finally:
                shop.released.set()
    finally:
        shop.run(shop.engine.dispose())
        loop.call_soon_threadsafe(loop.stop)
        turning.join()
        loop.close()
