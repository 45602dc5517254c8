"""The HTTP API: sessions, answers as resumable frames, identity, limits, refusals."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import jwt
import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient, Response
from pydantic import SecretStr

from integrations.widget.house import House
from integrations.widget.server import create_app
from tests.integrations.front_door import SECRET, Shop, begin

pytestmark = pytest.mark.asyncio(loop_scope="module")
Frame = tuple[int, dict[str, Any]]


@pytest.fixture(scope="module")
def house(shop: Shop) -> House:
    """One open demo home for the whole file."""
    return shop.house


@pytest_asyncio.fixture(loop_scope="module")
async def client(house: House) -> AsyncIterator[AsyncClient]:
    """A client of an app of its own, so that no test uses up another's allowance."""
    async with AsyncClient(transport=ASGITransport(await create_app(house)), base_url="http://shop.test") as opened:
        yield opened


def frames(reply: Response) -> list[Frame]:
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    read: list[Frame] = []
    for block in reply.text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and line[0] != ":")
        if "data" in fields:
            read.append((int(fields["id"]), json.loads(fields["data"])))
    return read


async def chat(client: AsyncClient, headers: dict[str, str], message: str, turn: str = "") -> list[Frame]:
    return frames(await client.post("/v1/chat", headers=headers, json={"message": message, "turn": turn}))


def text(sent: list[Frame]) -> str:
    return "".join(event["delta"] for _, event in sent if event["type"] == "TEXT_MESSAGE_CONTENT")


def custom(sent: list[Frame]) -> dict[str, Any]:
    return {event["name"]: event["value"] for _, event in sent if event["type"] == "CUSTOM"}


@pytest.mark.parametrize(
    ("locale", "language", "direction"), [("de-DE", "de", "ltr"), ("ar-SA", "ar", "rtl"), ("xx", "en", "ltr")]
)
async def test_a_session_discloses_the_ai_in_the_language_of_the_page(
    client: AsyncClient, locale: str, language: str, direction: str
) -> None:
    told = (await client.post("/v1/sessions", json={"locale": locale})).json()
    assert {"session_id", "token", "disclosure", "greeting", "suggestions"} <= set(told)
    assert (told["language"], told["direction"]) == (language, direction)
    assert "Amberquay" in told["greeting"]
    assert told["disclosure"]
    assert len(told["suggestions"]) == 3


async def test_the_browsers_language_counts_where_the_page_names_none(client: AsyncClient) -> None:
    reply = await client.post("/v1/sessions", json={}, headers={"accept-language": "ja-JP,ja;q=0.9"})
    assert reply.json()["language"] == "ja"


async def test_an_answer_is_a_run_of_numbered_frames(client: AsyncClient) -> None:
    sent = await chat(client, await begin(client), "How much is shipping to Germany?")
    kinds = [event["type"] for _, event in sent]
    assert [number for number, _ in sent] == list(range(1, len(sent) + 1))
    assert (kinds[0], kinds[-1]) == ("RUN_STARTED", "RUN_FINISHED")
    stages = (
        "STEP_STARTED", "TOOL_CALL_START", "TOOL_CALL_END", "STEP_FINISHED", "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT", "CUSTOM", "TEXT_MESSAGE_END",
    )  # fmt: skip
    order = [kinds.index(kind) for kind in stages]
    assert order == sorted(order)
    assert "4.90" in text(sent)
    assert sent[-1][1]["result"]["engine"] == "embedded"
    assert sent[-1][1]["outcome"]["type"] == "success"


async def test_arguments_and_results_of_tools_stay_on_the_server(client: AsyncClient) -> None:
    sent = await chat(client, await begin(client), "How much is shipping to Germany?")
    assert not {"TOOL_CALL_ARGS", "TOOL_CALL_RESULT"} & {event["type"] for _, event in sent}
    calls = [event for _, event in sent if event["type"] == "TOOL_CALL_START"]
    assert calls
    assert all("arguments" not in json.dumps(event) for event in calls)


