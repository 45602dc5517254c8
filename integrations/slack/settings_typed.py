"""Settings as people type them: read, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_AMOUNT = re.compile(r"([A-Z]{3})\s+(\d{1,12}(?:[.,]\d{1,2})?)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def settings_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The settings that were typed, as they are kept. They hold no mistake (`mistaken`)."""
    return {
        "opens": fields["opens"], "closes": fields["closes"], "weekdays": days_of(fields["weekdays"]),
        "zone": fields["zone"], "languages": _words(fields.get("languages", "")),
        **{name: fields.get(name, "") for name in ("support", "approvals", "alerts", "quiet_hours")},
        "escalate_minutes": int(fields["escalate_minutes"]),
    }  # fmt: skip


def days_of(text: str) -> list[int]:
    """Weekdays, Monday = 0, in their order. Raises ValueError for what is none."""
    return sorted({DAYS.index(word[:3].capitalize()) for word in _words(text)})


def limit_of(text: str) -> dict[str, str]:
    """Amounts by currency; {} for what is none."""
    parts = [part.strip() for part in re.split(r"[,;\n](?!\d)", text.upper()) if part.strip()]
    found = [_AMOUNT.fullmatch(part) for part in parts]
    return {one[1]: one[2].replace(",", ".") for one in found if one} if found and all(found) else {}


def money_told(up_to: Mapping[str, Any]) -> str:
    """Amounts by currency, as they are typed."""
    return ", ".join(f"{currency} {Decimal(str(amount)):f}" for currency, amount in up_to.items())


def mistaken(fields: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with settings or limits, by field."""
    checks = {**CHECKS, **{name: _limit for name in fields if name.startswith("limit_")}}
    found = {name: why for name, check in checks.items() if name in fields and (why := check(fields[name]))}
    if not found and fields.get("opens", "") >= fields.get("closes", "~"):
        found["closes"] = "It closes after it opens."
    return found


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _clock(text: str) -> str:
    return "" if _CLOCK.fullmatch(text) else "A time like 09:00."


def _days(text: str) -> str:
    try:
        return "" if days_of(text) else "One day at least."
    except ValueError:
        return f"Days like {' '.join(DAYS[:5])}."


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        return "A time zone like Europe/Berlin."
    return ""


def _languages(text: str) -> str:
    return "" if all(_LANGUAGE.fullmatch(word) for word in _words(text)) else "Languages like en de pt-BR."


def _quiet(text: str) -> str:
    begin, _, end = text.partition("-")
    sound = not text or (not _clock(begin) and not _clock(end) and time.fromisoformat(begin) != time.fromisoformat(end))
    return "" if sound else "Hours like 20:00-08:00, or nothing."


def _minutes(text: str) -> str:
    return "" if text.isdecimal() and 1 <= int(text) <= 10_080 else "Minutes, 1 to 10080."


def _limit(text: str) -> str:
    return "" if limit_of(text) else "Amounts like EUR 20, GBP 18."


CHECKS: dict[str, Callable[[str], str]] = {
    "opens": _clock, "closes": _clock, "weekdays": _days, "zone": _zone, "languages": _languages,
    "quiet_hours": _quiet, "escalate_minutes": _minutes,
}  # fmt: skip
