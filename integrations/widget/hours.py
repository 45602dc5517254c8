"""When people answer, and how long they lately took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from integrations.widget.house import House
    from tools.context import Session
    from tools.desk import Desk

LATELY = timedelta(days=14)
"""How far back first answers tell how long one waits now."""


async def opening(house: House, session: Session) -> dict[str, Any]:
    """The desk's hours, and the minutes one waits for a first answer while it is open: the median of those lately, or
    None where there were none.
    """
    desk, now = (await house.context(session)).desk, datetime.now(UTC)
    answered = await house.sessions.handoffs.first_answers(now - LATELY)
    waits = [waited(desk, since, until).total_seconds() / 60 for since, until in answered]
    return {
        "open_now": desk.is_open(now), "opens": desk.opens.strftime("%H:%M"), "closes": desk.closes.strftime("%H:%M"),
        "weekdays": list(desk.weekdays), "zone": desk.zone, "wait_minutes": round(median(waits)) if waits else None,
    }  # fmt: skip


def waited(desk: Desk, since: datetime, until: datetime) -> timedelta:
    """How long somebody waited, the hours in which nobody is at the desk left out; all of it where somebody answered
    outside of them.
    """
    if not desk.is_open(until):
        return until - since
    zone = ZoneInfo(desk.zone)
    day, open_time = since.astimezone(zone).date(), timedelta()
    while day <= until.astimezone(zone).date():
        if day.weekday() in desk.weekdays:
            opens, closes = (datetime.combine(day, at, zone).astimezone(UTC) for at in (desk.opens, desk.closes))
            open_time += max(min(until, closes) - max(since, opens), timedelta())
        day += timedelta(days=1)
    return open_time
