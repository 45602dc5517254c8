"""What the processes of a shop share beside its records: the agent's states, and how often who came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
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
    """How often somebody came in a stretch of time and in the one before. `subject` is hashed: it may be an address."""

    __tablename__ = "visits"
    subject: Mapped[str] = mapped_column(primary_key=True)
    stretch: Mapped[int]
    visits: Mapped[float]
    before: Mapped[float]
    until: Mapped[datetime] = mapped_column(index=True)
