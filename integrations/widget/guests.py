"""Who is at the door: addresses, identity tokens signed by the storefront, and how often one may knock."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import jwt

from integrations.safety import is_among

if TYPE_CHECKING:
    from fastapi import Request
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
    """Limits how often something happens in some seconds, by session or address. It knows this process only: where a
    server's database is shared by several, `integrations.database.visits` counts.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[float, OrderedDict[str, deque[float]]] = {}
        """By length of the time that counts: who came when, those who came last at the end."""

    async def allows(self, most: int, subject: str, seconds: float = 60) -> bool:
        """Whether one more is allowed now, and counts it."""
        now = self._clock()
        self._forget(now)
        held = self._windows.setdefault(seconds, OrderedDict())
        times = held.setdefault(subject, deque())
        while times and times[0] <= now - seconds:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        held.move_to_end(subject)
        return True

    def _forget(self, now: float) -> None:
        """Those of whom nothing counts any more; they stand first."""
        for seconds, held in self._windows.items():
            while held and next(iter(held.values()))[-1] <= now - seconds:
                held.popitem(last=False)


def address_of(request: Request, proxies: Sequence[str]) -> str:
    """Where a request comes from. What X-Forwarded-For says is believed of trusted proxies only, read from its end:
    the nearest hop that is none of ours.
    """
    nearest = request.client.host if request.client else ""
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    while hops and is_among(nearest, proxies):
        nearest = hops.pop()
    return nearest[:64]
