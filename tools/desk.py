"""The desk: when people of the shop answer, and how else to reach them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """When people answer, and how else to reach them. Weekdays count from Monday = 0; times are local."""

    email: str = ""
    zone: str = "UTC"
    opens: time = time(8)
    closes: time = time(18)
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    languages: tuple[str, ...] = ()

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Desk:
        """The desk as a shop's facts describe it."""
        known = facts.get("desk") or {}
        try:
            return cls._read(known)
        except (ValueError, TypeError, KeyError):
            log.warning("the desk's hours cannot be read; the default hours are told")
            return cls(email=str(known.get("email", "")))

    @classmethod
    def _read(cls, known: dict[str, Any]) -> Desk:
        ZoneInfo(known.get("zone", "UTC"))
        return cls(
            email=str(known.get("email", "")),
            zone=str(known.get("zone", "UTC")),
            opens=time.fromisoformat(known.get("opens", "08:00")),
            closes=time.fromisoformat(known.get("closes", "18:00")),
            weekdays=tuple(known.get("weekdays", (0, 1, 2, 3, 4))),
            languages=tuple(known.get("languages", ())),
        )

    def is_open(self, at: datetime) -> bool:
        """Whether someone is at the desk at a moment."""
        local = at.astimezone(ZoneInfo(self.zone))
        return local.weekday() in self.weekdays and self.opens <= local.time() < self.closes
