"""Creating what is not there yet: how the first revision takes over databases made before there were revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alembic import op
from sqlalchemy import Column, inspect


def create_table(name: str, *parts: Any) -> None:
    """Create a table; one that is there gets the columns it lacks, each of which has a default or may be empty."""
    held = inspect(op.get_bind())
    if not held.has_table(name):
        op.create_table(name, *parts)
        return
    known = {column["name"] for column in held.get_columns(name)}
    for column in parts:
        if isinstance(column, Column) and column.name not in known:
            op.add_column(name, column)


def create_index(name: str, table: str, columns: Sequence[str], unique: bool = False) -> None:
    """Create an index, unless it is there."""
    if name not in {index["name"] for index in inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, list(columns), unique=unique)
