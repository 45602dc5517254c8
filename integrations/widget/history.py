"""A conversation so far, with all that is needed to draw it again as it was shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from integrations.database.attachments import with_message

if TYPE_CHECKING:
    from integrations.database.inbox import Received
    from integrations.database.turns import TurnStore
    from integrations.widget.house import House
    from tools.context import Said, Session

PASSING = "typing"
"""A notice that is of its moment only, and is not drawn again."""


OF_PERSONS = ("person-", "said-", "decided-")
"""How the names begin under which a person's doings are shown between two answers."""


async def tell_history(house: House, session: Session) -> dict[str, Any]:
    """Turns with every event they showed, messages that wait for their answer, and what a person did and said.
    `after` and `from` are numbers after which a turn's frames come, to follow one again.
    """
    sessions, turns = house.sessions, house.turns
    before = await turns.last_number(session.id)
    waiting = await turns.inbox.open(session.id)
    events, first = await _shown(turns, session.id)
    exchanges = await turns.history(session.id)
    last = await turns.last_number(session.id)
    scores, files = await sessions.scores(session.id), await sessions.attachments.of(session.id)
    handoff = await sessions.handoffs.last(session.id)
    said = await sessions.handoffs.said_in(session.id) if handoff else []
    return {
        "turns": [
            {
                "turn": turn.turn, "question": turn.question, "answer": turn.answer, "shown": turn.shown, "at": turn.at,
                "events": events.get(turn.turn, []), "after": first.get(turn.turn, 1) - 1,
                "score": scores.get(turn.turn),
                "attachments": [file.told() for file in files if file.turn == turn.turn],
            }
            for turn in exchanges
        ],
        "open": _open(waiting, {turn.turn for turn in exchanges}, first, before),
        "last_event_id": last,
        "handoff": handoff and {"reference": handoff.id, "status": handoff.status, "name": handoff.claimed_by},
        "person_messages": [
            {"id": str(entry.position), "speaker": entry.speaker, "name": entry.name, "text": entry.text,
             "at": entry.at,
             "attachments": [file.told() for file in files if file.turn == with_message(entry.position)]}
            for entry in said if entry.text
        ],
        "person_events": [
            {"after": first[turn] - 1, **event} for turn, told in events.items() if turn.startswith(OF_PERSONS)
            for event in told if not _is_reworded(event, said)
        ],
        "rating": await sessions.ratings.stars(session.id),
    }  # fmt: skip


async def _shown(turns: TurnStore, session_id: str) -> tuple[dict[str, list[dict[str, Any]]], dict[str, int]]:
    """The custom events of each turn, in order, and the number of each turn's first frame."""
    events: dict[str, list[dict[str, Any]]] = {}
    for turn, data in await turns.custom_frames(session_id):
        frame = json.loads(data)
        if frame["type"] == "CUSTOM" and frame["value"].get("code") != PASSING:
            events.setdefault(turn, []).append({"name": frame["name"], "value": frame["value"]})
    return events, await turns.first_numbers(session_id)


def _is_reworded(event: dict[str, Any], said: Sequence[Said]) -> bool:
    """Whether a person has changed or taken back an event's words since; `person_messages` has them as they are."""
    now = {str(entry.position): entry.text for entry in said}
    value = event["value"]
    return bool(event["name"] == "person_message" and now.get(value.get("id"), value["text"]) != value["text"])


def _open(waiting: list[Received], ended: set[str], first: dict[str, int], before: int) -> list[dict[str, Any]]:
    """Messages without an answer yet, oldest first. They were read before all else but the number of the last frame, so
    that of an answer that begins or ends meanwhile nothing is left out.
    """
    return [
        {"turn": received.turn, "question": received.text, "status": received.status,
         "from": first.get(received.answered_by, before + 1) - 1}
        for received in waiting if not {received.turn, received.answered_by} & ended
    ]  # fmt: skip
