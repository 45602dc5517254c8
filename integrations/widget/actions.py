"""Actions over HTTP: what one comes to, asked by a page's own button; the buttons under a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import HTTPException

from integrations.widget.bodies import Asked, Yes
from integrations.widget.guests import CHAT_A_MINUTE
from integrations.widget.reception import Reception, Speaker
from tools.actions.consent import ConsentInvalid, read
from tools.actions.decisions import ActionUnknown, confirm, take_back
from tools.context import Session, ToolContext
from tools.offers import OFFERED, asker_of, offer, tell_result, who_of

if TYPE_CHECKING:
    from fastapi import FastAPI

    from integrations.widget.house import House

SHOWN = ("action", "status", "rule", "message", "quote", "operation_id")


def add_actions(api: FastAPI, reception: Reception) -> None:
    """Add what is done with orders."""
    house = reception.house

    @api.post("/v1/actions")
    async def propose(body: Asked, session: Speaker) -> dict[str, Any]:
        """Ask what an action on an order comes to; nothing happens before it is confirmed."""
        await reception.limit(CHAT_A_MINUTE, f"actions {session.id}", "Too many requests. Try again in a minute.")
        return await offer_action(house, session, body.action, body.arguments)

    @api.post("/v1/actions/{operation_id}/confirm")
    async def confirm(operation_id: str, body: Yes, session: Speaker) -> dict[str, Any]:
        """Say yes to a quote with its token."""
        return await confirm_action(house, session, operation_id, body.token)

    @api.post("/v1/actions/{operation_id}/cancel")
    async def cancel(operation_id: str, session: Speaker) -> dict[str, Any]:
        """Take a quote back."""
        return await cancel_action(house, session, operation_id)


async def offer_action(house: House, session: Session, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What an action comes to, for a page's own button (return, withdraw); with the token that confirms it."""
    if name not in OFFERED:
        raise HTTPException(422, {"code": "action_unknown", "message": f"There are: {', '.join(OFFERED)}."})
    _, told = await offer(await house.context(session), name, arguments)
    return {name: told.get(name) for name in ("status", "missing", *SHOWN)} | {"token": told.get("token", "")}


async def confirm_action(house: House, session: Session, operation_id: str, token: str) -> dict[str, Any]:
    """Carry out what was quoted. Pressed twice, it happens once."""
    context = await house.context(session)
    clerk = context.clerk
    try:
        consent = read(clerk.secret, token, who_of(session), clerk.now())
        if consent.operation_id != operation_id:
            raise ConsentInvalid("the confirmation is of another action")
        outcome = await confirm(clerk, consent, asker_of(session), who_of(session))
    except ConsentInvalid as error:
        raise HTTPException(409, {"code": "confirmation_invalid", "message": f"{str(error).capitalize()}."}) from error
    except ActionUnknown as error:
        raise _unknown() from error
    return await _told(context, operation_id, outcome)


async def cancel_action(house: House, session: Session, operation_id: str) -> dict[str, Any]:
    """Take a quote back."""
    context = await house.context(session)
    try:
        outcome = await take_back(context.clerk, operation_id, who_of(session))
    except ActionUnknown as error:
        raise _unknown() from error
    return await _told(context, operation_id, outcome)


async def _told(context: ToolContext, operation_id: str, outcome: Any) -> dict[str, Any]:
    entry = await context.clerk.ledger.find(operation_id)
    _, told = await tell_result(context, entry.name, outcome, entry.arguments) if entry else ("", {})
    if entry:
        await context.clerk.ledger.note_told(entry)
    return {name: told.get(name) for name in SHOWN} | {"token": told.get("token", "")}


def _unknown() -> HTTPException:
    return HTTPException(404, {"code": "action_unknown", "message": "There is no such action in this conversation."})
