"""The conversation over HTTP: a message and its answer, stopping it, all of it again."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT
from starlette.types import Receive, Scope, Send

from assistant.embedded.wording import Words
from assistant.guardrails.incoming import MOST_LETTERS, MessageRefused, admit
from assistant.notices import FULL
from integrations.observing.metrics import MEDIA_TYPE
from integrations.widget.admission import Full
from integrations.widget.bodies import Message, Stop, body_of, documented
from integrations.widget.errors import refuse
from integrations.widget.guests import CHAT_A_MINUTE
from integrations.widget.history import tell_history
from integrations.widget.reception import Reception, Speaker, speaker_of
from integrations.widget.runs import ShuttingDown
from integrations.widget.talk import Sent
from tools.context import Session

REFUSALS = {
    "empty": "The message is empty.",
    "too_long": f"The message is longer than {MOST_LETTERS} letters.",
    "not_text": "The message is not text.",
}

UNBUFFERED = {"cache-control": "no-cache", "x-accel-buffering": "no"}
"""Headers of a stream that proxies pass on as it comes."""


class EventStream(StreamingResponse):
    """Server-sent events, written as they are to go over the wire. FastAPI's own way, by two queues and three tasks,
    costs more than an answer's text, and Starlette's, by a group of tasks, a good part of it.
    """

    media_type = "text/event-stream"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what comes, until it ends or whoever reads has gone."""
        gone = asyncio.create_task(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async with aclosing(self.body_iterator) as chunks:  # type: ignore[type-var]
                async for chunk in chunks:
                    if gone.done():
                        return
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


Begun = tuple[Session, int, str, bool]
"""The session, the frame number and turn to follow, and whether to stay."""


async def _begun(reception: Reception, request: Request) -> Begun:
    session = await speaker_of(reception, request.headers.get("authorization", ""))
    body, last_event_id = await body_of(request, Message), request.headers.get("last-event-id", "")
    if last_event_id and not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 16):
        raise refuse(400, "bad_event_id", "Last-Event-ID is a frame number.")
    if last_event_id:
        return session, int(last_event_id), "", body.stay
    turn = body.turn or uuid.uuid4().hex
    return session, await begin(reception, session, body, turn), turn, False


def add_conversation(api: FastAPI, reception: Reception) -> None:
    """Add what is said and shown."""
    house, runs, metrics = reception.house, reception.runs, reception.metrics

    @api.get("/metrics", include_in_schema=False)
    async def tell_metrics(authorization: Annotated[str, Header()] = "") -> Response:
        if house.settings.environment == "production":
            await reception.admit_operator(authorization)
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    told = documented(Message, "authorization", "last-event-id")

    @api.post("/v1/chat", response_class=EventStream, openapi_extra=told)
    async def chat(request: Request) -> EventStream:
        """Send a message; the answer streams as AG-UI events. With Last-Event-ID, follow an answer again instead."""
        session, number, turn, stay = await _begun(reception, request)
        return EventStream(_written(runs.follow(session.id, number, turn, stay)), headers=UNBUFFERED)

    @api.post("/v1/chat/cancel")
    async def stop(body: Stop, session: Speaker) -> dict[str, Any]:
        """Stop: no more is written on a message. What is being done already is done and told."""
        return {"turns": await runs.stop(session.id, body.turn)}

    @api.get("/v1/history")
    async def history(session: Speaker) -> dict[str, Any]:
        """The conversation so far, as it was shown, and the number of its last frame."""
        return await tell_history(house, session)


async def _written(frames: AsyncIterator[Sent]) -> AsyncIterator[bytes]:
    """Frames as they go over the wire: JSON, of one line."""
    async for number, data in frames:
        yield f"data: {data}\nid: {number}\n\n".encode() if number else KEEPALIVE_COMMENT


async def begin(reception: Reception, session: Session, body: Message, turn: str) -> int:
    """Take a message in; returns the number after which its frames come."""
    metrics = reception.metrics
    await reception.limit(CHAT_A_MINUTE, f"chat {session.id}", "Too many messages. Try again in a minute.")
    try:
        text = admit(await _worded(reception, session, body))
    except MessageRefused as refusal:
        metrics.refused.labels(refusal.code).inc()
        raise refuse(422, refusal.code, REFUSALS[refusal.code]) from refusal
    try:
        if body.attachments:
            await reception.house.sessions.attachments.belong(session.id, body.attachments, turn)
        return await reception.runs.begin(session, text, turn)
    except ShuttingDown as error:
        metrics.refused.labels("closing").inc()
        raise refuse(503, "closing", "This server is about to stop. Send the message again.") from error
    except Full as full:
        metrics.refused.labels("full").inc()
        raise refuse(503, "full", Words(session.language).say(FULL)) from full


async def _worded(reception: Reception, session: Session, body: Message) -> str:
    """The message; where there are only files, what they are called."""
    if not body.attachments:
        return body.message
    held = await reception.house.sessions.attachments.of(session.id)
    named = [entry.name for entry in held if entry.id in body.attachments]
    if len(named) != len(set(body.attachments)):
        raise refuse(422, "unknown_attachment", "An attachment is not of this conversation. Send the file again.")
    return body.message if body.message.strip() else ", ".join(named)
