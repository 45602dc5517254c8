"""What the processes of a shop share beside its records: the agent's states, and how often who came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database.tables import Base


class AgentStateRow(Base):
    """The last state of an agent in a conversation, as LangGraph writes it. A home on SQLite keeps them in a file of
    their own.
    """

    __tablename__ = "agent_states"
    thread_id: Mapped[str] = mapped_column(primary_key=True)
    namespace: Mapped[str] = mapped_column(primary_key=True)
    state_id: Mapped[str]
    kind: Mapped[str]
    state: Mapped[bytes] = mapped_column(LargeBinary)
    about: Mapped[dict[str, Any]]


class VisitRow(Base):
    """When somebody came, in seconds since 1970. `subject` is hashed, for it may be an address; the row goes when none
    of it counts any more.
    """

    __tablename__ = "visits"
    subject: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[list[float]] = mapped_column(JSON)
    until: Mapped[datetime] = mapped_column(index=True)
