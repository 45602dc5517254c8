"""Values of facts in other languages than the shop's English: materials, care, colours, part by part."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_PART = re.compile(
    r"(?:(?P<lead>[a-z][a-z ]*?)\s+)?(?P<share>\d+(?:\.\d+)?\s?%)?\s*(?:of\s+)?(?P<name>[^\d(][^(]*?(?:\s304)?)"
    r"(?P<size>\s\d+(?:\.\d+)?\s?(?:g/m²|mm|cm))?(?:\s\([^)]*\))?"
)
"""A part of a material: maybe where it is, its share, what it is, its weight or thickness; remarks in brackets."""


def said(kind: str, text: str, language: str) -> str:
    """A material, care, color or a thing in the box in a language; '' where a part of it has no words there."""
    if language == "en" or not text:
        return text
    if language not in _table()["languages"]:
        return ""
    if kind == "in_the_box":
        return _thing(text, language)
    read = {"material": _material, "care": _care}.get(kind, _word)
    return _together([read(part.strip(), language) for part in re.split(r"[,;]\s+", text) if part.strip()], language)


def _material(text: str, language: str) -> str:
    both = text.split(" and ")
    if len(both) > 1:
        return _together(
            [_material(part, language) for part in both] if _is_plain(both[-1], language) else [""], language
        )
    found = _PART.fullmatch(text[:1].lower() + text[1:])
    if not found:
        return ""
    place, share, size = found["lead"] or "", found["share"] or "", (found["size"] or "").replace(".", _point(language))
    if not share:
        told = _made(f"{place} {found['name']}".strip().lower(), language)
        return told and told + size
    told, where = _made(found["name"].lower(), language), _look("part", place.lower(), language)
    if not told or (place and not where):
        return ""
    gap = "" if language in ("ja", "zh-CN") else " "
    return (f"{where}: " if where else "") + f"{_share(share, language)}{gap}{told}{size}"


def _together(parts: list[str], language: str) -> str:
    return {"ja": "、", "zh-CN": "、", "ar": "، "}.get(language, ", ").join(parts) if parts and all(parts) else ""


def _is_plain(text: str, language: str) -> bool:
    """Whether a text is a material, and no part made of one: 'ABS and brass nut' says nothing of what ABS is."""
    return bool(_look("material", re.sub(r"^.*%\s", "", text).lower(), language))


def _made(name: str, language: str) -> str:
    """'cotton', or 'steel bowl': a part made of a material."""
    whole = _look("material", name, language)
    material, _, part = name.rpartition(" ")
    first, _, rest = name.partition(" ")
    for of, what in ((material, part), (rest, first)):
        if not whole and _look("material", of, language) and _look("part", what, language):
            pattern = _table()["made_of"]["pattern"][_table()["languages"].index(language)]
            return str(pattern.format(part=_look("part", what, language), material=_look("material", of, language)))
    return whole


def _care(text: str, language: str) -> str:
    figure = re.search(r"\d+", text)
    told = _look("care", re.sub(r"\d+", "{n}", text.lower()), language)
    return told.replace("{n}", figure.group()) if figure else told


_THING = re.compile(r"(?:(?P<count>\d+)\s)?(?P<name>[^\d(].*?)(?:\s(?P<size>\d+(?:\.\d+)?\s(?:mm|cm|m|g|ml)))?")


def _thing(text: str, language: str) -> str:
    """A thing in the box: how many, what, how long or heavy: '2 carabiners', 'USB-C cable 1.5 m'."""
    found = _THING.fullmatch(text.strip())
    told = _look("box", found["name"].lower(), language) if found else ""
    if not found or not told:
        return ""
    size = f" {found['size'].replace('.', _point(language))}" if found["size"] else ""
    if not found["count"]:
        return f"{told}{size}"
    return f"{told}{size}×{found['count']}" if language in ("ja", "zh-CN", "ar") else f"{found['count']} × {told}{size}"


def _word(text: str, language: str) -> str:
    return _look("color", text.lower(), language)


def _share(written: str, language: str) -> str:
    figure = re.sub(r"\s?%", "", written).replace(".", _point(language))
    return f"{figure} %" if language in ("de", "fr", "es") else f"{figure}%"


def _point(language: str) -> str:
    return "," if language in ("de", "fr", "es", "pt-BR", "id") else "."


def _look(kind: str, word: str, language: str) -> str:
    held = _table()[kind].get(word)
    return str(held[_table()["languages"].index(language)]) if held else ""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("knowledge.facts") / "values.toml").read_text("utf-8"))
