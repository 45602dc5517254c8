"""A customer who is erased is in no file and no row; an old conversation goes by itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text, update

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.database.customers import overdue
from integrations.database.engine import Sessions
from integrations.database.shredding import found_in
from integrations.database.slack_queue import SlackQueue
from integrations.database.slack_tables import SlackEventRow, SlackPostRow
from integrations.database.tables import SessionRow, TurnRow
from integrations.settings import Settings
from knowledge.service.case import Asker
from knowledge.service.requests import Request
from tools.actions.clerk import Errand
from tools.actions.consent import Consent
from tools.context import Session

CUSTOMER, EMAIL, NAME, ORDER = "jonas_wiechert_1596", "jonas_wiechert@example.com", "Wiechert", "AQ-10098"
SAID = "My cat Zwirbelbart chewed the lid, write me to jonas_wiechert@example.com or call +49 151 91746283"
MARKS = (EMAIL, CUSTOMER, NAME, "Zwirbelbart", "91746283")


async def lived(dragoman: Dragoman) -> list[Session]:
    """A customer's life: signed in, as a guest who knew an order, an action, a person, a post in Slack."""
    assistant = await dragoman.assistant()
    own = Session("own", channel="widget", customer_id=CUSTOMER)
    guest = Session("guest", channel="widget")
    for session in (own, guest):
        await dragoman.sessions.start(session)
    said = {own: SAID, guest: f"Where is {ORDER}? My e-mail is {EMAIL}"}
    for session, message in said.items():
        await dragoman.turns.inbox.receive(session.id, "t1", message)
        shown = [event async for event in assistant.reply(message, session)]
        assert shown
    handoff = await dragoman.sessions.handoffs.open(own, SAID)
    await dragoman.sessions.handoffs.say(handoff, "shopper", "", SAID)
    async with dragoman._database.begin() as database:
        database.add(TurnRow(session_id="own", turn="t1", question=SAID, answer="x", shown={}, at=datetime.now(UTC)))
        database.add(SlackPostRow(
            key=f"handoff {handoff.id}", team="T", channel="C", state={"text": SAID}, at=datetime.now(UTC)
        ))  # fmt: skip
        database.add(SlackEventRow(event_id="E", lane="late", place="C", ts="1", body={"event": {"text": SAID}},
                                   status="failed", not_before=datetime.now(UTC), at=datetime.now(UTC)))  # fmt: skip
    request = Request.of("refund_order", {"order_id": ORDER, "reason": SAID})
    errand = Errand(Asker(CUSTOMER), request, CUSTOMER, "own", SAID, Consent.to(request))
    await dragoman.clerk().act(errand)
    await colleagues(dragoman)
    await dragoman.traces.drain()
    return [own, guest]


async def colleagues(dragoman: Dragoman) -> None:
    """A colleague asks the assistant about the customer, and writes their address to another shopper by mistake."""
    desk, other = Session("slack-1", channel="slack", role="operator"), Session("other", channel="widget")
    for session in (desk, other):
        await dragoman.sessions.start(session)
    question = f"What did {EMAIL} order? Is {NAME} a customer?"
    assert [event async for event in (await dragoman.assistant()).reply(question, desk)]
    handoff = await dragoman.sessions.handoffs.open(other, "please")
    await dragoman.sessions.handoffs.say(handoff, "person", "Mia", f"Sorry, that was for {EMAIL}.")
    await dragoman.sessions.handoffs.claim(handoff.id, "Mia")
    await dragoman.sessions.handoffs.end(handoff.id, "returned")
    assert [event async for event in (await dragoman.assistant()).reply("How long does delivery take?", other)]


