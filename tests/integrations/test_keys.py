"""Keys of the shop's people, and the journal of what they did."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import Depends, FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.actions import decided
from integrations.database.engine import Sessions, open_engine, prepare
from integrations.database.journal import Journal, veiled
from integrations.database.keys import Holder, KeyRefused, Keyring
from integrations.studio.gate import gate
from tests.integrations.front_door import Shop, open_shop
from tools.actions.ledger import Entry

NOW = datetime.now(UTC)


@pytest.fixture
async def light(tmp_path: Path, made_at: Callable[[Path], str]) -> AsyncIterator[Sessions]:
    """A database on SQLite alone."""
    engine = open_engine(made_at(tmp_path / "keys.sqlite3"))
    yield await prepare(engine)
    await engine.dispose()


async def test_a_key_is_known_by_its_hash_until_it_is_revoked(sessions: Sessions, engine: AsyncEngine) -> None:
    keys = Keyring(sessions)
    assert await keys.is_empty()
    ana, bob = await keys.add("ana", "marketer", "root"), await keys.add("bob", "operator", "root")
    assert (await keys.holder(ana), await keys.holder(bob)) == (Holder("ana", "marketer"), Holder("bob", "operator"))
    assert [await keys.holder(wrong) for wrong in ("", ana[:-1], ana + "x", ana.upper(), "dragoman_\udce9")] == [
        None
    ] * 5
    async with engine.connect() as connection:
        kept = str((await connection.execute(text("select * from keys"))).all())
    assert ana not in kept
    assert ana.removeprefix("dragoman_") not in kept
    await keys.revoke("ana", "bob")
    assert await keys.holder(ana) is None
    assert await keys.holder(await keys.add("ana", "marketer", "bob")) == Holder("ana", "marketer")
    told = [(deed.who, deed.deed, deed.subject, deed.told) for deed in await Journal(sessions).deeds()]
    assert told[:2] == [("bob", "key added", "ana", "marketer"), ("bob", "key revoked", "ana", "")]


@pytest.mark.parametrize(("name", "role"), [("", "marketer"), ("a b", "marketer"), ("a", "head"), ("ana", "operator")])
async def test_a_key_needs_a_name_of_its_own_and_a_role(light: Sessions, name: str, role: str) -> None:
    keys = Keyring(light)
    await keys.add("ana", "marketer", "root")
    with pytest.raises(KeyRefused):
        await keys.add(name, role, "root")
    with pytest.raises(KeyRefused, match="dragoman keys list"):
        await keys.revoke("nobody", "root")
    assert len(await keys.held()) == 1


async def test_the_key_of_the_settings_still_opens_and_is_a_marketers(light: Sessions) -> None:
    keys = Keyring(light, "a-key-of-the-settings")
    assert await keys.holder("a-key-of-the-settings") == Holder("DRAGOMAN_API_KEY", "marketer")
    assert await keys.holder("a-key-of-the-setting\xe9") is None
    assert not await keys.is_empty()
    assert await Keyring(light).holder("") is None


async def test_a_route_is_open_to_its_role_alone(light: Sessions) -> None:
    keys, api = Keyring(light), FastAPI(telemetry={"logs": False, "operation_spans": False, "auto_configure": False})
    enter = gate(keys, "operator")

    @api.get("/desk")
    async def desk(holder: Holder = Depends(enter)) -> str:
        return holder.name

    ana, bob = await keys.add("ana", "marketer", "root"), await keys.add("bob", "operator", "root")
    async with AsyncClient(transport=ASGITransport(api), base_url="http://shop.test") as client:
        replies = [await client.get("/desk", headers={"authorization": f"Bearer {key}"}) for key in ("", "x", ana, bob)]
        assert [reply.status_code for reply in replies] == [401, 401, 403, 200]
        assert replies[-1].json() == "bob"
        assert "ana is marketer" in replies[2].json()["detail"]["message"]


async def test_in_production_only_an_operator_reads_the_metrics(home: Path) -> None:
    async with open_shop(home) as opened:
        keys = opened.dragoman.keys
        ana, bob = await keys.add("ana", "marketer", "root"), await keys.add("bob", "operator", "root")
        shop = Shop(opened.dragoman, opened.house.__class__(**{**vars(opened.house), "keys": keys}))
        async with shop.visit(environment="production") as client:
            codes = [
                (await client.get("/metrics", headers={"authorization": f"Bearer {key}"})).status_code
                for key in ("", ana, bob)
            ]
        assert codes == [401, 403, 200]


async def test_the_journal_cannot_be_changed_nor_shortened(sessions: Sessions, engine: AsyncEngine) -> None:
    await Journal(sessions).add("ana", "shop imported", "shop.json")
    for statement in ("update journal set who = 'bob'", "delete from journal"):
        with pytest.raises(DBAPIError, match="only added to"):
            async with engine.begin() as connection:
                await connection.execute(text(statement))
    assert [deed.who for deed in await Journal(sessions).deeds(deed="shop")] == ["ana"]
    assert await Journal(sessions).deeds(deed="key") == []


def test_a_customer_is_not_named_in_the_journal() -> None:
    assert veiled("lena", "s") == veiled("lena", "s") != veiled("lena", "t")
    assert "lena" not in veiled("lena", "s")


def test_what_a_person_decides_is_a_deed_and_what_time_decides_is_none() -> None:
    waiting = Entry("op-1", "refund_order", {}, "needs_approval", {"who": "bob"}, NOW, NOW)
    approved = decided(waiting.moved("started", NOW, "ann"), "needs_approval")
    assert approved is not None
    assert (approved.who, approved.deed, approved.subject) == ("ann", "action approved", "op-1")
    denied = decided(waiting.moved("denied", NOW, "ann", rule="DENIED_BY_PERSON"), "needs_approval")
    assert denied is not None
    assert denied.deed == "action denied"
    assert decided(waiting.moved("expired", NOW, "clock"), "needs_approval") is None
    assert decided(waiting.moved("started", NOW, "bob"), "needs_confirmation") is None
