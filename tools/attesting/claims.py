"""What of a product's facts law and platform take as evidence, and whose law a text is under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from knowledge.claims.places import PlaceUnknown, places_meant
from knowledge.facts import Facts
from knowledge.facts.categories import kind_of
from knowledge.findings import Finding
from tools.claims import Evidence, check_claims

PLATFORMS = {"amazon": "amazon", "tiktok_shop": "tiktok", "tiktok": "tiktok", "walmart": "walmart"}
"""Channels with rules of their own on claims."""


def jurisdiction_of(territory: str, channel: str = "") -> str:
    """The places whose rules on claims apply; '' where we know of none."""
    place = {"GB": "UK"}.get(territory, territory)
    platform = PLATFORMS.get(channel, "")
    for named in ("+".join(part for part in (place, platform) if part), platform):
        try:
            if named and places_meant(named):
                return named
        except PlaceUnknown:
            continue
    return ""


def territory_of(locale: str) -> str:
    """The country of a locale like de-DE; '' for one that names none."""
    parts = locale.replace("_", "-").split("-")
    return parts[-1].upper() if len(parts) > 1 and len(parts[-1]) == 2 else ""


def unlawful(  # noqa: PLR0913  (each is a part of what is asked)
    text: str, facts: Facts | None, jurisdiction: str, locale: str, on: date, field: str = "", item: int = -1
) -> Iterator[Finding]:
    """Claims the law or the platform does not let stand, with the product's certificates as evidence."""
    if not jurisdiction:
        return
    category = kind_of(*(str(facts.value(name, "")) for name in ("category", "type", "name"))) if facts else ""
    evidence = evidence_of(facts) if facts else ()
    for finding in check_claims(text, jurisdiction, locale, category=category, evidence=evidence, on=on):
        yield replace(finding, field=field, item=item)


def evidence_of(facts: Facts) -> tuple[Evidence, ...]:
    """The certificates, and the facts claims may lean on, as evidence."""
    held = [
        Evidence(f"{c.name} {c.issuer} {c.number}", str(c.attributes.get("scope", "")), c.valid_until)
        for c in facts.certificates
    ]  # fmt: skip
    return (
        *held,
        *(Evidence(f"{fact.name} {fact.value}") for fact in facts.attested if fact.group in ("material", "origin")),
    )
