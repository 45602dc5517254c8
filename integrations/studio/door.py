"""Who may enter the studio: who knows the marketer's key, or whom a trusted proxy names; our own forms only."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import jwt

if TYPE_CHECKING:
    from fastapi import Request

COOKIE = "dragoman_studio"
LASTING = timedelta(hours=12)
MOST_NAME = 60


@dataclass(frozen=True)
class Door:
    """How people come in. `key` is the marketer's; `secret` signs what their browser keeps; `user_header` is the one in
    which a proxy among `proxies` names who is signed in, '' for none.
    """

    key: str
    secret: str = field(repr=False)
    user_header: str = ""
    proxies: tuple[str, ...] = ()

    def opens(self, key: str) -> bool:
        """Whether this is the marketer's key."""
        return bool(self.key) and hmac.compare_digest(key.strip().encode(), self.key.encode())

    def cookie(self, name: str) -> str:
        """What the browser of somebody who came in keeps."""
        claims = {"sub": name[:MOST_NAME], "aud": "studio", "exp": datetime.now(UTC) + LASTING}
        return jwt.encode(claims, self._signing, algorithm="HS256")

    def who(self, request: Request) -> str:
        """The name of who sent a request; '' where nobody may know."""
        return self._named_by_proxy(request) or self._named_by_cookie(request)

    def _named_by_cookie(self, request: Request) -> str:
        if not self.key:
            return ""
        try:
            claims = jwt.decode(
                request.cookies.get(COOKIE, ""), self._signing, algorithms=["HS256"], audience="studio",
                options={"require": ["exp", "sub"]},
            )  # fmt: skip
        except jwt.InvalidTokenError:
            return ""
        return str(claims["sub"])

    def _named_by_proxy(self, request: Request) -> str:
        """The header counts only where the proxy itself is at the other end of the connection."""
        if not self.user_header:
            return ""
        peer = request.scope.get("peer") or request.scope.get("client") or ("",)
        named = request.headers.getlist(self.user_header)
        return named[0].strip()[:MOST_NAME] if len(named) == 1 and _is_among(str(peer[0]), self.proxies) else ""

    @property
    def _signing(self) -> str:
        """Another key than the home's own, and another when the marketer's key changes: that ends every sign-in."""
        return hmac.new(self.secret.encode(), b"studio\0" + self.key.encode(), hashlib.sha256).hexdigest()


def is_own(request: Request) -> bool:
    """Whether what changes something was sent by a page of ours: browsers say where a form comes from."""
    origin = request.headers.get("origin", "")
    site = request.headers.get("sec-fetch-site", "same-origin")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host") and site == "same-origin"


def _is_among(address: str, networks: tuple[str, ...]) -> bool:
    try:
        return any(ip_address(address) in ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False
