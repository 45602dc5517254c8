"""Slack's addresses on our server: what it sends, and where a workspace installs the app."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from integrations.slack.channel import Channel
from integrations.slack.door import MOST_BYTES
from integrations.slack.workspaces import InstallRefused

Endpoint = Callable[[Request], Awaitable[Response]]

STATE = "slack_install"
"""The cookie that ties an installation to the browser that began it."""


def routes(channel: Channel) -> list[Route]:
    """The routes of an open channel."""
    return [
        Route("/slack/events", _events(channel), methods=["POST"], max_body_size=MOST_BYTES),
        Route("/slack/install", _install(channel), methods=["GET"]),
        Route("/slack/oauth_redirect", _installed(channel), methods=["GET"]),
    ]


def _events(channel: Channel) -> Endpoint:
    async def events(request: Request) -> Response:
        answer = await channel.door.receive(request.headers, await request.body())
        return Response(answer.body, answer.status, media_type=answer.media_type)

    return events


def _install(channel: Channel) -> Endpoint:
    async def install(request: Request) -> Response:
        if not channel.access.client_id:
            return PlainTextResponse("This server has no app to install: SLACK_CLIENT_ID is not set.", 404)
        address, state = await channel.workspaces.begin(channel.access.client_id, _redirect(request))
        answer = RedirectResponse(address, 302)
        secure = request.url.scheme == "https"
        answer.set_cookie(STATE, state, max_age=600, httponly=True, secure=secure, samesite="lax")
        return answer

    return install


def _installed(channel: Channel) -> Endpoint:
    async def installed(request: Request) -> Response:
        asked, held = request.query_params.get("state", ""), request.cookies.get(STATE, "")
        client = channel.access.client_id, channel.access.client_secret
        try:
            if not held or not hmac.compare_digest(asked.encode(), held.encode()):
                raise InstallRefused("This installation was not begun in this browser. Begin again.")
            code = request.query_params.get("code", "")
            name = await channel.workspaces.finish(client, code, asked, _redirect(request))
        except InstallRefused as refusal:
            return PlainTextResponse(str(refusal), 400)
        return PlainTextResponse(f"Dragoman is installed in {name}.")

    return installed


def _redirect(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/slack/oauth_redirect"
