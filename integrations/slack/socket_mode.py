"""Socket Mode, for development: the same events over a connection of ours, so that no public address is needed."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

if TYPE_CHECKING:
    from integrations.slack.door import Door
    from integrations.slack.office import Access

log = logging.getLogger(__name__)

TAKEN = ("events_api", "interactive", "slash_commands")


async def listen(access: Access, door: Door) -> None:
    """Listen until the task is cancelled; a connection that is lost is opened again by the client."""
    web = AsyncWebClient(access.app_token, base_url=access.api_url.rstrip("/") + "/")
    client = SocketModeClient(app_token=access.app_token, web_client=web)

    async def heard(_: Any, request: SocketModeRequest) -> None:
        if request.type not in TAKEN:
            return
        answer = await door.take(request.payload)
        payload = json.loads(answer.body) if answer.media_type == "application/json" else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client.socket_mode_request_listeners.append(heard)
    try:
        await client.connect()  # type: ignore[no-untyped-call]
        log.info("listening to Slack over Socket Mode")
        await asyncio.Event().wait()
    finally:
        await client.close()  # type: ignore[no-untyped-call]