@pytest.mark.parametrize("seen", [1, 4, 7])
async def test_a_lost_connection_resumes_with_exactly_the_missing_frames(client: AsyncClient, seen: int) -> None:
    headers = await begin(client)
    sent = await chat(client, headers, "How much is shipping to Germany?")
    reply = await client.post("/v1/chat", headers={**headers, "last-event-id": str(seen)}, json={})
    assert frames(reply) == sent[seen:]


async def test_nothing_is_missing_after_the_last_frame(client: AsyncClient) -> None:
    headers = await begin(client)
    sent = await chat(client, headers, "thanks")
    reply = await client.post("/v1/chat", headers={**headers, "last-event-id": str(len(sent))}, json={})
    assert frames(reply) == []


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "٣"])
async def test_a_wrong_frame_number_is_refused(client: AsyncClient, number: str) -> None:
    headers = [*(await begin(client)).items(), ("last-event-id", number.encode())]
    reply = await client.post("/v1/chat", headers=headers, json={})  # type: ignore[arg-type]
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_event_id")


async def test_a_turn_sent_twice_is_answered_once(client: AsyncClient) -> None:
    headers = await begin(client)
    first = await chat(client, headers, "How much is shipping to Germany?", turn="one")
    assert await chat(client, headers, "How much is shipping to Germany?", turn="one") == first
    history = (await client.get("/v1/history", headers=headers)).json()
    assert [turn["turn"] for turn in history["turns"]] == ["one"]


async def test_the_next_turn_continues_the_conversation_and_its_numbers(client: AsyncClient) -> None:
    headers = await begin(client)
    first = await chat(client, headers, "How much is shipping to Germany?")
    second = await chat(client, headers, "to Brazil?")
    assert second[0][0] == first[-1][0] + 1
    assert "shipping-brazil" in {entry["document"] for entry in custom(second)["citations"]["citations"]}


async def test_history_shows_the_conversation_as_it_was_shown(client: AsyncClient) -> None:
    headers = await begin(client)
    sent = await chat(client, headers, "a feeder under 80 euros that works without wifi", turn="one")
    history = (await client.get("/v1/history", headers=headers)).json()
    assert history["last_event_id"] == sent[-1][0]
    (turn,) = history["turns"]
    assert (turn["turn"], turn["question"]) == ("one", "a feeder under 80 euros that works without wifi")
    assert (turn["answer"], turn["shown"]) == (text(sent), custom(sent))


async def test_history_shows_nothing_of_another_session(client: AsyncClient) -> None:
    await chat(client, await begin(client), "thanks")
    told = (await client.get("/v1/history", headers=await begin(client))).json()
    assert told == {
        "turns": [], "open": [], "last_event_id": 0, "handoff": None, "person_messages": [], "person_events": [],
        "rating": None,
    }  # fmt: skip


async def test_what_the_wire_carries_is_what_its_schema_says(client: AsyncClient) -> None:
    schema = (await client.get("/v1/events.schema.json")).json()
    headers = await begin(client, locale="de-DE")
    seen: set[str] = set()
    for message in (
        "How much is shipping to Germany?", "a feeder under 80 euros that works without wifi",
        "Where is my order AQ-10023?", "20357", "I want to talk to a person",
    ):  # fmt: skip
        for name, value in custom(await chat(client, headers, message)).items():
            jsonschema.validate(value, schema[name])
            seen.add(name)
    assert seen >= {"citations", "cards", "identify", "order", "handoff"}


async def test_the_schema_refuses_what_it_does_not_name(client: AsyncClient) -> None:
    schema = (await client.get("/v1/events.schema.json")).json()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"reference": "H-1", "open_now": True, "email": "", "more": 1}, schema["handoff"])


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic YTpi"}])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/chat", {"message": "hi"}), ("GET", "/v1/history", None),
        ("POST", "/v1/identify", {"order_id": "AQ-10023"}), ("POST", "/v1/handoff", {}),
        ("POST", "/v1/feedback", {"turn": "x", "score": 1}),
    ],
)  # fmt: skip
async def test_without_the_sessions_token_nothing_is_done(
    client: AsyncClient, headers: dict[str, str], method: str, path: str, body: dict[str, object] | None
) -> None:
    reply = await client.request(method, path, headers=headers, json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "unauthorized")


