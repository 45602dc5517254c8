"""What is said of a conversation itself, beside its answers."""

from __future__ import annotations

from typing import Any

from assistant.embedded.handing_over import announce
from assistant.embedded.wording import Words, marked
from assistant.events import Failed, HandedOver, Notice
from tools.context import Session

INTERRUPTED = marked("That answer was interrupted. Please send your message again.")
STOPPED = marked("Stopped. Nothing more is written on that.")
CLAIMED = marked("{name} has joined the conversation. From here on you are talking with a person.")
RETURNED = marked("{name} has left the conversation. You are talking with the AI assistant again.")
WRITING = marked("{name} is writing …")
KEPT = marked("{name} has your message and will answer here.")

TRANSCRIPT = marked("Your conversation with {shop}")
YOU = marked("You")
ASSISTANT = marked("AI assistant")
LEDGER_KEPT = marked("What was done with your orders stays on record, as the law asks of the shop.")

ONE_MOMENT = marked("One moment, please. Many people are writing just now; your question is in line.")
FULL = marked("So many people are writing just now that I cannot take your question. Please try again in a minute.")


def interrupted(session: Session) -> Failed:
    """The answer broke off for a reason of ours."""
    return Failed(Words(session.language).say(INTERRUPTED), "interrupted", "")


def stopped(session: Session) -> Notice:
    """The shopper wanted no answer any more."""
    return Notice("stopped", Words(session.language).say(STOPPED))


def one_moment(session: Session) -> Notice:
    """Others are answered before this message."""
    return Notice("one_moment", Words(session.language).say(ONE_MOMENT))


def handed_over(told: dict[str, Any], session: Session) -> HandedOver:
    """The shopper was put in line for a person: what happens next."""
    message = announce(told, Words(session.language))
    return HandedOver(told["reference"], told["open_now"], told["email"], "waiting", message)


def taken_over(reference: str, name: str, session: Session) -> HandedOver:
    """A person has taken over."""
    return HandedOver(reference, True, "", "claimed", Words(session.language).say(CLAIMED, name=name), name)


def given_back(reference: str, status: str, name: str, session: Session) -> HandedOver:
    """The person is gone, or never had to come."""
    message = Words(session.language).say(RETURNED, name=name) if name else ""
    return HandedOver(reference, False, "", status, message, name)


def writing(name: str, session: Session) -> Notice:
    """The person in charge is just writing."""
    return Notice("typing", Words(session.language).say(WRITING, name=name))


def with_person(name: str, session: Session) -> Notice:
    """A message reached the person who is in charge; no assistant answers it."""
    return Notice("person", Words(session.language).say(KEPT, name=name))
