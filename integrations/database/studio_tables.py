"""The tables of the copy studio: batches, their products and drafts, cells with their versions and comments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database.tables import Base


class BatchRow(Base):
    """Products to be written for channels and locales. `state` is facts, filling, paused or ready; `lease` is until
    when a process that fills it has it for itself.
    """

    __tablename__ = "studio_batches"
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(index=True)
    made_by: Mapped[str]
    state: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    locales: Mapped[list[str]]
    channels: Mapped[list[str]]
    writer: Mapped[str] = mapped_column(default="templates")
    lease: Mapped[datetime | None]


class StudioProductRow(Base):
    """A line that was pasted or uploaded. `state` is ready, conflict, unknown or duplicate; `facts` what is attested,
    `conflicts` the facts of which several values are told, of which a person picks one.
    """

    __tablename__ = "studio_products"
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sku: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    facts: Mapped[dict[str, Any]]
    conflicts: Mapped[list[dict[str, Any]]]


class StudioDraftRow(Base):
    """A product's listing for a channel in a locale. `state` is waiting, written, unwritten (there is nobody to write
    or translate that language) or refused; `rest` are its fields that are no cells.
    """

    __tablename__ = "studio_drafts"
    draft_id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[str]
    position: Mapped[int]
    channel: Mapped[str]
    locale: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    why: Mapped[str] = mapped_column(default="")
    written_by: Mapped[str] = mapped_column(default="")
    rest: Mapped[dict[str, Any]]
    missing: Mapped[list[dict[str, Any]]]
    __table_args__ = (Index("ix_studio_drafts_batch", "batch_id", "state", "position"),)


class CellRow(Base):
    """One text of a draft. `item` is its place in a list's field, -1 for a plain text; `place` its row in the grid;
    `model` is who wrote its first text, '' for people and templates; `level` the gravest of its findings, '' for none;
    `live` what the shop shows today.
    """

    __tablename__ = "studio_cells"
    cell_id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(index=True)
    batch_id: Mapped[str]
    position: Mapped[int]
    channel: Mapped[str]
    locale: Mapped[str]
    field: Mapped[str]
    item: Mapped[int]
    place: Mapped[int]
    text: Mapped[str]
    live: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    origin: Mapped[str]
    model: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[dict[str, Any]]]
    claims: Mapped[list[dict[str, Any]]]
    state: Mapped[str] = mapped_column(default="open")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    comments: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        Index("ix_studio_cells_page", "batch_id", "channel", "position", "place"),
        Index("ix_studio_cells_count", "batch_id", "channel", "state", "level", "position"),
    )


class CellVersionRow(Base):
    """A text a cell had. `restates` is the version it repeats, itself where it is new."""

    __tablename__ = "studio_versions"
    cell_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    origin: Mapped[str]
    restates: Mapped[int]
    by: Mapped[str]
    at: Mapped[datetime]


class CommentRow(Base):
    """What somebody said about a cell."""

    __tablename__ = "studio_comments"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(index=True)
    by: Mapped[str]
    at: Mapped[datetime]
    text: Mapped[str]
