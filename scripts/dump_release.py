"""Keep what a database of this version looks like, filled, as SQL text: tests migrate it forward ever after.

Run at a release, after the last change of the tables: make released
"""

import json
import re
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import JSON, Column, Dialect, create_mock_engine, make_url  # noqa: E402
from sqlalchemy.schema import CreateIndex, CreateTable  # noqa: E402

from integrations.database import engine, migrations  # noqa: E402, F401  (engine knows every table)
from integrations.database.tables import Base  # noqa: E402

FOLDER = ROOT / "tests" / "data" / "databases"
AT = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)


def value(column: Column[Any], row: int) -> Any:
    """Something that a column may hold, another in each row; letters of many scripts among it."""
    if isinstance(column.type, JSON):
        return {"of": str(column), "row": row, "name": "Zoë 東京 🎁 'quoted'"}
    if column.nullable and row == 1:
        return None
    plain = {
        str: f"{column} {row} größe 'x' — العربية\nline", int: 2**31 - 10 + row, float: 1.5 + row, bool: row == 1,
        datetime: AT.replace(hour=9 + row), bytes: bytes(range(row, 256, 7)),
    }  # fmt: skip
    return plain[getattr(column.type, "impl_instance", column.type).python_type]


def literal(held: Any, dialect: str) -> str:
    """A value as SQL."""
    if held is None:
        return "NULL"
    if isinstance(held, bool):
        return str(held).lower() if dialect == "postgresql" else str(int(held))
    if isinstance(held, bytes):
        return f"'\\x{held.hex()}'" if dialect == "postgresql" else f"X'{held.hex()}'"
    if isinstance(held, dict):
        held = json.dumps(held, ensure_ascii=False)
    if isinstance(held, datetime):
        held = held.isoformat(" ") if dialect == "postgresql" else held.replace(tzinfo=None).isoformat(" ")
    return str(held) if isinstance(held, int | float) else "'" + str(held).replace("'", "''") + "'"


def dump(dialect: Dialect) -> str:
    """A database of this version in a dialect, two rows a table."""
    lines = []
    for table in Base.metadata.sorted_tables:
        lines.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        lines += [str(CreateIndex(index).compile(dialect=dialect)) for index in sorted(table.indexes, key=str)]
        names = ", ".join(column.name for column in table.columns)
        for row in (1, 2):
            held = ", ".join(literal(value(column, row), dialect.name) for column in table.columns)
            lines.append(f"INSERT INTO {table.name} ({names}) VALUES ({held})")
    lines.append("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    lines.append(f"INSERT INTO alembic_version VALUES ('{migrations.HEAD}')")
    return ";\n".join(re.sub(r"[ \t]+\n", "\n", line) for line in lines) + ";\n"


def main() -> None:
    """Write a file for SQLite and one for PostgreSQL."""
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for url in ("sqlite://", "postgresql+psycopg://"):
        dialect = create_mock_engine(make_url(url), lambda *_: None).dialect
        path = FOLDER / f"{version[1] if version else 'unknown'}.{dialect.name}.sql"
        path.write_text(dump(dialect), "utf-8")
        print(path.relative_to(ROOT), path.stat().st_size, "bytes")
    sqlite3.connect(":memory:").executescript((FOLDER / path.name.replace("postgresql", "sqlite")).read_text("utf-8"))


if __name__ == "__main__":
    main()
