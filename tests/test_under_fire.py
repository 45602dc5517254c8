"""Processes die, PostgreSQL starts anew, Chroma is gone, the model fails: nothing is lost, nothing happens twice."""

from __future__ import annotations

import pytest

from benchmarks.faults import measure


@pytest.mark.prove
async def test_no_message_is_lost_and_no_action_doubled_while_everything_fails_in_turn() -> None:
    outcome = await measure(seconds=75, shoppers=4, orders=6)
    assert (outcome.faults["web killed"], outcome.faults["PostgreSQL started anew"]) == (5, 2)
    assert outcome.faults["Chroma gone"] == outcome.faults["Chroma back"] == 1
    assert outcome.lost == outcome.doubled == outcome.twice == []
    assert outcome.unanswered == 0
    assert outcome.answered >= 10
    assert outcome.cancelled == outcome.orders == 6
