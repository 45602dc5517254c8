"""Who may use a route of the shop's people: whoever sends a key of a role that may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Header, HTTPException

from integrations.database.keys import ROLES, Holder, Keyring, KeyRole

CLOSED = (
    "This is closed. Make a key with  dragoman keys add NAME --role marketer,  or set DRAGOMAN_API_KEY on the server,"
    " and send it: Authorization: Bearer KEY."
)
Gate = Callable[[str], Awaitable[Holder]]


def gate(keys: Keyring, *roles: KeyRole) -> Gate:
    """A dependency of a route that gives the holder of the key it was asked with; 401 for no key or a wrong one, 403
    for another role than these (none named: any).
    """
    allowed = roles or ROLES

    async def enter(authorization: Annotated[str, Header()] = "") -> Holder:
        scheme, _, given = authorization.partition(" ")
        holder = await keys.holder(given.strip()) if scheme.lower() == "bearer" else None
        if holder is None and await keys.is_empty():
            raise _refuse(CLOSED)
        if holder is None:
            raise _refuse("Send your key: Authorization: Bearer <key of dragoman keys add, or DRAGOMAN_API_KEY>.")
        if holder.role not in allowed:
            message = f"{holder.name} is {holder.role}; this is for: {', '.join(allowed)}."
            raise HTTPException(403, {"code": "forbidden", "message": message})
        return holder

    return enter


def _refuse(message: str) -> HTTPException:
    return HTTPException(401, {"code": "unauthorized", "message": message}, {"WWW-Authenticate": "Bearer"})
