"""What is held of a conversation: taken along, sent by mail, rated, erased."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP
from httpx import AsyncClient
from pydantic import SecretStr
from sqlalchemy import inspect, text

from integrations.database.engine import Sessions
from integrations.database.erasing import erase_sessions
from integrations.database.handoffs import HandoffStore
from integrations.database.ratings import RatingStore, TypingBoard
from integrations.database.sessions import SessionStore
from integrations.desk import Desk, HandoffRefused
from integrations.widget.mail import is_address
from integrations.widget.telling import shown_in_stream
from tests.command_line import command, process
from tests.integrations.front_door import LENA, Shop, ask, begin, custom, identity, said, session_of
from tests.integrations.test_attachments import picture, send
from tests.integrations.xss_vectors import VECTORS
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
OWN = {"order_id": "AQ-10098", "email": "jonas_wiechert@example.com"}


class Mailbox:
    """A mail server that keeps what it takes, or takes nothing."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusing = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refusing:
            return "554 no"
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 kept"


@pytest_asyncio.fixture(loop_scope="module")
async def mailbox() -> AsyncIterator[tuple[Mailbox, dict[str, Any]]]:
    """A real mail server on this machine, and the settings that name it."""
    held = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(held), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield held, {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), "mail_from": "Amberquay <help@amberquay.example>"}
    server.close()
    await server.wait_closed()


async def test_a_transcript_tells_what_was_said_and_not_what_proved_it(client: AsyncClient) -> None:
    headers = await begin(client, locale="de-DE")
    asked = "Wo ist AQ-10098? Meine Mail ist jonas_wiechert@example.com, PLZ 50667, Karte 4111 1111 1111 1111"
    answer = said(await ask(client, headers, asked))
    told = (await client.get("/v1/transcript", headers=headers)).text
    assert "Ihr Gespräch mit Amberquay" in told
    assert "Wo ist AQ-10098?" in told
    assert answer.splitlines()[0] in told
    assert not re.search(r"jonas_wiechert|4111", told)
    held = (await client.get("/v1/transcript?format=json", headers=headers)).json()
    assert [entry["speaker"] for entry in held["messages"]] == ["shopper", "assistant"]
    assert headers["authorization"].split()[1] not in json.dumps(held)


async def test_a_postcode_that_opened_an_order_is_hidden(client: AsyncClient, shop: Shop) -> None:
    order = await shop.dragoman.shop.order("AQ-10098")
    assert order is not None
    headers = await begin(client)
    await ask(client, headers, "Where is AQ-10098?")
    await ask(client, headers, order.address.zip)
    for kind in ("txt", "html", "json"):
        told = (await client.get(f"/v1/transcript?format={kind}", headers=headers)).text
        assert order.address.zip not in told
        assert "•••" in told


@pytest.mark.parametrize("vector", VECTORS[::6])
async def test_a_transcript_as_a_page_runs_nothing(client: AsyncClient, vector: str) -> None:
    headers = await begin(client)
    await ask(client, headers, f"Do you sell {vector}")
    reply = await client.get("/v1/transcript?format=html", headers=headers)
    assert set(re.findall(r"<(\w+)", reply.text)) <= {
        "html",
        "meta",
        "title",
        "style",
        "h1",
        "dl",
        "dt",
        "b",
        "time",
        "dd",
    }
    assert reply.headers["content-disposition"].startswith("attachment")
    assert "default-src 'none'" in reply.headers["content-security-policy"]


async def test_an_arabic_transcript_reads_from_the_right(client: AsyncClient) -> None:
    headers = await begin(client, locale="ar-SA")
    assert '<html lang="ar" dir="rtl">' in (await client.get("/v1/transcript?format=html", headers=headers)).text


