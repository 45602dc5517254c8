"""Bringing a database to the schema of this version: forward only, in one transaction, whatever version made it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, inspect, text

from integrations.database.migrations import HEAD, REVISIONS, VERSIONS
from integrations.database.staff_tables import guard_journal
from integrations.database.tables import Base

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

Standing = Literal["empty", "unversioned", "behind", "current", "newer"]
"""How a database stands to this version: `unversioned` is one made before there were revisions."""

_VERSION = "alembic_version"


def revision_of(connection: Connection) -> str:
    """The revision a database is at; '' for one that says none."""
    if not inspect(connection).has_table(_VERSION):
        return ""
    return str(connection.scalar(text(f"select version_num from {_VERSION}")) or "")  # noqa: S608


def standing_of(connection: Connection) -> Standing:
    """How a database stands to this version."""
    revision = revision_of(connection)
    if not revision:
        held = set(inspect(connection).get_table_names())
        return "unversioned" if held & set(Base.metadata.tables) else "empty"
    if revision == HEAD:
        return "current"
    return "behind" if revision in REVISIONS else "newer"


def create(connection: Connection) -> None:
    """Fill an empty database with the tables of this version, at once."""
    Base.metadata.create_all(connection)
    guard_journal(connection)
    connection.execute(text(f"create table {_VERSION} (version_num varchar(32) not null primary key)"))
    connection.execute(text(f"insert into {_VERSION} values (:revision)"), {"revision": HEAD})  # noqa: S608


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the revisions that a database lacks, in the transaction at hand."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    scripts = _scripts()

    def steps(revision: Any, _: Any) -> Any:
        return scripts._upgrade_revs(to, revision)

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=Base.metadata)
        environment.run_migrations()
    guard_journal(connection)


def differences(connection: Connection) -> list[Any]:
    """What the models say and a database does not, as Alembic finds it; nothing where they agree. Tables that others
    keep in the same database do not count.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def is_ours(name: str | None, kind: str, _: Any) -> bool:
        return kind != "table" or name in Base.metadata.tables

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
    return list(compare_metadata(context, Base.metadata))


@functools.cache
def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(VERSIONS.parent), version_locations=[str(VERSIONS)])
