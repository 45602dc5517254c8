"""Which settings are refused: guessable secrets, what production must not have, half a mail server; proxies known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

LEAST_BYTES = {"identity_secret": 32, "signing_secret": 32, "api_key": 16}
"""How long a secret of the environment must be at least."""

LEAST_KINDS = 8
"""Different letters a secret must have in production; what openssl makes has a dozen, a placeholder fewer."""

PLACEHOLDERS = ("changeme", "change-me", "change_me", "secret", "password", "example", "default", "replace", "your-")
"""What stands in secrets that were copied from somewhere."""

CURE = "make one: openssl rand -hex 32"


def weak_secret(secrets: Mapping[str, str], production: bool) -> str:
    """Why a secret is refused, or ''. A secret that is not set is none."""
    for name, secret in secrets.items():
        if secret and len(secret.encode()) < LEAST_BYTES[name]:
            return f"DRAGOMAN_{name.upper()} is shorter than {LEAST_BYTES[name]} bytes; {CURE}"
        copied = any(word in secret.casefold() for word in PLACEHOLDERS)
        if production and secret and (copied or len(set(secret)) < LEAST_KINDS):
            return f"DRAGOMAN_{name.upper()} can be guessed, which production refuses; {CURE}"
    return ""


def open_origins(origins: list[str], production: bool) -> str:
    """Why the storefronts named are refused, or ''."""
    if not production:
        return ""
    if "*" in origins:
        return "DRAGOMAN_ALLOWED_ORIGINS must name your storefronts in production, not '*'"
    bare = next((name for name in origins if not _is_origin(name)), "")
    return f"DRAGOMAN_ALLOWED_ORIGINS: {bare!r} is no origin like https://shop.example (no path)" if bare else ""


def _is_origin(name: str) -> bool:
    address = urlsplit(name)
    return address.scheme in ("https", "http") and bool(address.hostname) and not address.path.strip("/")


def half_mail(smtp_url: str, mail_from: str) -> str:
    """What is wrong with the settings of mail, or ''."""
    address = urlsplit(smtp_url)
    if address.geturl() and (address.scheme not in ("smtp", "smtps") or not address.hostname):
        return "DRAGOMAN_SMTP_URL is like smtp://user:password@host:587 or smtps://host; unset: no mail"
    if address.geturl() and "@" not in mail_from:
        return "DRAGOMAN_MAIL_FROM must be the address that mail comes from, as DRAGOMAN_SMTP_URL is set"
    return ""


LOOPBACK = ("127.", "localhost", "::1")


def exposed(host: str, environment: str, is_demo: bool) -> str:
    """Why a server may not listen on an address, or '': a real shop that others can reach runs as production."""
    if environment == "production" or is_demo or host.startswith(LOOPBACK):
        return ""
    return (
        f'{host} can be reached by others, and this is a shop of your own: set environment = "production" in'
        " dragoman.toml (or DRAGOMAN_ENVIRONMENT=production), which refuses unsafe settings, or listen on 127.0.0.1."
    )


def is_among(address: str, networks: Sequence[str]) -> bool:
    """Whether an address is of one of the networks; what is no address is of none."""
    try:
        return any(ip_address(address) in ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False
