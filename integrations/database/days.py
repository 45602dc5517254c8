"""How a day went, and what goes wrong just now: counted from what is kept anyway."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select

from integrations.database.engine import Sessions
from integrations.database.tables import (
    FeedbackRow,
    HandoffRow,
    ModelUse,
    PersonTalkRow,
    SearchRow,
    SessionRow,
    TraceRow,
    TurnRow,
)
from knowledge.commerce import Order

SHOPPERS = ("widget", "cli")
"""Channels over which shoppers speak."""

QUIET = timedelta(minutes=30)
"""After which a conversation that ended without a complaint is assumed to be resolved."""

LATELY, LONG = timedelta(hours=1), timedelta(days=7)
"""What is looked at for alerts, and what it is compared with."""

MANY, RARELY = 5, 3
"""How often a question must be asked in an hour to be told; how many times the usual, and how often all else."""

TROUBLE = ("customs_hold", "lost", "delivery_attempted", "returning_to_sender", "returned_to_sender")


@dataclass(frozen=True)
class Day:
    """A day's figures. Resolutions are kept apart: `confirmed` by the shopper or a person, `assumed` because nobody
    complained, `reopened` though they had been resolved; the rest is open or handed over. Seconds are the median's.
    """

    conversations: int = 0
    confirmed: int = 0
    assumed: int = 0
    reopened: int = 0
    handed_over: int = 0
    first_answer_s: float | None = None
    dollars: float = 0.0


@dataclass(frozen=True)
class Alert:
    """Something that happens more often than it should: `kind` spike, stock_out, delivery or ratings."""

    kind: str
    about: str
    count: int


class DayStore:
    """Counts."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def day(self, now: datetime) -> Day:
        """The figures of the day (UTC) so far."""
        since = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._sessions() as database:
            turns = select(TurnRow.session_id, func.max(TurnRow.at)).where(TurnRow.at >= since)
            ours = turns.join(SessionRow, SessionRow.session_id == TurnRow.session_id)
            spoken = ours.where(SessionRow.channel.in_(SHOPPERS)).group_by(TurnRow.session_id)
            last = {str(session): at for session, at in await database.execute(spoken)}
            handoffs = list(await database.scalars(select(HandoffRow).where(HandoffRow.created_at >= since - LONG)))
            rated = list(await database.scalars(select(FeedbackRow).where(FeedbackRow.at >= since)))
            written = select(PersonTalkRow.session_id, func.max(PersonTalkRow.at)).group_by(PersonTalkRow.session_id)
            wrote = {str(session): at for session, at in await database.execute(written)}
            spent = select(func.coalesce(func.sum(ModelUse.microdollars), 0))
            cost = await database.scalar(spent.where(ModelUse.day == since.date().isoformat()))
            firsts = select(TraceRow.session_id, TraceRow.record).where(TraceRow.at >= since).order_by(TraceRow.id)
            waited = [(str(session), record.get("first_shown")) for session, record in await database.execute(firsts)]
        ends = [_end(session, at, handoffs, rated, wrote, now) for session, at in last.items()]
        first = {session: seconds for session, seconds in reversed(waited) if session in last and seconds}
        return Day(
            len(last), ends.count("confirmed"), ends.count("assumed"), ends.count("reopened"),
            ends.count("handed_over"), round(median(first.values()), 2) if first else None, int(cost or 0) / 1e6,
        )  # fmt: skip

    async def orders_shown(self, now: datetime, most: int = 200) -> list[str]:
        """The orders that shoppers looked at within the last hour."""
        async with self._sessions() as database:
            turns = await database.scalars(select(TurnRow.shown).where(TurnRow.at >= now - LATELY))
            shown = [(turn.get("order") or {}).get("order") or {} for turn in turns]
        return list(dict.fromkeys(str(order["order_id"]) for order in shown if order.get("order_id")))[:most]

    async def alerts(self, now: datetime) -> list[Alert]:
        """What is wrong just now, the most frequent first; parcels are looked at elsewhere (`lanes_in_trouble`)."""
        async with self._sessions() as database:
            searched = select(SearchRow.at, SearchRow.documents).where(
                SearchRow.at >= now - LONG, SearchRow.role == "shopper", SearchRow.channel.in_(SHOPPERS)
            )  # fmt: skip
            asked = [(at, documents[0]) for at, documents in await database.execute(searched) if documents]
            turns = list(await database.scalars(select(TurnRow.shown).where(TurnRow.at >= now - LATELY)))
            bad = select(func.count()).select_from(FeedbackRow)
            disliked = await database.scalar(bad.where(FeedbackRow.at >= now - LATELY, FeedbackRow.score < 0))
        found = [*_spikes(asked, now), *_stock_outs(turns)]
        found += [Alert("ratings", "negative ratings", int(disliked or 0))] if int(disliked or 0) >= RARELY else []
        return sorted(found, key=lambda alert: (-alert.count, alert.kind, alert.about))


def _end(
    session: str, last: datetime, handoffs: Sequence[HandoffRow], rated: Sequence[FeedbackRow],
    wrote: dict[str, datetime], now: datetime,
) -> str:  # fmt: skip
    """How a conversation stands."""
    ours = [one for one in handoffs if one.session_id == session]
    scores = [one.score for one in rated if one.session_id == session]
    resolved = [one.changed_at for one in ours if one.status == "resolved" and one.changed_at]
    spoke = max(last, wrote.get(session, last))
    if resolved and spoke > max(resolved):
        return "reopened"
    if any(one.status in ("waiting", "claimed") for one in ours):
        return "handed_over"
    if resolved or (scores and scores[-1] > 0):
        return "confirmed"
    if scores and scores[-1] < 0:
        return "open"
    return "assumed" if now - spoke >= QUIET else "open"


def _spikes(asked: Iterable[tuple[datetime, str]], now: datetime) -> list[Alert]:
    """Documents that are asked for far more than usual."""
    lately: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for at, document in asked:
        (lately if at >= now - LATELY else before)[document] += 1
    usual = {document: count / (LONG / LATELY) for document, count in before.items()}
    return [
        Alert("spike", document, count) for document, count in lately.items()
        if count >= MANY and count >= RARELY * usual.get(document, 0.0)
    ]  # fmt: skip


def _stock_outs(shown: Iterable[dict[str, Any]]) -> list[Alert]:
    """Products that were asked for and cannot be had."""
    cards = [card for turn in shown for card in (turn.get("cards") or {}).get("cards", [])]
    missed = Counter(str(card["name"]) for card in cards if not card.get("available", True))
    return [Alert("stock_out", name, count) for name, count in missed.items() if count >= RARELY]


def lanes_in_trouble(orders: Iterable[Order]) -> list[Alert]:
    """Countries on whose way several parcels are in trouble."""
    lanes: defaultdict[str, set[str]] = defaultdict(set)
    for order in orders:
        for parcel in order.tracking:
            if parcel.events and parcel.events[-1].code in TROUBLE:
                lanes[order.market or "unknown"].add(parcel.tracking_id)
    return [Alert("delivery", lane, len(parcels)) for lane, parcels in lanes.items() if len(parcels) >= RARELY]
