"""What Slack is handed: everything it needs of an open home, and nothing of how it was put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from integrations.database.attachments import Attachment
    from integrations.database.days import DayStore
    from integrations.database.sessions import SessionStore
    from integrations.database.slack_queue import SlackQueue
    from integrations.database.slack_records import SlackRecords
    from integrations.deciding import Decisions
    from integrations.desk import Desk
    from integrations.slack.capabilities import Capability
    from knowledge.shop import Shop
    from tools.actions.clerk import Clerk
    from tools.context import Session, ToolContext


@dataclass(frozen=True)
class Access:
    """What opens Slack: secrets and addresses."""

    signing_secret: str = ""
    bot_token: str = ""
    app_token: str = ""
    client_id: str = ""
    client_secret: str = ""
    token_key: str = ""
    api_url: str = "https://slack.com/api/"


@dataclass
class Terms:
    """How Slack is set up just now: who is what, which channels, which hours of the desk's day."""

    people: Mapping[str, str] = field(default_factory=dict)
    support: str = ""
    approvals: str = ""
    alerts: str = ""
    quiet_hours: str = ""
    escalate_minutes: int = 60


class FileRefused(Exception):
    """A file is not one that shoppers and we send each other; the text says why."""


@dataclass(frozen=True)
class Gap:
    """A question nobody could answer, and how often it was asked."""

    id: str
    text: str
    count: int


@dataclass(frozen=True)
class Office:
    """An open home, as Slack sees it. `translate` puts a text into a language, where a model is configured; `gaps` are
    the open ones, `note_gap` has a question and its answer become a draft for the knowledge base. `take_file` keeps a
    file for a session (its id, the file's name and bytes, the message it was in), made anew as shoppers' files are; it
    raises FileRefused. `limits` are those of the staff, with their amounts by currency; `objections` say why changed
    ones cannot hold.
    """

    assistant: Assistant
    sessions: SessionStore
    shop: Shop
    desk: Desk
    decisions: Decisions
    clerk: Callable[[], Clerk]
    context: Callable[[Session], Awaitable[ToolContext]]
    queue: SlackQueue
    records: SlackRecords
    days: DayStore
    terms: Terms
    zone: Callable[[], str] = lambda: "UTC"
    capabilities: Mapping[str, Capability] = field(default_factory=dict)
    translate: Callable[[str, str], Awaitable[str]] | None = None
    gaps: Callable[[], Awaitable[list[Gap]]] | None = None
    note_gap: Callable[[str, str, str], Awaitable[str]] | None = None
    take_file: Callable[[str, str, bytes, str], Awaitable[Attachment]] | None = None
    desk_facts: Callable[[], dict[str, Any]] = dict
    limits: Callable[[], list[tuple[str, dict[str, Any]]]] = list
    objections: Callable[[dict[str, dict[str, str]]], list[str]] = lambda _: []
