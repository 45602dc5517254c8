"""The locales we serve, a file each: conventions that answers and listings follow."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Locale(BaseModel):
    """A served locale. `language` is the tag its texts carry (pt-BR, zh-CN: script and region matter there)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    locale: str
    language: str
    name: str
    market: str
    currency: str
    direction: Literal["ltr", "rtl"]
    source: str
    as_of: date
    countries: dict[str, list[str]]
    """ISO code (or EU) to the words that name it."""


@cache
def served_locales() -> dict[str, Locale]:
    """Every served locale by its language tag, in the order of the file names."""
    folder = files("knowledge.locales")
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    found = [Locale.model_validate(tomllib.loads(entry.read_text("utf-8"))) for entry in entries]
    return {locale.language: locale for locale in found}


def match_language(tag: str) -> str | None:
    """The served language nearest to a BCP 47 tag ('de_AT' → 'de', 'zh-TW' → 'zh-CN'), or None."""
    wanted = tag.replace("_", "-").lower()
    served = {language.lower(): language for language in served_locales()}
    bases = {language.split("-")[0]: name for language, name in served.items()}
    return served.get(wanted) or bases.get(wanted.split("-")[0])
