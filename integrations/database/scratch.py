"""A copy of the shop in memory, to try actions on: the same path as on the shop itself, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import delete, insert, select

from integrations.database.actions import ActionLedger
from integrations.database.engine import Sessions, open_engine, prepare
from integrations.database.shop import BuiltInShop
from integrations.database.shop_writes import TABLES, row_key
from integrations.database.tables import ProductKey, ShopFact
from knowledge.shop import Change

Rows = dict[tuple[str, str], dict[str, Any]]


class Scratch(BuiltInShop):
    """A shop in memory that can be set back to what it was copied from. It has a ledger of its own."""

    def __init__(self, sessions: Sessions, facts: dict[str, Any]) -> None:
        super().__init__(sessions, facts)
        self.ledger = ActionLedger(sessions)
        self._rows: Rows = {}
        self._touched: set[tuple[str, str]] = set()

    async def fill(self, source: Sessions) -> None:
        """Copy another shop's tables."""
        async with source() as reading, self._sessions.begin() as writing:
            for kind, table in [*TABLES.items(), ("", ProductKey), ("", ShopFact)]:
                rows = [dict(row) for row in (await reading.execute(select(table.__table__))).mappings()]
                if rows:
                    await writing.execute(insert(table), rows)
                self._rows |= {(kind, _id(kind, row)): row for row in rows if kind}
        await self.read_facts()

    async def change(self, change: Change) -> None:
        """Write as the shop does, and remember what was touched."""
        self._touched |= {(kind, row_key(kind, key)) for kind, key in change.seen}
        await super().change(change)

    async def restore(self) -> None:
        """Make everything touched what it was."""
        if not self._touched:
            return
        async with self._sessions.begin() as database:
            for kind, key in self._touched:
                table = TABLES[kind]
                await database.execute(delete(table).where(table.__mapper__.primary_key[0] == key))
                await database.execute(insert(table).values(self._rows[kind, key]))
        self._touched.clear()


def _id(kind: str, row: dict[str, Any]) -> str:
    return str(row[{"order": "order_key", "customer": "customer_id", "product": "product_id"}[kind]])


@asynccontextmanager
async def open_scratch(source: Sessions) -> AsyncIterator[Scratch]:
    """A copy of a shop, gone when closed."""
    engine = open_engine("sqlite://")
    try:
        scratch = Scratch(await prepare(engine), {})
        await scratch.fill(source)
        yield scratch
    finally:
        await engine.dispose()
