"""A shop with its widget and Slack, whole and in one process: shoppers on one side, colleagues on the other."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.cli.slack import open_channel
from integrations.settings import Settings
from integrations.slack.channel import Channel
from integrations.slack.routes import routes
from integrations.widget.house import House
from integrations.widget.server import create_app
from tests.slack.sender import SECRET, Sender
from tests.slack.slack_server import TOKEN, Slack

PEOPLE = {"U1": "lead", "U2": "agent", "U3": "head", "U4": "marketer", "UG": "head", "UX": "head"}
"""U9 is not listed; the guest and the stranger are, and must be nobody all the same."""


@dataclass
class Desk:
    """What a test talks with."""

    dragoman: Dragoman
    channel: Channel
    client: AsyncClient
    slack: Slack
    sender: Sender
    used: set[str] = field(default_factory=set)

    async def shopper(self, **body: Any) -> dict[str, str]:
        """Headers of a new shopper."""
        told = (await self.client.post("/v1/sessions", json={"locale": "en-GB", **body})).json()
        return {"authorization": f"Bearer {told['token']}", "x-session": told["session_id"]}

    async def write(self, headers: dict[str, str], text: str) -> str:
        """A shopper writes; the whole stream of the answer."""
        return (await self.client.post("/v1/chat", headers=headers, json={"message": text})).text

    async def wants_person(self, headers: dict[str, str], reason: str = "I need help") -> str:
        """The shopper asks for a person; the handoff's reference."""
        told = await self.client.post("/v1/handoff", headers=headers, json={"reason": reason})
        return str(told.json()["reference"])

    async def reads(self, headers: dict[str, str]) -> str:
        """All that was ever shown in a shopper's stream, and their history."""
        frames = await self.dragoman.turns.frames_after(headers["x-session"], 0)
        history = await self.client.get("/v1/history", headers=headers)
        return "\n".join(data for _, data in frames) + history.text

    async def card(self, reference: str) -> dict[str, Any]:
        """A handoff's message in the support channel."""
        return await self.message(f"handoff:{reference}")

    async def message(self, key: str) -> dict[str, Any]:
        """A message of ours, once it is there."""
        await until(lambda: self._post(key))
        post = await self.channel.web.records.post(key)
        assert post is not None
        return next(one for one in self.slack.messages[post.channel] if one["ts"] == post.ts)

    async def _post(self, key: str) -> bool:
        post = await self.channel.web.records.post(key)
        return bool(post and post.ts)

    async def claimed(self, user: str = "U1") -> tuple[dict[str, str], str, str]:
        """A shopper whose conversation a colleague has taken over: their headers, the reference, the thread."""
        headers = await self.shopper()
        reference = await self.wants_person(headers)
        ts = (await self.card(reference))["ts"]
        await self.sender.click(user, "claim", reference, "CSUP", ts)
        await self.settled()
        return headers, reference, ts

    async def settled(self) -> None:
        """Everything that came in is worked through."""

        async def idle() -> bool:
            counts = await self.channel.counts()
            return not counts.get("waiting") and not counts.get("running")

        await until(idle)


async def until(holds: Callable[[], Awaitable[Any]], seconds: float = 20) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < ends, "it did not come about"
        await asyncio.sleep(0.02)


async def until_so(holds: Callable[[], Any], seconds: float = 20) -> None:
    async def asked() -> Any:
        return holds()

    await until(asked, seconds)


def settings(home: Path, slack: Slack, **more: Any) -> Settings:
    return Settings(
        home=home, slack_signing_secret=SecretStr(SECRET), slack_bot_token=SecretStr(TOKEN),
        slack_api_url=f"{slack.address}/api/", slack_people=PEOPLE, slack_support_channel="CSUP",
        slack_approvals_channel="CAPP", slack_alerts_channel="CALR", **more,
    )  # fmt: skip


@asynccontextmanager
async def open_desk(home: Path, slack: Slack, **more: Any) -> AsyncIterator[Desk]:
    """Everything open and working."""
    async with contextlib.AsyncExitStack() as stack:
        dragoman = await stack.enter_async_context(open_dragoman(settings(home, slack, **more)))
        assistant = await dragoman.assistant()
        api = await create_app(House(
            assistant, dragoman.sessions, dragoman.turns, dragoman.shop, dragoman.library.retriever, dragoman.settings,
            dragoman.context,
        ))  # fmt: skip
        channel = await open_channel(dragoman, assistant)
        api.router.routes.extend(routes(channel))
        await stack.enter_async_context(channel.working())
        transport = ASGITransport(app=api)
        client = await stack.enter_async_context(AsyncClient(transport=transport, base_url="http://test", timeout=60))
        yield Desk(dragoman, channel, client, slack, Sender(client, slack.address))
        await api.state.runs.drain()
