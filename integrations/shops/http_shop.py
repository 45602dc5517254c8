"""A merchant's own system as the shop, over the small HTTP protocol that docs/developer.md states."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import ValidationError

from integrations.shops import http_answers as answers
from knowledge.commerce import Customer, Noun, Order, Product, normal_order_id
from knowledge.shop import Change, OperationBarred, ShopUnavailable, Snapshot, StateChanged

if TYPE_CHECKING:
    import httpx

PATIENCE_S = 10.0
"""Longest wait for a whole answer, while a shopper waits."""

MOST_BYTES = 64 * 2**20
"""Most of an answer that is read; all products of a large shop are some 20 MB."""

STATUSES = {"written": 200, "changed": 409, "barred": 410}
"""The HTTP status of each outcome of a change. Where the two do not agree, nobody knows what happened."""

REFUSALS = dict.fromkeys((401, 403), "does not accept the key: check DRAGOMAN_SHOP_KEY") | {
    404: "does not speak the protocol at that address: check DRAGOMAN_SHOP_URL"
}
"""What an operator can do about a status."""

Told = TypeVar("Told", bound=answers.Answer)
Value = TypeVar("Value")


class ShopAddressWrong(ValueError):
    """The address or key of a shop cannot be used; the text says what it should be."""


class HttpShop:
    """The Shop port over HTTP. Whatever is no clear answer is ShopUnavailable; nothing is ever sent twice."""

    def __init__(self, address: str, key: str, patience_s: float = PATIENCE_S) -> None:
        self._client = _client(address, key, patience_s)
        self._host = urlsplit(address).netloc
        self.patience_s = patience_s
        self._about = answers.AboutShop(name="the shop", home_currency="USD")

    @classmethod
    async def open(cls, address: str, key: str, patience_s: float = PATIENCE_S) -> HttpShop:
        """The shop at an address, asked for its name and currency. Raises ShopAddressWrong, ShopUnavailable."""
        shop = cls(address, key, patience_s)
        try:
            shop._about = await shop._get(answers.AboutShop, "shop")
        except BaseException:
            await shop.close()
            raise
        return shop

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    @property
    def name(self) -> str:
        """The shop's name."""
        return self._about.name

    @property
    def home_currency(self) -> str:
        """Currency of prices that name none."""
        return self._about.home_currency

    async def products(self) -> list[Product]:
        """Every product, in the merchant's order."""
        return (await self._get(answers.Products, "products")).products

    async def product(self, key: str) -> Product | None:
        """A product by id, SKU or GTIN."""
        return (await self._get(answers.OneProduct, "product", key=key)).product

    async def order(self, order_id: str) -> Order | None:
        """An order by its number as people type it."""
        wanted = normal_order_id(order_id)
        order = (await self._get(answers.OneOrder, "order", id=wanted)).order
        return self._same(order, order is None or normal_order_id(order.order_id) == wanted)

    async def customer(self, customer_id: str) -> Customer | None:
        """A customer by id."""
        customer = (await self._get(answers.OneCustomer, "customer", id=customer_id)).customer
        return self._same(customer, customer is None or customer.customer_id == customer_id)

    async def orders_of(self, customer_id: str) -> list[Order]:
        """A customer's orders, newest first."""
        orders = (await self._get(answers.Orders, "orders", customer_id=customer_id)).orders
        return self._same(orders, all(order.customer_id == customer_id for order in orders))

    async def look(self, order_id: str, customer_id: str, skus: Collection[str]) -> Snapshot:
        """An order under exactly this number, its customer and its products, with their versions."""
        asked = {"order_id": order_id, "customer_id": customer_id, "skus": sorted(skus)}
        looked = await self._post(answers.Looked, "look", asked)
        return self._same(looked, looked.answers(order_id, customer_id)).snapshot()

    async def change(self, change: Change) -> None:
        """Write a change, once, on the state it was decided on."""
        told, status = await self._ask(answers.Changed, "POST", "changes", change.operation_id, json=_plain(change))
        self._same(told, told.operation_id == change.operation_id and STATUSES[told.outcome] == status)
        if told.outcome == "changed":
            raise StateChanged(f"what operation {change.operation_id} was decided on has changed")
        if told.outcome == "barred":
            raise OperationBarred(f"{change.operation_id} was settled as not written")

    async def settle(self, operation_id: str) -> bool:
        """Whether a change was written; where not, it never will be."""
        settled = await self._post(answers.Settled, "settle", {"operation_id": operation_id}, operation_id)
        return self._same(settled, settled.operation_id == operation_id).written

    async def _get(self, kind: type[Told], path: str, **asked: str) -> Told:
        told, status = await self._ask(kind, "GET", path, params=asked)
        return self._same(told, status == 200)

    async def _post(self, kind: type[Told], path: str, body: Any, operation_id: str = "") -> Told:
        told, status = await self._ask(kind, "POST", path, operation_id, json=body)
        return self._same(told, status == 200)

    async def _ask(
        self, kind: type[Told], method: str, path: str, operation_id: str = "", **sent: Any
    ) -> tuple[Told, int]:
        """One question, asked once, and its answer with its status. Raises ShopUnavailable."""
        import httpx

        headers = {"idempotency-key": operation_id} if operation_id else {}
        try:
            async with (
                asyncio.timeout(self.patience_s),
                self._client.stream(method, path, headers=headers, **sent) as answer,
            ):
                if answer.status_code not in STATUSES.values():
                    raise self._unavailable(REFUSALS.get(answer.status_code, f"answered {answer.status_code}"))
                return kind.model_validate_json(await _body(answer)), answer.status_code
        except TimeoutError as error:
            raise self._unavailable("did not answer in time") from error
        except ValidationError:  # its text would quote the answer, which holds personal data
            raise self._unavailable("answered with something that is not of the protocol") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise self._unavailable(f"cannot be reached or broke off ({type(error).__name__})") from error

    def _same(self, value: Value, fits: bool) -> Value:
        if not fits:
            raise self._unavailable("answered something else than it was asked")
        return value

    def _unavailable(self, what: str) -> ShopUnavailable:
        return ShopUnavailable(f"the shop at {self._host} {what}")


