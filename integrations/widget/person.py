"""A person of the shop, from the shopper's side: asking for one, and that one is just writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.notices import handed_over
from integrations.widget.bodies import Typing, Wish
from integrations.widget.guests import CHAT_A_MINUTE
from integrations.widget.hours import opening
from integrations.widget.reception import Reception, Speaker
from tools.handoff import call_person

if TYPE_CHECKING:
    from fastapi import FastAPI


def add_person(api: FastAPI, reception: Reception) -> None:
    """Add how a person is reached."""
    house = reception.house

    @api.post("/v1/handoff")
    async def hand_over(body: Wish, session: Speaker) -> dict[str, Any]:
        """Ask for a person."""
        context = await house.context(session)
        _, told = await call_person(context, body.reason or "asked for a person")
        reception.metrics.handoffs.inc()
        await house.assistant.summarize(context)
        fields = ("reference", "open_now", "opens", "closes", "weekdays", "zone", "email")
        waiting = (await opening(house, session))["wait_minutes"]
        message = handed_over(told, session).message
        return {name: told[name] for name in fields} | {"message": message, "wait_minutes": waiting}

    @api.post("/v1/typing", status_code=204)
    async def typing(body: Typing, session: Speaker) -> None:
        """Say that one is writing; the person in charge sees it, nobody else keeps it."""
        await reception.limit(2 * CHAT_A_MINUTE, f"typing {session.id}", "Too many notices. Try again in a minute.")
        handoff = await house.sessions.handoffs.last(session.id)
        if handoff and handoff.status == "claimed":
            await house.sessions.typing.note(session.id, body.typing)
