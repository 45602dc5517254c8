"""What is kept for Slack, over one database."""

from __future__ import annotations

from typing import NamedTuple

from integrations.database.days import DayStore
from integrations.database.engine import Sessions
from integrations.database.slack_queue import SlackQueue
from integrations.database.slack_records import SlackRecords


class SlackStores(NamedTuple):
    """What came in, what we put there, and how the shop's days go."""

    queue: SlackQueue
    records: SlackRecords
    days: DayStore

    @classmethod
    def over(cls, sessions: Sessions) -> SlackStores:
        """The stores of a database."""
        return cls(SlackQueue(sessions), SlackRecords(sessions), DayStore(sessions))
