"""Cells: a job whose items are one question to a model each, through the client that jobs use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from langchain_core.messages import HumanMessage
from pydantic import SecretStr

from integrations.database.engine import open_engine, prepare
from integrations.database.job_locks import JobLocks
from integrations.database.job_records import JobRecords
from integrations.jobs.jobs import Jobs
from integrations.jobs.running import Pace
from integrations.models import Bounds, Server
from integrations.models.budget import Budget
from integrations.models.paced import PacedClient
from integrations.models.pacing import Pacer
from integrations.models.serving import Serving

MODEL = "gpt-4o-mini"


class Cells:
    """Asks a model about each cell."""

    kind = "cells"

    def __init__(self, serving: Serving) -> None:
        self._budget = serving.budget
        [(self._name, self._model)] = serving.writers()

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self._model.ainvoke([HumanMessage(f"cell {item['cell']}")])
        await self._budget.note(self._name, answer.usage_metadata)
        return {"text": str(answer.text)}

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        return Decimal("0.000045") * len(items)


@asynccontextmanager
async def cell_jobs(database: str, address: str, limit: float = 0.0) -> AsyncIterator[Jobs]:
    """Jobs of cells over a database, asking a server."""
    engine = open_engine(database)
    pacer = Pacer(limit)
    client = PacedClient(Server(address, SecretStr("key"), 20.0), pacer)
    try:
        sessions = await prepare(engine)
        serving = Serving([MODEL], client, Budget(), Bounds())
        pace = Pace(lambda: pacer.width)
        yield Jobs(JobRecords(sessions), JobLocks(sessions), {"cells": Cells(serving)}, pace)
    finally:
        await client.close()
        await engine.dispose()


def cells(count: int) -> list[dict[str, Any]]:
    """So many cells, by name."""
    return [{"cell": f"c{number}"} for number in range(count)]
