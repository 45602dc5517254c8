"""Conversations with an open shop, and what is read off their events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant import events
from integrations.bootstrap import Dragoman
from tools.context import Session


async def talk(shop: Dragoman, speaker: Session, *texts: str) -> list[events.Event]:
    """The events of the last of some messages; the session keeps what it proved on the way."""
    assistant = await shop.assistant()
    said: list[events.Event] = []
    for text in texts:
        kept = await shop.sessions.find(speaker.id)
        speaker = replace(speaker, order_ids=kept.order_ids) if kept else speaker
        said = [event async for event in assistant.reply(text, speaker)]
        assert isinstance(said[-1], events.Finished)
    return said


def answer(said: Iterable[events.Event]) -> str:
    """The text that was shown."""
    return "".join(event.text for event in said if isinstance(event, events.Sentence))


def tools(said: Iterable[events.Event]) -> dict[str, str]:
    """The tools that were used, each with how it ended."""
    return {event.name: event.status for event in said if isinstance(event, events.StepDone)}


def cited(said: Iterable[events.Event]) -> set[str]:
    """The documents that were cited."""
    return {entry.document for event in said if isinstance(event, events.Citations) for entry in event.entries}
