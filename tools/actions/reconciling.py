"""Finding out what became of actions that were left hanging."""

from __future__ import annotations

from datetime import datetime, timedelta

from knowledge.shop import Shop, ShopUnavailable
from tools.actions.ledger import Entry, Ledger

LEASE = timedelta(seconds=60)
"""How long an action may be on its way to the shop before it is looked into."""

NOT_CARRIED_OUT = "NOT_CARRIED_OUT"
"""The rule of an action that never reached the shop, and never will."""


async def look_into(entry: Entry, shop: Shop, ledger: Ledger, now: datetime) -> Entry:
    """An entry as it truly is: one left on its way is asked of the shop, one that waited too long has expired."""
    if entry.expires_at and entry.expires_at < now and entry.status in ("needs_confirmation", "needs_approval"):
        return await move(ledger, entry, entry.moved("expired", now, "clock"))
    stale = entry.status == "started" and entry.changed_at + LEASE < now
    if not (stale or entry.status == "unknown"):
        return entry
    try:
        written = await shop.settle(entry.operation_id)
    except ShopUnavailable:
        return await move(ledger, entry, entry.moved("unknown", now, "shop")) if stale else entry
    if written:
        return await move(ledger, entry, entry.moved("done", now, "shop"))
    return await move(ledger, entry, entry.moved("denied", now, "shop", rule=NOT_CARRIED_OUT))


async def move(ledger: Ledger, entry: Entry, moved: Entry) -> Entry:
    """Note a change of state, unless somebody was first; the entry as it now is."""
    if await ledger.move(moved, entry.status):
        return moved
    return await ledger.find(entry.operation_id) or entry