async def _body(answer: httpx.Response) -> bytes:
    """The body of an answer as it came; b'' of one no program of the protocol would give."""
    read = bytearray()
    if "content-encoding" in answer.headers:
        return b""
    async for part in answer.aiter_raw():
        read += part
        if len(read) > MOST_BYTES:
            return b""
    return bytes(read)


def _client(address: str, key: str, patience_s: float) -> httpx.AsyncClient:
    import httpx

    parts = urlsplit(address)
    if not _safe(parts.scheme, parts.hostname or "") or parts.username or parts.query or parts.fragment:
        raise ShopAddressWrong(
            "DRAGOMAN_SHOP_URL is the address of the shop's system, like https://shop.example/dragoman; http is only"
            " for this machine, and the key goes in DRAGOMAN_SHOP_KEY"
        )
    if not (key and key.isascii() and key.isprintable() and " " not in key):
        raise ShopAddressWrong("DRAGOMAN_SHOP_KEY is the key the shop's system expects: letters, figures, signs")
    headers = {"authorization": f"Bearer {key}", "accept": "application/json", "accept-encoding": "identity"}
    return httpx.AsyncClient(
        base_url=address.rstrip("/") + "/", headers=headers, timeout=patience_s, follow_redirects=False, trust_env=False
    )


def _safe(scheme: str, host: str) -> bool:
    """Whether nobody on the way can read along."""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    return bool(host) and (scheme == "https" or (scheme == "http" and here))


def _plain(change: Change) -> dict[str, Any]:
    """A change as it is sent: whole nouns under the names of the protocol."""
    return {
        "operation_id": change.operation_id,
        "order": _noun(change.order),
        "customer": _noun(change.customer),
        "stock": dict(change.stock),
        "seen": [{"kind": kind, "id": key, "version": version} for (kind, key), version in change.seen.items()],
    }


def _noun(noun: Noun | None) -> dict[str, Any] | None:
    return noun.model_dump(mode="json", exclude_unset=True) if noun is not None else None
