"""Cells: a job whose items are one question to a model each, through the client that jobs use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage
from pydantic import SecretStr

from integrations.database.engine import open_engine, prepare
from integrations.database.shop import BuiltInShop
from integrations.jobs.equipment import Equipment
from integrations.jobs.jobs import Jobs
from integrations.jobs.opening import Lane, open_jobs
from integrations.models import Bounds, Server
from integrations.models.budget import Budget
from integrations.models.client import Client
from integrations.models.serving import Serving

MODEL = "gpt-4o-mini"
"""Its price is known: a cell of 100 tokens read and 50 written is 45 millionths of a US dollar."""


class Cells:
    """Asks a model about each cell."""

    kind = "cells"

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        assert self._equipment.serving
        serving = self._equipment.serving()
        [(name, model)] = serving.writers()
        answer = await model.ainvoke([HumanMessage(f"cell {item['cell']}")])
        await serving.budget.note(name, answer.usage_metadata)
        return {"text": str(answer.text)}

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        return Decimal("0.000045") * len(items)


@asynccontextmanager
async def cell_jobs(database: str, address: str, limit: float = 0.0) -> AsyncIterator[Jobs]:
    """Jobs of cells over a database, asking a server that takes so many requests a second (0: nobody knows)."""
    async with AsyncExitStack() as stack:
        engine = open_engine(database)
        stack.push_async_callback(engine.dispose)
        sessions = await prepare(engine)
        client = Client(Server(address, SecretStr("key"), 20.0))
        serving = Serving([MODEL], client, Budget(), Bounds())
        equipment = Equipment(Path("."), await BuiltInShop.open(sessions))
        yield open_jobs(sessions, stack, equipment, Lane(lambda: serving, limit * 60), {"cells": Cells})


def cells(count: int) -> list[dict[str, Any]]:
    """So many cells, by name."""
    return [{"cell": f"c{number}"} for number in range(count)]
