"""What is kept of Slack: what came in, what we put there, which threads are whose, which workspaces installed us."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database.tables import Base


class SlackEventRow(Base):
    """Something Slack sent, kept before it is acknowledged. `place` is worked through in order, `lane` says whether it
    must be quick; `status` is waiting, running, done or failed. The body goes when it is done.
    """

    __tablename__ = "slack_events"
    position: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(unique=True)
    lane: Mapped[str]
    place: Mapped[str]
    ts: Mapped[str]
    body: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    until: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (Index("ix_slack_events_status_place", "status", "place"),)


class SlackPostRow(Base):
    """A message of ours in Slack, by what it is of. Without `ts` it is on its way; `state` is what it showed last."""

    __tablename__ = "slack_posts"
    key: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str]
    channel: Mapped[str]
    ts: Mapped[str] = mapped_column(default="")
    thread: Mapped[str] = mapped_column(default="")
    state: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    __table_args__ = (Index("ix_slack_posts_channel_ts", "channel", "ts"),)


class SlackThreadRow(Base):
    """A thread that is ours: a conversation with a colleague (`ask`), or a handoff's; `state` is its mode."""

    __tablename__ = "slack_threads"
    place: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reference: Mapped[str] = mapped_column(index=True)
    state: Mapped[dict[str, Any]]


class SlackTeamRow(Base):
    """A workspace that installed the app. The token is encrypted."""

    __tablename__ = "slack_teams"
    team: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    token: Mapped[str]
    bot_user: Mapped[str]
    scopes: Mapped[str]
    at: Mapped[datetime]


class ArrangementRow(Base):
    """A change of how the shop is set up, made by somebody of the desk; `value` holds it under `value`."""

    __tablename__ = "arrangements"
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    value: Mapped[dict[str, Any]]
    by: Mapped[str]
    at: Mapped[datetime]


class SlackInstallRow(Base):
    """An installation that was begun: its state is good once, for some minutes."""

    __tablename__ = "slack_installs"
    state: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
