"""Who is at the door: bearer tokens, identity tokens signed by the storefront, and how often one may knock."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import jwt

if TYPE_CHECKING:
    from pydantic import SecretStr

CHAT_A_MINUTE = 30
SESSIONS_A_MINUTE = 60
PROOFS_A_MINUTE = 10


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
    """Limits how often in a minute, by session or address. It knows this process only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    async def allows(self, most: int, subject: str) -> bool:
        """Whether one more is allowed now, and counts it."""
        now = self._clock()
        self._forget(now - 60)
        times = self._times.setdefault(subject, deque())
        while times and times[0] <= now - 60:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        self._times.move_to_end(subject)
        return True

    def _forget(self, before: float) -> None:
        """Those who have not knocked for a minute; they stand first."""
        while self._times and next(iter(self._times.values()))[-1] <= before:
            self._times.popitem(last=False)
