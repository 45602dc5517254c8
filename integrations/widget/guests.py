"""Who is at the door: bearer tokens, identity tokens signed by the storefront, and how often one may knock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jwt
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

if TYPE_CHECKING:
    from pydantic import SecretStr

CHAT_A_MINUTE = RateLimitItemPerMinute(30)
SESSIONS_A_MINUTE = RateLimitItemPerMinute(60)
PROOFS_A_MINUTE = RateLimitItemPerMinute(10)


class IdentityRefused(ValueError):
    """An identity token that was not signed by this shop's storefront, or has expired."""


def customer_of_token(token: str, secret: SecretStr) -> str:
    """The customer a storefront's token attests: HS256, `sub` the customer id, `aud` 'dragoman', `exp` required.

    Raises IdentityRefused.
    """
    key = secret.get_secret_value()
    if not key:
        raise IdentityRefused("this server accepts no identity tokens")
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], audience="dragoman", options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError as error:
        raise IdentityRefused("the identity token is not valid") from error
    return str(claims["sub"])


class Pace:
    """Limits how often, by session or address."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def allows(self, limit: RateLimitItemPerMinute, subject: str) -> bool:
        """Whether one more is allowed now, and counts it."""
        return bool(await self._limiter.hit(limit, subject))