async def test_a_transcript_is_sent_by_mail(shop: Shop, mailbox: tuple[Mailbox, dict[str, Any]]) -> None:
    held, settings = mailbox
    async with shop.visit(**settings) as client:
        headers = await begin(client, locale="ja-JP")
        answer = said(await ask(client, headers, "ドイツへの送料はいくらですか"))
        reply = await client.post("/v1/transcript", headers=headers, json={"email": "me@example.org"})
        assert (reply.status_code, reply.json()) == (202, {"sent": True})
        [letter] = held.letters
        assert (letter["to"], letter["subject"]) == ("me@example.org", "Amberquayとの会話")
        parts = [part.get_content() for part in letter.iter_parts()]  # type: ignore[attr-defined]
        assert all(answer.split("[")[0].strip()[:20] in part for part in parts)
        held.refusing = True
        reply = await client.post("/v1/transcript", headers=headers, json={"email": "me@example.org"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (502, "mail_failed")
        await client.post("/v1/transcript", headers=headers, json={"email": "you@example.org"})
        reply = await client.post("/v1/transcript", headers=headers, json={"email": "third@example.org"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (429, "too_many")


@pytest.mark.parametrize("address", [
    "", "x", "a@b", "a@b.org\r\nBcc: all@example.org", "a@b.org, c@d.org", "a b@c.org", "<a@b.org>", "a@b.org\n",
    "@b.org",    "a@-", "ä@b.org", "a@b..org", "\"a\"@b.org", "a@[127.0.0.1]",
])  # fmt: skip
async def test_what_is_not_one_plain_address_gets_no_mail(
    shop: Shop, mailbox: tuple[Mailbox, dict[str, Any]], address: str
) -> None:
    held, settings = mailbox
    async with shop.visit(**settings) as client:
        reply = await client.post("/v1/transcript", headers=await begin(client), json={"email": address})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "bad_address")
    assert held.letters == []
    assert is_address("first.last+tag@mail.example.org")


async def test_without_a_mail_server_nothing_is_sent(client: AsyncClient) -> None:
    reply = await client.post("/v1/transcript", headers=await begin(client), json={"email": "me@example.org"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "no_mail")


async def test_stars_are_kept_once_a_conversation_and_shown_to_operators(client: AsyncClient, shop: Shop) -> None:
    headers = await begin(client)
    for stars in (2, 5):
        body = {"stars": stars, "comment": f"that was {stars}"}
        assert (await client.post("/v1/rating", headers=headers, json=body)).status_code == 204
    assert (await client.get("/v1/history", headers=headers)).json()["rating"] == 5
    [rated] = await shop.dragoman.sessions.ratings.recent(10)
    assert (rated.stars, rated.comment) == (5, "that was 5")
    assert await shop.dragoman.sessions.ratings.counted() == {5: 1}
    assert "dragoman_rating_stars_count 2.0" in (await client.get("/metrics")).text
    for wrong in (0, 6, "many", None, 2.5):
        assert (await client.post("/v1/rating", headers=headers, json={"stars": wrong})).status_code == 422


async def test_who_writes_is_shown_to_the_other_side_only_while_a_person_is_there(
    client: AsyncClient, shop: Shop
) -> None:
    headers, desk = (
        await begin(client, locale="de-DE"),
        Desk(shop.dragoman.sessions, shop.dragoman.turns, shown_in_stream(shop.dragoman.turns)),
    )
    session = await session_of(shop.dragoman, headers)
    reference = (await client.post("/v1/handoff", headers=headers, json={})).json()["reference"]
    board = shop.dragoman.sessions.typing
    assert (await client.post("/v1/typing", headers=headers, json={"typing": True})).status_code == 204
    assert await board.since(session.id) is None
    with pytest.raises(HandoffRefused):
        await desk.writes(reference, "Mia")
    await desk.claim(reference, "Mia")
    for typing in (True, True):
        await client.post("/v1/typing", headers=headers, json={"typing": typing})
    assert await board.since(session.id) is not None
    await client.post("/v1/typing", headers=headers, json={"typing": False})
    assert await board.since(session.id) is None
    await desk.writes(reference, "Mia")
    reply = await client.post("/v1/chat", headers={**headers, "last-event-id": "0"}, json={})
    frames = [json.loads(line[6:]) for line in reply.text.splitlines() if line.startswith("data: ")]
    assert custom(frames, "notice")[-1] == {"code": "typing", "text": "Mia schreibt gerade …"}
    history = (await client.get("/v1/history", headers=headers)).json()
    assert [event["name"] for event in history["person_events"]] == ["handoff"]


async def rows_of(shop: Shop, session_id: str) -> dict[str, int]:
    """How many rows of each table name a session."""
    found = {}
    async with shop.dragoman._database() as database:
        connection = await database.connection()
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        for name in names:
            columns = await connection.run_sync(lambda sync, table=name: inspect(sync).get_columns(table))
            if "session_id" in {column["name"] for column in columns}:
                count = text(f"select count(*) from {name} where session_id = :id")
                found[name] = int(await database.scalar(count, {"id": session_id}) or 0)
    return {name: count for name, count in found.items() if count}


async def lived(client: AsyncClient, shop: Shop, headers: dict[str, str]) -> str:
    """A conversation in which everything happened that is kept of one; returns its attachment."""
    session, desk = (
        await session_of(shop.dragoman, headers),
        Desk(shop.dragoman.sessions, shop.dragoman.turns, shown_in_stream(shop.dragoman.turns)),
    )
    held = (await send(client, headers, picture())).json()["attachment_id"]
    await ask(client, headers, "Do you ship zanzibarish flurbs to Germany?", turn="t1", attachments=[held])
    [order, *_] = (await client.get("/v1/orders", headers=headers)).json()["orders"]
    arguments = {"order_id": order["order_id"], "reason": "no longer needed"}
    await client.post("/v1/actions", headers=headers, json={"action": "cancel_order", "arguments": arguments})
    await client.post("/v1/feedback", headers=headers, json={"turn": "t1", "score": -1, "comment": "bad"})
    await client.post("/v1/rating", headers=headers, json={"stars": 1})
    reference = (await client.post("/v1/handoff", headers=headers, json={})).json()["reference"]
    await desk.claim(reference, "Mia")
    await desk.say(reference, "Mia", "Hello, Mia here")
    await client.post("/v1/typing", headers=headers, json={"typing": True})
    await shop.dragoman.traces.drain()
    assert {
        "sessions", "tokens", "turns", "frames", "messages", "traces", "handoffs", "person_talk", "attachments",
        "feedback", "ratings", "typing", "searches", "actions",
    } <= set(await rows_of(shop, session.id))  # fmt: skip
    return str(held)


async def test_erasing_leaves_nothing_but_the_ledger_and_the_token_is_void(client: AsyncClient, shop: Shop) -> None:
    headers, other = await begin(client, identity_token=identity(LENA), locale="en-GB"), await begin(client)
    session, held = await session_of(shop.dragoman, headers), await lived(client, shop, headers)
    await ask(client, other, "How long does delivery take?")
    memory = shop.house.settings.home / "conversations.sqlite3"
    assert "flurbs" in told_in(memory)
    reply = await client.post("/v1/erase", headers=headers)
    assert reply.json() == {"erased": True, "kept": reply.json()["kept"]}
    assert "on record" in reply.json()["kept"]
    await shop.dragoman.traces.drain()
    assert set(await rows_of(shop, session.id)) == {"actions"}
    assert "flurbs" not in told_in(memory)
    for method, path, body in (
        ("GET", "/v1/history", None), ("POST", "/v1/chat", {"message": "hi"}), ("POST", "/v1/sessions/renew", None),
        ("GET", f"/v1/attachments/{held}", None), ("POST", "/v1/erase", None), ("GET", "/v1/transcript", None),
    ):  # fmt: skip
        refused = await client.request(method, path, headers=headers, json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")
    assert await shop.dragoman.sessions.attachments.find(held) is None
    assert len((await client.get("/v1/history", headers=other)).json()["turns"]) == 1


def told_in(memory: Path) -> str:
    """All that the agent remembers, as it stands in its file."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(memory)) as opened:
        return str(opened.execute("select checkpoint from checkpoints").fetchall())


async def test_erasing_while_an_answer_is_written_leaves_nothing_of_it(client: AsyncClient, shop: Shop) -> None:
    headers = await begin(client)
    session = await session_of(shop.dragoman, headers)
    asking = asyncio.create_task(ask(client, headers, "How long does delivery take?"))
    while not await shop.dragoman.turns.inbox.open(session.id):  # noqa: ASYNC110
        await asyncio.sleep(0.002)
    assert (await client.post("/v1/erase", headers=headers)).json()["erased"] is True
    await asking
    await shop.dragoman.traces.drain()
    assert await rows_of(shop, session.id) == {}


async def test_all_of_a_customer_is_exported_and_erased(client: AsyncClient, shop: Shop) -> None:
    """By the shop, for a customer who asks: the real command, beside the running server."""
    headers = await begin(client, identity_token=identity("callum_ashdown_9499"))
    await ask(client, headers, "How long does delivery take to Wales?")
    session = await session_of(shop.dragoman, headers)

    home, who = shop.house.settings.home, ("--customer", "callum_ashdown_9499")
    await shop.dragoman.traces.drain()
    told = await asyncio.to_thread(command, home, "privacy", "export", *who)
    [held] = json.loads(told.stdout)["conversations"]
    assert (told.returncode, held["session"]["id"]) == (0, session.id)
    assert held["turns"][0]["question"] == "How long does delivery take to Wales?"
    assert (await asyncio.to_thread(process, home, "privacy", "erase", *who, "--json")).returncode == 0
    assert await rows_of(shop, session.id) == {}


@pytest.mark.asyncio(loop_scope="function")
async def test_ratings_typing_and_erasing_work_on_every_database(sessions: Sessions) -> None:
    store, ratings, board = SessionStore(sessions), RatingStore(sessions), TypingBoard(sessions)
    for name in ("s1", "s2"):
        await store.start(Session(name))
        await ratings.keep(name, 3, "")
        await ratings.keep(name, 4, "good")
        await board.note(name, True)
    handoff = await HandoffStore(sessions).open(Session("s1"), "x")
    await HandoffStore(sessions).say(handoff, "person", "Mia", "hello")
    [(asked, answered)] = await HandoffStore(sessions).first_answers(handoff.created_at)
    assert asked <= answered
    assert await erase_sessions(sessions, ["s1"]) is False
    assert await store.find("s1") is None
    assert await store.find("s2") is not None
    assert await ratings.counted() == {4: 1}
    assert await board.since("s1") is None
    assert await board.since("s2") is not None
    assert await HandoffStore(sessions).first_answers(handoff.created_at) == []
