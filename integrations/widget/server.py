"""The HTTP API (DESIGN 7), put together of its rooms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from assistant.roles import tool_names
from integrations.observing.metrics import Metrics
from integrations.widget.actions import add_actions
from integrations.widget.admission import Places
from integrations.widget.assets import add_assets
from integrations.widget.attachments import add_attachments
from integrations.widget.bodies import MOST_BYTES
from integrations.widget.conversation import add_conversation
from integrations.widget.errors import explain_errors
from integrations.widget.house import House
from integrations.widget.orders import add_orders
from integrations.widget.origins import KnownOrigins
from integrations.widget.payloads import payload_schema
from integrations.widget.person import add_person
from integrations.widget.reception import Reception
from integrations.widget.records import add_records
from integrations.widget.requests import RequestNotes
from integrations.widget.runs import Runs
from integrations.widget.sessions import add_sessions
from integrations.widget.storefront.pages import add_storefront
from integrations.widget.verdicts import add_verdicts

DRAIN_SECONDS = 25.0
"""How long running answers may go on when the server is told to stop."""

ROOMS: tuple[Callable[[FastAPI, Reception], None], ...] = (
    add_sessions, add_conversation, add_verdicts, add_orders, add_actions, add_attachments, add_person, add_records,
)  # fmt: skip


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
        api.add_middleware(KnownOrigins, allowed=frozenset(house.settings.allowed_origins))
        api.add_middleware(
            CORSMiddleware, allow_origins=house.settings.allowed_origins, allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "last-event-id"], allow_credentials=False,
        )  # fmt: skip
    api.state.runs = runs
    api.state.reception = reception = Reception(house, runs, metrics)
    explain_errors(api)
    api.add_middleware(RequestNotes)
    _add_health(api, house, runs)
    for add_room in ROOMS:
        add_room(api, reception)
    add_assets(api)
    add_storefront(api, house)
    return api


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
