"""What the widget is told of the shop, and what the demo may do that a shop must not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from integrations.homes import home_secret
from knowledge.markets import EU
from tools.orders import is_link

if TYPE_CHECKING:
    from integrations.widget.house import House
    from tools.context import Session

EUROPE = EU | {"IS", "LI", "NO", "GB", "CH"}
"""Where a visitor is asked before anything is kept on their device unasked: ePrivacy, PECR, revDSG."""


def tell_shop(house: House, session: Session) -> dict[str, Any]:
    """The shop, for the head of a conversation. Addresses that begin with / are on this server."""
    about = house.shop.facts.get("about") or {}
    known = {name: about.get(name) for name in ("privacy_url", "logo")}
    said = {name: told if is_link(told) else "" for name, told in known.items()}
    return {
        "name": house.shop.name,
        "privacy_url": said["privacy_url"] or _own_privacy(house, session), "logo": said["logo"] or _own_logo(house),
    }  # fmt: skip


def _own_privacy(house: House, session: Session) -> str:
    return "/policies/privacy" if house.retriever.document("privacy", session.language) else ""


def _own_logo(house: House) -> str:
    return "/images/logo.svg" if house.shop.facts.get("is_demo") else ""


def needs_consent(house: House, market: str) -> bool:
    """Whether a visitor of a market is asked before anything is kept on their device."""
    whose = house.settings.consent
    return whose == "always" or (whose == "europe" and (not market or market in EUROPE))


def is_demo(house: House) -> bool:
    """Whether this is the demo, in which anyone may sign in as anyone: nobody there is real."""
    return bool(house.shop.facts.get("is_demo")) and house.settings.environment != "production"


def identity_key(house: House) -> SecretStr:
    """What the storefront signs identity tokens with; the demo has one of its own where none is set."""
    if house.settings.identity_secret.get_secret_value() or not is_demo(house):
        return house.settings.identity_secret
    return SecretStr(hashlib.sha256(b"identity " + home_secret(house.settings.home).encode()).hexdigest())
