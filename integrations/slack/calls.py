"""Calls of Slack's Web API: made again after a pause where Slack asks for one, as long as they surely had no effect."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from integrations.database.slack_records import SlackRecords
from integrations.slack.workspaces import Workspaces

log = logging.getLogger(__name__)

TRIES = 6
"""How often one call is made before it is given up."""

PAUSE = 0.25
"""Seconds before the second try; twice as long each time."""

LONGEST = 30.0
"""The longest pause that is waited within a call, in seconds."""

SECONDS = 10
"""How long an answer is waited for."""


class SlackRefused(Exception):
    """Slack said no; `code` says why. To ask again would change nothing."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refused {method}: {code}")
        self.code = code


class SlackUnavailable(Exception):
    """Slack did not answer, or asked for more patience than we have; to be tried later."""


class Calls:
    """Calls of one workspace and another."""

    def __init__(self, url: str, records: SlackRecords, workspaces: Workspaces) -> None:
        self.records, self.workspaces = records, workspaces
        self._url = url.rstrip("/") + "/"
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, team: str, **arguments: Any) -> dict[str, Any]:
        """One call, made again while it surely had no effect. Raises SlackRefused, SlackUnavailable."""
        return await self._tried(method, team, arguments, again=True)

    async def once(self, method: str, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """One call, made again only where Slack had not looked at it. Raises SlackUnavailable where nobody knows
        whether it had an effect, and SlackRefused.
        """
        return await self._tried(method, team, arguments, again=False)

    async def _tried(self, method: str, team: str, arguments: dict[str, Any], again: bool) -> dict[str, Any]:
        client = AsyncWebClient(
            await self.workspaces.token(team),
            base_url=self._url,
            timeout=SECONDS,
            session=self._open(),
            retry_handlers=[],
        )
        for attempt in range(TRIES):
            try:
                answer = await client.api_call(method, json={k: v for k, v in arguments.items() if v is not None})
                return dict(answer.data)  # type: ignore[arg-type]
            except SlackApiError as error:
                pause = _pause(error, attempt)
                if pause is None:
                    raise SlackRefused(method, _code(error)) from error
                if not again and error.response.status_code != 429:
                    raise SlackUnavailable(f"{method}: {error.response.status_code}") from error
            except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
                if not again:
                    raise SlackUnavailable(f"{method}: {type(error).__name__}") from error
                pause = PAUSE * 2**attempt
            await asyncio.sleep(min(pause, LONGEST) * random.uniform(1, 1.1))  # noqa: S311
        raise SlackUnavailable(f"{method} failed {TRIES} times")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def scopes(self, team: str) -> list[str]:
        """What a workspace's token may do. Raises SlackRefused."""
        client = AsyncWebClient(await self.workspaces.token(team), base_url=self._url, session=self._open())
        try:
            told = await client.auth_test()
        except SlackApiError as error:
            raise SlackRefused("auth.test", _code(error)) from error
        return [scope.strip() for scope in str(told.headers.get("x-oauth-scopes", "")).split(",")]

    async def answer(self, url: str, body: dict[str, Any]) -> None:
        """Send something to the address that came with a request. Raises SlackRefused, SlackUnavailable."""
        for attempt in range(TRIES):
            try:
                async with self._open().post(url, json=body, timeout=aiohttp.ClientTimeout(SECONDS)) as answer:
                    if answer.status < 400:
                        return
                    if answer.status not in (429, 500, 502, 503):
                        raise SlackRefused("response_url", str(answer.status))
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.info("an answer to a command is sent again: %s", type(error).__name__)
            await asyncio.sleep(PAUSE * 2**attempt)
        raise SlackUnavailable("response_url")


def _code(error: SlackApiError) -> str:
    held = error.response.data
    return str(held.get("error", "")) if isinstance(held, dict) else str(error.response.status_code)


def _pause(error: SlackApiError, attempt: int) -> float | None:
    """Seconds to the next try; None where there is none."""
    status = error.response.status_code
    if status == 429 or _code(error) == "ratelimited":
        return float(error.response.headers.get("Retry-After", 1))
    passing = status >= 500 or _code(error) in ("internal_error", "fatal_error", "service_unavailable")
    return PAUSE * 2**attempt if passing else None
