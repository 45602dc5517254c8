"""What one click can put right: a text that says less. Nothing is ever made up, and no word is cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from knowledge.marketplaces import Unit
from knowledge.phrasing.measure import length

BREAK = re.compile(r"[;；、，。！？!?|\n]+\s*|[,.،](?!\d)\s*")
"""Where a phrase ends; a mark inside a number ends none."""

EDGES = " \t\n,;:、，；：،؛–—-|"


def phrases(text: str) -> list[tuple[int, int]]:
    """The phrases of a text, each with what ends it, by their places."""
    ends = [match.end() for match in BREAK.finditer(text) if match.end() < len(text)]
    starts = [0, *ends]
    return list(zip(starts, [*ends, len(text)], strict=True))


def fixed(finding: Mapping[str, Any], text: str, most: int | None = None, unit: Unit | None = None) -> str:
    """A text without what a finding objects to; '' where leaving something out does not do."""
    if finding.get("rewrite"):
        return str(finding["rewrite"])
    if str(finding["rule"]).startswith(("limit.max_", "limit.safe_max_")) and most:
        return shortened(text, most, unit)
    start, end = finding["span"]
    if finding["severity"] == "info" or not 0 <= start < end <= len(text) or str(finding["rule"]).startswith("limit."):
        return ""
    return left_out(text, start, end)


def shortened(text: str, most: int, unit: Unit | None) -> str:
    """A text without its last phrases, so that it fits; '' where its first alone does not."""
    for _, end in reversed(phrases(text)[:-1]):
        held = text[:end].rstrip(EDGES)
        if length(held, unit) <= most:
            return held
    return ""


def left_out(text: str, start: int, end: int) -> str:
    """A text without the phrases that touch a place; '' where nothing stays."""
    kept = [text[a:b] for a, b in phrases(text) if b <= start or a >= end]
    told = "".join(kept).strip(EDGES)
    ended = text.rstrip()[-1:] in (".", "。") and told and told[-1] not in ".。!?！？"
    return told + text.rstrip()[-1] if ended else told
