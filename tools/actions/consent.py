"""What a customer said yes to. A consent holds for exactly what was quoted, to exactly the one it was quoted to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from knowledge.service.requests import Request
from tools.actions.books import Quote

AUDIENCE = "dragoman:confirm"


class ConsentInvalid(ValueError):
    """A confirmation that is forged, cut short, too old or another's."""


@dataclass(frozen=True)
class Consent:
    """A yes: to a request and, where it was given to a quote, to that quote of that state of the order only.
    `operation_id` is the one the quote was made for, so that a yes said twice happens once.
    """

    request: str
    quote: str = ""
    version: int | None = None
    operation_id: str = ""

    @classmethod
    def to(cls, request: Request) -> Consent:
        """A yes said to a request as it stands, whatever it comes to."""
        return cls(_digest(request.text()))

    @classmethod
    def to_quote(cls, request: Request, quote: Quote, version: int, operation_id: str) -> Consent:
        """A yes said to what a request comes to."""
        return cls.to_told(request, quote.told(), version, operation_id)

    @classmethod
    def to_told(cls, request: Request, quote: dict[str, Any], version: int | None, operation_id: str) -> Consent:
        """A yes said to a quote as it was told; to any state of the order where no version is named."""
        return cls(_digest(request.text()), _digest(json.dumps(quote, sort_keys=True)), version, operation_id)

    def covers(self, said: Consent) -> bool:
        """Whether it was said to what another consent stands for."""
        state = self.version is None or self.version == said.version
        return self.request == said.request and self.quote in ("", said.quote) and state


def sign(secret: str, consent: Consent, who: str, until: datetime) -> str:
    """A token that stands for a consent once its holder sends it back."""
    claims = {
        "req": consent.request, "quote": consent.quote, "ver": consent.version, "jti": consent.operation_id, "sub": who,
        "exp": until, "aud": AUDIENCE,
    }  # fmt: skip
    return jwt.encode(claims, secret, algorithm="HS256")


def read(secret: str, token: str, who: str, now: datetime) -> Consent:
    """The consent a token stands for. Raises ConsentInvalid."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token, secret, algorithms=["HS256"], audience=AUDIENCE,
            options={"require": ["exp", "sub", "jti", "req", "quote", "ver"], "verify_exp": False},
        )  # fmt: skip
    except jwt.InvalidTokenError as error:
        raise ConsentInvalid("the confirmation is not one of ours") from error
    if claims["sub"] != who:
        raise ConsentInvalid("the confirmation was given to somebody else")
    if now.timestamp() > float(claims["exp"]):
        raise ConsentInvalid("the confirmation is too old")
    return Consent(str(claims["req"]), str(claims["quote"]), int(claims["ver"]), str(claims["jti"]))


def expiry(now: datetime, minutes: int) -> datetime:
    """When a quote made now can no longer be confirmed."""
    return now + timedelta(minutes=minutes)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
