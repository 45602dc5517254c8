"""A conversation so far, with all that is needed to draw it again as it was shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integrations.database.turns import TurnStore
    from integrations.widget.house import House
    from tools.context import Session

PASSING = "typing"
"""A notice that is of its moment only, and is not drawn again."""


async def tell_history(house: House, session: Session) -> dict[str, Any]:
    """Turns with every event they showed, messages that wait for their answer, and what a person did and said.
    `after` and `from` are numbers after which a turn's frames come, to follow one again.
    """
    sessions, turns = house.sessions, house.turns
    events, first = await _shown(turns, session.id)
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
            for turn in await turns.history(session.id)
        ],
        "open": await _open(turns, session.id, first, last),
        "last_event_id": last,
        "handoff": handoff and {"reference": handoff.id, "status": handoff.status, "name": handoff.claimed_by},
        "person_messages": [
            {"speaker": entry.speaker, "name": entry.name, "text": entry.text, "at": entry.at} for entry in said
        ],
        "person_events": [
            {"after": first[turn] - 1, **event} for turn, told in events.items() if turn.startswith("person-")
            for event in told
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


async def _open(turns: TurnStore, session_id: str, first: dict[str, int], last: int) -> list[dict[str, Any]]:
    """Messages without an answer yet, oldest first."""
    return [
        {"turn": received.turn, "question": received.text, "status": received.status,
         "from": first.get(received.answered_by, last + 1) - 1}
        for received in await turns.inbox.open(session_id)
    ]  # fmt: skip
