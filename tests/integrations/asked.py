"""What is asked of a database, whichever way: by SQLAlchemy's connections, and on a file by those of short works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.sqlite import brief_of

OURS = ("begin", "savepoint", "release", "pragma")


@contextmanager
def asked_of(engine: AsyncEngine) -> Iterator[list[str]]:
    """The statements carried out meanwhile, each end of a transaction as COMMIT."""
    made: list[str] = []
    dispatch: Any = engine.sync_engine
    event.listen(dispatch, "before_cursor_execute", note := lambda _, __, statement, *___: made.append(statement))
    event.listen(dispatch, "commit", end := lambda _: made.append("COMMIT"))
    connections = [brief._writing, brief._reading] if (brief := brief_of(engine)) else []
    for connection in connections:
        connection.set_trace_callback(lambda words: words.startswith(OURS) or made.append(words))
    try:
        yield made
    finally:
        event.remove(dispatch, "before_cursor_execute", note)
        event.remove(dispatch, "commit", end)
        for connection in connections:
            connection.set_trace_callback(None)
