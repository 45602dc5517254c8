"""Alerts: what goes wrong just now, in one message a day that is updated, and none in the quiet hours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from integrations.database.days import Alert, lanes_in_trouble
from integrations.slack.blocks import Message, context, header, safe, section
from integrations.slack.office import Office
from integrations.slack.web import Place, Web
from knowledge.commerce import Order

TITLES = {
    "spike": "One question far more often than usual", "stock_out": "Asked for, and out of stock",
    "delivery": "Parcels in trouble", "ratings": "Answers that did not help",
}  # fmt: skip


class Alerts:
    """Tells what goes wrong."""

    def __init__(self, office: Office, web: Web, team: Callable[[], Awaitable[str]]) -> None:
        self._office, self._web, self._team = office, web, team

    async def look(self, now: datetime) -> None:
        """Bring the day's message up to date, where there is something new to say and it is no quiet hour."""
        zone = ZoneInfo(self._office.zone())
        local = now.astimezone(zone)
        if not self._office.terms.alerts or is_quiet(self._office.terms.quiet_hours, local.time()):
            return
        found = [*await self._office.days.alerts(now), *lanes_in_trouble(await self._orders(now))]
        key = f"alerts:{local.date()}"
        known = await self._web.records.post(key)
        worst = dict(known.state) if known else {}
        fresh = {f"{one.kind}|{one.about}": one.count for one in found}
        merged = {name: max(fresh.get(name, 0), worst.get(name, 0)) for name in {*fresh, *worst}}
        if merged != worst:
            place = Place(await self._team(), self._office.terms.alerts)
            await self._web.post(key, place, told(merged, now), merged)

    async def _orders(self, now: datetime) -> list[Order]:
        """What became of the orders that shoppers looked at lately."""
        found = [await self._office.shop.order(number) for number in await self._office.days.orders_shown(now)]
        return [order for order in found if order is not None]


def is_quiet(hours: str, at: time) -> bool:
    """Whether a time of the day lies in hours like 20:00-08:00."""
    if not hours:
        return False
    begin, end = (time.fromisoformat(part) for part in hours.split("-"))
    return begin <= at < end if begin <= end else at >= begin or at < end


def told(counts: dict[str, int], now: datetime) -> Message:
    """Alerts, grouped by kind."""
    alerts = [Alert(name.partition("|")[0], name.partition("|")[2], count) for name, count in counts.items()]
    blocks = [header("What goes wrong today")]
    for kind, title in TITLES.items():
        ours = sorted((one for one in alerts if one.kind == kind), key=lambda one: -one.count)
        if ours:
            blocks.append(section(f"*{title}*\n" + "\n".join(_line(one) for one in ours[:10])))
    seen = f"{now.astimezone(UTC):%H:%M}"
    return Message("What goes wrong today", [*blocks, context(f"Most in an hour; updated {seen} UTC")])


def _line(alert: Alert) -> str:
    return f"• {safe(alert.about)}: {alert.count}"
