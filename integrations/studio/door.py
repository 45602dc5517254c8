"""Who may enter the studio: who knows the marketer's key, or whom a trusted proxy names; our own forms only."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import jwt

from integrations.database.keys import FROM_ENVIRONMENT, Holder, Keyring
from integrations.safety import is_among

if TYPE_CHECKING:
    from fastapi import Request

COOKIE = "dragoman_studio"
LASTING = timedelta(hours=12)
MOST_NAME = 60


@dataclass(frozen=True)
class Door:
    """How people come in. `keys` are theirs; `secret` signs what their browser keeps; `user_header` is the one in which
    a proxy among `proxies` names who is signed in, '' for none.
    """

    keys: Keyring
    secret: str = field(repr=False)
    user_header: str = ""
    proxies: tuple[str, ...] = ()

    async def opens(self, key: str) -> Holder | None:
        """Whose key this is, where it is a marketer's."""
        holder = await self.keys.holder(key.strip())
        return holder if holder and holder.role == "marketer" else None

    def cookie(self, holder: Holder, name: str) -> str:
        """What the browser of somebody who came in keeps. Who has a key of their own goes by its name."""
        now = datetime.now(UTC)
        shared = holder.name == FROM_ENVIRONMENT
        claims = {"sub": (name or "?")[:MOST_NAME] if shared else holder.name, "key": holder.name, "aud": "studio",
                  "iat": now, "exp": now + LASTING}  # fmt: skip
        return jwt.encode(claims, self._signing, algorithm="HS256")

    async def who(self, request: Request) -> str:
        """The name of who sent a request; '' where nobody may know."""
        return self._named_by_proxy(request) or await self._named_by_cookie(request)

    async def _named_by_cookie(self, request: Request) -> str:
        try:
            claims = jwt.decode(
                request.cookies.get(COOKIE, ""), self._signing, algorithms=["HS256"], audience="studio",
                options={"require": ["exp", "iat", "sub", "key"]},
            )  # fmt: skip
        except jwt.InvalidTokenError:
            return ""
        return str(claims["sub"]) if await self._still_opens(str(claims["key"]), int(claims["iat"])) else ""

    async def _still_opens(self, name: str, since: int) -> bool:
        """Whether the key that somebody came in with is still one: revoking it ends what it began."""
        if name == FROM_ENVIRONMENT:
            return True
        held = [key for key in await self.keys.held() if key.name == name and key.revoked_at is None]
        return any(key.role == "marketer" and key.made_at.timestamp() < since + 1 for key in held)

    def _named_by_proxy(self, request: Request) -> str:
        """The header counts only where the proxy itself is at the other end of the connection."""
        if not self.user_header:
            return ""
        peer = request.scope.get("peer") or request.scope.get("client") or ("",)
        named = request.headers.getlist(self.user_header)
        return named[0].strip()[:MOST_NAME] if len(named) == 1 and is_among(str(peer[0]), self.proxies) else ""

    @property
    def _signing(self) -> str:
        """Another key than the home's own."""
        return hmac.new(self.secret.encode(), b"studio", hashlib.sha256).hexdigest()


def is_own(request: Request) -> bool:
    """Whether what changes something was sent by a page of ours: browsers say where a form comes from."""
    origin = request.headers.get("origin", "")
    site = request.headers.get("sec-fetch-site", "same-origin")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host") and site == "same-origin"
