"""Pieces of messages, cut to what Slack takes. Words of shoppers stand in plain text, where nothing in them calls
anybody or makes a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.slack.block_kit import MOST_BLOCKS, MOST_MARKDOWN, MOST_SECTION, Block


@dataclass(frozen=True)
class Message:
    """What is shown: `text` for notifications and screen readers, and the blocks."""

    text: str
    blocks: Sequence[Block] = ()


def said(text: str) -> Message:
    """A message of nothing but our own words."""
    return Message(text, [section(text)])


def safe(text: str) -> str:
    """Text in which nothing is a mention, a link or a command of Slack's."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis; never empty."""
    text = text.strip() or "–"
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def plain(text: str, most: int = MOST_SECTION) -> Block:
    """A text that is shown as it is."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def mrkdwn(text: str, most: int = MOST_SECTION) -> Block:
    """A text in Slack's notation, of our own words."""
    return {"type": "mrkdwn", "text": cut(text, most), "verbatim": True}


def section(text: str, button: Block | None = None) -> Block:
    """A paragraph of our own words."""
    return {"type": "section", "text": mrkdwn(text)} | ({"accessory": button} if button else {})


def quoted(text: str) -> list[Block]:
    """What somebody else wrote, whole, in as many sections as it takes."""
    pieces = [text[start : start + MOST_SECTION] for start in range(0, len(text), MOST_SECTION)] or [text]
    return [{"type": "section", "text": plain(piece)} for piece in pieces[:5]]


def answer(text: str) -> Block:
    """An answer in Markdown."""
    return {"type": "markdown", "text": cut(safe(text), MOST_MARKDOWN)}


def context(*texts: str) -> Block:
    """A line of small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def header(text: str) -> Block:
    """A title."""
    return {"type": "header", "text": plain(text, 150)}


def fields(told: Iterable[tuple[str, str]]) -> Block:
    """Names with their values, in two columns."""
    shown = [mrkdwn(f"*{safe(name)}*\n{safe(value)}", 2000) for name, value in told if value]
    return {"type": "section", "fields": shown[:10]}


DIVIDER: Block = {"type": "divider"}


def button(text: str, action: str, value: str = "", style: str = "", confirm: str = "") -> Block:
    """A button. Its value is an id, never data."""
    held: Block = {"type": "button", "text": plain(text, 75), "action_id": action, "value": value or action}
    if style:
        held["style"] = style
    if confirm:
        held["confirm"] = {
            "title": plain("Are you sure?", 100), "text": plain(confirm, 300), "confirm": plain("Yes", 30),
            "deny": plain("No", 30),
        }  # fmt: skip
    return held


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def thumbs(action: str, value: str) -> Block:
    """Whether an answer helped."""

    def thumb(text: str, score: str) -> Block:
        return {"text": plain(text, 75), "value": f"{score}:{value}"}

    element = {
        "type": "feedback_buttons", "action_id": action, "positive_button": thumb("Helpful", "1"),
        "negative_button": thumb("Not helpful", "-1"),
    }  # fmt: skip
    return {"type": "context_actions", "elements": [element]}


def asked(label: str, action: str, most: int = 2000, lines: bool = False, initial: str = "", hint: str = "") -> Block:
    """A field of a modal."""
    element: Block = {"type": "plain_text_input", "action_id": "value", "multiline": lines, "max_length": most}
    if initial:
        element["initial_value"] = initial[:most]
    held: Block = {"type": "input", "block_id": action, "label": plain(label, 200), "element": element}
    return held | ({"hint": plain(hint, 500)} if hint else {})


def optional(field: Block) -> Block:
    """A field of a modal that may stay empty."""
    return {**field, "optional": True}


def chosen_channel(label: str, action: str, initial: str) -> Block:
    """A field of a modal in which a channel is chosen, or none."""
    among = {"include": ["public", "private"], "exclude_bot_users": True}
    element: Block = {"type": "conversations_select", "action_id": "value", "filter": among}
    if initial:
        element["initial_conversation"] = initial
    return optional({"type": "input", "block_id": action, "label": plain(label, 200), "element": element})


def modal(name: str, title: str, submit: str, about: str, *blocks: Block) -> dict[str, Any]:
    """A modal; `about` is what its submission is of: ids."""
    return {
        "type": "modal", "callback_id": name, "title": plain(title, 24), "submit": plain(submit, 24),
        "close": plain("Close", 24), "private_metadata": about, "blocks": list(blocks),
    }  # fmt: skip


def fitting(blocks: list[Block]) -> list[Block]:
    """Blocks of one message: of more than Slack takes, the first, saying so."""
    if len(blocks) <= MOST_BLOCKS:
        return blocks
    left = len(blocks) - MOST_BLOCKS + 1
    return [*blocks[: MOST_BLOCKS - 1], context(f"{left} more parts are not shown here.")]
