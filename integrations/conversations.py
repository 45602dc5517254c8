"""Where the agent keeps its conversations: the last state of each, in one file of the home."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_metadata,
)

from integrations.database.engine import BUSY_SECONDS, DatabaseUnusable

MOST_HELD = 100
"""States that are held for the second time their turns read them."""

T = TypeVar("T")

_TABLE = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS checkpoints (
  thread_id TEXT NOT NULL, checkpoint_ns TEXT NOT NULL DEFAULT '', checkpoint_id TEXT NOT NULL,
  parent_checkpoint_id TEXT, type TEXT, checkpoint BLOB, metadata BLOB,
  PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id)
);
"""
"""As LangGraph's own SQLite store has it: what it once kept in a home is still read."""

_LAST = """
SELECT checkpoint_id, type, CASE WHEN checkpoint_id <> ? THEN checkpoint END, metadata FROM checkpoints
WHERE thread_id = ? AND checkpoint_ns = ? ORDER BY checkpoint_id DESC LIMIT 1
"""


class Conversations(BaseCheckpointSaver[str]):
    """Keeps the last state of each conversation and none before it: nothing reads them, and each would hold all its
    messages again. A turn that broke off is not resumed, so the writes of an unfinished step are not kept either. One
    thread of its own does the reading and writing, each in one go.
    """

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        super().__init__()
        self._connection = connection
        self._thread = thread
        self._read: dict[tuple[str, str], CheckpointTuple] = {}
        """States read last, for a turn reads its own twice: it is built of the row once."""

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The last state of a conversation, or None for a new one."""
        place = _place(config)
        held = self._read.pop(place, None)
        known = held.checkpoint["id"] if held else ""
        found = await self._apart(lambda: self._connection.execute(_LAST, (known, *place)).fetchone())
        if found is None:
            return None
        checkpoint_id, kind, state, metadata = found
        if held and state is None:
            return held
        last = CheckpointTuple(
            _config(*place, checkpoint_id), self.serde.loads_typed((kind, state)), json.loads(metadata)
        )
        self._read[place] = last
        if len(self._read) > MOST_HELD:
            del self._read[next(iter(self._read))]
        return last

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a state, in place of those before it."""
        place = _place(config)
        kind, state = self.serde.dumps_typed(checkpoint)
        about = json.dumps(get_checkpoint_metadata(config, metadata), ensure_ascii=False).encode("utf-8", "ignore")
        await self._apart(lambda: self._replace(place, (*place, checkpoint["id"], kind, state, about)))
        return _config(*place, checkpoint["id"])

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep nothing of an unfinished step."""

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a conversation."""
        self._read = {place: held for place, held in self._read.items() if place[0] != thread_id}
        await self._apart(lambda: self._write("DELETE FROM checkpoints WHERE thread_id = ?", (thread_id,)))

    def get_next_version(self, current: str | None, channel: None) -> str:
        """The version after another, ordered as text."""
        return f"{int(current.split('.')[0]) + 1 if current else 1:032}.0"

    def _replace(self, place: tuple[str, str], row: tuple[Any, ...]) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ?", place)
            self._connection.execute(
                "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, type, checkpoint, metadata)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        with self._connection:
            self._connection.execute(statement, values)

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _place(config: RunnableConfig) -> tuple[str, str]:
    held = config["configurable"]
    return str(held["thread_id"]), str(held.get("checkpoint_ns", ""))


def _config(thread_id: str, namespace: str, checkpoint_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": namespace, "checkpoint_id": checkpoint_id}}


@asynccontextmanager
async def open_conversations(path: Path) -> AsyncIterator[Conversations]:
    """The conversations kept in a file. Raises DatabaseUnusable."""
    with ThreadPoolExecutor(1, "conversations") as thread:
        try:
            connection = await asyncio.get_running_loop().run_in_executor(thread, _open, path)
        except sqlite3.DatabaseError as error:
            raise DatabaseUnusable(
                f"The conversations in {path} cannot be read ({error}). Move the file away (with -wal and -shm beside"
                " it) to start afresh, or put a backup in its place."
            ) from error
        try:
            yield Conversations(connection, thread)
        finally:
            thread.submit(connection.close)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_TABLE)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
