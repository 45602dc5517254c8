"""Events that come to a shopper from a person of the shop, shown in the stream between two answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from assistant.events import Event
from integrations.widget.events import Wire

if TYPE_CHECKING:
    from integrations.database.turns import TurnStore


def shown_in_stream(turns: TurnStore) -> Callable[[str, str, Sequence[Event]], Awaitable[None]]:
    """What shows events in a session's stream, as a turn of the given name, once."""

    async def tell(session_id: str, name: str, events: Sequence[Event]) -> None:
        wire = Wire(session_id, name)
        frames = [wire.start(), *(frame for event in events for frame in wire.translate(event))]
        frames += wire.break_off(person=True)
        async with turns.floor.hold(session_id) as holder:
            if await turns.first_number(session_id, name) is None:
                number = await turns.last_number(session_id)
                await turns.keep_frames(session_id, name, wire.numbered(number, frames), holder)

    return tell
