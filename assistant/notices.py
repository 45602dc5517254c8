"""What is said of a conversation itself, beside its answers."""

from __future__ import annotations

from assistant.embedded.wording import Words, marked
from assistant.events import Failed, Notice
from tools.context import Session

INTERRUPTED = marked("That answer was interrupted. Please send your message again.")
STOPPED = marked("Stopped. Nothing more is written on that.")


def interrupted(session: Session) -> Failed:
    """The answer broke off for a reason of ours."""
    return Failed(Words(session.language).say(INTERRUPTED), "interrupted", "")


def stopped(session: Session) -> Notice:
    """The shopper wanted no answer any more."""
    return Notice("stopped", Words(session.language).say(STOPPED))
