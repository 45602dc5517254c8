"""What `dragoman init` was told, and the commented dragoman.toml made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones


@dataclass(frozen=True)
class Answers:
    """What a shop says of itself at the beginning."""

    name: str
    currency: str = ""
    sites: tuple[str, ...] = ()
    email: str = ""
    zone: str = ""
    model: str = "embedded"
    return_days: int = 30
    approve_above: int = 50
    production: bool = False

    def with_answer(self, field: str, said: Any) -> Answers:
        """The same with another answer, as it is typed."""
        if field == "sites":
            said = tuple(re.split(r"[\s,]+", said)) if said else ()
        if field in ("return_days", "approve_above"):
            said = int(said) if str(said).isdecimal() else -1
        return replace(self, **{field: said.upper() if field == "currency" else said})

    def wrong(self, field: str = "") -> str:
        """What is wrong with one answer, or with any; '' for nothing."""
        checks = {"name": self._name(), "currency": self._currency(), "sites": self._sites(), "email": self._email(),
                  "zone": self._zone(), "return_days": self._number(self.return_days, "--return-days"),
                  "approve_above": self._number(self.approve_above, "--approve-above")}  # fmt: skip
        return checks.get(field, "") if field else next(filter(None, checks.values()), "")

    def _name(self) -> str:
        return "" if self.name.strip() else 'Say what the shop is called: --name "Lumen & Co"'

    def _number(self, said: int, option: str) -> str:
        return "" if said >= 0 else f"Write a whole number, like 30 ({option})."

    def _currency(self) -> str:
        fine = re.fullmatch("[A-Z]{3}|", self.currency)
        return "" if fine else f"{self.currency!r} is no currency: three letters, like EUR or USD (--currency)."

    def _sites(self) -> str:
        bad = next((site for site in self.sites if not _is_origin(site)), "")
        return f"{bad!r} is no address of a storefront: https://shop.example, without a path (--site)." if bad else ""

    def _email(self) -> str:
        fine = not self.email or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", self.email)
        return "" if fine else f"{self.email!r} is no e-mail address (--email)."

    def _zone(self) -> str:
        fine = not self.zone or self.zone in available_timezones()
        return "" if fine else f"{self.zone!r} is no time zone: like Europe/Berlin or America/New_York (--zone)."

    def facts(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """What is true of the shop as a whole; what it said of itself before stays where nothing else is said."""
        desk = {**(about.get("desk") or {}), **{k: v for k, v in (("email", self.email), ("zone", self.zone)) if v}}
        told = {"name": _line(self.name), "home_currency": self.currency}
        whole = {**about, "name": _line(self.name), **({"desk": desk} if desk else {})}
        return {**{key: value for key, value in told.items() if value}, "about": whole}


def _is_origin(site: str) -> bool:
    address = urlsplit(site)
    return address.scheme in ("http", "https") and bool(address.hostname) and address.path in ("", "/")


KEY = '# openai_api_key = ""    # better: OPENAI_API_KEY in the environment\n'


def _line(name: str) -> str:
    return " ".join(name.split())


def settings_text(answers: Answers, secret: str) -> str:
    """The file, every setting with what it is for."""
    sites = json.dumps([site.rstrip("/") for site in answers.sites])
    environment = "production" if answers.production else "development"
    key = "" if answers.model == "embedded" else KEY
    return f"""\
# Settings of {_line(answers.name)}. The environment overrules them (DRAGOMAN_MODEL=...).
# All there are: .env.example. This file holds a secret: keep it out of version control, readable by the server alone.

# "production" refuses what is unsafe: any origin, secrets that can be guessed, metrics without an operator's key.
environment = "{environment}"

# Pages of these sites may show the widget. The tag for them:
#   <script type="module" src="https://YOUR-SERVER/widget.js" data-shop="..."></script>
allowed_origins = {sites}

# Who answers: "embedded" needs no key. "openai:NAME" for any OpenAI-compatible server; where it fails, embedded does.
model = {json.dumps(answers.model)}
# openai_base_url = "http://127.0.0.1:11434/v1"
{key}
# Shared with your shop, which signs customers in with it (docs/shop-owner.md, "To sign a customer in").
identity_secret = "{secret}"

# Days a conversation is kept after its last message, and days a masked trace of each turn is kept.
conversation_days = 365
trace_days = 30

# Slack (docs/operator.md): `dragoman slack manifest` makes the app, which gives you these.
# slack_signing_secret = ""
# slack_bot_token = "xoxb-..."
# slack_approvals_channel = "C0123456789"
# slack_support_channel = "C0123456789"
# slack_people = {{ U012ABC = "lead" }}

# A database for several servers; without it everything is in this folder.
# database_url = "postgresql://user:password@host/dragoman"
"""


def policy_text(answers: Answers) -> str:
    """A service policy to begin with: few actions, each with what must hold, and who decides above which amount."""
    text = (files("integrations.cli") / "init_policy.toml").read_text("utf-8")
    return Template(text).substitute(
        name=_line(answers.name), file=POLICY, currency=answers.currency or "EUR", return_days=answers.return_days,
        approve_above=answers.approve_above,
    )  # fmt: skip


POLICY = "policy.toml"
"""The file of the home that holds the service policy as it was begun."""
