"""Who may come in, for how long and how often: tokens, origins, proxies, the bot check; and what they are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from httpx import AsyncClient
from pydantic import SecretStr
from sqlalchemy import update

from integrations.database.engine import Sessions
from integrations.database.sessions import SessionStore
from integrations.database.tokens import RENEWABLE
from integrations.database.widget_tables import TokenRow
from integrations.desk import Desk as PersonsDesk
from integrations.settings import Settings
from integrations.widget.guests import Pace
from integrations.widget.hours import waited
from integrations.widget.telling import shown_in_stream
from tests.http_server import running
from tests.integrations.front_door import LENA, Shop, begin, identity
from tools.context import Session
from tools.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def age(shop: Shop, by: timedelta) -> None:
    """Let time pass for every token there is."""
    async with shop.dragoman._database.begin() as database:
        await database.execute(update(TokenRow).values(until=datetime.now(UTC) - by))


async def test_a_session_says_all_a_widget_begins_with(client: AsyncClient) -> None:
    told = (await client.post("/v1/sessions", json={"locale": "ja-JP"})).json()
    left = datetime.fromisoformat(told["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=118) < left <= timedelta(minutes=120)
    assert told["identified"] is False
    assert told["shop"] == {
        "name": "Amberquay", "privacy_url": "/policies/privacy", "logo": "/images/logo.svg",
    }  # fmt: skip
    assert told["attachments"]["most_bytes"] > 1_000_000
    assert "application/pdf" in told["attachments"]["media_types"]
    hours = told["hours"]
    assert (hours["opens"], hours["closes"], hours["weekdays"]) == ("08:00", "18:00", [0, 1, 2, 3, 4])
    assert (hours["zone"], hours["wait_minutes"]) == ("Europe/Paris", None)
    for link in (told["shop"]["privacy_url"], told["shop"]["logo"]):
        assert (await client.get(link)).status_code == 200
    known = (await client.post("/v1/sessions", json={"identity_token": identity(LENA)})).json()
    assert known["identified"] is True


@pytest.mark.parametrize(("whose", "locale", "asked", "needed"), [
    ("europe", "de-DE", None, True), ("europe", "de-DE", True, False), ("europe", "de-DE", False, False),
    ("europe", "en-GB", None, True), ("europe", "en-US", None, False), ("europe", "en", None, True),
    ("never", "de-DE", None, False), ("always", "en-US", None, True),
])  # fmt: skip
async def test_consent_is_asked_for_where_it_is_needed(
    shop: Shop, whose: str, locale: str, asked: bool | None, needed: bool
) -> None:
    async with shop.visit(consent=whose) as client:
        told = (await client.post("/v1/sessions", json={"locale": locale, "consent": asked})).json()
    assert told["consent_needed"] is needed


async def test_a_token_ends_and_is_renewed_for_the_same_conversation(client: AsyncClient, shop: Shop) -> None:
    headers = await begin(client)
    await client.post("/v1/chat", headers=headers, json={"message": "thanks", "turn": "one"})
    await age(shop, timedelta(minutes=1))
    refused = await client.get("/v1/history", headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "expired")
    told = (await client.post("/v1/sessions/renew", headers=headers)).json()
    assert datetime.fromisoformat(told["expires_at"]) > datetime.now(UTC)
    fresh = {"authorization": f"Bearer {told['token']}"}
    assert [turn["turn"] for turn in (await client.get("/v1/history", headers=fresh)).json()["turns"]] == ["one"]


async def test_a_token_that_still_holds_is_renewed_and_holds_on(client: AsyncClient) -> None:
    """Two tabs share a conversation: the one that renews does not put the other out."""
    headers = await begin(client)
    told = (await client.post("/v1/sessions/renew", headers=headers)).json()
    for token in (headers, {"authorization": f"Bearer {told['token']}"}):
        assert (await client.get("/v1/history", headers=token)).status_code == 200


async def test_a_token_that_ended_long_ago_renews_nothing(client: AsyncClient, shop: Shop) -> None:
    headers = await begin(client)
    await age(shop, RENEWABLE + timedelta(seconds=1))
    for path in ("/v1/sessions/renew", "/v1/erase"):
        refused = await client.post(path, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}, {"authorization": "Bearer "}])
async def test_without_a_token_nothing_is_renewed(client: AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.post("/v1/sessions/renew", headers=headers)).status_code == 401


async def test_nobody_can_be_given_a_session_of_anothers_choice(client: AsyncClient) -> None:
    """Session fixation: neither id nor token are taken from a request, and each session has new ones."""
    for chosen in ({"session_id": "mine"}, {"token": "mine"}, {"customer_id": LENA}, {"role": "operator"}):
        assert (await client.post("/v1/sessions", json=chosen)).status_code == 422
    cookie = {"cookie": "session=mine; token=mine", "authorization": "Bearer mine"}
    told = [(await client.post("/v1/sessions", json={}, headers=cookie)).json() for _ in range(2)]
    assert len({entry["session_id"] for entry in told} | {entry["token"] for entry in told}) == 4
    assert "set-cookie" not in (await client.post("/v1/sessions", json={}, headers=cookie)).headers
    before = await begin(client)
    await client.post("/v1/sessions", json={"identity_token": identity(LENA)}, headers=before)
    assert (await client.get("/v1/orders", headers=before)).json() == {"orders": []}


ELSEWHERE = ["https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null", "", "x",
             "https://shop.example:444", "https://sub.shop.example"]  # fmt: skip
POSTS = ["/v1/sessions", "/v1/sessions/renew", "/v1/chat", "/v1/identify", "/v1/actions", "/v1/actions/x/confirm",
         "/v1/feedback", "/v1/rating", "/v1/handoff", "/v1/typing", "/v1/attachments", "/v1/transcript", "/v1/erase",
         "/v1/chat/cancel"]  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
async def test_a_foreign_page_can_post_nothing(shop: Shop, path: str) -> None:
    async with shop.visit(allowed_origins=["https://shop.example"]) as client:
        for origin in ELSEWHERE:
            refused = await client.post(path, json={}, headers={"origin": origin})
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin_refused")
        for origin in ({"origin": "https://shop.example"}, {"origin": "http://shop.test"}, {}):
            assert (await client.post(path, json={}, headers=origin)).status_code != 403


async def test_every_post_of_the_api_is_among_those_tried(shop: Shop) -> None:
    async with shop.visit() as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    posts = {path.replace("{operation_id}", "x") for path, methods in paths.items() if "post" in methods}
    assert posts - {*POSTS, "/v1/actions/x/cancel"} == set()


async def test_where_no_origins_are_named_any_page_of_this_server_may_ask(client: AsyncClient) -> None:
    reply = await client.post("/v1/sessions", json={}, headers={"origin": "https://anywhere.example"})
    assert reply.status_code == 201
    assert "access-control-allow-origin" not in reply.headers


async def sessions_until_refused(client: AsyncClient, forwarded: str, times: int = 61) -> list[int]:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return [(await client.post("/v1/sessions", json={}, headers=headers)).status_code for _ in range(times)]


async def test_what_a_visitor_says_of_where_they_come_from_is_not_believed(shop: Shop) -> None:
    async with shop.visit() as client:
        told = [*await sessions_until_refused(client, "", 60)]
        assert told == [201] * 60
        for number in range(3):
            assert await sessions_until_refused(client, f"198.51.100.{number}", 1) == [429]


async def test_one_address_does_not_guess_on_in_ever_new_sessions(shop: Shop) -> None:
    proof = {"order_id": "AQ-99997", "email": "a@example.org"}
    async with shop.visit() as client:
        replies = [
            (await client.post("/v1/identify", headers=headers, json=proof)).status_code
            for headers in [await begin(client) for _ in range(4)] for _ in range(8)
        ]  # fmt: skip
    assert replies == [200] * 30 + [429] * 2


async def test_a_trusted_proxy_is_believed_from_its_end(shop: Shop) -> None:
    """What stands before the proxy's own entry was written by the visitor, and another entry does not help."""
    async with shop.visit(trusted_proxies=["203.0.113.0/24", "10.0.0.1"]) as client:
        assert (await sessions_until_refused(client, "1.1.1.1, 198.51.100.7, 10.0.0.1"))[-1] == 429
        assert await sessions_until_refused(client, "2.2.2.2, 198.51.100.7", 1) == [429]
        assert await sessions_until_refused(client, "198.51.100.8", 1) == [201]
        assert await sessions_until_refused(client, "not an address", 1) == [201]


