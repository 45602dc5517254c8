"""Where a claim is made: a country, the Union, a platform, and what each brings with it."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


class PlaceUnknown(ValueError):
    """There are no rules for a place; the text names those there are."""


@cache
def places() -> dict[str, Any]:
    """The places of `places.toml`: members of unions, other names, platforms, and categories with what they sell."""
    return tomllib.loads((files("knowledge.claims") / "places.toml").read_text("utf-8"))


@lru_cache(256)
def places_meant(jurisdiction: str) -> frozenset[str]:
    """Every place whose rules apply: 'DE' brings EU, 'US+amazon' a country and a platform. Raises PlaceUnknown."""
    named = [part for part in re.split(r"[\s,;+/]+", jurisdiction) if part]
    if not named:
        raise PlaceUnknown(f"No jurisdiction was named. There are: {', '.join(known_places())}.")
    return frozenset(place for name in named for place in _brings(name))


def known_places() -> list[str]:
    """Every name of a place, unions first."""
    table = places()
    members = [country for union in table["unions"].values() for country in union]
    return [*table["unions"], *sorted({*members, *table["countries"]}), *table["platforms"]]


def _brings(name: str) -> set[str]:
    table = places()
    place = table["other_names"].get(name.lower(), name)
    place = place if place in table["platforms"] else place.upper()
    if place not in known_places():
        known = ", ".join(known_places())
        raise PlaceUnknown(f"There are no claim rules for {name!r}; nothing was checked. There are: {known}.")
    return {place, *(union for union, members in table["unions"].items() if place in members)}


def scopes_of(category: str) -> frozenset[str] | None:
    """What kinds of goods a category holds, as rules name them; None where that is not known, so that any may be.
    Of a path ('Food > Beverages') the last part that is known counts.
    """
    known = _scopes()
    for part in reversed(category.lower().split(">")):
        name = re.sub(r"[\s\-/&]+", "_", part.strip())
        if name in known:
            return known[name]
    return None


@cache
def _scopes() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(entry["scopes"]) for entry in places()["categories"] for name in entry["names"]
    }  # fmt: skip
