"""Batches that a model fills: an estimate before the start, a budget that holds, and nothing asked twice."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from httpx import AsyncClient

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.cli.studio import desk_of, filling_of, jobs_of
from integrations.database.keys import Keyring
from integrations.jobs import running
from integrations.jobs.attending import Attending
from integrations.studio.door import Door
from integrations.studio.job_view import dollars
from integrations.studio.reader import Reader
from integrations.studio.reception import Studio
from knowledge.jobs import JobRefused
from tests.assistant.openai_server import Said, say, serving
from tests.integrations.jobs.test_kinds import served
from tests.integrations.studio_at_hand import KEY, OWN, marketer
from tests.integrations.test_listing_author import GOOD

SKUS = "AQ-P-001\nAQ-P-002\nAQ-H-001"
CHOSEN = {"channels": ["amazon"], "source": "en-US", "locales": ["de-DE"], "writer": "model"}
HX = {**OWN, "hx-request": "true"}


@asynccontextmanager
async def opened(home: Path, address: str) -> AsyncIterator[tuple[Dragoman, Studio, Attending]]:
    """The studio of a home as a server opens it."""
    async with open_dragoman(served(home, address)) as dragoman:
        attending = Attending(jobs_of(dragoman))
        door = Door(Keyring(dragoman.keys._sessions, KEY), "a-secret-of-the-home")
        filling = filling_of(dragoman, attending)
        async with attending.working(), filling.working():
            yield dragoman, Studio(desk_of(dragoman), filling, door, dragoman.journal), attending


async def still(attending: Attending) -> None:
    await asyncio.gather(*attending._running.values())


def product(body: dict[str, Any]) -> str:
    """Which product a question is about, in which language."""
    text = json.dumps(body["messages"], ensure_ascii=False)
    [sku] = [one for one in SKUS.split() if one in text]
    return f"{sku} {'de' if 'German' in text or 'de-DE' in text else 'en'}"


def first_questions(seen: list[dict[str, Any]]) -> Counter[str]:
    """How often each draft was asked for, not counting what had to be mended."""
    return Counter(product(body) for body in seen if "No fact bears" not in json.dumps(body["messages"]))


async def chosen(client: AsyncClient, studio: Studio, **more: Any) -> tuple[str, Any]:
    batch_id = await studio.desk.take_in(SKUS, "Jana")
    return batch_id, await client.post(f"/studio/batches/{batch_id}/write", data={**CHOSEN, **more}, headers=OWN)


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not met():  # noqa: ASYNC110  (the server is in a thread)
            await asyncio.sleep(0.02)


async def test_what_it_costs_is_said_before_it_begins_and_the_job_is_told_on_the_grid(home: Path) -> None:
    with serving(lambda _: say(json.dumps(GOOD), 400)) as (url, seen):
        async with opened(home, url) as (_, studio, attending), marketer(studio) as client:
            batch_id, before = await chosen(client, studio)
            assert before.status_code == 200
            assert "6 drafts of 3 products" in before.text
            assert "About $0.0" in before.text
            assert (await studio.batch(batch_id)).state == "facts"
            assert seen == []
            bad = await client.post(f"/studio/batches/{batch_id}/write", data={**CHOSEN, "budget": "much"}, headers=OWN)
            assert (bad.status_code, "no amount of US dollars" in bad.text) == (422, True)
            agreed = {**CHOSEN, "agreed": "yes", "budget": "5"}
            assert (await client.post(f"/studio/batches/{batch_id}/write", data=agreed, headers=OWN)).status_code == 303
            await still(attending)
            batch = await studio.batch(batch_id)
            job = await attending.jobs.show(f"job_{batch_id}")
            assert (batch.state, batch.writer, job.state, job.done, job.total) == ("ready", "model", "done", 3, 3)
            assert job.estimate_usd
            assert job.cost_usd > 0
            page = (await client.get(f"/studio/batches/{batch_id}/grid")).text
            assert "of $5.00 spent" in page
            cells = await studio.desk.cells.all(batch_id, "amazon")
            assert {
                cell.model for cell in cells if (cell.position, cell.locale, cell.field) == (0, "en-US", "title")
            } == {"gpt-4o-mini"}


async def test_a_budget_stops_the_writing_and_a_higher_one_goes_on_with_what_waits(home: Path) -> None:
    with serving(lambda _: say(json.dumps(GOOD), 400)) as (url, seen):
        async with opened(home, url) as (_, studio, attending), marketer(studio) as client:
            batch_id, _ = await chosen(client, studio, agreed="yes", budget="0.0001")
            await still(attending)
            job = await attending.jobs.show(f"job_{batch_id}")
            assert job.state == "over_budget"
            assert job.waiting
            told = (await client.get(f"/studio/batches/{batch_id}/progress")).text
            assert "The budget is used up" in told
            assert 'name="budget"' in told
            assert (await studio.batch(batch_id)).state == "paused"
            where = f"/studio/batches/{batch_id}/resume"
            assert (await client.post(where, data={"budget": "x"}, headers=HX)).status_code == 422
            assert (await client.post(where, data={"budget": "2"}, headers=HX)).status_code == 200
            await still(attending)
            assert await studio.desk.batches.progress(batch_id) == {"written": 6}
            assert set(first_questions(seen).values()) == {1}


async def test_a_server_that_ends_goes_on_without_asking_for_what_is_written(home: Path) -> None:
    with serving(lambda _: say(json.dumps(GOOD), 400)) as (url, seen):
        async with opened(home, url) as (_, studio, attending), marketer(studio) as client:
            batch_id, _ = await chosen(client, studio, agreed="yes")
            await until(lambda: len(seen) > 2)
            for task in attending._running.values():  # as if the process were gone
                task.cancel()
            written = (await studio.desk.batches.progress(batch_id)).get("written", 0)
        assert written < 6
        async with opened(home, url) as (_, studio, attending):
            await still(attending)
            assert await studio.desk.batches.progress(batch_id) == {"written": 6}
            assert (await studio.batch(batch_id)).state == "ready"
            cells = await studio.desk.cells.all(batch_id, "amazon")
            assert len({(one.position, one.locale, one.field, one.item) for one in cells}) == len(cells)
    asked = first_questions(seen)
    assert len(asked) == 6
    assert sum(asked.values()) <= 6 + 3  # what was under way when it ended is asked again


async def test_where_the_model_is_silent_drafts_wait_and_are_tried_again(home: Path) -> None:
    broken = [True]

    def answers(body: dict[str, Any]) -> Said:
        return 400 if broken[0] and "AQ-H-001" in json.dumps(body) else say(json.dumps(GOOD), 400)

    with serving(answers) as (url, _):
        async with opened(home, url) as (_, studio, attending), marketer(studio) as client:
            batch_id, _ = await chosen(client, studio, agreed="yes")
            await still(attending)
            told = (await client.get(f"/studio/batches/{batch_id}/progress")).text
            assert "1 could not be written" in told
            assert await studio.desk.batches.progress(batch_id) == {"written": 4, "waiting": 2}
            assert (await studio.batch(batch_id)).state == "paused"
            broken.clear()
            broken.append(False)
            await client.post(f"/studio/batches/{batch_id}/resume", data={"budget": ""}, headers=HX)
            await still(attending)
            assert await studio.desk.batches.progress(batch_id) == {"written": 6}


async def test_a_pause_lets_nothing_more_begin(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    monkeypatch.setattr(running, "LOOK_S", 0.02)  # so that it is noticed before a busy machine has begun everything

    def answers(_: dict[str, Any]) -> Said:
        go_on.wait(20)
        return say(json.dumps(GOOD), 400)

    with serving(answers) as (url, seen):
        async with opened(home, url) as (_, studio, attending), marketer(studio) as client:
            batch_id, _ = await chosen(client, studio, agreed="yes", channels=["amazon", "ebay", "etsy", "shopify"])
            await until(lambda: bool(seen))
            await client.post(f"/studio/batches/{batch_id}/pause", headers=HX)
            go_on.set()
            await still(attending)
            assert (await attending.jobs.show(f"job_{batch_id}")).state == "paused"
            assert (await studio.batch(batch_id)).state == "paused"
            assert (await studio.desk.batches.progress(batch_id))["waiting"]
            assert "Resume" in (await client.get(f"/studio/batches/{batch_id}/progress")).text


def test_amounts_are_read_as_people_write_them() -> None:
    assert dollars(" ") is None
    assert dollars("2,50") == Decimal("2.50")
    for wrong in ("-1", "0", "nan", "1e99", "ten"):
        with pytest.raises(JobRefused):
            dollars(wrong)
    assert Reader("de").dollars(Decimal("1234.5")).replace("\xa0", " ") == "1.234,50 $"
    assert Reader("en").dollars(Decimal("0.00034")) == "$0.0003"


async def test_a_text_a_model_wrote_in_another_language_cannot_be_approved(home: Path) -> None:
    with serving(lambda _: say(json.dumps(GOOD), 400)) as (url, _):
        async with opened(home, url) as (_, studio, attending), marketer(studio) as client:
            batch_id, _ = await chosen(client, studio, agreed="yes")
            await still(attending)
            cells = [one for one in await studio.desk.cells.all(batch_id, "amazon") if one.position == 0]
    wrong = {cell.locale: [found["rule"] for found in cell.findings] for cell in cells if cell.field == "description"}
    assert "l10n.language" in wrong["de-DE"]
    assert "l10n.language" not in wrong["en-US"]
    assert {cell.level for cell in cells if (cell.locale, cell.field) == ("de-DE", "description")} == {"block"}
