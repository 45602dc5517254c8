"""Batches and cells in the database, on SQLite and PostgreSQL: once, in versions, found again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from integrations.database.engine import Sessions
from integrations.database.studio_batches import Entry, Slot
from integrations.database.studio_cells import Cell, Counts, Outdated
from integrations.database.studio_stores import StudioStores

FINDING = {"rule": "eu.claim", "severity": "block", "span": [0, 4], "text": "Best", "why": "", "rewrite": ""}


async def batch_of(stores: StudioStores, locales: list[str]) -> tuple[str, list[Slot]]:
    entries = [Entry("A", "Lamp", "ready", {"product_id": "A"}), Entry("B", "", "unknown")]
    batch_id = await stores.batches.make("Lamps", "Jana", entries)
    assert await stores.batches.begin(batch_id, ["ebay"], locales, "templates")
    return batch_id, await stores.batches.waiting(batch_id, 10)


def cell(batch_id: str, slot: Slot, text: str, level: str = "") -> Cell:
    found = [FINDING] if level else []
    return Cell(0, slot.id, batch_id, slot.position, "ebay", slot.locale, "title", -1, 1, text, origin="templates",
                level=level, findings=found, claims=[])  # fmt: skip


async def test_a_batch_is_begun_once_and_a_draft_kept_once(sessions: Sessions) -> None:
    stores = StudioStores.over(sessions)
    batch_id, slots = await batch_of(stores, ["en-US", "de-DE"])
    assert not await stores.batches.begin(batch_id, ["ebay"], ["fr-FR"], "templates")
    assert [(slot.position, slot.locale) for slot in slots] == [(0, "en-US"), (0, "de-DE")]
    done = replace(slots[0], state="written", written_by="templates")
    kept = await asyncio.gather(*(stores.cells.keep(done, [cell(batch_id, slots[0], "Lamp")], "x") for _ in range(2)))
    assert sorted(kept) == [False, True]
    assert len(await stores.cells.all(batch_id, "ebay")) == 1
    assert await stores.batches.progress(batch_id) == {"written": 1, "waiting": 1}
    assert await stores.batches.states(batch_id) == {"ready": 1, "unknown": 1}


async def test_a_batch_is_filled_by_one_process_at_a_time(sessions: Sessions) -> None:
    stores = StudioStores.over(sessions)
    batch_id, _ = await batch_of(stores, ["en-US"])
    assert await stores.batches.left_filling() == [batch_id]
    assert await stores.batches.lease(batch_id, mine=False)
    assert not await stores.batches.lease(batch_id, mine=False)
    assert await stores.batches.lease(batch_id, mine=True)
    assert await stores.batches.turn(batch_id, "paused", ("filling",))
    assert not await stores.batches.lease(batch_id, mine=True)
    assert not await stores.batches.turn(batch_id, "paused", ("filling",))
    assert await stores.batches.turn(batch_id, "filling", ("paused",))
    assert await stores.batches.lease(batch_id, mine=False)


async def test_every_text_a_cell_had_is_kept_and_an_older_version_does_not_win(sessions: Sessions) -> None:
    stores = StudioStores.over(sessions)
    batch_id, [slot] = await batch_of(stores, ["en-US"])
    await stores.cells.keep(replace(slot, state="written"), [cell(batch_id, slot, "Lamp")], "templates")
    [first] = await stores.cells.all(batch_id, "ebay")
    moment = datetime.now(UTC)
    second = await stores.cells.change(first, replace(first, text="Torch", origin="person"), "Ana")
    with pytest.raises(Outdated):
        await stores.cells.change(first, replace(first, text="Candle"), "Ben")
    with pytest.raises(Outdated):
        await stores.cells.decide(first, "approved", "Ben")
    approved = await stores.cells.decide(second, "approved", "Ana")
    assert (await stores.cells.find(first.id)) == approved
    assert [(one.number, one.text, one.by) for one in await stores.cells.history(first.id)] == [
        (2, "Torch", "Ana"), (1, "Lamp", "templates")
    ]  # fmt: skip
    assert await stores.cells.texts_at(batch_id, "ebay", moment) == {first.id: "Lamp"}
    third = await stores.cells.change(approved, replace(approved, text="Bulb"), "Ana")
    assert (third.state, third.decided_by, third.decided_at) == ("open", "", None)


async def test_counts_flags_and_approval_of_what_is_clean(sessions: Sessions) -> None:
    stores = StudioStores.over(sessions)
    batch_id, slots = await batch_of(stores, ["en-US", "de-DE", "nl-NL"])
    for slot, text, level in zip(slots, ("Lamp", "Best", ""), ("", "block", ""), strict=True):
        made = replace(cell(batch_id, slot, text, level), origin="templates" if text else "")
        await stores.cells.keep(replace(slot, state="written"), [made], "templates")
    assert await stores.cells.counts(batch_id, "ebay") == Counts(3, 2, 2, 0, 0, 1)
    assert await stores.cells.positions(batch_id, "ebay", flagged=True) == [0]
    assert await stores.cells.approve_clean(batch_id, "ebay", "Jana") == 1
    assert [one.text for one in await stores.cells.some(batch_id, "ebay", "approved", 0, 9)] == ["Lamp"]
    [blocked] = [one for one in await stores.cells.all(batch_id, "ebay") if one.level == "block"]
    with pytest.raises(Outdated):
        await stores.cells.decide(blocked, "approved", "Jana")
    [lamp] = await stores.cells.some(batch_id, "ebay", "approved", 0, 9)
    await stores.cells.judge([replace(lamp, level="block", findings=[FINDING])])
    assert (await stores.cells.counts(batch_id, "ebay")).approved == 0


async def test_comments_are_kept_in_their_order(sessions: Sessions) -> None:
    stores = StudioStores.over(sessions)
    batch_id, [slot] = await batch_of(stores, ["en-US"])
    await stores.cells.keep(replace(slot, state="written"), [cell(batch_id, slot, "Lamp")], "templates")
    [first] = await stores.cells.all(batch_id, "ebay")
    for text in ("one", "two"):
        await stores.cells.comment(first.id, "Ana", text)
    assert [text for _, _, text in await stores.cells.comments(first.id)] == ["one", "two"]
    assert (await stores.cells.all(batch_id, "ebay"))[0].comments == 2