async def test_a_request_that_is_too_large_is_refused(client: AsyncClient) -> None:
    reply = await client.post("/v1/chat", headers=await begin(client), json={"message": "x" * 100_000})
    assert reply.status_code == 413


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"message": ""}, "empty"), ({"message": "\u200b"}, "empty"), ({"message": "x" * 5000}, "too_long"),
        ({"message": "\x01\x02\x03"}, "not_text"), ({"message": 5}, "bad_request"),
        ({"message": "hi", "role": "operator"}, "bad_request"), ([], "bad_request"),
    ],
)  # fmt: skip
async def test_a_message_that_cannot_be_answered_is_refused_by_name(
    client: AsyncClient, body: object, code: str
) -> None:
    reply = await client.post("/v1/chat", headers=await begin(client), json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, code)


async def test_a_body_that_is_no_json_is_refused(client: AsyncClient) -> None:
    reply = await client.post("/v1/sessions", content=b"{", headers={"content-type": "application/json"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "bad_request")


async def test_too_many_messages_are_told_when_to_come_back(client: AsyncClient) -> None:
    headers = await begin(client)
    for _ in range(30):
        await client.post("/v1/chat", headers=headers, json={"message": ""})
    reply = await client.post("/v1/chat", headers=headers, json={"message": "hi"})
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "60")
    other = await client.post("/v1/chat", headers=await begin(client), json={"message": ""})
    assert other.status_code == 422


async def test_too_many_sessions_from_an_address_are_refused(client: AsyncClient) -> None:
    replies = [(await client.post("/v1/sessions", json={})).status_code for _ in range(61)]
    assert replies == [201] * 60 + [429]


async def test_too_many_proofs_are_refused(client: AsyncClient) -> None:
    headers = await begin(client)
    proof = {"order_id": "AQ-99998", "email": "a@example.org"}
    replies = [await client.post("/v1/identify", headers=headers, json=proof) for _ in range(11)]
    assert [reply.status_code for reply in replies] == [200] * 10 + [429]
    assert {reply.json()["code"] for reply in replies[5:10]} == {"too_many"}


async def test_refusals_do_not_tell_which_part_was_wrong(client: AsyncClient) -> None:
    proofs = [
        {"order_id": "AQ-99999", "email": "nobody@example.org"}, {"order_id": "AQ-10001", "email": "x@example.org"},
        {"order_id": "AQ-10001", "postcode": "00000"}, {"order_id": "AQ-10001"},
    ]  # fmt: skip
    replies = [await client.post("/v1/identify", headers=await begin(client), json=proof) for proof in proofs]
    assert [(reply.status_code, reply.json()) for reply in replies] == [
        (200, {"identified": False, "code": "no_match"})
    ] * 4


async def test_a_proof_opens_that_order_and_no_other(client: AsyncClient) -> None:
    headers = await begin(client)
    proof = {"order_id": "aq-10098", "email": "Jonas_Wiechert@example.com"}
    told = (await client.post("/v1/identify", headers=headers, json=proof)).json()
    assert told == {"identified": True, "order_id": "AQ-10098"}
    own = custom(await chat(client, headers, "Where is my order AQ-10098?"))
    other = custom(await chat(client, headers, "Where is my order AQ-10001?"))
    assert own["order"]["order"]["order_id"] == "AQ-10098"
    assert "order" not in other


def token(secret: str = SECRET, minutes: int = 5, **claims: object) -> str:
    held = {"sub": "jonas_wiechert_1596", "aud": "dragoman", "exp": datetime.now(UTC) + timedelta(minutes=minutes)}
    return jwt.encode({**held, **claims}, secret, algorithm="HS256")


async def test_a_token_of_the_storefront_signs_its_customer_in(client: AsyncClient) -> None:
    sent = await chat(client, await begin(client, identity_token=token()), "Where is my order AQ-10098?")
    assert custom(sent)["order"]["order"]["order_id"] == "AQ-10098"


