"""Batches in SQL: which requests a server's Batch API has, and what it answered, so that no answer is paid twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from integrations.database.engine import Sessions
from integrations.database.job_tables import BatchRequestRow, BatchRow

PAGE = 500
"""Keys of one question to the database."""

KEPT = timedelta(days=30)
"""How long an answer is kept: its item has it too."""


class BatchRecords:
    """Keeps batches. All processes of a home share them."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def known(self, keys: Iterable[str]) -> dict[str, tuple[str, dict[str, Any]]]:
        """Of these requests those that were handed over: the batch, and the answer ({} where there is none yet)."""
        wanted, found = list(keys), dict[str, tuple[str, dict[str, Any]]]()
        async with self._sessions() as database:
            for start in range(0, len(wanted), PAGE):
                ours = select(BatchRequestRow).where(BatchRequestRow.key.in_(wanted[start : start + PAGE]))
                found |= {row.key: (row.batch_id, row.answer) for row in await database.scalars(ours)}
        return found

    async def begin(self, batch_id: str, keys: Iterable[str]) -> None:
        """These requests are about to be handed over."""
        now = datetime.now(UTC)
        old = select(BatchRow.batch_id).where(BatchRow.made_at < now - KEPT)
        async with self._sessions.begin() as database:
            await database.execute(delete(BatchRequestRow).where(BatchRequestRow.batch_id.in_(old)))
            await database.execute(delete(BatchRow).where(BatchRow.made_at < now - KEPT))
            database.add(BatchRow(batch_id=batch_id, made_at=now))
            await database.execute(insert(BatchRequestRow), [{"key": key, "batch_id": batch_id} for key in keys])

    async def reached(self, batch_id: str, server_id: str) -> None:
        """The server has the batch, and calls it so."""
        async with self._sessions.begin() as database:
            ours = update(BatchRow).where(BatchRow.batch_id == batch_id).values(server_id=server_id)
            await database.execute(ours)

    async def server_id(self, batch_id: str) -> str:
        """What the server calls a batch; '' where it is not known to have it."""
        async with self._sessions() as database:
            return await database.scalar(select(BatchRow.server_id).where(BatchRow.batch_id == batch_id)) or ""

    async def ended(self, batch_id: str, answers: Mapping[str, dict[str, Any]]) -> None:
        """The batch is over: these are its answers. Its other requests are forgotten, to be made again."""
        rows = [{"of": key, "answer": answer} for key, answer in answers.items()]
        async with self._sessions.begin() as database:
            connection = await database.connection()
            if rows:
                held = update(BatchRequestRow.__table__).where(BatchRequestRow.key == bindparam("of"))  # type: ignore[arg-type]
                await connection.execute(held, rows)
            left = select(BatchRequestRow.key, BatchRequestRow.answer).where(BatchRequestRow.batch_id == batch_id)
            open_ones = [key for key, answer in await database.execute(left) if not answer]
            for start in range(0, len(open_ones), PAGE):
                gone = BatchRequestRow.key.in_(open_ones[start : start + PAGE])
                await database.execute(delete(BatchRequestRow).where(gone).execution_options(synchronize_session=False))
