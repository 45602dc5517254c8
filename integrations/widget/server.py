"""The HTTP API (DESIGN 7)."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException as HttpError

from assistant.disclosure import disclosure, greeting, suggestions
from assistant.embedded.wording import Words
from assistant.guardrails.incoming import MOST_LETTERS, MessageRefused, admit
from assistant.notices import FULL, handed_over
from assistant.roles import tool_names
from assistant.tracing import current_id
from integrations.observing.metrics import MEDIA_TYPE, Metrics
from integrations.widget.actions import cancel_action, confirm_action, offer_action
from integrations.widget.admission import Full, Places
from integrations.widget.assets import add_assets
from integrations.widget.bodies import MOST_BYTES, Asked, Feedback, Message, NewSession, Proof, Stop, Wish, Yes
from integrations.widget.guests import (
    CHAT_A_MINUTE,
    PROOFS_A_MINUTE,
    SESSIONS_A_MINUTE,
    IdentityRefused,
    Pace,
    customer_of_token,
)
from integrations.widget.house import House
from integrations.widget.pages import add_pages
from integrations.widget.payloads import payload_schema
from integrations.widget.requests import RequestNotes
from integrations.widget.runs import Runs, ShuttingDown
from knowledge.locales import match_language, served_locales
from tools.context import Session, ToolContext
from tools.handoff import call_person
from tools.orders import attest

DRAIN_SECONDS = 25.0
"""How long running answers may go on when the server is told to stop."""


async def create_app(house: House) -> FastAPI:
    """The API over an open home."""
    metrics = Metrics(tool_names())
    house.assistant.observers.append(metrics)
    places = Places(house.settings.active_turns, house.settings.waiting_turns)
    runs = Runs(house.assistant, house.turns, metrics.seconds.observe, house.sessions.find, places)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await runs.recover()
        yield
        await runs.close(DRAIN_SECONDS)

    api = FastAPI(
        title="Dragoman",
        version="1",
        lifespan=life,
        max_body_size=MOST_BYTES,
        telemetry={"logs": False, "operation_spans": False, "auto_configure": False},
        docs_url=None,
        redoc_url=None,
    )
    if house.settings.allowed_origins:
        api.add_middleware(
            CORSMiddleware, allow_origins=house.settings.allowed_origins, allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "last-event-id"], allow_credentials=False,
        )  # fmt: skip
    api.state.runs = runs
    _add_errors(api)
    api.add_middleware(RequestNotes)
    _add_health(api, house, runs)
    _add_conversation(api, house, runs, Pace(), metrics)
    add_pages(api, house)
    add_assets(api)
    return api


def _add_errors(api: FastAPI) -> None:
    @api.exception_handler(HttpError)
    async def explain(_: Request, error: HttpError) -> JSONResponse:
        known: Any = error.detail
        words = {413: f"The request is larger than {MOST_BYTES:,} bytes.", 404: "There is nothing here."}
        said = known if isinstance(known, dict) else {
            "code": HTTPStatus(error.status_code).name.lower(), "message": words.get(error.status_code, str(known)),
        }  # fmt: skip
        return JSONResponse({"error": said}, error.status_code, headers=error.headers)

    @api.exception_handler(Exception)
    async def explain_fault(_: Request, __: Exception) -> JSONResponse:
        said = {"code": "fault", "message": "Something went wrong on our side.", "trace": current_id()}
        return JSONResponse({"error": said}, 500)

    @api.exception_handler(RequestValidationError)
    async def explain_body(_: Request, error: RequestValidationError) -> JSONResponse:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"] if part != "body")
        return JSONResponse({"error": {"code": "bad_request", "message": f"{field or 'body'}: {fault['msg']}"}}, 422)


def _refuse(status: int, code: str, message: str) -> HTTPException:
    headers = {429: {"Retry-After": "60"}, 503: {"Retry-After": "5"}}.get(status)
    return HTTPException(status, {"code": code, "message": message}, headers)


def _add_health(api: FastAPI, house: House, runs: Runs) -> None:
    @api.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @api.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        ready = not runs.closing and await house.is_ready()
        return JSONResponse({"status": "ready" if ready else "not ready"}, 200 if ready else 503)

    @api.get("/v1/events.schema.json", include_in_schema=False)
    async def schema() -> dict[str, Any]:
        return payload_schema()


def _add_conversation(api: FastAPI, house: House, runs: Runs, pace: Pace, metrics: Metrics) -> None:  # noqa: C901, PLR0915
    async def speaker(authorization: Annotated[str, Header()] = "") -> Session:
        scheme, _, token = authorization.partition(" ")
        session = await house.sessions.find_by_token(token.strip()) if scheme.lower() == "bearer" else None
        if session is None:
            raise _refuse(401, "unauthorized", "Send the session's token: Authorization: Bearer <token>.")
        return session

    Speaker = Annotated[Session, Depends(speaker)]

    @api.get("/metrics", include_in_schema=False)
    async def tell_metrics() -> Response:
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    @api.post("/v1/sessions", status_code=201)
    async def open_session(body: NewSession, request: Request) -> dict[str, Any]:
        """Start a conversation."""
        address = request.client.host if request.client else ""
        if not await pace.allows(SESSIONS_A_MINUTE, f"sessions {address}"):
            raise _refuse(429, "too_many", "Too many new conversations from this address. Try again in a minute.")
        session = await _begin_session(house, body, request.headers.get("accept-language", ""))
        token = await house.sessions.start(session)
        return {
            "session_id": session.id, "token": token, "disclosure": disclosure(session.language),
            "greeting": greeting(house.shop.name, session.language), "suggestions": suggestions(session.language),
            "language": session.language, "direction": served_locales()[session.language].direction,
        }  # fmt: skip

    async def admitted(
        body: Message, session: Speaker, last_event_id: Annotated[str, Header()] = ""
    ) -> tuple[Session, int, str, bool]:
        """The session, the frame number and turn to follow, and whether to stay; a new message has begun its turn."""
        if last_event_id and not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 16):
            raise _refuse(400, "bad_event_id", "Last-Event-ID is a frame number.")
        if last_event_id:
            return session, int(last_event_id), "", body.stay
        if not await pace.allows(CHAT_A_MINUTE, f"chat {session.id}"):
            metrics.refused.labels("pace").inc()
            raise _refuse(429, "too_many", "Too many messages. Try again in a minute.")
        try:
            text = admit(body.message)
        except MessageRefused as refusal:
            metrics.refused.labels(refusal.code).inc()
            raise _refuse(422, refusal.code, REFUSALS[refusal.code]) from refusal
        turn = body.turn or uuid.uuid4().hex
        try:
            number = await runs.begin(session, text, turn)
        except ShuttingDown as error:
            metrics.refused.labels("closing").inc()
            raise _refuse(503, "closing", "This server is about to stop. Send the message again.") from error
        except Full as full:
            metrics.refused.labels("full").inc()
            raise _refuse(503, "full", Words(session.language).say(FULL)) from full
        return session, number, turn, False

    @api.post("/v1/chat", response_class=EventSourceResponse)
    async def chat(
        begun: Annotated[tuple[Session, int, str, bool], Depends(admitted)],
    ) -> AsyncIterator[ServerSentEvent]:
        """Send a message; the answer streams as AG-UI events. With Last-Event-ID, follow an answer again instead."""
        session, number, turn, stay = begun
        async for sent, data in runs.follow(session.id, number, turn, stay):
            yield ServerSentEvent(raw_data=data, id=str(sent))

    @api.post("/v1/chat/cancel")
    async def stop(body: Stop, session: Speaker) -> dict[str, Any]:
        """Stop: no more is written on a message. What is being done already is done and told."""
        return {"turns": await runs.stop(session.id, body.turn)}

    @api.post("/v1/identify")
    async def identify(body: Proof, session: Speaker) -> dict[str, Any]:
        """Prove to know an order by its number and e-mail or postcode; refusals are all alike."""
        if not await pace.allows(PROOFS_A_MINUTE, f"proof {session.id}"):
            raise _refuse(429, "too_many", "Too many attempts. Try again in a minute.")
        context: ToolContext = await house.context(session)
        _, told = await attest(context, body.order_id, body.email, body.postcode)
        if told["status"] != "ok":
            code = "too_many" if told["rule"] == "TOO_MANY_ATTEMPTS" else "no_match"
            return {"identified": False, "code": code}
        return {"identified": True, "order_id": told["order_id"]}

    @api.post("/v1/actions")
    async def propose(body: Asked, session: Speaker) -> dict[str, Any]:
        """Ask what an action on an order comes to; nothing happens before it is confirmed."""
        if not await pace.allows(CHAT_A_MINUTE, f"actions {session.id}"):
            raise _refuse(429, "too_many", "Too many requests. Try again in a minute.")
        return await offer_action(house, session, body.action, body.arguments)

    @api.post("/v1/actions/{operation_id}/confirm")
    async def confirm(operation_id: str, body: Yes, session: Speaker) -> dict[str, Any]:
        """Say yes to a quote with its token."""
        return await confirm_action(house, session, operation_id, body.token)

    @api.post("/v1/actions/{operation_id}/cancel")
    async def cancel(operation_id: str, session: Speaker) -> dict[str, Any]:
        """Take a quote back."""
        return await cancel_action(house, session, operation_id)

    @api.post("/v1/feedback", status_code=204)
    async def rate(body: Feedback, session: Speaker) -> None:
        """Say whether an answer helped."""
        await house.sessions.rate(session, body.turn, body.score, body.comment)

    @api.post("/v1/handoff")
    async def hand_over(body: Wish, session: Speaker) -> dict[str, Any]:
        """Ask for a person."""
        context = await house.context(session)
        _, told = await call_person(context, body.reason or "asked for a person")
        metrics.handoffs.inc()
        await house.assistant.summarize(context)
        fields = ("reference", "open_now", "opens", "closes", "weekdays", "zone", "email")
        return {name: told[name] for name in fields} | {"message": handed_over(told, session).message}

    @api.get("/v1/history")
    async def history(session: Speaker) -> dict[str, Any]:
        """The conversation so far, as it was shown, and the number of its last frame."""
        turns = [
            {
                "turn": turn.turn,
                "question": turn.question,
                "answer": turn.answer,
                "shown": turn.shown,
                "at": turn.at,
            }
            for turn in await house.turns.history(session.id)
        ]
        handoff = await house.sessions.handoffs.last(session.id)
        said = await house.sessions.handoffs.said_in(session.id) if handoff else []
        return {
            "turns": turns, "last_event_id": await house.turns.last_number(session.id),
            "handoff": handoff and {"reference": handoff.id, "status": handoff.status, "name": handoff.claimed_by},
            "person_messages": [
                {"speaker": entry.speaker, "name": entry.name, "text": entry.text, "at": entry.at} for entry in said
            ],
        }  # fmt: skip


REFUSALS = {
    "empty": "The message is empty.",
    "too_long": f"The message is longer than {MOST_LETTERS} letters.",
    "not_text": "The message is not text.",
}


async def _begin_session(house: House, body: NewSession, accepted: str) -> Session:
    wanted = body.locale or accepted.split(",")[0].split(";")[0].strip()
    language = match_language(wanted) if wanted and wanted != "*" else None
    region = wanted.replace("_", "-").partition("-")[2].upper()
    session = Session(
        id=uuid.uuid4().hex, channel="widget", locale=wanted[:16], language=language or "en",
        market=region if len(region) == 2 and region.isalpha() else "",
    )  # fmt: skip
    if not body.identity_token:
        return session
    try:
        customer_id = customer_of_token(body.identity_token, house.settings.identity_secret)
    except IdentityRefused as refusal:
        raise _refuse(401, "identity_refused", f"{str(refusal).capitalize()}.") from refusal
    return replace(session, customer_id=customer_id)
