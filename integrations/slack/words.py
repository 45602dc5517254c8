"""Slack's notation read as plain text, and what of it calls for care."""

from __future__ import annotations

import re
from html import unescape

from knowledge.masking import mask_personal
from knowledge.personal import Kind

_LINK = re.compile(r"<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]*))?>")
_CALL = re.compile(r"<([@#!][^>|]*)(?:\|([^>]*))?>")

INSIDE: tuple[Kind, ...] = ("link", "order")
OUTSIDE: tuple[Kind, ...] = ("link",)
"""What is no secret in a channel nobody from outside reads, and in any."""

NOTED = ("note:", "note ", "//", "internal:", ":lock:", "🔒", "fyi:")
"""How a message begins that is a note, even where messages are sent by themselves."""

SENT = ("&gt;", ">")
"""How a message begins that is sent to the shopper."""


def plain_words(text: str) -> str:
    """What somebody wrote, without Slack's notation; mentions are left out."""
    text = _LINK.sub(_shown_link, text)
    return unescape(_CALL.sub(lambda found: found[2] or "", text)).strip()


def _shown_link(found: re.Match[str]) -> str:
    address, label = found[1].removeprefix("mailto:").removeprefix("tel:"), found[2] or ""
    return address if not label or label in found[1] else f"{label} ({address})"


def calls_somebody(text: str) -> bool:
    """Whether a text mentions a person, a group or a channel."""
    return _CALL.search(text) is not None


def mentions(text: str, user: str) -> bool:
    """Whether a text mentions this user."""
    return f"<@{user}>" in text or f"<@{user}|" in text


def is_personal(text: str) -> bool:
    """Whether a text holds personal data, or an order's number; nothing of it is answered where others read along."""
    return mask_personal(text, keep=OUTSIDE) != text


def for_channel(text: str, closed: bool) -> str:
    """A shopper's words as a channel may show them: no personal data; order numbers only where nobody from outside
    reads.
    """
    return mask_personal(text, keep=INSIDE if closed else OUTSIDE)
