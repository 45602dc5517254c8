"""What a product's facts lack for a channel and a market."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from knowledge.facts import Facts, wanted_facts
from knowledge.facts.categories import find_category
from knowledge.facts.origins import is_country
from knowledge.marketplaces import Marketplace
from knowledge.markets import market_groups

SOON = timedelta(days=90)


def wanting(facts: Facts, market: Marketplace | None, locale: str, on: date) -> dict[str, Any]:
    """The facts that are missing and why each is wanted, the category, and certificates that are over or end soon."""
    territory = locale.replace("_", "-").split("-")[-1].upper()
    groups = market_groups(territory)
    found = find_category(str(facts.value("category", "")))
    missing = {
        name: f"wanted of every product{_where(name, groups)}" for name in wanted_facts(groups) if not facts.get(name)
    }
    if facts.get("category") and not found:
        missing["category"] = f"{facts.value('category')!r} is no category of Shopify's taxonomy"
    if facts.get("origin") and not is_country(facts.value("origin")):
        missing["origin"] = f"{facts.value('origin')!r} is no country we know: give its code, like PT"
    if market:
        missing |= _for_channel(facts, market, groups, on)
    return {
        "category": f"{found.id} {found.path}" if found else "",
        "missing": [{"fact": name, "why": why} for name, why in missing.items()],
        "certificates": [told for certificate in facts.certificates if (told := _state(certificate, on))],
    }


def _where(name: str, groups: list[str]) -> str:
    own = [group for group in groups if name in wanted_facts([group]) and name not in wanted_facts([])]
    return f" sold in {own[0]}" if own else ""


_FROM = {
    "title": "name", "description": "summary", "description_html": "summary", "bullets": "name", "key_features": "name",
    "title_rakuten": "name", "title_yahoo": "name", "gpsr_fields": "responsible_person",
}  # fmt: skip
"""The fact a required field is filled from."""


def _for_channel(facts: Facts, market: Marketplace, groups: list[str], on: date) -> dict[str, str]:
    site = market.site_of(groups[0] if groups else "")
    wanted = {
        _FROM.get(name, name): f"{market.name} requires {name}"
        for name, limits in market.fields_on(on, site).items()
        if limits.required or any(group in groups for group in limits.required_in)
    }
    attributes = {
        name: f"{market.name}: {rule.says}" for rule in market.rules_on(on, site) for name in rule.required_attributes
    }
    return {name: why for name, why in {**wanted, **attributes}.items() if not facts.get(name)}


def _state(certificate: Any, on: date) -> dict[str, str] | None:
    until = certificate.valid_until
    if until is None or until > on + SOON:
        return None
    state = f"it ended on {until}" if until < on else f"it ends on {until}"
    return {"name": certificate.name, "number": certificate.number, "state": state}
