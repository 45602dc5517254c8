"""What is kept of jobs: each job, and each of its items with its answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database.tables import Base


class JobRow(Base):
    """A job. `state` is also the sign its runner goes by: whoever pauses it writes so here. Money is in millionths of a
    US dollar. `done`, `failed` and `microdollars` grow with the items, in the same transaction.
    """

    __tablename__ = "jobs"
    job_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    why: Mapped[str] = mapped_column(default="")
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    microdollars: Mapped[int] = mapped_column(BigInteger, default=0)
    estimate: Mapped[int | None] = mapped_column(BigInteger)
    budget: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[str]
    options: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(index=True)


class JobItemRow(Base):
    """One unit of a job. `state` is waiting, done or failed; `at` when it was done."""

    __tablename__ = "job_items"
    job_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")
    given: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str] = mapped_column(default="")
    microdollars: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[datetime | None]
    __table_args__ = (Index("ix_job_items_job_id_state", "job_id", "state", "number"),)
