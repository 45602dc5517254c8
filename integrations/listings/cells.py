"""Cells of a file: text, never a formula."""

from __future__ import annotations

from typing import Any

from knowledge.facts import Facts
from knowledge.listings import Draft
from knowledge.marketplaces import Marketplace

Row = dict[str, str]
Written = tuple[Draft, Facts, Marketplace]
"""A draft with its product's facts and its channel."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: Any) -> str:
    """A cell's text; one that a spreadsheet would run as a formula begins with an apostrophe."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text
