"""The values of facts as a language writes them: figures with their units, texts whole in translation or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from knowledge.facts import TEXTS, Facts
from knowledge.facts.values import said
from knowledge.notation import Notation

_SUFFIXES = {
    "_g": "mass-gram", "_kg": "mass-kilogram", "_mm": "length-millimeter", "_cm": "length-centimeter",
    "_m": "length-meter", "_ml": "volume-milliliter", "_w": "power-watt", "_h": "duration-hour",
    "_days": "duration-day", "_months": "duration-month", "_years": "duration-year", "_c": "temperature-celsius",
    "_m2": "area-square-meter",
}  # fmt: skip
_PLAIN = {"_mah": "mAh", "_db": "dB", "_lm": "lm"}


class Values:
    """One product's values in one language, by the customs of a locale. `words` are the language's own."""

    def __init__(self, facts: Facts, language: str, locale: str, words: Mapping[str, Any]) -> None:
        self._facts = facts
        self._words = words
        self._language = language
        self._notation = Notation(language, locale)
        self._customary = locale.upper().endswith("-US")

    def told(self, name: str) -> str:
        """A fact's value as this language writes it; '' for one that has no translation or is none."""
        fact = self._facts.get(name)
        value = fact.value if fact else None
        if fact and name in TEXTS and self._language != fact.language:
            return self._translated(name, value) if fact.language == "en" else ""
        if name == "origin":
            return self._notation.country(str(value)) if isinstance(value, str) and len(value) == 2 else ""
        if isinstance(value, list):
            return self._several(name, value)
        if isinstance(value, bool) or value is None:
            return ""
        if isinstance(value, int | float):
            return self._measure(name, value)
        text = _without_denials(str(value))
        return _small(text) if name == "care" and self._language == "en" else text

    def _translated(self, name: str, value: Any) -> str:
        """An English text in another language, whole or not at all."""
        if name in ("material", "care"):
            return said(name, str(value or ""), self._language)
        if name == "in_the_box" and isinstance(value, list):
            things = [said(name, str(part), self._language) for part in value]
            return str(self._words["between"]).join(things) if all(things) else ""
        return ""

    def _several(self, name: str, value: list[Any]) -> str:
        if all(isinstance(part, int | float) for part in value):
            return self._dimensions(value) if name == "dimensions_mm" else ""
        if name == "plug_types" or name in TEXTS:
            if name == "warnings":
                return "; ".join(str(part).rstrip(".") for part in value)
            small = name == "in_the_box" and self._language == "en"  # a German noun keeps its capital
            return ", ".join(_small(str(part)) if small else str(part) for part in value)
        return ""

    def _dimensions(self, sides: list[float]) -> str:
        if self._customary:
            inches = [Decimal(str(side)) / Decimal("25.4") for side in sides]
            return " x ".join(self._number(side.quantize(Decimal("0.1"), ROUND_HALF_EVEN)) for side in inches) + " in"
        return f"{' x '.join(self._number(Decimal(str(side)) / 10) for side in sides)} {self._words.get('cm', 'cm')}"

    def _number(self, value: Decimal) -> str:
        whole = value.normalize()
        return self._notation.number(float(whole) if whole % 1 else int(whole))

    def _measure(self, name: str, value: float) -> str:
        """A figure with its unit; scripts without spaces set none before their own signs, and count ages their way."""
        own = self._words.get("figures", {}).get(name)
        text = own.format(value=self._notation.number(value)) if own else self._with_unit(name, value)
        return text if self._words["space"] else re.sub(r"(?<=\d)\s(?=[\u3040-\u30ff\u3400-\u9fff])", "", text)

    def _with_unit(self, name: str, value: float) -> str:
        if name == "weight_g" and self._customary:
            unit, size = ("oz", Decimal("28.349523125")) if value < 1000 else ("lb", Decimal("453.59237"))
            held = (Decimal(str(value)) / size).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
            return f"{self._number(held)} {unit}" if held >= 1 else f"{value:g} g"
        if name == "weight_g" and value >= 1000 and value % 100 == 0:
            return self._notation.unit(value / 1000, "mass-kilogram")
        if name in ("capacity_ml", "volume_ml") and value >= 1000:
            return self._notation.unit(value / 1000 if value % 1000 else int(value // 1000), "volume-liter")
        if name.endswith("_percent"):
            apart = "" if self._language in ("en", "ja", "zh-CN", "pt-BR", "id") else " "
            return f"{self._notation.number(value)}{apart}%"
        suffix = max((s for s in (*_SUFFIXES, *_PLAIN) if name.endswith(s)), key=len, default="")
        if suffix in _PLAIN:
            return f"{self._notation.number(value)} {_PLAIN[suffix]}"
        return self._notation.unit(value, _SUFFIXES[suffix]) if suffix else self._notation.number(value)


def _without_denials(text: str) -> str:
    """A text without remarks on what is not claimed: they are for the shop."""
    return re.sub(r"\s*\([^()]*\bnot?\b[^()]*\)", "", text)


def _small(text: str) -> str:
    """A thing inside a sentence: 'Steel bowl' is 'steel bowl', USB-C and T-shirt stay."""
    return text[0].lower() + text[1:] if re.match(r"[A-Z][a-z]", text) else text
