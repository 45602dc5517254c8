"""Taking a customer out of the database: what stays of orders and of the ledger names nobody."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select

from integrations.database.engine import DatabaseSession, Sessions, write_alone
from integrations.database.slack_tables import SlackEventRow, SlackPostRow, SlackThreadRow
from integrations.database.tables import (
    ActionRow,
    Attempt,
    CustomerRow,
    Frame,
    HandoffRow,
    MessageRow,
    OrderRow,
    PersonTalkRow,
    SessionRow,
    TurnRow,
)
from knowledge.masking import mask_personal

PERSONAL = frozenset({
    "address1", "address2", "city", "state", "zip", "name", "first_name", "last_name", "email", "phone",
    "reason", "why", "cancel_reason", "note", "notes", "place", "billing_address", "company", "vat_id", "ip", "message",
    "comment",
})  # fmt: skip
"""Fields of orders and of the ledger that tell of a person, or hold their words."""

MARKING = 25
"""Letters of a message that nobody else would write just so."""


_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Traces:
    """What a customer can be known by: `marks` texts of theirs, `sessions` their conversations, `orders` numbers."""

    marks: frozenset[str]
    sessions: tuple[str, ...]
    orders: tuple[str, ...] = field(default=())


async def traces_of(sessions: Sessions, customer_id: str) -> Traces:
    """All a customer can be known by here: signed in, or as somebody who proved to know one of their orders."""
    async with sessions() as database:
        held = await database.scalar(select(CustomerRow.data).where(CustomerRow.customer_id == customer_id))
        rows = (await database.scalars(select(OrderRow).where(OrderRow.customer_id == customer_id))).all()
        orders = {str(row.data.get("order_id", row.order_key)) for row in rows}
        known = await database.scalars(select(SessionRow))
        names = [row.session_id for row in known if row.customer_id == customer_id or _opened(row, orders)]
        wrote = await _words_of(database, names)
    marks = _marks(customer_id, held or {}, [row.data for row in rows])
    return Traces(frozenset({*marks, *wrote}), tuple(names), tuple(sorted(orders)))


def _opened(row: SessionRow, orders: set[str]) -> bool:
    return row.role == "shopper" and not orders.isdisjoint(row.order_ids)


async def _words_of(database: DatabaseSession, names: Collection[str]) -> list[str]:
    """Messages of conversations that nobody else would write: those with something personal in them."""
    wanted = (
        select(TurnRow.question).where(TurnRow.session_id.in_(names)),
        select(MessageRow.text).where(MessageRow.session_id.in_(names)),
        select(PersonTalkRow.text).where(PersonTalkRow.session_id.in_(names), PersonTalkRow.speaker == "shopper"),
    )
    texts = [text for one in wanted for text in await database.scalars(one)]
    return [text for text in texts if len(text) > MARKING and mask_personal(text) != text]


def _marks(customer_id: str, held: Mapping[str, Any], orders: Collection[Mapping[str, Any]]) -> set[str]:
    name = held.get("name", "")
    whole = " ".join(str(part) for part in name.values()) if isinstance(name, dict) else str(name)
    streets = {str((entry.get("address") or {}).get("address1", "")) for entry in [held, *orders]}
    return {mark for mark in {customer_id, str(held.get("email", "")), whole, *streets} if len(mark) > 4}


async def forget_customer(sessions: Sessions, customer_id: str, traces: Traces) -> int:
    """Take a customer out of the shop, its orders and the ledger, in one transaction; returns how many orders stay,
    as those of nobody. Their conversations are erased apart (erasing.py).
    """
    nobody = f"erased-{secrets.token_hex(6)}"
    marks = sorted(traces.marks, key=len, reverse=True)
    async with sessions.begin() as database:
        await write_alone(await database.connection())
        await database.execute(delete(CustomerRow).where(CustomerRow.customer_id == customer_id))
        orders = list(await database.scalars(select(OrderRow).where(OrderRow.customer_id == customer_id)))
        for order in orders:
            order.data = {**_blank(order.data, marks, nobody), "user_id": nobody}
            order.customer_id, order.version = nobody, order.version + 1
        await _forget_acts(database, customer_id, traces, marks, nobody)
        await _forget_tries(database, traces)
        await _forget_talk(database, _plain_marks(traces, customer_id), nobody)
        await _forget_slack(database, traces.sessions, marks)
    return len(orders)


async def _forget_acts(
    database: DatabaseSession, customer_id: str, traces: Traces, marks: list[str], nobody: str
) -> None:
    """The ledger keeps what was done and when, as the law asks, not for whom."""
    theirs = or_(ActionRow.customer_id == customer_id, ActionRow.session_id.in_(traces.sessions),
                 ActionRow.order_id.in_(traces.orders))  # fmt: skip
    for act in await database.scalars(select(ActionRow).where(theirs)):
        act.arguments, act.asker = _blank(act.arguments, marks, nobody), _blank(act.asker, marks, nobody)
        act.quote, act.history = _blank(act.quote, marks, nobody), _blank(act.history, marks, nobody)
        act.customer_id, act.why, act.session_id = nobody, "", ""


async def _forget_tries(database: DatabaseSession, traces: Traces) -> None:
    """Failed proofs are counted by what was typed as a number, which may be anything of theirs."""
    typed = [re.sub(r"\s", "", text).casefold() for text in (*traces.marks, *traces.orders)]
    for tried in await database.scalars(select(Attempt)):
        subject = tried.subject.partition(" ")[2].casefold()
        if any(subject in text for text in typed):
            await database.delete(tried)


async def _forget_talk(database: DatabaseSession, marks: Collection[str], nobody: str) -> None:
    """What colleagues wrote of them to other shoppers, where it cannot mean anybody else: a name may."""
    for row in await database.scalars(select(PersonTalkRow).where(or_(*_with(PersonTalkRow.text, marks)))):
        row.text = _without(row.text, [*marks], nobody)
    for frame in await database.scalars(select(Frame).where(or_(*_with(Frame.data, marks)))):
        frame.data = _without(frame.data, [*marks], nobody)


def _plain_marks(traces: Traces, customer_id: str) -> list[str]:
    """What cannot mean anybody else."""
    return [mark for mark in traces.marks if mark == customer_id or _MAIL.fullmatch(mark)]


async def told_elsewhere(sessions: Sessions, customer_id: str, traces: Traces) -> list[str]:
    """Conversations of other shoppers in which a colleague wrote of a customer."""
    wanted = or_(*_with(PersonTalkRow.text, _plain_marks(traces, customer_id)))
    asked = select(PersonTalkRow.session_id).where(wanted, PersonTalkRow.session_id.not_in(traces.sessions)).distinct()
    async with sessions() as database:
        return list(await database.scalars(asked))


def _with(column: Any, marks: Collection[str]) -> list[Any]:
    return [column.contains(mark, autoescape=True) for mark in marks]


async def _forget_slack(database: DatabaseSession, names: Collection[str], marks: Collection[str]) -> None:
    """Our records of what was posted about them, and what came in of theirs and could not be worked through. What
    stands in Slack itself is Slack's to delete.
    """
    handoffs = list(await database.scalars(select(HandoffRow.handoff_id).where(HandoffRow.session_id.in_(names))))
    for handoff in handoffs:
        await database.execute(delete(SlackPostRow).where(SlackPostRow.key.contains(handoff, autoescape=True)))
    await database.execute(delete(SlackThreadRow).where(SlackThreadRow.reference.in_([*handoffs, *names])))
    for event in await database.scalars(select(SlackEventRow).where(SlackEventRow.status == "failed")):
        if any(mark in json.dumps(event.body, ensure_ascii=False) for mark in marks):
            event.body = {}


def _blank(value: Any, marks: list[str], nobody: str, key: str = "") -> Any:
    """The same without what tells of a person."""
    if isinstance(value, dict):
        return {name: _blank(part, marks, nobody, name) for name, part in value.items()}
    if isinstance(value, list):
        items = key in ("items", "new_items", "lines")
        return [{**_blank(part, marks, nobody), **_goods(part)} if items and isinstance(part, dict)
                else _blank(part, marks, nobody, key) for part in value]  # fmt: skip
    if not isinstance(value, str):
        return value
    return "" if key in PERSONAL else _without(value, marks, nobody)


def _goods(line: Mapping[str, Any]) -> dict[str, Any]:
    """What was bought is no person's name."""
    return {"name": line["name"]} if "name" in line else {}


