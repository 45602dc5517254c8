"""How texts of a locale are to be: what is known of the locale, and what the shop asks for in styles.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from integrations.localization.encoded import FileBroken
from knowledge.locales import nearest_locale
from knowledge.localizing import nearest
from tools.localization.translator import Style

KEYS: Mapping[str, Any] = {"register": str, "notes": list, "length": (int, float)}


def read_styles(home: Path) -> Mapping[str, Any]:
    """What styles.toml of a home says by locale or language: `register` (du or Sie), `notes`, `length` (1.3: a third
    longer than the source). Nothing where there is no such file. Raises FileBroken.
    """
    path = home / "styles.toml"
    if not path.is_file():
        return {}
    try:
        held = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileBroken(f"{path} cannot be read as TOML: {error}") from error
    for tag, entry in held.items():
        wrong = (
            [key for key in entry if not isinstance(entry[key], KEYS.get(key, ()))]
            if isinstance(entry, dict)
            else [tag]
        )
        if wrong:
            raise FileBroken(f'{path} is wrong at {wrong[0]}: write like  [de-DE] register = "du", notes = ["..."].')
    return held


def style_of(locale: str, styles: Mapping[str, Any], voice: str = "") -> Style:
    """The style of a locale's texts: the shop's word goes before what is usual."""
    known, own = nearest_locale(locale), nearest(styles, locale) or {}
    usual = known.formality if known else ""
    notes = (known.culture.address, *known.notes) if known and not own.get("register") else known.notes if known else ()
    return Style(
        language=f"{known.name} ({locale})" if known else locale, register=own.get("register") or usual,
        notes=(*own.get("notes", ()), *notes), voice=voice,
        length=float(own.get("length") or (known.expansion.body if known else 0)),
    )  # fmt: skip
