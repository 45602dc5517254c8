"""Sessions over HTTP: a conversation begins, and its token is renewed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Header, Request

from assistant.disclosure import disclosure, greeting, suggestions
from integrations.widget.attached import MEDIA_TYPES, MOST_FILE_BYTES
from integrations.widget.bodies import NewSession
from integrations.widget.bot_check import is_person
from integrations.widget.errors import refuse
from integrations.widget.guests import SESSIONS_A_MINUTE, IdentityRefused, address_of, customer_of_token
from integrations.widget.hours import opening
from integrations.widget.reception import Reception
from integrations.widget.shop_front import identity_key, needs_consent, tell_shop
from knowledge.locales import match_language, served_locales
from tools.context import Session

if TYPE_CHECKING:
    from fastapi import FastAPI

    from integrations.widget.house import House


def add_sessions(api: FastAPI, reception: Reception) -> None:
    """Add how conversations begin."""
    house = reception.house
    lasting = timedelta(minutes=house.settings.session_minutes)

    @api.post("/v1/sessions", status_code=201)
    async def open_session(body: NewSession, request: Request) -> dict[str, Any]:
        """Start a conversation."""
        address = address_of(request, house.settings.trusted_proxies)
        too_many = "Too many new conversations from this address. Try again in a minute."
        await reception.limit(SESSIONS_A_MINUTE, f"sessions {address}", too_many)
        if not await is_person(house, body.proof, address):
            raise refuse(403, "bot_check", "Show that you are a person, and send the proof.")
        session = begin_session(house, body, request.headers.get("accept-language", ""))
        until = datetime.now(UTC) + lasting
        token = await house.sessions.start(session, until)
        return {
            "session_id": session.id, "token": token, "expires_at": until.isoformat(), "identified": session.identified,
            "disclosure": disclosure(session.language), "greeting": greeting(house.shop.name, session.language),
            "suggestions": suggestions(session.language), "language": session.language,
            "direction": served_locales()[session.language].direction,
            "consent_needed": body.consent is None and needs_consent(house, session.market),
            "shop": tell_shop(house, session), "hours": await opening(house, session),
            "attachments": {"most_bytes": MOST_FILE_BYTES, "media_types": list(MEDIA_TYPES)},
        }  # fmt: skip

    @api.post("/v1/sessions/renew")
    async def renew(authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        """Another token for the same conversation, for one that still holds or ended less than a day ago."""
        ticket = await reception.ticket(authorization)
        await reception.limit(10, f"renew {ticket.session.id}", "Too many renewals. Try again in a minute.")
        until = datetime.now(UTC) + lasting
        return {
            "token": await house.sessions.tokens.renew(ticket.session.id, until), "expires_at": until.isoformat()
        }  # fmt: skip


def begin_session(house: House, body: NewSession, accepted: str) -> Session:
    """A new session: the language and market of the page, and whom the storefront's token attests."""
    wanted = body.locale or accepted.split(",")[0].split(";")[0].strip()
    language = match_language(wanted) if wanted and wanted != "*" else None
    region = wanted.replace("_", "-").partition("-")[2].upper()
    session = Session(
        id=uuid.uuid4().hex, channel="widget", locale=wanted[:16], language=language or "en",
        market=region if len(region) == 2 and region.isalpha() else "",
    )  # fmt: skip
    if not body.identity_token:
        return session
    try:
        return replace(session, customer_id=customer_of_token(body.identity_token, identity_key(house)))
    except IdentityRefused as refusal:
        raise refuse(401, "identity_refused", f"{str(refusal).capitalize()}.") from refusal
