"""What the shopper thinks, over HTTP: thumbs under an answer, stars for the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.widget.bodies import Feedback, Rating
from integrations.widget.reception import Reception, Speaker

if TYPE_CHECKING:
    from fastapi import FastAPI


def add_verdicts(api: FastAPI, reception: Reception) -> None:
    """Add how answers and conversations are rated."""
    sessions = reception.house.sessions

    @api.post("/v1/feedback", status_code=204)
    async def rate_answer(body: Feedback, session: Speaker) -> None:
        """Say whether an answer helped."""
        await sessions.rate(session, body.turn, body.score, body.comment)

    @api.post("/v1/rating", status_code=204)
    async def rate_conversation(body: Rating, session: Speaker) -> None:
        """Say how content one is with the whole conversation; said again, the last counts."""
        await sessions.ratings.keep(session.id, body.stars, body.comment)
        reception.metrics.stars.observe(body.stars)
