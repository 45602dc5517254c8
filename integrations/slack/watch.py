"""What happens in the shop and belongs in Slack: shoppers who wait, what they write, actions to decide, alerts. One
process of a home looks; where it dies, another does.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable
from datetime import UTC, datetime

from integrations.database.floor import Floor, FloorLost
from integrations.desk import HandoffRefused
from integrations.slack.alerts import Alerts
from integrations.slack.approvals import Approvals
from integrations.slack.arranging import Arranging
from integrations.slack.calls import SlackRefused, SlackUnavailable
from integrations.slack.handoffs import Handoffs
from integrations.slack.office import Office

log = logging.getLogger(__name__)

EVERY = 0.1
"""Seconds between two looks at what shoppers wrote."""

CARDS, BEAT, ALERTS = 1.0, 3.0, 60.0
"""Seconds between two looks at cards, two signs of life, two looks for alerts."""

NAME = "slack:watch"
"""The floor of whoever looks."""

REST = 5.0
"""Seconds for which a thing that Slack refuses is left alone; twice as long each time, up to an hour."""


class Watch:
    """Looks."""

    def __init__(
        self, office: Office, floor: Floor, handoffs: Handoffs, approvals: Approvals, alerts: Alerts,
        arranging: Arranging,
    ) -> None:  # fmt: skip
        self._office, self._floor, self._arranging = office, floor, arranging
        self._handoffs, self._approvals, self._alerts = handoffs, approvals, alerts
        self._resting: dict[str, tuple[float, float]] = {}
        self._next: dict[str, float] = {}

    async def run(self) -> None:
        """Look until the task is cancelled."""
        while True:
            holder = ""
            try:
                if holder := await self._floor.take(NAME):
                    await self._look(holder)
            except FloorLost:
                log.warning("another process looks for Slack now")
            except Exception as error:
                log.error("looking for what belongs in Slack failed", exc_info=error)
            finally:
                if holder:
                    await self._floor.leave(NAME, holder)
            await asyncio.sleep(BEAT)

    async def _look(self, holder: str) -> None:
        while True:
            if self._is_due("beat", BEAT):
                await self._floor.renew(NAME, holder)
            await self._arranging.refresh()
            await self._talk()
            if self._is_due("cards", CARDS):
                await self._cards()
            if self._is_due("alerts", ALERTS):
                await self._try("alerts", self._alerts.look(datetime.now(UTC)))
                await self._office.queue.forget()
            await asyncio.sleep(EVERY)

    def _is_due(self, what: str, seconds: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, 0.0):
            return False
        self._next[what] = now + seconds
        return True

    async def _talk(self) -> None:
        """What was said in conversations that persons have, in order; one handoff's fault is not the others'."""
        if not self._office.terms.support:
            return
        for reference in await self._office.records.unposted_handoffs():
            await self._try(f"handoff {reference}", self._handoffs.post(reference))
        stuck: set[str] = set()
        for reference, entry in await self._office.records.unsaid():
            if reference not in stuck and not await self._try(
                f"said {reference}", self._handoffs.relay(reference, entry)
            ):
                stuck.add(reference)

    async def _cards(self) -> None:
        if self._office.terms.support:
            await self._try("handoffs", self._handoffs.refresh())
        if self._office.terms.approvals:
            for operation in await self._office.records.unposted_approvals():
                await self._try(f"approval {operation}", self._approvals.post(operation))
            await self._try("approvals", self._approvals.refresh())

    async def _try(self, what: str, work: Awaitable[object]) -> bool:
        """Do one thing; where Slack does not take it, it is tried again later. Whether it was done."""
        at, pause = self._resting.get(what, (0.0, REST))
        if time.monotonic() < at:
            work.close()  # type: ignore[attr-defined]
            return False
        try:
            await work
        except (SlackRefused, SlackUnavailable, HandoffRefused) as error:
            log.warning("%s waits: %s", what, error)
            self._resting[what] = (time.monotonic() + pause, min(2 * pause, 3600.0))
            return False
        self._resting.pop(what, None)
        return True
