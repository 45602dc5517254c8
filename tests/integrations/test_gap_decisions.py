"""One decision a gap, and a way back."""

from __future__ import annotations

from dataclasses import replace

from integrations.database.engine import Sessions
from integrations.database.gap_decisions import Decision, DecisionStore

ACCEPTED = Decision("g1", "accepted", "Graviert ihr?", "de", entry="engraving")
DISMISSED = Decision("g2", "dismissed", "名前を刻印してもらえますか？", "ja", reason="not ours")


async def test_decisions_are_told_oldest_first_and_can_be_undone(sessions: Sessions) -> None:
    store = DecisionStore(sessions)
    assert await store.all() == []
    await store.keep(ACCEPTED)
    await store.keep(DISMISSED)
    assert await store.all() == [ACCEPTED, DISMISSED]
    await store.remove("g1")
    await store.remove("unknown")
    assert await store.all() == [DISMISSED]


async def test_a_later_decision_takes_the_place_of_an_earlier_one(sessions: Sessions) -> None:
    store = DecisionStore(sessions)
    again = replace(ACCEPTED, decision="dismissed", entry="", reason="after all not\0")
    for decision in (ACCEPTED, DISMISSED, again):
        await store.keep(decision)
    assert await store.all() == [DISMISSED, replace(again, reason="after all not\ufffd")]
