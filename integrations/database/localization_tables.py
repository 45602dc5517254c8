"""The tables of localization: translations that were approved, and the term base."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from integrations.database.tables import Base


class TranslationRow(Base):
    """A text and how it stands in a locale. `digest` is of these, so that the same is kept once."""

    __tablename__ = "translations"
    digest: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    target: Mapped[str]
    source_locale: Mapped[str]
    locale: Mapped[str] = mapped_column(index=True)
    origin: Mapped[str]
    by: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(index=True)


class TermRow(Base):
    """A term in one locale. `kind` is use, keep (never translated) or avoid; `state` approved or proposed; `locale` ''
    for a term that is kept everywhere.
    """

    __tablename__ = "terms"
    digest: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    source_locale: Mapped[str]
    locale: Mapped[str] = mapped_column(index=True)
    target: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    state: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    by: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
