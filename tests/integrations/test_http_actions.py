"""The buttons under a quote: confirm with its token, take back; only by the one it was shown to, and once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from httpx import AsyncClient

from integrations.bootstrap import Dragoman
from tests.integrations.front_door import begin, open_shop, session_of
from tests.integrations.test_http import token
from tools.offers import offer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Shop:
    """An open demo home, served."""

    dragoman: Dragoman
    client: AsyncClient

    async def signed_in(self, customer: str) -> dict[str, str]:
        """Headers of a session the storefront signed this customer in to."""
        return await begin(self.client, identity_token=token(sub=customer))

    async def offered(self, headers: dict[str, str], name: str, **arguments: Any) -> dict[str, Any]:
        """What a tool of that session offers."""
        session = await session_of(self.dragoman, headers)
        return (await offer(await self.dragoman.context(session), name, arguments))[1]

    async def pending(self) -> Any:
        """An order of the shop's own that is not packed, another each time."""
        for row in await self.dragoman.ledger.entries("done", 100):
            self.used.add(row.order_id)
        from integrations.shops.demo import read_demo_shop

        for order in read_demo_shop(self.dragoman.clerk().now().date()).orders or []:
            if order.status == "pending" and order.channel == "own" and order.order_id not in self.used:
                self.used.add(order.order_id)
                return order
        raise AssertionError("no pending order is left")

    def __post_init__(self) -> None:
        self.used: set[str] = set()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(module_home: Path) -> AsyncIterator[Shop]:
    async with open_shop(module_home) as opened, opened.visit() as client:
        yield Shop(opened.dragoman, client)


async def test_a_quote_is_confirmed_with_its_token_and_pressed_twice_happens_once(shop: Shop) -> None:
    order = await shop.pending()
    headers = await shop.signed_in(order.customer_id)
    told = await shop.offered(headers, "cancel_order", order_id=order.order_id, reason="no longer needed")
    assert (told["status"], told["rule"]) == ("needs_confirmation", "CONFIRMATION_REQUIRED")
    assert (await shop.dragoman.shop.order(order.order_id)).status == "pending"  # type: ignore[union-attr]

    where = f"/v1/actions/{told['operation_id']}/confirm"
    replies = [await shop.client.post(where, headers=headers, json={"token": told["token"]}) for _ in range(2)]
    assert [reply.json()["status"] for reply in replies] == ["done", "done"]
    assert (await shop.dragoman.shop.order(order.order_id)).status == "cancelled"  # type: ignore[union-attr]
    entry = await shop.dragoman.ledger.find(told["operation_id"])
    assert entry is not None
    assert [step["status"] for step in entry.history] == ["needs_confirmation", "started", "done"]


async def test_another_session_can_do_nothing_with_a_token_it_came_by(shop: Shop) -> None:
    order = await shop.pending()
    told = await shop.offered(
        await shop.signed_in(order.customer_id), "cancel_order", order_id=order.order_id, reason="no longer needed"
    )
    where = f"/v1/actions/{told['operation_id']}"
    for headers in (await begin(shop.client), await shop.signed_in("lena_brandt_2041")):
        refused = await shop.client.post(f"{where}/confirm", headers=headers, json={"token": told["token"]})
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "confirmation_invalid")
        hidden = await shop.client.post(f"{where}/cancel", headers=headers)
        assert (hidden.status_code, hidden.json()["error"]["code"]) == (404, "action_unknown")
    assert (await shop.dragoman.shop.order(order.order_id)).status == "pending"  # type: ignore[union-attr]


@pytest.mark.parametrize("wrong", ["", "x", "a.b.c", "{cut}"])
async def test_a_forged_or_cut_token_confirms_nothing(shop: Shop, wrong: str) -> None:
    order = await shop.pending()
    headers = await shop.signed_in(order.customer_id)
    told = await shop.offered(headers, "change_order_address", order_id=order.order_id, address1="Weg 1",
                              city="Bremen", country="DE", zip="28203")  # fmt: skip
    sent = wrong.replace("{cut}", told["token"][:-2])
    reply = await shop.client.post(f"/v1/actions/{told['operation_id']}/confirm", headers=headers, json={"token": sent})
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "confirmation_invalid")


async def test_a_quote_taken_back_cannot_be_confirmed_any_more(shop: Shop) -> None:
    order = await shop.pending()
    headers = await shop.signed_in(order.customer_id)
    told = await shop.offered(headers, "cancel_order", order_id=order.order_id, reason="no longer needed")
    where = f"/v1/actions/{told['operation_id']}"
    assert (await shop.client.post(f"{where}/cancel", headers=headers)).json()["rule"] == "CANCELLED"
    late = (await shop.client.post(f"{where}/confirm", headers=headers, json={"token": told["token"]})).json()
    assert (late["status"], late["rule"]) == ("denied", "CANCELLED")
    assert (await shop.dragoman.shop.order(order.order_id)).status == "pending"  # type: ignore[union-attr]


async def test_a_strangers_order_and_one_that_is_not_there_are_refused_alike(shop: Shop) -> None:
    headers = await shop.signed_in("lena_brandt_2041")
    told = [
        await shop.offered(headers, "cancel_order", order_id=number, reason="no longer needed")
        for number in ("AQ-10100", "AQ-99999")
    ]
    assert [{**entry, "order_id": ""} for entry in told][0] == {**told[1], "order_id": ""}
    assert told[0]["status"] == "refused"


async def test_a_page_s_own_button_asks_what_an_action_comes_to(shop: Shop) -> None:
    order = await shop.pending()
    headers = await shop.signed_in(order.customer_id)
    body = {"action": "cancel_order", "arguments": {"order_id": order.order_id, "reason": "ordered by mistake"}}
    told = (await shop.client.post("/v1/actions", headers=headers, json=body)).json()
    assert (told["status"], told["quote"]["order_id"]) == ("needs_confirmation", order.order_id)
    done = await shop.client.post(
        f"/v1/actions/{told['operation_id']}/confirm", headers=headers, json={"token": told["token"]}
    )
    assert done.json()["status"] == "done"

    stranger = (await shop.client.post("/v1/actions", headers=await begin(shop.client), json=body)).json()
    assert (stranger["status"], stranger["token"]) == ("missing", "")
    staff = await shop.client.post("/v1/actions", headers=headers, json={**body, "action": "give_goodwill"})
    assert (staff.status_code, staff.json()["error"]["code"]) == (422, "action_unknown")
