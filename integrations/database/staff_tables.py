"""The tables of the shop's own people: the keys they are known by, and the journal of what they did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DDL, event
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
_FUNCTION = (
    "create or replace function keep_journal() returns trigger language plpgsql as"
    f" $$ begin raise exception '{_REFUSE}'; end $$"
)
_POSTGRES = (
    "create trigger journal_kept before update or delete on journal for each row execute function keep_journal()"
)

for _statement, _dialect in (
    (_SQLITE.format("update", _REFUSE), "sqlite"),
    (_SQLITE.format("delete", _REFUSE), "sqlite"),
    (_FUNCTION, "postgresql"),
    (_POSTGRES, "postgresql"),
):
    event.listen(JournalRow.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
