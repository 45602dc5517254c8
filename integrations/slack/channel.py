"""Slack, opened over a home: its routes, its workers, what it looks for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from integrations.slack.alerts import Alerts
from integrations.slack.app import App
from integrations.slack.approvals import Approvals
from integrations.slack.asking import Asking
from integrations.slack.door import CLICK, TALK, Door
from integrations.slack.handoffs import Handoffs
from integrations.slack.office import Access, Office
from integrations.slack.people import People
from integrations.slack.threads import Threads
from integrations.slack.watch import Watch
from integrations.slack.web import Web
from integrations.slack.worker import Worker
from integrations.slack.workspaces import NotInstalled, Workspaces

if TYPE_CHECKING:
    from integrations.database.floor import Floor

log = logging.getLogger(__name__)

SLOTS = {TALK: 4, CLICK: 4}
"""Events of a lane that one process works on at once; more would keep each other from writing to SQLite."""

DRAIN_SECONDS = 5.0
"""How long work under way may go on when the server stops; what is left is done by another process, or later."""


class Channel:
    """Slack, open."""

    def __init__(self, office: Office, access: Access, floor: Floor) -> None:
        self.access, self._queue = access, office.queue
        self.workspaces = Workspaces(access.api_url, office.records, access.bot_token, access.token_key)
        self.web = Web(access.api_url, office.records, self.workspaces)
        self.people = People(self.web, office.terms.people)
        asking = Asking(office, self.web, self.people)
        self.handoffs = Handoffs(office, self.web, self.people, self._team)
        self.approvals = Approvals(office, self.web, self.people, self._team)
        threads = Threads(office, self.web, self.people, self.handoffs, asking)
        self.app = App(office, self.web, self.people, asking, threads, self.approvals)
        self.door = Door(access.signing_secret, office.queue, self._knock)
        rushed = self.door.is_rushed
        self.workers = [Worker(office.queue, lane, self.app.work, slots, rushed) for lane, slots in SLOTS.items()]
        alerts = Alerts(office, self.web, self._team)
        self.watch = Watch(office, floor, self.handoffs, self.approvals, alerts, self.app.arranging)

    def _knock(self) -> None:
        for worker in self.workers:
            worker.knock()

    async def counts(self) -> dict[str, int]:
        """How many of Slack's events are in each state."""
        return await self._queue.counts()

    async def _team(self) -> str:
        """The workspace whose channels are named in the settings. Raises NotInstalled."""
        teams = await self.workspaces.all()
        if not teams:
            raise NotInstalled("No workspace has installed the app.")
        return teams[0]

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Work, and look, until left."""
        jobs: list[Coroutine[Any, Any, None]] = [*(worker.run() for worker in self.workers), self.watch.run()]
        if self.access.app_token:
            from integrations.slack.socket_mode import listen

            jobs.append(listen(self.access, self.door))
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            yield
        finally:
            await asyncio.gather(*(worker.close(DRAIN_SECONDS) for worker in self.workers))
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await self.web.close()
