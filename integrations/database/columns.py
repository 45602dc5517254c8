"""What columns hold, alike on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""No text of PostgreSQL may hold a NUL, and nothing written as UTF-8 half a surrogate pair."""


class Words(TypeDecorator[str]):
    """Text of any length; a letter that cannot be stored is kept as U+FFFD, which equals nothing people type."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else UNSTORABLE.sub("\ufffd", value)


class Moment(TypeDecorator[datetime]):
    """A moment, UTC; SQLite keeps no zone, and PostgreSQL answers in its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))
