"""A Listing is what stands in a channel's fields; a Draft is one with its findings and each claim's facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from knowledge.findings import Finding
from knowledge.marketplaces import Marketplace

Held = str | list[str] | Mapping[str, Any] | list[Any]
"""What a field holds: a text, a list of texts, or named values."""

META = frozenset({
    "product", "product_id", "marketplace", "locale", "facts", "counts", "id", "claims", "findings", "missing",
    "advice", "versions", "provenance", "on", "ok",
})  # fmt: skip
"""Keys of a record that are about the listing, not in it."""


@dataclass(frozen=True)
class Listing:
    """What stands in a channel's fields. `about` is what a file says of it: product, marketplace, locale."""

    fields: Mapping[str, Held]
    about: Mapping[str, Any] = field(default_factory=dict)

    def texts(self, name: str) -> Iterator[tuple[int, str]]:
        """The texts of a field with their place (-1 for a plain text)."""
        held = self.fields.get(name)
        if isinstance(held, str):
            yield -1, held
        elif isinstance(held, list):
            yield from ((place, entry) for place, entry in enumerate(held) if isinstance(entry, str))
        elif isinstance(held, Mapping) and isinstance(held.get("content"), str):
            yield -1, held["content"]


def listing_of(record: Mapping[str, Any], market: Marketplace) -> Listing:
    """A listing from a record of a file; a channel's own name of a field (item_name) is read as ours (title)."""
    held = record.get("fields") if isinstance(record.get("fields"), Mapping) else record
    own = {entry.api.split(" ")[0].lower(): entry.name for entry in market.entries if entry.api}
    own |= {other: name for other, name in OTHER_NAMES.items() if any(e.name == name for e in market.entries)}
    about = {name: value for name, value in record.items() if name in META}
    fields = {}
    for name, value in dict(held or {}).items():
        if str(name) not in META or held is not record:
            fields[own.get(str(name).lower(), str(name))] = value
    return Listing(fields, about)


def key_of(record: Mapping[str, Any]) -> str:
    """The id or SKU by which a listing says which product it is of; '' where it does not."""
    return str(record.get("product_id") or record.get("product") or record.get("sku") or record.get("seller_sku") or "")


OTHER_NAMES = {
    "gpsr": "gpsr_fields", "bullet_points": "bullets", "highlights": "item_highlights", "keywords": "search_terms",
    "name": "title", "product_name": "title", "body_html": "description_html",
}  # fmt: skip
"""Names people give a field; they count where the channel has the field we name."""


@dataclass(frozen=True)
class Claimed:
    """A sentence or value of a draft and the facts that bear it."""

    field: str
    item: int
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Missing:
    """A field the channel requires and no fact fills."""

    field: str
    why: str


@dataclass(frozen=True)
class Version:
    """An A/B variant: what it changes in the listing, and what is meant to differ."""

    name: str
    difference: str
    fields: Mapping[str, Held]


@dataclass(frozen=True)
class Draft:
    """A listing with its findings, each claim's facts, and what is missing. `written_by` is 'templates' or a model's
    name; `by_model` names the fields a model wrote.
    """

    product_id: str
    marketplace: str
    locale: str
    on: date
    fields: Mapping[str, Held]
    claims: tuple[Claimed, ...] = ()
    findings: tuple[Finding, ...] = ()
    advice: tuple[Finding, ...] = ()
    missing: tuple[Missing, ...] = ()
    versions: tuple[Version, ...] = ()
    written_by: str = "templates"
    by_model: tuple[str, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether a finding says not to publish it."""
        return any(finding.severity == "block" for finding in self.findings)

    @property
    def provenance(self) -> dict[str, Any]:
        """Who wrote it, as feeds and law ask for: text a model wrote is marked."""
        source = "trained_algorithmic_media" if self.by_model else "default"
        return {"written_by": self.written_by, "ai": bool(self.by_model), "ai_fields": list(self.by_model),
                "digital_source_type": source}  # fmt: skip

    def told(self) -> dict[str, Any]:
        """The draft as one JSON object."""
        return {
            "product_id": self.product_id, "marketplace": self.marketplace, "locale": self.locale,
            "on": self.on.isoformat(), "fields": dict(self.fields),
            "findings": [asdict(finding) for finding in self.findings],
            "advice": [asdict(finding) for finding in self.advice],
            "claims": [asdict(claim) for claim in self.claims],
            "missing": [asdict(entry) for entry in self.missing],
            "versions": [{**asdict(version), "fields": dict(version.fields)} for version in self.versions],
            "provenance": self.provenance,
        }  # fmt: skip
