"""Texts with tags in them: what is text and what is a tag, by the tags its source has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence


def parted(text: str, tags: Sequence[str]) -> list[str] | None:
    """A rendering as text and tags in turn (tags at odd places); None where it does not have each tag of its source as
    often as the source, or has them crossed.
    """
    if not tags:
        return [text]
    parts = re.split("(" + "|".join(re.escape(tag) for tag in sorted(set(tags), key=len, reverse=True)) + ")", text)
    return parts if Counter(parts[1::2]) == Counter(tags) and _nested(parts[1::2]) else None


def _nested(tags: Sequence[str]) -> bool:
    open_tags: list[str] = []
    for tag in tags:
        if tag.startswith("</"):
            if not open_tags or open_tags.pop() != name_of(tag):
                return False
        elif not tag.endswith("/>") and "</" not in tag and name_of(tag) not in VOID:
            open_tags.append(name_of(tag))
    return not open_tags


def name_of(tag: str) -> str:
    """The name of a tag as it stands: 'a' of '<a href="x">'."""
    return re.split(r"[\s/>]", tag.lstrip("</"), maxsplit=1)[0].casefold()


VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
))  # fmt: skip
"""Tags of HTML that hold nothing."""
