"""Columns as people head them: 'Gewicht (kg)', 'Item No.', 'WEIGHT'; figures are brought to the unit of their fact."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from knowledge.facts import aliases, figure_headings

SIZES: dict[str, dict[str, float]] = {
    "mass": {"g": 1, "gr": 1, "gramm": 1, "grams": 1, "kg": 1000, "lb": 453.59237, "lbs": 453.59237, "oz": 28.3495231},
    "length": {"mm": 1, "cm": 10, "m": 1000, "in": 25.4, "inch": 25.4, "inches": 25.4, "zoll": 25.4},
    "volume": {"ml": 1, "cl": 10, "l": 1000, "liter": 1000, "litre": 1000, "litres": 1000, "fl oz": 29.5735296},
    "power": {"w": 1, "watt": 1, "watts": 1, "kw": 1000},
    "time": {
        **dict.fromkeys(("month", "months", "monate", "mois", "meses", "bulan"), 1),
        **dict.fromkeys(("year", "years", "jahre", "ans", "años", "anos", "tahun"), 12),
    },
}
"""Units of columns, each in the unit its fact is in: g, mm, ml, W, months."""
KINDS = {
    "weight_g": "mass", "dimensions_mm": "length", "capacity_ml": "volume", "power_w": "power",
    "warranty_months": "time", "cable_length_cm": "length",
}  # fmt: skip
_OWN = {"mass": "g", "length": "mm", "volume": "ml", "power": "w", "time": "months"}
"""The unit a fact's own heading stands for, where the cell names none."""
_UNIT = re.compile(
    r"(?P<name>.*?)\s*(?:[(\[]\s*(?:in )?(?P<unit>[^()\[\]]+?)\s*[)\]]|,\s*(?P<bare>\w+)|\bin (?P<told>\w+))"
)
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
"""A figure with its thousands apart: 1 150. Between sides a blank may stand alone, and parts them then."""
_BETWEEN = re.compile(r"[x×*]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_NO_MEASURE = re.compile(r"\D*|\s*[-−]\s*\d.*|.*\d[eE][+-]?\d.*", re.DOTALL)
"""No figure at all, one below zero, or one that a spreadsheet cut short: 1E+09."""
UNREAD = "{} (no measure)"
"""What a cell's fact is called that should be a measure and is none: it is shown, and bears no figure."""


def read_column(heading: str, value: Any) -> tuple[str, Any]:
    """The fact a column holds, and its value in the fact's unit. A column that is no known fact keeps its heading; so
    does one whose unit is not known, for a figure is never guessed. A cell that is no measure attests none.
    """
    fact, told = _column(heading, value)
    is_held = fact in KINDS and value not in ("", None, [], {})
    return (UNREAD.format(fact), value) if is_held and _NO_MEASURE.fullmatch(str(value)) else (fact, told)


def _column(heading: str, value: Any) -> tuple[str, Any]:
    plain = _plain(heading)
    known = _names().get(plain)
    if known:
        figures = _measured(known, value, _OWN[KINDS[known]]) if known in KINDS and _is_plain(value) else None
        return known, value if figures is None else figures
    split = _UNIT.fullmatch(plain)
    name, unit = (split["name"], split["unit"] or split["bare"] or split["told"]) if split else (plain, "")
    if plain.endswith("_l"):  # a figure in litres, which no fact of ours is in
        name, unit = plain[:-2], "l"
    fact = _figures().get(name)
    if not fact:
        return _names().get(name, heading.strip()) if split else heading.strip(), value
    told = _measured(fact, value, unit)
    return (heading.strip(), value) if told is None else (fact, told)


def _measured(fact: str, value: Any, unit: str | None) -> Any:
    """A cell's figures in a fact's unit; None where no unit is told."""
    sizes = SIZES[KINDS[fact]]
    text = str(value).strip().lower()
    if fact != "dimensions_mm" or _BETWEEN.search(text):
        text = _THOUSANDS.sub(lambda figure: re.sub(r"\s", "", figure.group()), text)
    own = re.search(rf"(?<![^\W\d])(?:{'|'.join(sorted(sizes, key=len, reverse=True))})\.?$", text)
    size = sizes.get(own.group().rstrip(".") if own else unit or "")
    figures = [_number(figure, size or 1) for figure in _FIGURE.findall(text)]
    if size is None or not figures or re.search(r"[^\W\d_]{4,}", text[: own.start()] if own else text):
        return None
    part = size / 10 if fact == "cable_length_cm" else size
    held = [_round(figure * part) for figure in figures]
    return held if fact == "dimensions_mm" else held[0] if len(held) == 1 else None


def _is_plain(value: Any) -> bool:
    """Whether a cell is figures as people write them ('300 x 240 mm', '1.250,5'), and neither a number nor a list."""
    return isinstance(value, str) and value.strip()[:1] not in ("[", "{") and "|" not in value


def _number(text: str, size: float) -> float:
    """A figure of a cell: 1.25, 1,25, 1.250,5 or 1,250.5; three digits behind a lone mark are thousands of a small
    unit (1.250 g), and decimals of a large one (1.250 kg).
    """
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return float(text)
    whole, part = re.sub(r"[.,]", "", text[:last]), text[last + 1 :]
    alone = not re.search(r"[.,]", text[:last])
    grouped = alone and len(part) == 3 and whole != "0" and size < 1000
    return float(whole + part) if grouped else float(f"{whole}.{part}")


def _round(value: float) -> float | int:
    near = round(value, 1)
    return int(near) if near == int(near) else near


def _plain(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold().strip(" *:#\ufeff")
    return re.sub(r"\s+", " ", text.replace("_", " ") if " " in text or not text.isascii() else text).rstrip(".")


@cache
def _names() -> Mapping[str, str]:
    return {other.casefold().rstrip("."): name for name, others in aliases().items() for other in (name, *others)
            if name == other or not other.endswith(("_cm", "_kg", "_l")) and other != "size"}  # fmt: skip


@cache
def _figures() -> Mapping[str, str]:
    return {other.casefold(): name for name, others in figure_headings().items() for other in others}