@pytest.mark.parametrize(
    "wrong",
    [
        token(minutes=-5), token("another-secret-of-thirty-two-bytes-"), token(aud="elsewhere"), token()[:-4], "x",
        jwt.encode({"sub": "jonas_wiechert_1596", "aud": "dragoman"}, SECRET, algorithm="HS256"),
        jwt.encode({"sub": "jonas_wiechert_1596", "aud": "dragoman", "exp": 9e9}, "", algorithm="none"),
    ],
    ids=["expired", "wrong key", "wrong audience", "cut", "no token", "without expiry", "unsigned"],
)  # fmt: skip
async def test_a_token_the_storefront_did_not_sign_is_refused(client: AsyncClient, wrong: str) -> None:
    reply = await client.post("/v1/sessions", json={"identity_token": wrong})
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "identity_refused")


async def test_without_a_secret_no_token_is_accepted(house: House) -> None:
    plain = replace(house, settings=house.settings.model_copy(update={"identity_secret": SecretStr("")}))
    async with AsyncClient(transport=ASGITransport(await create_app(plain)), base_url="http://shop.test") as opened:
        reply = await opened.post("/v1/sessions", json={"identity_token": token()})
    assert reply.status_code == 401


async def test_feedback_is_taken_and_a_wrong_score_refused(client: AsyncClient) -> None:
    headers = await begin(client)
    good = await client.post("/v1/feedback", headers=headers, json={"turn": "one", "score": 1, "comment": "good"})
    bad = await client.post("/v1/feedback", headers=headers, json={"turn": "one", "score": 5})
    assert (good.status_code, good.content, bad.status_code) == (204, b"", 422)
    assert "score" in bad.json()["error"]["message"]


async def test_a_person_can_be_asked_for_and_asking_twice_keeps_the_place(client: AsyncClient) -> None:
    headers = await begin(client)
    told = [(await client.post("/v1/handoff", headers=headers, json={})).json() for _ in range(2)]
    assert set(told[0]) == {
        "reference", "open_now", "opens", "closes", "weekdays", "zone", "email", "message", "wait_minutes",
    }  # fmt: skip
    assert told[0]["reference"] == told[1]["reference"]


async def test_health_readiness_metrics_and_the_api_are_told(client: AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    await chat(client, await begin(client), "thanks")
    await client.post("/v1/handoff", headers=await begin(client), json={})
    told = (await client.get("/metrics")).text
    assert 'dragoman_turns_total{outcome="answered"} 1.0' in told
    assert "dragoman_handoffs_total 1.0" in told
    paths = set((await client.get("/openapi.json")).json()["paths"])
    assert {"/v1/sessions", "/v1/chat", "/v1/identify", "/v1/feedback", "/v1/handoff", "/v1/history"} <= paths


async def test_an_unknown_route_is_answered_like_every_error(client: AsyncClient) -> None:
    reply = await client.get("/v1/nothing")
    assert (reply.status_code, set(reply.json()["error"])) == (404, {"code", "message"})


@pytest.mark.parametrize(
    "path", ["/", "/?locale=ar-SA", "/products/AQ-P-001", "/policies/returns?locale=de-DE", "/images/AQ-P-001.svg"]
)
async def test_pages_forbid_scripts_of_others(client: AsyncClient, path: str) -> None:
    reply = await client.get(path)
    assert reply.status_code == 200
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "unsafe" not in reply.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/products/none", "/policies/operator-goodwill", "/policies/none", "/images/x.svg"])
async def test_pages_that_are_not_for_shoppers_are_not_found(client: AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_only_storefronts_that_were_named_may_call_from_a_browser(house: House) -> None:
    settings = house.settings.model_copy(update={"allowed_origins": ["https://shop.example"]})
    app = await create_app(replace(house, settings=settings))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://shop.test") as opened:
        allowed = await opened.post("/v1/sessions", json={}, headers={"origin": "https://shop.example"})
        foreign = await opened.post("/v1/sessions", json={}, headers={"origin": "https://evil.example"})
    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in foreign.headers
