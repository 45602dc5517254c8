"""Statements of SQLAlchemy carried out on a bare connection to SQLite. Each is compiled once; what else SQLAlchemy does
round a statement (a pool, contexts, results of its own) costs ten times what a short statement does, and is left out.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Executable, text
from sqlalchemy.exc import DBAPIError

Asked = Mapping[str, Any]
"""The parameters of a statement, by name."""

MOST_KNOWN = 200
"""Statements that stay compiled. Those a turn needs are made once, and are some dozens."""

AS_IT_IS: Callable[[Any], Any] = lambda value: value  # noqa: E731  (what SQLAlchemy gives where nothing is to be done)


def statement(words: str) -> Executable:
    """A statement written as SQL, its parameters as :names."""
    return text(words)


class Told:
    """What a statement told: its rows, as named tuples, or how many it touched."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """All rows."""
        return self._rows

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        """The first value of the first row, or None."""
        return self._rows[0][0] if self._rows else None


class Compiled:
    """A statement as SQLite is given it, how what is asked is bound, and how rows are read."""

    def __init__(self, statement: Any, keys: tuple[str, ...], dialect: Dialect) -> None:
        made = self._made = statement.compile(dialect=dialect, column_keys=list(keys), for_executemany=True)
        if forgotten := [*made.insert_prefetch, *made.update_prefetch]:
            raise TypeError(f"a plain statement gives all values itself: {', '.join(map(str, forgotten))}")
        self.sql: str = made.string
        binding = made._bind_processors
        self._binds = [
            (bind.key, bind.required, bind.value, binding.get(name) or AS_IT_IS)
            for name in made.positiontup or ()
            for bind in [made.binds[name]]
        ]
        self._grows = bool(made.post_compile_params)
        columns = made._result_columns
        self._readers = [column.type._cached_result_processor(dialect, None) for column in columns]
        self._row: Callable[[Sequence[Any]], Any] | None = None

    def values(self, asked: Asked) -> tuple[Any, ...]:
        """What is bound, in order. Raises KeyError where something is not told."""
        return tuple(
            process(asked[key] if required or key in asked else value)
            for key, required, value, process in self._binds
        )  # fmt: skip

    def grown(self, asked: Asked) -> tuple[str, tuple[Any, ...]]:
        """The statement and what is bound, where it has a list among it."""
        if not self._grows:
            return self.sql, self.values(asked)
        state = self._made.construct_expanded_state(dict(asked))
        process = state.processors
        bound = ((process.get(name) or AS_IT_IS)(state.parameters[name]) for name in state.positiontup)
        return state.statement, tuple(bound)

    def rows(self, cursor: sqlite3.Cursor) -> list[Any]:
        """The rows of a statement, read as their columns' types say."""
        if self._row is None:
            names = [column[0] for column in cursor.description]
            kind: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
            self._row = kind._make
        make, readers = self._row, self._readers
        if not any(readers):
            return [make(row) for row in cursor]
        pairs = [reader or AS_IT_IS for reader in readers]
        return [make([read(value) for read, value in zip(pairs, row, strict=True)]) for row in cursor]


class Plain:
    """What works do on a connection: of SQLAlchemy's own the part they need, with its errors."""

    def __init__(self, connection: sqlite3.Connection, dialect: Dialect) -> None:
        self._connection, self._dialect = connection, dialect
        self._compiled = lru_cache(MOST_KNOWN)(lambda statement, keys: Compiled(statement, keys, dialect))

    def execute(self, statement: Executable, asked: Asked | Sequence[Asked] | None = None) -> Told:
        """Carry out a statement, or one for each of several rows. Raises what SQLAlchemy would."""
        if asked is None or isinstance(asked, Mapping):
            return self._one(self._compiled(statement, tuple(asked or ())), asked or {})
        return self._each(self._compiled(statement, tuple(asked[0])), asked)

    def scalar(self, statement: Executable, asked: Asked | None = None) -> Any:
        """The first value of the first row, or None."""
        return self.execute(statement, asked).scalar()

    def scalars(self, statement: Executable, asked: Asked | None = None) -> Told:
        """The first value of each row."""
        return Told([row[0] for row in self.execute(statement, asked)], -1)

    def _one(self, compiled: Compiled, asked: Asked) -> Told:
        try:
            cursor = self._connection.execute(*compiled.grown(asked))
            return Told(compiled.rows(cursor) if cursor.description else [], cursor.rowcount)
        except sqlite3.Error as error:
            raise as_told(error, compiled.sql, self._dialect) from error

    def _each(self, compiled: Compiled, rows: Sequence[Asked]) -> Told:
        try:
            cursor = self._connection.executemany(compiled.sql, [compiled.values(row) for row in rows])
        except sqlite3.Error as error:
            raise as_told(error, compiled.sql, self._dialect) from error
        return Told([], cursor.rowcount)


def as_told(error: sqlite3.Error, sql: str, dialect: Dialect) -> BaseException:
    """An error as SQLAlchemy tells it, without what was bound."""
    return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True, dialect=dialect)
