"""What is held of a conversation, over HTTP: taken along as a transcript, or erased."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal

from fastapi import Request
from fastapi.responses import Response

from assistant.embedded.wording import Words
from assistant.notices import LEDGER_KEPT
from integrations.widget.bodies import Recipient
from integrations.widget.errors import refuse
from integrations.widget.guests import address_of
from integrations.widget.mail import Letter, MailFailed, is_address, send_mail
from integrations.widget.reception import Reception, Speaker
from integrations.widget.transcript import FORMATS, as_page, as_text, transcript_of

if TYPE_CHECKING:
    from fastapi import FastAPI

log = logging.getLogger(__name__)

MAILS_AN_HOUR = 3
"""Transcripts one conversation may have sent; an address somebody else's mailbox is filled from, thrice as many."""


def add_records(api: FastAPI, reception: Reception) -> None:
    """Add what a shopper may do with what is held of them."""
    house, settings = reception.house, reception.house.settings

    @api.get("/v1/transcript")
    async def download(session: Speaker, format: Literal["txt", "html", "json"] = "txt") -> Response:  # noqa: A002
        """The conversation as a file."""
        write, media_type = FORMATS[format]
        return Response(write(await transcript_of(house, session)), media_type=media_type, headers={
            "Content-Disposition": f'attachment; filename="conversation.{format}"',
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "X-Content-Type-Options": "nosniff",
        })  # fmt: skip

    @api.post("/v1/transcript", status_code=202)
    async def send(body: Recipient, session: Speaker, request: Request) -> dict[str, Any]:
        """The conversation by e-mail."""
        if not settings.smtp_url.get_secret_value():
            raise refuse(409, "no_mail", "This shop sends no e-mail. Download the conversation instead.")
        if not is_address(body.email):
            raise refuse(422, "bad_address", "That is not an e-mail address.")
        too_many, address = "Too many e-mails. Try again in an hour.", address_of(request, settings.trusted_proxies)
        await reception.limit(MAILS_AN_HOUR, f"mail {session.id}", too_many, 3600)
        await reception.limit(3 * MAILS_AN_HOUR, f"mail {address}", too_many, 3600)
        await reception.limit(MAILS_AN_HOUR, f"mail to {body.email.lower()}", too_many, 3600)
        told = await transcript_of(house, session)
        letter = Letter(body.email, told.title, as_text(told), as_page(told))
        try:
            await send_mail(settings.smtp_url.get_secret_value(), settings.mail_from, letter)
        except MailFailed as error:
            log.error("a transcript was not sent: %s", error)
            raise refuse(502, "mail_failed", "The e-mail could not be sent. Download the conversation.") from error
        return {"sent": True}

    @api.post("/v1/erase")
    async def erase(session: Speaker) -> dict[str, Any]:
        """Delete this conversation and all that is held of it; its token is void from now on."""
        await reception.runs.stop(session.id)
        async with house.turns.floor.hold(session.id):
            await house.assistant.erase(session)
            acted = await house.sessions.erase(session.id)
        return {"erased": True, "kept": Words(session.language).say(LEDGER_KEPT) if acted else ""}
