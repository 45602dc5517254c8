"""Categories of Shopify's open product taxonomy, with Google's names for them."""

from __future__ import annotations

import gzip
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from os.path import commonprefix

LIKE = 92
"""Least likeness (0 to 100) of a name to a leaf for it to be that category: 'Dog Treats' is, 'Treat toys' is not."""


@dataclass(frozen=True)
class Category:
    """A category: its id and path in Shopify's taxonomy, and Google's path ('' where the mapping has none)."""

    id: str
    path: str
    google: str = ""


@cache
def _table(name: str) -> dict[str, str]:
    text = gzip.decompress((files("knowledge.facts") / name).read_bytes()).decode()
    return dict(line.split("\t", 1) for line in text.splitlines())


@cache
def _names() -> dict[str, str]:
    listed: dict[str, str] = tomllib.loads((files("knowledge.facts") / "categories.toml").read_text("utf-8"))["names"]
    leaves: dict[str, list[str]] = {}
    for number, path in _table("taxonomy.tsv.gz").items():
        leaves.setdefault(path.rsplit(" > ", 1)[-1].lower(), []).append(number)
    single = {name: numbers[0] for name, numbers in leaves.items() if len(numbers) == 1}
    return {**single, **listed}


def category(number: str) -> Category | None:
    """A category by its id, or None."""
    path = _table("taxonomy.tsv.gz").get(number)
    return Category(number, path, _google(number)) if path else None


def _google(number: str) -> str:
    """Google's path for a category or the nearest one above it; where the mapping has neither, what Google's paths for
    the nearest family of categories have in common.
    """
    table, parts = _table("google_categories.tsv.gz"), number.split("-")
    above = ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]
    own = next((table[key] for key in above if key in table), "")
    families = ([path for key, path in table.items() if key.startswith(f"{one}-")] for one in above)
    near = next((family for family in families if family), [])
    shared = commonprefix([path.split(" > ") for path in near])
    return own or " > ".join(shared if len(near) > 1 else shared[:-1])


@cache
def find_category(name: str) -> Category | None:
    """The category a shop's own name means: an id, a path, or the name of a leaf. None where none is near enough."""
    from rapidfuzz import fuzz, process

    plain = name.strip()
    if not plain:
        return None
    by_path = {path: number for number, path in _table("taxonomy.tsv.gz").items()}
    known = category(plain) or category(by_path.get(plain, ""))
    if known:
        return known
    leaf = plain.rsplit(">", 1)[-1].strip().lower()
    number = _names().get(leaf)
    if number is None:
        near = process.extractOne(leaf, _names().keys(), scorer=fuzz.ratio, score_cutoff=LIKE)
        number = _names()[near[0]] if near else None
    return category(number) if number else None


@cache
def _kinds() -> dict[str, str]:
    table: dict[str, str] = tomllib.loads((files("knowledge.facts") / "categories.toml").read_text("utf-8"))["kinds"]
    return table


def kind_of(*names: str) -> str:
    """The kind of goods a product is, as rules on claims name it, by its category or else its type ('unisex T-shirt'):
    the longest end of a name that is a category's. '' where that is not known, so that any may be.
    """
    for name in names:
        words = name.lower().split()
        ends = (" ".join(words[n:]) for n in range(len(words)))
        found = next((known for end in ends if (known := find_category(end) or find_category(f"{end}s"))), None)
        parts = found.id.split("-") if found else []
        kinds = ("-".join(parts[:n]) for n in range(len(parts), 0, -1))
        kind = next((_kinds()[key] for key in kinds if key in _kinds()), "")
        if kind:
            return kind
    return ""
