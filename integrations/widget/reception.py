"""The reception: what every room of the API works with, and whom a request is from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Request

from integrations.widget.errors import refuse
from integrations.widget.guests import Pace
from tools.context import Session

if TYPE_CHECKING:
    from integrations.database.tokens import Ticket
    from integrations.observing.metrics import Metrics
    from integrations.widget.house import House
    from integrations.widget.runs import Runs


@dataclass(frozen=True)
class Reception:
    """An open home with the conversations that run in it."""

    house: House
    runs: Runs
    metrics: Metrics
    pace: Pace = field(default_factory=Pace)

    async def limit(self, most: int, subject: str, message: str, seconds: float = 60) -> None:
        """Refuse who comes more often than `most` times in some seconds."""
        if not await (self.house.sessions.visits or self.pace).allows(most, subject, seconds):
            self.metrics.refused.labels("pace").inc()
            raise refuse(429, "too_many", message)

    async def admit_operator(self, authorization: str) -> None:
        """Refuse whoever does not send an operator's key."""
        scheme, _, key = authorization.partition(" ")
        keys = self.house.keys
        holder = await keys.holder(key.strip()) if keys and scheme.lower() == "bearer" else None
        if holder is None or holder.role != "operator":
            told = "Send an operator's key: Authorization: Bearer <key of dragoman keys add NAME --role operator>."
            raise refuse(403 if holder else 401, "forbidden" if holder else "unauthorized", told)

    async def ticket(self, authorization: str) -> Ticket:
        """What the bearer of a token may do, and until when; also of one that expired lately."""
        scheme, _, token = authorization.partition(" ")
        found = await self.house.sessions.ticket(token.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            raise refuse(401, "unauthorized", "Send the session's token: Authorization: Bearer <token>.")
        return found


async def reception_of(request: Request) -> Reception:
    """The reception of the server that a request came to."""
    held: Reception = request.app.state.reception
    return held


async def speaker_of(
    reception: Annotated[Reception, Depends(reception_of)], authorization: Annotated[str, Header()] = ""
) -> Session:
    """The session that a request's token speaks for."""
    ticket = await reception.ticket(authorization)
    if ticket.until <= datetime.now(UTC):
        raise refuse(401, "expired", "The session's token has expired: POST /v1/sessions/renew gives a new one.")
    return ticket.session


Speaker = Annotated[Session, Depends(speaker_of)]
"""The session whose token a request bears."""
