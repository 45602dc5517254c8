"""Times of day as nine languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.guardrails.claim import Claim, Key, claim_at

_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<h>\d{1,2})(?::|h|時|点|时) ?(?P<m>\d{2})(?!\d)分?(?::\d{2})? ?(?P<half>[ap]\.?m\b\.?)?"
)
_TO = r"(?:[-‐-—−~〜]|to|and|bis|und|à|et|a|y|e|até|sampai|hingga|から|至|到)"
_HOUR = re.compile(
    rf"(?<![\d.,:])(?P<r>\d{{1,2}})(?= ?{_TO} ?\d{{1,2}} ?(?:uhr|h(?!\w)|時(?!間)|点(?!\w)))"
    r"|(?<![\d.,:])(?P<h>\d{1,2}) ?(?:(?P<half>[ap]\.?m\b\.?)|uhr|h(?!\w)|時(?!間)"
    r"|点(?![、。の\w])|点(?=[前到后之半整钟])|时(?!间)|o'clock)"
    r"|(?:(?:pukul|jam|الساعة|الساعه|(?<!\w)(?:a|de|entre|desde|hasta) las|(?<!\w)(?:às|das|até as|desde as)) )"
    r"(?P<n>\d{1,2})(?![\d:.%])"
    r"(?= ?(?:horas|h(?!\w)|d[ea] |y |e |a |às |até |hasta |[,;)]|$))(?: ?(?:horas|h)(?!\w))?"
)


def times_in(text: str) -> Iterator[Claim]:
    """The times a plain text states."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["h"]), int(match["m"])
        if hour <= 24 and minute <= 59:
            yield claim_at("time", time_keys(hour, minute, match["half"]), match)
    taken = _CLOCK.sub(lambda m: "\x00" * len(m.group()), text)
    for match in _HOUR.finditer(taken):
        hour = int(match["h"] or match["n"] or match["r"])
        if hour <= 24:
            yield claim_at("time", time_keys(hour, 0, match["half"]), match)


def time_keys(hour: int, minute: int, half: str | None = None) -> set[Key]:
    """The times of day a spelling may mean: 10:05 is 22:05, too, where it does not say."""
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
        return {("time", hour, minute)}
    return {("time", hour % 24, minute), *([("time", hour + 12, minute)] if hour < 12 else []),
            *([("time", 0, minute)] if hour == 12 else [])}  # fmt: skip
