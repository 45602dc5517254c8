"""Where the agent keeps its conversations: the last state of each, in one file of the home."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from integrations.database.engine import DatabaseUnusable

_LET_GO = """
CREATE TRIGGER IF NOT EXISTS let_go AFTER INSERT ON checkpoints BEGIN
  DELETE FROM checkpoints WHERE thread_id = NEW.thread_id AND checkpoint_ns = NEW.checkpoint_ns
    AND checkpoint_id < NEW.checkpoint_id;
  DELETE FROM writes WHERE thread_id = NEW.thread_id AND checkpoint_ns = NEW.checkpoint_ns
    AND checkpoint_id < NEW.checkpoint_id;
END;
"""
"""A new state takes the place of those before it, in the same transaction: nothing reads them, and each holds all the
conversation's messages.
"""


@asynccontextmanager
async def open_conversations(path: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """The conversations kept in a file. Raises DatabaseUnusable."""
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        try:
            await saver.setup()
            await saver.conn.executescript(_LET_GO)
        except sqlite3.DatabaseError as error:
            raise DatabaseUnusable(
                f"The conversations in {path} cannot be read ({error}). Move the file away (with -wal and -shm beside"
                " it) to start afresh, or put a backup in its place."
            ) from error
        yield saver
