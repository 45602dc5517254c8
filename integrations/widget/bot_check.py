"""Whether a visitor is a person, asked of whoever the shop has for that. Off unless it is configured."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from integrations.widget.errors import refuse

if TYPE_CHECKING:
    from integrations.widget.house import House

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds the check may take."""


async def is_person(house: House, proof: str, address: str) -> bool:
    """Ask the configured service, which speaks as Turnstile's and hCaptcha's do: a form with `secret`, `response` and
    `remoteip`, answered by JSON with `success`. One that does not answer lets nobody in, for then anybody could be.
    """
    settings = house.settings
    if not settings.bot_check_url:
        return True
    if not proof:
        return False
    import httpx

    sent = {"secret": settings.bot_check_secret.get_secret_value(), "response": proof, "remoteip": address}
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            told = (await client.post(settings.bot_check_url, data=sent)).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        log.error("the bot check did not answer: %s", type(error).__name__)
        raise refuse(503, "bot_check_unavailable", "We cannot check visitors just now. Try again soon.") from error
    return isinstance(told, dict) and told.get("success") is True
