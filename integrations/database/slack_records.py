"""What we put in Slack, which threads are whose, and which workspaces installed us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, cast, delete, literal, select, update
from sqlalchemy.exc import IntegrityError

from integrations.database.engine import Sessions
from integrations.database.handoffs import said_of
from integrations.database.slack_tables import SlackInstallRow, SlackPostRow, SlackTeamRow, SlackThreadRow
from integrations.database.tables import ActionRow, HandoffRow, PersonTalkRow
from tools.context import Said

INSTALL_WITHIN = timedelta(minutes=10)
"""How long an installation that was begun may take."""


@dataclass(frozen=True)
class Post:
    """A message of ours: what it is of (`key`), where it is, what it shows. No `ts`: it may or may not have arrived."""

    key: str
    team: str
    channel: str
    ts: str
    thread: str
    state: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Thread:
    """A thread of ours: `ask` with a session, or `handoff` with its reference."""

    place: str
    kind: str
    reference: str
    state: dict[str, Any]


@dataclass(frozen=True)
class Team:
    """A workspace that installed the app; its token is encrypted."""

    team: str
    name: str
    token: str
    bot_user: str
    scopes: str


class SlackRecords:
    """Keeps posts, threads and workspaces."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def post(self, key: str) -> Post | None:
        """A message of ours by what it is of."""
        async with self._sessions() as database:
            row = await database.get(SlackPostRow, key)
            return _post(row) if row else None

    async def post_at(self, channel: str, ts: str) -> Post | None:
        """A message of ours by where it is."""
        wanted = select(SlackPostRow).where(SlackPostRow.channel == channel, SlackPostRow.ts == ts)
        async with self._sessions() as database:
            row = await database.scalar(wanted.limit(1))
            return _post(row) if row else None

    async def begin_post(self, post: Post) -> bool:
        """Note a message before it is sent; False where it was begun before."""
        try:
            async with self._sessions.begin() as database:
                database.add(SlackPostRow(**vars(post)))
        except IntegrityError:
            return False
        return True

    async def change_post(self, key: str, **values: Any) -> None:
        """Keep where a message is, or what it shows now."""
        async with self._sessions.begin() as database:
            ours = update(SlackPostRow).where(SlackPostRow.key == key).values(**values)
            await database.execute(ours.execution_options(synchronize_session=False))

    async def posts(self, prefix: str) -> list[Post]:
        """All messages whose key begins so."""
        wanted = select(SlackPostRow).where(SlackPostRow.key.startswith(prefix, autoescape=True))
        async with self._sessions() as database:
            return [_post(row) for row in await database.scalars(wanted.order_by(SlackPostRow.at))]

    async def thread(self, place: str) -> Thread | None:
        """A thread of ours by its place."""
        async with self._sessions() as database:
            row = await database.get(SlackThreadRow, place)
            return Thread(row.place, row.kind, row.reference, dict(row.state)) if row else None

    async def thread_of(self, reference: str) -> Thread | None:
        """The thread of a handoff, or of a conversation."""
        wanted = select(SlackThreadRow).where(SlackThreadRow.reference == reference)
        async with self._sessions() as database:
            row = await database.scalar(wanted.limit(1))
            return Thread(row.place, row.kind, row.reference, dict(row.state)) if row else None

    async def keep_thread(self, thread: Thread) -> None:
        """Keep a thread as it is now."""
        async with self._sessions.begin() as database:
            await database.merge(SlackThreadRow(**vars(thread)))

    async def unsaid(self, most: int = 50) -> list[tuple[str, Said]]:
        """What was said in open handoffs that have a thread and is not shown there yet, with the handoff's reference,
        oldest first. What was written in Slack is there already.
        """
        ours = select(SlackThreadRow.reference).where(SlackThreadRow.kind == "handoff")
        open_ones = select(HandoffRow.handoff_id).where(
            HandoffRow.status.in_(("waiting", "claimed")), HandoffRow.handoff_id.in_(ours)
        )
        key = literal("said:") + cast(PersonTalkRow.position, Text)
        shown = select(SlackPostRow.key).where(SlackPostRow.key == key, SlackPostRow.ts != "").exists()
        wanted = select(PersonTalkRow).where(PersonTalkRow.handoff_id.in_(open_ones), ~shown)
        wanted = wanted.where(PersonTalkRow.origin == "").order_by(PersonTalkRow.position).limit(most)
        async with self._sessions() as database:
            return [(row.handoff_id, said_of(row)) for row in await database.scalars(wanted)]

    async def unposted_handoffs(self) -> list[str]:
        """Handoffs that wait and have no message of their own yet."""
        waiting = select(HandoffRow.handoff_id).where(HandoffRow.status == "waiting").order_by(HandoffRow.created_at)
        return await self._unposted("handoff:", HandoffRow.handoff_id, waiting)

    async def unposted_approvals(self) -> list[str]:
        """Actions that wait for a person and have no card yet."""
        waiting = select(ActionRow.operation_id).where(ActionRow.status == "needs_approval")
        return await self._unposted("approval:", ActionRow.operation_id, waiting.order_by(ActionRow.created_at))

    async def _unposted(self, kind: str, own: Any, wanted: Select[str]) -> list[str]:
        """Of what is wanted, by its id, the first twenty that have no message of a kind."""
        shown = select(SlackPostRow.key).where(SlackPostRow.key == literal(kind) + own, SlackPostRow.ts != "")
        async with self._sessions() as database:
            return list(await database.scalars(wanted.where(~shown.exists()).limit(20)))

    async def keep_team(self, team: Team) -> None:
        """Keep a workspace, in place of what was known of it."""
        async with self._sessions.begin() as database:
            await database.merge(SlackTeamRow(**vars(team), at=datetime.now(UTC)))

    async def team(self, team: str) -> Team | None:
        """A workspace that installed the app."""
        async with self._sessions() as database:
            row = await database.get(SlackTeamRow, team)
            return _team(row) if row else None

    async def teams(self) -> list[Team]:
        """All workspaces that installed the app."""
        async with self._sessions() as database:
            return [_team(row) for row in await database.scalars(select(SlackTeamRow))]

    async def remove_team(self, team: str) -> None:
        """Forget a workspace, its token with it."""
        async with self._sessions.begin() as database:
            await database.execute(delete(SlackTeamRow).where(SlackTeamRow.team == team))

    async def begin_install(self, state: str) -> None:
        """Keep the state of an installation that is begun."""
        now = datetime.now(UTC)
        async with self._sessions.begin() as database:
            await database.execute(delete(SlackInstallRow).where(SlackInstallRow.at < now - INSTALL_WITHIN))
            database.add(SlackInstallRow(state=state, at=now))

    async def end_install(self, state: str) -> bool:
        """Whether a state is that of an installation begun lately; it is good once."""
        ours = delete(SlackInstallRow).where(
            SlackInstallRow.state == state, SlackInstallRow.at > datetime.now(UTC) - INSTALL_WITHIN
        )
        async with self._sessions.begin() as database:
            done = await database.execute(ours.execution_options(synchronize_session=False))
        return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _post(row: SlackPostRow) -> Post:
    return Post(row.key, row.team, row.channel, row.ts, row.thread, dict(row.state), row.at)


def _team(row: SlackTeamRow) -> Team:
    return Team(row.team, row.name, row.token, row.bot_user, row.scopes)