def seen(home: Path) -> list[tuple[str, str]]:
    """What of the customer stands in the files of a home, by our own reading."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [(path.name, mark) for path in files for mark in MARKS if mark.encode() in path.read_bytes()]


async def test_nothing_of_an_erased_customer_is_in_any_file(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        await lived(dragoman)
        before = await dragoman.shop.orders_of(CUSTOMER)
        assert {"dragoman.sqlite3", "conversations.sqlite3"} <= {name.removesuffix("-wal") for name, _ in seen(home)}
        done = await (await dragoman.forgetting()).customer(CUSTOMER, "ann")
        assert done is not None
        assert (done.conversations, done.orders, done.left) == (2, len(before), [])
        assert seen(home) == []
        kept = await dragoman.shop.order(before[0].order_id)
        assert kept is not None
        assert [item.name for item in kept.items] == [item.name for item in before[0].items]
        assert kept.customer_id.startswith("erased-")
        [entry] = [one for one in await dragoman.ledger.entries(limit=100) if one.order_id == ORDER]
        assert (entry.name, entry.customer_id) == ("refund_order", kept.customer_id)
        [deed] = await dragoman.journal.deeds(deed="customer")
        assert (deed.who, deed.told) == ("ann", f"2 conversations, {len(before)} orders")
        assert await (await dragoman.forgetting()).customer(CUSTOMER, "ann") is None
    assert seen(home) == []


async def test_what_slack_sent_and_nobody_could_work_through_goes_after_a_month(sessions: Sessions) -> None:
    now = datetime.now(UTC)
    async with sessions.begin() as database:
        for name, days in (("new", 20), ("old", 31)):
            at = now - timedelta(days)
            database.add(SlackEventRow(event_id=name, lane="late", place="C", ts="1", body={"text": SAID},
                                       status="failed", not_before=at, at=at))  # fmt: skip
    await SlackQueue(sessions).forget()
    async with sessions() as database:
        assert list(await database.scalars(select(SlackEventRow.event_id))) == ["new"]


async def test_what_a_person_wrote_elsewhere_is_named(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        (home / "entries").mkdir(exist_ok=True)
        (home / "entries" / "note.md").write_text(f"# Case\n\n{EMAIL} asked twice.\n", "utf-8")
        done = await (await dragoman.forgetting()).customer(CUSTOMER, "ann")
    assert done is not None
    assert done.left == ["entries/note.md"]


@pytest.fixture
async def on_postgres(home: Path, postgres_url: str) -> AsyncIterator[Dragoman]:
    async with open_dragoman(Settings(home=home, database_url=postgres_url)) as opened:
        await opened.ready()
        yield opened


async def test_nothing_of_an_erased_customer_is_in_any_row_of_postgres(on_postgres: Dragoman) -> None:
    await lived(on_postgres)

    async def rows() -> list[tuple[str, str]]:
        async with on_postgres._database() as database:
            connection = await database.connection()
            tables = await connection.run_sync(lambda opened: inspect(opened).get_table_names())
            held = {name: (await database.execute(text(f"select t::text from {name} t"))).all() for name in tables}
        return [
            (name, mark) for name, all_of in held.items() for mark in MARKS if any(mark in row[0] for row in all_of)
        ]

    assert {"customers", "orders", "turns", "actions", "slack_posts", "slack_events"} <= {
        name for name, _ in await rows()
    }
    assert await (await on_postgres.forgetting()).customer(CUSTOMER, "ann") is not None
    assert await rows() == []


async def test_old_conversations_go_and_open_ones_stay(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        long_ago = datetime.now(UTC) - timedelta(days=40)
        for name in ("old", "waiting", "talking", "new"):
            await dragoman.sessions.start(Session(name, channel="widget"))
        await dragoman.sessions.handoffs.open(Session("waiting"), "please")
        async with dragoman._database.begin() as database:
            old = SessionRow.session_id.in_(("old", "waiting", "talking"))
            await database.execute(update(SessionRow).where(old).values(created_at=long_ago))
            for name, at in (("old", long_ago), ("talking", datetime.now(UTC))):
                database.add(TurnRow(session_id=name, turn="1", question="q", answer="a", shown={}, at=at))
        forgetting = await dragoman.forgetting()
        assert await forgetting.old_conversations(0) == 0
        assert await overdue(dragoman._database, datetime.now(UTC) - timedelta(30)) == ["old"]
        assert await forgetting.old_conversations(30) == 1
        assert await dragoman.sessions.find("old") is None
        assert await dragoman.sessions.find("talking") is not None


def test_a_text_is_found_however_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * ((1 << 22) - 3) + "Jürgen Müller".encode())
    (tmp_path / "b.json").write_text(json.dumps("Jürgen Müller"), "utf-8")
    (tmp_path / "c").write_text("Jürgen", "utf-8")
    assert found_in(tmp_path, frozenset({"Jürgen Müller"})) == ["a", "b.json"]


def test_the_files_of_a_database_of_ones_own_are_not_edited_by_hand(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "base").mkdir(parents=True)
    (tmp_path / "postgres" / "base" / "1").write_text("Jürgen Müller", "utf-8")
    assert found_in(tmp_path, frozenset({"Jürgen Müller"})) == []
