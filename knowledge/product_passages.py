"""A product becomes passages by what can be asked of it, not one blob: what it is, each group of its facts, its
certificates and warnings, its variants, and each question the merchant has answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from knowledge.commerce import Product
from knowledge.documents import Passage
from knowledge.sections import PASSAGE_TOKENS, count_tokens
from knowledge.sources import Source, digest_of

GROUPS = {
    "Material and size": (
        "material", "ingredients", "scent", "food_types", "weight_g", "dimensions_mm", "capacity_ml", "volume_ml",
        "recycled_percent", "organic_percent", "fit", "max_load_kg", "origin",
    ),
    "Power and connection": (
        "wifi", "bluetooth", "app_required", "works_offline", "matter_compatible", "alexa_compatible",
        "google_home_compatible", "compatible_with", "plug_types", "power_w", "battery_mah", "battery_life_h",
        "battery_life_days", "charging_time_h", "rechargeable", "battery_included", "cable_length_cm", "range_m",
        "noise_db", "brightness_lm", "coverage_m2",
    ),
    "Use and care": (
        "care", "machine_washable", "wash_temp_c", "tumble_dry", "removable_cover", "dishwasher_safe",
        "microwave_safe", "waterproof", "ip_rating", "vegan", "fragrance_free", "suitable_for", "age_min_years",
        "pet_weight_min_kg", "pet_weight_max_kg", "shelf_life_months", "open_shelf_life_months", "warranty_months",
        "subscription_available",
    ),
}  # fmt: skip
"""Which facts stand together in one passage; facts named nowhere here follow in 'More facts'."""

UNITS = {
    "g": "g", "mm": "mm", "ml": "ml", "w": "W", "mah": "mAh", "h": "hours", "days": "days", "cm": "cm", "db": "dB",
    "c": "°C", "months": "months", "percent": "%", "kg": "kg", "m": "m", "lm": "lm", "years": "years", "m2": "m²",
}  # fmt: skip
"""The unit a fact's name ends in, as it is written."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNWORDED = {"age_min_years": ("minimum age", "years"), "wash_temp_c": ("wash temperature", "°C")}


def fact_label(name: str) -> tuple[str, str]:
    """A fact's name as words, and its unit ('' for none): 'battery_life_h' → ('battery life', 'hours')."""
    if name in _UNWORDED:
        return _UNWORDED[name]
    words = _CAMEL.sub("_", name).lower().split("_")
    unit = UNITS.get(words[-1], "") if len(words) > 1 else ""
    return " ".join(words[:-1] if unit else words), unit


def fact_text(name: str, value: Any) -> str:
    """One fact in English: 'weight: 1450 g', 'wifi: no', 'dimensions: 190 x 190 x 315 mm'."""
    label, unit = fact_label(name)
    if isinstance(value, bool):
        shown = "yes" if value else "no"
    elif isinstance(value, list):
        separator = " x " if all(isinstance(part, int | float) for part in value) else ", "
        shown = separator.join(str(part) for part in value)
    else:
        shown = str(value)
    return f"{label}: {shown}{' ' + unit if unit else ''}"


READER = "1"
"""Raised whenever the same product would become other passages."""


def product_source(product: Product) -> Source:
    """A product as a source; the day counts where certificates may expire on it."""
    day = date.today().isoformat() if product.certificates else ""  # noqa: DTZ011
    digest = digest_of(READER, day, product.model_dump_json())
    return Source(f"product {product.product_id}", digest, lambda: product_passages(product))


def product_passages(product: Product) -> list[Passage]:
    """Every passage of a product; each names the product, so that it can be understood alone."""
    pieces = [*_overviews(product), *_fact_groups(product), *_lists(product)]
    return [
        Passage(
            document=product.product_id, title=title, text=text, locale=locale, heading=(heading,), end=len(text),
            kind="product", product_id=product.product_id, number=number, url=f"/products/{product.product_id}",
        )
        for number, locale, title, heading, text in _numbered(pieces)
    ]  # fmt: skip


Piece = tuple[str, str, str, str]
"""Locale, title, heading, text."""


def _numbered(pieces: list[Piece]) -> Iterator[tuple[int, str, str, str, str]]:
    """Overviews in all locales are one piece (number 0) of one document; every other piece stands alone."""
    number = 0
    for locale, title, heading, text in pieces:
        number += heading != "Overview"
        yield number if heading != "Overview" else 0, locale, title, heading, text


def _overviews(product: Product) -> Iterator[Piece]:
    about = ". ".join(part for part in (product.category, ", ".join(product.keywords)) if part)
    text = "\n".join(part for part in (product.summary, about, product.family) if part) or product.name
    yield "en", product.name, "Overview", text
    for locale in product.names:
        yield locale, product.names[locale], "Overview", product.summary_in(locale) or product.name


def _fact_groups(product: Product) -> Iterator[Piece]:
    facts = {**product.facts, **{k: v for k, v in product.attributes.items() if _plain(v)}}
    grouped = {name for group in GROUPS.values() for name in group}
    groups = {**GROUPS, "More facts": tuple(name for name in facts if name not in grouped)}
    for heading, names in groups.items():
        lines = [fact_text(name, facts[name]) for name in names if name in facts]
        for text in _filled(lines):
            yield "en", product.name, heading, text


def _plain(value: Any) -> bool:
    """Whether a merchant's attribute reads as a fact: text, number, flag or a list of these."""
    if isinstance(value, list):
        return all(isinstance(part, str | int | float) for part in value)
    return isinstance(value, str | int | float) and str(value) != ""


def _lists(product: Product) -> Iterator[Piece]:
    name = product.name
    if product.in_the_box:
        yield "en", name, "In the box", ", ".join(product.in_the_box)
    if product.warnings:
        yield "en", name, "Warnings", " ".join(product.warnings)
    if product.certificates:
        today = date.today()  # noqa: DTZ011
        yield "en", name, "Certificates", "\n".join(_certificate(c, today) for c in product.certificates)
    for text in _filled([_variant(product, i) for i in range(len(product.variants))]):
        yield "en", name, "Variants", text
    for question in product.faq:
        yield "en", name, question.q, question.a


def _certificate(certificate: Any, today: date) -> str:
    until = certificate.valid_until
    state = "" if not until else f", valid until {until}" if until >= today else f", expired on {until}"
    return f"{certificate.name}: number {certificate.number}, {certificate.issuer}{state}"


def _variant(product: Product, position: int) -> str:
    variant = product.variants[position]
    options = ", ".join(f"{key} {value}" for key, value in variant.options.items())
    return f"{options or 'one version'} (SKU {variant.sku})"


def _filled(lines: list[str]) -> Iterator[str]:
    """Lines joined into texts that fit a passage."""
    text = ""
    for line in lines:
        if text and count_tokens(text) + count_tokens(line) > PASSAGE_TOKENS:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line
    if text:
        yield text