class Checker(BaseHTTPRequestHandler):
    """A service that knows people from programs: `good` is a person's proof, `broken` makes it fail."""

    asked: list[dict[str, list[str]]] = []

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        self.asked.append(form)
        self.send_response(500 if form["response"] == ["broken"] else 200)
        self.end_headers()
        told = {"good": {"success": True}, "list": ["success"], "text": {"success": "true"}}
        self.wfile.write(json.dumps(told.get(form["response"][0], {"success": False})).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def checker() -> Iterator[dict[str, Any]]:
    with running(Checker) as address:
        yield {"bot_check_url": f"{address}/siteverify", "bot_check_secret": SecretStr("hush")}


async def test_a_visitor_shows_to_be_a_person_where_the_shop_wants_it(shop: Shop, checker: dict[str, Any]) -> None:
    async with shop.visit(**checker) as client:
        replies = [await client.post("/v1/sessions", json={"proof": proof}) for proof in ("", "bad", "list", "text")]
        assert {(r.status_code, r.json()["error"]["code"]) for r in replies} == {(403, "bot_check")}
        assert (await client.post("/v1/sessions", json={"proof": "good"})).status_code == 201
        broken = await client.post("/v1/sessions", json={"proof": "broken"})
        assert (broken.status_code, broken.json()["error"]["code"]) == (503, "bot_check_unavailable")
    assert Checker.asked[-1] == {"secret": ["hush"], "response": ["broken"], "remoteip": ["203.0.113.9"]}
    assert len(Checker.asked) == 5


async def test_who_is_not_there_lets_nobody_in(shop: Shop) -> None:
    async with shop.visit(bot_check_url="http://127.0.0.1:9/siteverify") as client:
        assert (await client.post("/v1/sessions", json={"proof": "good"})).status_code == 503


async def test_pace_counts_by_its_own_time_and_forgets() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert [await pace.allows(2, "mail", 3600) for _ in range(3)] == [True, True, False]
    assert [await pace.allows(1, "chat") for _ in range(2)] == [True, False]
    now = 61.0
    assert [await pace.allows(1, "chat"), await pace.allows(2, "mail", 3600)] == [True, False]
    now = 3700.0
    assert await pace.allows(2, "mail", 3600)
    assert [list(held) for held in pace._windows.values()] == [["mail"], []]


PARIS = Desk(zone="Europe/Paris", opens=time(8), closes=time(18), weekdays=(0, 1, 2, 3, 4))


@pytest.mark.parametrize(("since", "until", "minutes"), [
    ("2026-11-23T10:00", "2026-11-23T10:12", 12),  # within a Monday
    ("2026-11-23T16:50", "2026-11-24T07:20", 30),  # over a night: 10 minutes before, 20 after
    ("2026-11-27T16:55", "2026-11-30T07:03", 8),  # over a weekend
    ("2026-11-28T12:00", "2026-11-30T07:03", 3),  # asked on a Saturday
    ("2026-11-28T12:00", "2026-11-28T12:40", 40),  # answered on a Saturday, though nobody had to
    ("2026-03-27T16:30", "2026-03-30T06:30", 60),  # summer time begins between
])  # fmt: skip
async def test_waiting_counts_the_hours_in_which_somebody_is_there(since: str, until: str, minutes: int) -> None:
    begun, ended = (datetime.fromisoformat(f"{moment}+00:00") for moment in (since, until))
    assert waited(PARIS, begun, ended) == timedelta(minutes=minutes)


async def test_the_expected_wait_is_that_of_first_answers_lately(client: AsyncClient, shop: Shop) -> None:
    desk = PersonsDesk(shop.dragoman.sessions, shop.dragoman.turns, shown_in_stream(shop.dragoman.turns))
    headers = await begin(client)
    told = (await client.post("/v1/handoff", headers=headers, json={})).json()
    assert told["wait_minutes"] is None
    await desk.claim(told["reference"], "Mia")
    assert (await client.post("/v1/sessions", json={})).json()["hours"]["wait_minutes"] is None
    await desk.say(told["reference"], "Mia", "Hello")
    assert (await client.post("/v1/sessions", json={})).json()["hours"]["wait_minutes"] == 0


@pytest.mark.parametrize("wrong", [
    {"trusted_proxies": ["x"]}, {"bot_check_url": "ftp://x"}, {"bot_check_url": "x"}, {"session_minutes": 0},
    {"smtp_url": SecretStr("http://x"), "mail_from": "a@b.org"}, {"smtp_url": SecretStr("smtp://host")},
    {"consent": "sometimes"},
])  # fmt: skip
async def test_settings_that_cannot_work_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"(?i){next(iter(wrong))}"):
        Settings(home=tmp_path, **wrong)


@pytest.mark.asyncio(loop_scope="function")
async def test_tokens_are_renewed_on_every_database(sessions: Sessions) -> None:
    store, soon = SessionStore(sessions), datetime.now(UTC) + timedelta(minutes=5)
    first = await store.start(Session("s1"), soon)
    others = await asyncio.gather(*(store.tokens.renew("s1", soon) for _ in range(3)))
    found = [await store.tokens.find(token) for token in (first, *others)]
    assert len({first, *others}) == 4
    assert all(ticket is not None and ticket.session.id == "s1" for ticket in found)
    old = await store.tokens.renew("s1", datetime.now(UTC) - timedelta(days=2))
    assert await store.tokens.find(old) is None
