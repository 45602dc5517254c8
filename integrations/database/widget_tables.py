"""The tables of the widget's conversations: tokens, files, ratings. `tables.py` has those that other channels share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database.tables import Base


class TokenRow(Base):
    """A bearer token that speaks for a session until a moment. Only its hash is kept."""

    __tablename__ = "tokens"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    until: Mapped[datetime]


class AttachmentRow(Base):
    """A file a shopper sent. `digest` is of what they sent, `content` what is kept of it; `turn` the message it came
    with, '' before it is sent.
    """

    __tablename__ = "attachments"
    attachment_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    turn: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    media_type: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class RatingRow(Base):
    """What a shopper thought of a whole conversation, 1 to 5 stars: the last they said."""

    __tablename__ = "ratings"
    session_id: Mapped[str] = mapped_column(primary_key=True)
    stars: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(index=True)


class TypingRow(Base):
    """When a shopper last wrote at a message, while a person listens."""

    __tablename__ = "typing"
    session_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
