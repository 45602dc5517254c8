"""Where the agent keeps its conversations: the last state of each, in a file of the home or in a server's database."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_metadata,
)

from integrations.database.agent_states import AgentStates, Kept
from integrations.database.brief import Brief
from integrations.database.engine import BUSY_SECONDS, DatabaseUnusable, Sessions, is_server
from integrations.database.plain import Plain, statement
from integrations.database.sqlite import open_brief

FILE = "conversations.sqlite3"
"""Its name in a home on SQLite."""

MOST_HELD = 100
"""States that are held for the second time their turns read them."""

_TABLE = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS checkpoints (
  thread_id TEXT NOT NULL, checkpoint_ns TEXT NOT NULL DEFAULT '', checkpoint_id TEXT NOT NULL,
  parent_checkpoint_id TEXT, type TEXT, checkpoint BLOB, metadata BLOB,
  PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id)
);
"""
"""As LangGraph's own SQLite store has it: what it once kept in a home is still read."""

_LAST = statement(
    "SELECT checkpoint_id, type, CASE WHEN checkpoint_id <> :known THEN checkpoint END, metadata FROM checkpoints"
    " WHERE thread_id = :thread AND checkpoint_ns = :namespace ORDER BY checkpoint_id DESC LIMIT 1"
)
_CLEAR = statement("DELETE FROM checkpoints WHERE thread_id = :thread AND checkpoint_ns = :namespace")
_KEEP = statement(
    "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, type, checkpoint, metadata)"
    " VALUES (:thread, :namespace, :id, :kind, :state, :about)"
)
_FORGET = statement("DELETE FROM checkpoints WHERE thread_id = :thread")


class StateFile:
    """States in a SQLite file, which short works share as they share the database's (database/brief.py)."""

    def __init__(self, file: Brief) -> None:
        self._file = file

    async def last(self, place: tuple[str, str], known: str) -> Kept | None:
        """The last state of a thread and namespace; without itself where its id is the one known."""
        asked = {"known": known, **_named(place)}
        row = await self._file.read(lambda connection: connection.execute(_LAST, asked).first())
        return (row[0], row[1], row[2], json.loads(row[3])) if row else None

    async def replace(self, place: tuple[str, str], kept: Kept) -> None:
        """Keep a state in place of those before it."""
        told = json.dumps(kept[3], ensure_ascii=False).encode("utf-8", "ignore")
        row = {"id": kept[0], "kind": kept[1], "state": kept[2], "about": told, **_named(place)}

        def work(connection: Plain) -> None:
            connection.execute(_CLEAR, _named(place))
            connection.execute(_KEEP, row)

        await self._file.write(work)

    async def forget(self, thread_id: str) -> None:
        """Forget a thread."""
        await self._file.write(lambda connection: connection.execute(_FORGET, {"thread": thread_id}))


def _named(place: tuple[str, str]) -> dict[str, Any]:
    return {"thread": place[0], "namespace": place[1]}


class Conversations(BaseCheckpointSaver[str]):
    """Keeps the last state of each conversation and none before it: nothing reads them, and each would hold all its
    messages again. A turn that broke off is not resumed, so the writes of an unfinished step are not kept either.
    """

    def __init__(self, states: StateFile | AgentStates) -> None:
        super().__init__()
        self.states = states
        self._read: dict[tuple[str, str], CheckpointTuple] = {}
        """States read last, for a turn reads its own twice: it is built of the row once."""

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The last state of a conversation, or None for a new one."""
        place = _place(config)
        held = self._read.pop(place, None)
        found = await self.states.last(place, held.checkpoint["id"] if held else "")
        if found is None:
            return None
        checkpoint_id, kind, state, about = found
        if state is None:
            return held
        last = CheckpointTuple(_config(*place, checkpoint_id), self.serde.loads_typed((kind, state)), about)  # type: ignore[arg-type]
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
        about = {**get_checkpoint_metadata(config, metadata)}
        await self.states.replace(place, (checkpoint["id"], kind, state, about))
        return _config(*place, checkpoint["id"])

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep nothing of an unfinished step."""

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a conversation."""
        self._read = {place: held for place, held in self._read.items() if place[0] != thread_id}
        await self.states.forget(thread_id)

    def get_next_version(self, current: str | None, channel: None) -> str:
        """The version after another, ordered as text."""
        return f"{int(current.split('.')[0]) + 1 if current else 1:032}.0"


def _place(config: RunnableConfig) -> tuple[str, str]:
    held = config["configurable"]
    return str(held["thread_id"]), str(held.get("checkpoint_ns", ""))


def _config(thread_id: str, namespace: str, checkpoint_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": namespace, "checkpoint_id": checkpoint_id}}


@asynccontextmanager
async def open_conversations(home: Path, database: Sessions | None = None) -> AsyncIterator[Conversations]:
    """The conversations kept in a database, where it is a server's, else in a file of the home. Raises
    DatabaseUnusable.
    """
    if database is not None and is_server(database):
        yield Conversations(AgentStates(database))
        return
    path = home / FILE
    try:
        await asyncio.to_thread(_make, path)
        file = open_brief(path, BUSY_SECONDS, "PRAGMA secure_delete = ON")
    except sqlite3.DatabaseError as error:
        raise DatabaseUnusable(
            f"The conversations in {path} cannot be read ({error}). Move the file away (with -wal and -shm beside it)"
            " to start afresh, or put a backup in its place."
        ) from error
    try:
        yield Conversations(StateFile(file))
    finally:
        await file.drain()
        file.close()


def _make(path: Path) -> None:
    _open(path).close()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_TABLE)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def read_states(home: Path) -> Iterator[dict[str, Any]]:
    """The states in a home's file, as the table of a server has them."""
    if not (home / FILE).exists():
        return
    with closing(_open(home / FILE)) as connection:
        wanted = "SELECT thread_id, checkpoint_ns, checkpoint_id, type, checkpoint, metadata FROM checkpoints"
        for thread_id, namespace, state_id, kind, state, about in connection.execute(wanted):
            held = {"thread_id": thread_id, "namespace": namespace, "state_id": state_id, "kind": kind}
            yield {**held, "state": state, "about": json.loads(about)}


async def put_states(home: Path, states: Iterable[dict[str, Any]]) -> None:
    """Keep states in a home's file, in place of those it has of the same conversations."""
    async with open_conversations(home) as conversations:
        for held in states:
            kept = held["state_id"], held["kind"], held["state"], held["about"]
            await conversations.states.replace((held["thread_id"], held["namespace"]), kept)
