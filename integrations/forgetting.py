"""Forgetting: a customer who asks for it, a conversation that is old. What is forgotten is in no file any more."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from integrations.database.customers import Traces, forget_customer, of_staff, overdue, told_elsewhere, traces_of
from integrations.database.journal import Journal, veiled
from integrations.database.shredding import found_in, shred, shred_file
from tools.context import Session

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from integrations.database.engine import Sessions
    from integrations.database.sessions import SessionStore
    from integrations.database.turns import TurnStore

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Forgotten:
    """What was erased: conversations, and orders that stay as nobody's. `left` names files in which something of the
    customer still stands, because a person wrote it there.
    """

    conversations: int
    orders: int
    left: list[str]


@dataclass(frozen=True)
class Forgetting:
    """Erases, in one home."""

    home: Path
    database: Sessions
    assistant: Assistant
    sessions: SessionStore
    turns: TurnStore
    secret: str

    async def traces(self, customer_id: str) -> Traces:
        """What a customer can be known by here."""
        return await traces_of(self.database, customer_id)

    async def customer(self, customer_id: str, by: str) -> Forgotten | None:
        """Erase all that tells of a customer, and look through the home's files for what is left; None where nothing is
        held. The journal notes it without naming them.
        """
        traces = await self.traces(customer_id)
        if not traces.sessions and traces.marks <= {customer_id} and not traces.orders:
            return None
        elsewhere = await told_elsewhere(self.database, customer_id, traces)
        orders = await forget_customer(self.database, customer_id, traces)
        for name in elsewhere:  # what the agent heard of it; what those shoppers wrote stays
            await self.assistant.erase(await self.sessions.find(name) or Session(name))
        for name in (*traces.sessions, *await self._colleagues_asked(traces)):
            await self._conversation(name)
        told = f"{len(traces.sessions)} conversations, {orders} orders"
        await Journal(self.database).add(by, "customer erased", veiled(customer_id, self.secret), told)
        await self._shred(whole=True)
        return Forgotten(len(traces.sessions), orders, await asyncio.to_thread(found_in, self.home, traces.marks))

    async def _colleagues_asked(self, traces: Traces) -> list[str]:
        """Conversations in which colleagues asked the assistant about a customer or their orders."""
        marks = {*traces.marks, *traces.orders}
        held = [session for name in await of_staff(self.database) if (session := await self.sessions.find(name))]
        return [session.id for session in held if await self.assistant.tells_of(session, marks)]

    async def old_conversations(self, days: int) -> int:
        """Erase conversations in which nothing was said for so many days; 0 days keeps them."""
        names = await overdue(self.database, datetime.now(UTC) - timedelta(days)) if days else []
        for name in names:
            await self._conversation(name)
        if names:
            log.info("%s conversations older than %s days are erased", len(names), days)
        await self._shred(whole=False)  # also what shoppers erased themselves
        return len(names)

    async def _conversation(self, name: str) -> None:
        async with self.turns.floor.hold(name):
            await self.assistant.erase(await self.sessions.find(name) or Session(name))
            await self.sessions.erase(name)

    async def _shred(self, whole: bool) -> None:
        if not await shred(self.database, whole):
            log.warning("the database was in use: what was erased leaves its file at the next daily sweep")
        await asyncio.to_thread(shred_file, self.home / "conversations.sqlite3", whole)
