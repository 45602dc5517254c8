"""The tables of the shop's own people: the keys they are known by, and the journal of what they did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database.tables import Base


class KeyRow(Base):
    """A key of one of the shop's people or programs. Only its hash is kept; a name has one key that is not revoked."""

    __tablename__ = "keys"
    key_hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class JournalRow(Base):
    """What one of the shop's people did: `deed` in a word or two, `subject` to what, `told` what else is to be known.
    The database refuses to change a row, and to take one away.
    """

    __tablename__ = "journal"
    position: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    deed: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    told: Mapped[str] = mapped_column(default="")


_REFUSE = "the journal is only added to"
_SQLITE = "create trigger if not exists journal_{0} before {0} on journal begin select raise(abort, '{1}'); end"
_GUARDS = {
    "sqlite": (_SQLITE.format("update", _REFUSE), _SQLITE.format("delete", _REFUSE)),
    "postgresql": (
        "create or replace function keep_journal() returns trigger language plpgsql as"
        f" $$ begin raise exception '{_REFUSE}'; end $$",
        "create or replace trigger journal_kept before update or delete on journal"
        " for each row execute function keep_journal()",
    ),
}


def guard_journal(connection: Connection) -> None:
    """Let the database itself refuse whoever changes the journal. Done again it changes nothing."""
    for statement in _GUARDS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
