"""Cells as facts: figures with their unit, measures, yes and no; all else stays the text it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from integrations.shops.sheets import plain
from knowledge.facts.headings import KINDS, read_column
from knowledge.product_passages import UNITS

TO_OURS = {
    "weight": ("weight_g", {"g": 1, "kg": 1000, "": 1}),
    "dimensions": ("dimensions_mm", {"mm": 1, "cm": 10, "m": 1000, "": 0}),
}
"""Facts we keep in one unit: its name, and how much of it each other unit is; 0 where a bare figure says nothing."""

YES_NO = dict.fromkeys(
    ("yes", "y", "ja", "oui", "si", "sim", "true", "ya", "はい", "是", "نعم", "✓", "✔"), True
) | dict.fromkeys(("no", "n", "nein", "non", "nao", "false", "tidak", "いいえ", "否", "لا", "✗", "✘"), False)
"""Cells that say yes or no, as `plain` makes them or as they are."""

_UNIT = re.compile(r"[(\[]\s*([a-zA-Z%]{1,6})\s*[)\]]")
_FIGURE = r"\d+(?:[.,]\d+)?"
_MEASURED = re.compile(rf"\s*({_FIGURE}(?:\s*[x×*]\s*{_FIGURE}){{0,2}})\s*([a-zA-Z]{{0,3}})\s*")


def facts_of(row: Mapping[str, str], known: Mapping[str, str]) -> dict[str, Any]:
    """A row's cells as facts. `known` says which column holds a fact we have a name for."""
    ours = {heading: name for name, heading in known.items()}
    return dict(_known(ours[heading], heading, cell) if heading in ours else _own(heading, cell)
                for heading, cell in row.items())  # fmt: skip


def _own(heading: str, cell: str) -> tuple[str, Any]:
    """A cell of a column that listings know (`read_column`), else a fact of the merchant's own."""
    name, value = read_column(heading, cell)
    return (name, value) if name in KINDS else fact_of(fact_name(heading), cell)


def _known(name: str, heading: str, cell: str) -> tuple[str, Any]:
    """A fact under our name for it, in our unit, where its unit is stated."""
    if name not in TO_OURS:
        return name, YES_NO.get(plain(cell) or cell, cell)
    whole, factors = TO_OURS[name]
    said, measured = _UNIT.search(heading), _MEASURED.fullmatch(cell)
    unit = ((measured and measured[2]) or (said and said[1]) or "").lower()
    if not measured or not factors.get(unit):
        return name, cell
    figures = [_rounded(_figure(part) * factors[unit]) for part in re.findall(_FIGURE, measured[1])]
    return whole, figures if len(figures) > 1 or name == "dimensions" else figures[0]


def fact_of(name: str, cell: str) -> tuple[str, Any]:
    """A fact with its value: a figure where its name ends in a unit, yes or no, else the text."""
    said = YES_NO.get(plain(cell) or cell)
    if said is not None:
        return name, said
    measured = _MEASURED.fullmatch(cell)
    if name.rpartition("_")[2] in UNITS and measured and not measured[2]:
        figures = [_rounded(_figure(part)) for part in re.findall(_FIGURE, measured[1])]
        return name, figures if len(figures) > 1 else figures[0]
    return name, cell


def fact_name(heading: str) -> str:
    """A heading as the name of a fact, its letters as they are and its unit last: 'Größe (cm)' → 'größe_cm'."""
    unit = _UNIT.search(heading)
    words = re.sub(r"[(\[].*?[)\]]", " ", heading).casefold().replace("_", " ").strip(" :*#.").split()
    return "_".join([*words, *([plain(unit[1])] if unit else [])]) or heading


def _figure(text: str) -> float:
    return float(text.replace(",", "."))


def _rounded(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 4)
