"""A shop behind HTTP: what it is asked, and every answer that is none. The server is real, on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import integrations.shops.http_shop as module
from integrations.shops.http_shop import HttpShop, ShopAddressWrong
from knowledge.shop import Change, Shop, ShopUnavailable, StateChanged
from tests.http_server import running
from tests.tools.actions.corner import ANN, LAMP, ORDER
from tests.tools.actions.shop_server import KEY, ShopServer, shop_server


@pytest.fixture
def server(tmp_path: Path, made_at: Callable[[Path], str]) -> Iterator[ShopServer]:
    with shop_server(made_at(tmp_path / "shop.sqlite3")) as running:
        yield running


@pytest.fixture
async def shop(server: ShopServer) -> AsyncIterator[HttpShop]:
    opened = await HttpShop.open(server.address, KEY)
    yield opened
    await opened.close()


async def test_it_reads_as_the_shop_behind_it_does(server: ShopServer, shop: HttpShop) -> None:
    assert isinstance(shop, Shop)
    assert (shop.name, shop.home_currency) == ("Corner Shop", "EUR")
    assert await shop.products() == [LAMP]
    assert await shop.product("lmp-1") == LAMP
    assert await shop.order(" #ab-12.") == ORDER
    assert await shop.customer("ann") == ANN
    assert await shop.orders_of("ann") == [ORDER]
    assert await shop.look("AB-12", "ann", ["LMP-1"]) == server.run(server.shop.look("AB-12", "ann", ["LMP-1"]))


@pytest.mark.parametrize("number", ["", "AB-1", "a/b?c=d&e#f", "\0", "ä%00", "x" * 3000])
async def test_what_is_not_there_is_none(shop: HttpShop, number: str) -> None:
    assert await shop.order(number) is None
    assert await shop.product(number) is None
    assert await shop.customer(number) is None
    assert await shop.orders_of(number) == []
    assert (await shop.look(number, "", [number])).order is None


async def test_it_writes_once_on_the_state_it_saw(server: ShopServer, shop: HttpShop) -> None:
    seen = await shop.look("AB-12", "ann", [])
    change = Change("op-1", order=ORDER.model_copy(update={"status": "odd"}), stock={"LMP-1": -1}, seen=seen.versions)
    await shop.change(change)
    await shop.change(change)
    assert await shop.settle("op-1")
    with pytest.raises(StateChanged):
        await shop.change(Change("op-2", order=ORDER, seen=seen.versions))
    assert not await shop.settle("op-2")
    changed, lamp = await shop.order("AB-12"), await shop.product("P1")
    assert changed
    assert lamp
    assert (changed.status, lamp.variants[0].stock) == ("odd", 4)
    assert server.asked.count("changes") == 3  # nothing is asked twice


@pytest.mark.parametrize(
    "address",
    ["", "shop.example", "http://shop.example/api", "ftp://shop.example", "https://", "https://me:secret@shop.example",
     "https://shop.example/?key=1", "http://127.0.0.1.shop.example", "https://shop.example/#a", "http://10.0.0.7"],
)  # fmt: skip
def test_an_address_others_could_read_along_is_refused(address: str) -> None:
    with pytest.raises(ShopAddressWrong, match="DRAGOMAN_SHOP_URL"):
        HttpShop(address, KEY)


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "schlüssel"])
def test_a_key_no_header_can_hold_is_refused(key: str) -> None:
    with pytest.raises(ShopAddressWrong, match="DRAGOMAN_SHOP_KEY"):
        HttpShop("https://shop.example", key)


@pytest.mark.parametrize(
    "address", ["https://shop.example/dragoman", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"]
)
async def test_an_address_nobody_else_reads_is_taken(address: str) -> None:
    await HttpShop(address, KEY).close()


@pytest.mark.parametrize(
    ("path", "key", "said"),
    [("", "another", "DRAGOMAN_SHOP_KEY"), ("/elsewhere", KEY, "DRAGOMAN_SHOP_URL"), (":", KEY, "cannot be reached")],
)
async def test_what_is_wrong_with_a_shop_that_cannot_be_opened_is_said(
    server: ShopServer, path: str, key: str, said: str
) -> None:
    address = "http://127.0.0.1:9" if path == ":" else server.address + path
    with pytest.raises(ShopUnavailable, match=said) as fault:
        await HttpShop.open(address, key)
    assert key not in str(fault.value)


LOOKED: dict[str, Any] = {
    "order": {"order_id": "AB-12", "customer_id": "ann", "status": "pending"}, "customer": {"customer_id": "ann"},
    "products": [], "history": [],
    "versions": [{"kind": "order", "id": "AB-12", "version": 1}, {"kind": "customer", "id": "ann", "version": 1}],
}  # fmt: skip

WRONG: dict[str, Any] = {
    "nothing": None, "a list": [], "without the order's version": {**LOOKED, "versions": LOOKED["versions"][1:]},
    "without the customer's version": {**LOOKED, "versions": LOOKED["versions"][:1]},
    "without versions": {key: value for key, value in LOOKED.items() if key != "versions"},
    "another's order": {**LOOKED, "order": {**LOOKED["order"], "order_id": "AB-13"}},
    "another customer": {**LOOKED, "customer": {"customer_id": "bob"}},
    "another's history": {**LOOKED, "history": [{"order_id": "1", "customer_id": "bob", "status": ""}]},
    "an odd version": {**LOOKED, "versions": [{"kind": "order", "id": "AB-12", "version": "1"}]},
    "a version below 0": {**LOOKED, "versions": [{"kind": "order", "id": "AB-12", "version": -1}]},
    "an order without a state": {**LOOKED, "order": {"order_id": "AB-12", "customer_id": "ann"}},
    "a product without its version": {**LOOKED, "products": [{"product_id": "P1", "name": "Lamp"}]},
}  # fmt: skip


@contextmanager
def saying(body: bytes, status: int = 200, **headers: str) -> Iterator[str]:
    """A server that says one thing; its address."""

    class Parrot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with running(Parrot) as address:
        yield address


async def looked(address: str) -> Any:
    shop = HttpShop(address, KEY)
    try:
        return await shop.look("AB-12", "ann", [])
    finally:
        await shop.close()


async def test_a_right_answer_is_read() -> None:
    with saying(json.dumps({**LOOKED, "more": 1}).encode()) as address:
        assert (await looked(address)).order_version == 1


@pytest.mark.parametrize("wrong", WRONG)
async def test_an_answer_that_is_not_of_the_protocol_is_none(wrong: str) -> None:
    with saying(json.dumps(WRONG[wrong]).encode()) as address, pytest.raises(ShopUnavailable) as fault:
        await looked(address)
    assert "ann" not in str(fault.value)


RIGHT = json.dumps(LOOKED).encode()


@pytest.mark.parametrize(
    ("body", "status", "headers"),
    [(RIGHT, 500, {}), (RIGHT, 404, {}), (RIGHT, 409, {}), (RIGHT, 302, {"location": "https://shop.example"}),
     (RIGHT[:-2], 200, {}), (b"[" * 10000, 200, {}), (RIGHT, 200, {"content_encoding": "gzip"}),
     (RIGHT.replace(b"ann", b"\xff"), 200, {})],
)  # fmt: skip
async def test_an_answer_with_another_status_or_body_is_none(body: bytes, status: int, headers: dict[str, str]) -> None:
    with saying(body, status, **headers) as address, pytest.raises(ShopUnavailable):
        await looked(address)


async def test_an_answer_without_an_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    with saying(RIGHT + b" " * 1000) as address, pytest.raises(ShopUnavailable):
        await looked(address)
