"""Nothing that is open between a shopper and the shop is lost: decisions, outcomes, quotes and places in line."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from assistant import events
from assistant.matters import open_matters
from integrations.bootstrap import Dragoman, open_dragoman
from integrations.settings import Settings
from knowledge.service.case import Asker
from tests.assistant import talking
from tools.actions.decisions import approve, deny
from tools.actions.ledger import Entry
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()
GRACE = "grace_takeda_5081"
LEAD = Asker(role="operator", rank="lead")


@pytest_asyncio.fixture(loop_scope="module")
async def shop(demo_home: Path, tmp_path: Path) -> AsyncIterator[Dragoman]:
    copy = tmp_path / "home"
    shutil.copytree(demo_home, copy)
    async with open_dragoman(Settings(home=copy)) as opened:
        await opened.assistant()
        yield opened


def session(customer: str = "", language: str = "en", market: str = "US") -> Session:
    return Session(id=f"open-{next(NAMES)}", language=language, market=market, customer_id=customer)


async def talk(shop: Dragoman, speaker: Session, *texts: str) -> str:
    """The answer to the last of some messages."""
    return talking.answer(await talking.talk(shop, speaker, *texts))


async def newest(shop: Dragoman) -> Entry:
    return (await shop.ledger.entries(limit=1))[0]


async def asked_for_money(shop: Dragoman, speaker: Session) -> Entry:
    told = await talk(shop, speaker, "AQ-10027 got lost, I want my money back", "yes")
    entry = await newest(shop)
    assert entry.status == "needs_approval", told
    return entry


@pytest.mark.parametrize("yes", [True, False])
async def test_what_a_person_decides_later_is_told_at_the_next_message_once(shop: Dragoman, yes: bool) -> None:
    speaker = session(GRACE)
    entry = await asked_for_money(shop, speaker)
    waiting = await talk(shop, speaker, "How much is shipping to Japan?")
    assert "AQ-10027" not in waiting
    if yes:
        await approve(shop.clerk(), entry.operation_id, LEAD, "mia")
    else:
        await deny(shop.clerk(), entry.operation_id, LEAD, "mia", "signed for")
    told = await talk(shop, speaker, "How much is shipping to Japan?")
    assert "About your earlier request (Refund for order AQ-10027" in told
    assert (await newest(shop)).status == ("done" if yes else "denied")
    assert (await newest(shop)).told == (await newest(shop)).status
    assert "AQ-10027" not in await talk(shop, speaker, "How much is shipping to Japan?")


async def test_a_returning_customer_is_told_what_is_open_and_nobody_else(shop: Dragoman) -> None:
    await asked_for_money(shop, session(GRACE))
    other = session("aisha_freeman_7647")
    await talk(shop, session(GRACE), "I want to talk to a person")
    (handoff,) = await shop.sessions.handoffs.waiting()
    told = await talk(shop, session(GRACE), "How much is shipping to Japan?")
    assert "This is still with our team, who decide on it:" in told
    assert "AQ-10027" in told
    assert f"You are still in line for a person (reference {handoff.id})." in told
    for stranger in (other, session()):
        said = await talk(shop, stranger, "How much is shipping to Japan?")
        assert "AQ-10027" not in said
        assert handoff.id not in said


async def test_it_is_told_in_the_first_answer_only(shop: Dragoman) -> None:
    await asked_for_money(shop, session(GRACE))
    speaker = session(GRACE)
    assert "AQ-10027" in await talk(shop, speaker, "How much is shipping to Japan?")
    assert "AQ-10027" not in await talk(shop, speaker, "How much is shipping to Japan?")


async def test_a_quote_left_in_another_conversation_is_reminded_of_and_read_again_before_a_yes_counts(
    shop: Dragoman,
) -> None:
    await talk(shop, session("aisha_freeman_7647"), "I'd rather pay AQ-10120 with my credit card")
    speaker = session("aisha_freeman_7647")
    told = await talk(shop, speaker, "How much is shipping to Japan?")
    assert "AQ-10120" in told
    assert "Nothing happens until you say yes." not in told
    assert "Nothing happens until you say yes." in await talk(shop, speaker, "yes")
    assert [entry.status for entry in await shop.ledger.entries()] == ["needs_confirmation"]
    await talk(shop, speaker, "yes")
    assert [entry.status for entry in await shop.ledger.entries()] == ["done"]


@pytest.mark.parametrize(
    ("said", "reminds"),
    [
        ("Shipping is free.", True), ("Which one?\n\nShipping is free.", True),
        ("Shipping is free. Shall I hand you over to a person?", False), ("人にお繋ぎしますか？", False),
        ("هل تريد؟ [1]", False),
    ],
)  # fmt: skip
async def test_after_a_question_of_ours_a_yes_is_one_to_that(shop: Dragoman, said: str, reminds: bool) -> None:
    speaker = session("aisha_freeman_7647")
    await talk(shop, speaker, "I'd rather pay AQ-10120 with my credit card")
    told = await open_matters(await shop.context(speaker), said)
    assert [bool(told.texts), bool(told.reminded)] == [reminds] * 2


@pytest.mark.parametrize(
    ("language", "market", "customer", "asked", "address", "other"),
    [
        (
            "en", "GB", "gareth_penrose_2778", "change the delivery address of AQ-10112",
            "12 Mill Lane, Brighton BN1 1AA", "How much is shipping to Japan?",
        ),
        (
            "de", "DE", "henrik_vossberg_5561", "Lieferadresse von AQ-10114 ändern", "Hauptstr. 12, 28195 Bremen",
            "Was kostet der Versand nach Japan?",
        ),
    ],
)  # fmt: skip
async def test_where_no_money_moves_no_total_is_reminded_of(
    shop: Dragoman, language: str, market: str, customer: str, asked: str, address: str, other: str
) -> None:
    told = await talk(shop, session(customer, language, market), asked, address, other)
    waits = {"en": "This still waits for your yes or no: ", "de": "Das wartet noch auf Ihr Ja oder Nein: "}[language]
    assert "0" not in told.split(waits)[1].replace("AQ-10112", "").replace("AQ-10114", "")


async def test_a_quote_that_has_run_out_is_not_spoken_of(shop: Dragoman) -> None:
    speaker = session("aisha_freeman_7647")
    await talk(shop, speaker, "I'd rather pay AQ-10120 with my credit card")
    entry = await newest(shop)
    late = replace(entry, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert await shop.ledger.move(late, "needs_confirmation")
    assert "AQ-10120" not in await talk(shop, speaker, "How much is shipping to Japan?")


async def test_an_outcome_that_was_not_known_is_told_when_it_is(shop: Dragoman) -> None:
    speaker = session("aisha_freeman_7647")
    await talk(shop, speaker, "I'd rather pay AQ-10120 with my credit card")
    entry = await newest(shop)
    started = entry.moved("started", datetime.now(UTC), "shop")
    assert await shop.ledger.move(started, "needs_confirmation")
    assert await shop.ledger.move(started.moved("unknown", datetime.now(UTC), "shop"), "started")
    elsewhere = session("aisha_freeman_7647")
    assert "We are still finding out whether this went through" in await talk(shop, elsewhere, "hello")
    await shop.clerk().reconcile()
    told = await talk(shop, speaker, "How much is shipping to Japan?")
    assert "About your earlier request" in told
    assert "AQ-10120" in told


async def test_what_was_done_but_never_said_is_said_next(shop: Dragoman) -> None:
    """As when a process dies after the shop wrote and before the shopper read it."""
    speaker = session("aisha_freeman_7647")
    await talk(shop, speaker, "I'd rather pay AQ-10120 with my credit card")
    assistant = await shop.assistant()
    async for event in assistant.reply("yes", speaker):
        if isinstance(event, events.StepDone):
            break
    assert (await newest(shop)).status == "done"
    assert "AQ-10120" in await talk(shop, speaker, "How much is shipping to Japan?")
    assert "AQ-10120" not in await talk(shop, speaker, "How much is shipping to Japan?")


async def test_before_the_step_is_told_nothing_was_done(shop: Dragoman) -> None:
    speaker = session("aisha_freeman_7647")
    await talk(shop, speaker, "I'd rather pay AQ-10120 with my credit card")
    assistant = await shop.assistant()
    answer = assistant.reply("yes", speaker)
    assert isinstance(await anext(answer), events.Step)
    await answer.aclose()  # type: ignore[attr-defined]
    assert (await newest(shop)).status == "needs_confirmation"
    await talk(shop, speaker, "yes")
    assert (await newest(shop)).status == "done"
