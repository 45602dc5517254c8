"""Mail over SMTP: one message to one address."""

from __future__ import annotations

import asyncio
import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 15
"""Seconds a mail server may take for each answer."""

ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


class MailFailed(Exception):
    """The mail server did not take a message."""


@dataclass(frozen=True)
class Letter:
    """What is sent; `page` is the same as HTML."""

    to: str
    subject: str
    text: str
    page: str = ""


def is_address(text: str) -> bool:
    """Whether a text is one plain address, with nothing that a mail server could take for more."""
    return ADDRESS.fullmatch(text) is not None and text.isascii()


async def send_mail(url: str, sender: str, letter: Letter) -> None:
    """Send a letter through the server of an smtp:// or smtps:// URL. Raises MailFailed."""
    try:
        await asyncio.to_thread(_send, url, _message(sender, letter))
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(f"the mail server did not take it: {type(error).__name__}") from error


def _message(sender: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2].strip("> "))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.page:
        message.add_alternative(letter.page, subtype="html")
    return message


def _send(url: str, message: EmailMessage) -> None:
    address = urlsplit(url)
    secure = address.scheme == "smtps"
    kind: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with kind(address.hostname or "", address.port or (465 if secure else 25), timeout=PATIENCE) as server:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