def _without(text: str, marks: list[str], nobody: str) -> str:
    for mark in marks:
        text = text.replace(mark, nobody)
    return text


async def of_staff(sessions: Sessions) -> list[str]:
    """Conversations of colleagues with the assistant."""
    async with sessions() as database:
        return list(await database.scalars(select(SessionRow.session_id).where(SessionRow.role != "shopper")))


async def overdue(sessions: Sessions, before: datetime, most: int = 500) -> list[str]:
    """Conversations in which nothing was said since a moment and nothing is open, oldest first."""
    said = select(func.max(TurnRow.at)).where(TurnRow.session_id == SessionRow.session_id).scalar_subquery()
    talked = select(func.max(PersonTalkRow.at)).where(PersonTalkRow.session_id == SessionRow.session_id)
    waiting = select(HandoffRow.session_id).where(HandoffRow.status.in_(("waiting", "claimed")))
    acting = select(ActionRow.session_id).where(
        ActionRow.status.in_(("needs_approval", "needs_confirmation", "started", "unknown"))
    )
    wanted = (
        select(SessionRow.session_id)
        .where(SessionRow.created_at < before, or_(said.is_(None), said < before))
        .where(or_(talked.scalar_subquery().is_(None), talked.scalar_subquery() < before))
        .where(SessionRow.session_id.not_in(waiting), SessionRow.session_id.not_in(acting))
        .order_by(SessionRow.created_at).limit(most)
    )  # fmt: skip
    async with sessions() as database:
        return list(await database.scalars(wanted))
