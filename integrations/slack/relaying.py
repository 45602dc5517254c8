"""What becomes of a message in a handoff's thread. It is a note, which no shopper can ever read, unless everything says
that it is meant to be sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from integrations.slack.words import NOTED, SENT, calls_somebody, plain_words

MOST_LETTERS = 4000
"""Longest message to a shopper."""

MOST_FILES = 5
"""Files of one message to a shopper."""

MARKS = ("attachments", "is_ephemeral", "hidden", "bot_id", "app_id")
"""Fields of a message that nobody just typed here: forwarded, unfurled, of a bot."""


@dataclass(frozen=True)
class Fate:
    """`send`, with the text the shopper reads and files as Slack tells of them; or `note`, with why where its writer
    may have meant it to be sent.
    """

    kind: Literal["send", "note"]
    text: str = ""
    why: str = ""
    files: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Mode:
    """How a thread stands: who has claimed it (Slack's id of the user), whether what they write is sent by itself."""

    claimer: str = ""
    live: bool = False


def fate_of(message: dict[str, Any], mode: Mode, team: str) -> Fate:
    """What becomes of a message as Slack tells it, in a thread of a handoff that is claimed."""
    marked, text = marked_text(message, mode)
    if not marked:
        return Fate("note")
    why = objection(message, mode, team)
    if why:
        return Fate("note", why=why)
    files, whole = tuple(message.get("files") or ()), plain_words(text)
    if not (whole or files) or len(whole) > MOST_LETTERS:
        return Fate("note", why=f"it is longer than {MOST_LETTERS} letters" if whole else "it is empty")
    return Fate("send", whole, files=files)


def marked_text(message: dict[str, Any], mode: Mode) -> tuple[bool, str]:
    """Whether a message is marked to be sent, and its text without the mark."""
    text = str(message.get("text") or "").strip()
    for mark in SENT:
        if text.startswith(mark) and not text[len(mark) :].startswith(SENT):
            return True, text[len(mark) :].strip()
    mine = mode.live and message.get("user") == mode.claimer
    return mine and not text.casefold().startswith(NOTED), text


def objection(message: dict[str, Any], mode: Mode, team: str) -> str:
    """Why a marked message is not sent all the same, or ''."""
    if not mode.claimer or message.get("user") != mode.claimer:
        return "only who has claimed the conversation writes to the shopper"
    if message.get("subtype") not in (None, "file_share") or any(message.get(mark) for mark in MARKS):
        return "it was forwarded, shared to the channel or written by an app"
    if str(message.get("team") or message.get("user_team") or team) != team:
        return "it comes from another workspace"
    if calls_somebody(str(message.get("text") or "")):
        return "it mentions a colleague or a channel"
    return _objection_to(message.get("files") or [], mode.claimer)


def _objection_to(files: list[dict[str, Any]], claimer: str) -> str:
    if len(files) > MOST_FILES:
        return f"it has more than {MOST_FILES} files"
    if any(one.get("user", claimer) != claimer for one in files):
        return "the file is somebody else's"
    kept = all(one.get("mode", "hosted") == "hosted" and not one.get("is_external") for one in files)
    return "" if kept else "the file is not kept in Slack"
