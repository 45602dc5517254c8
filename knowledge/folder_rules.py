"""The file `sources.toml` in a folder of documents: what is true of its files, and of the pages of sitemaps."""

from __future__ import annotations

import fnmatch
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.documents import fault_of, read_header

RULES = "sources.toml"


class Rule(BaseModel):
    """An entry [[source]] of sources.toml: what is true of the files its pattern names. Later entries win."""

    model_config = ConfigDict(extra="forbid")

    path: str
    id: str | None = None
    title: str | None = None
    locale: str | None = None
    markets: list[str] | str | None = None
    audience: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    url: str | None = None

    def fits(self, name: str) -> bool:
        """Whether a file, by its path in the folder, is meant: 'de', 'de/' and 'de/*' are every file below 'de'."""
        pattern = self.path.replace("\\", "/").removeprefix("./").strip("/")
        return fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(name, f"{pattern}/*")

    def terms(self) -> dict[str, Any]:
        """What is said of the files."""
        return self.model_dump(exclude_none=True, exclude={"path"})


class Site(BaseModel):
    """An entry [[sitemap]] of sources.toml: pages to fetch, and what is true of them."""

    model_config = ConfigDict(extra="forbid")

    url: str
    allow: list[str] = []
    deny: list[str] = []
    locale: str | None = None
    markets: list[str] | str | None = None
    audience: str | None = None

    def terms(self) -> dict[str, Any]:
        """What is true of all its pages."""
        return self.model_dump(exclude_none=True, include={"locale", "markets", "audience"})


class Rules(BaseModel):
    """The file sources.toml."""

    model_config = ConfigDict(extra="forbid")

    source: list[Rule] = []
    sitemap: list[Site] = []


def read_rules(folder: Path) -> Rules:
    """The rules of a folder; none where there is no file of them. Raises ValueError in words."""
    path = folder / RULES
    if not path.exists():
        return Rules()
    try:
        rules = Rules.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
        entries: list[Rule | Site] = [*rules.source, *rules.sitemap]
        for entry in entries:
            _check(entry)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{RULES} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise ValueError(f"{RULES}, {fault_of(error)}") from error
    except OSError as error:
        raise ValueError(f"{RULES} cannot be read: {error.strerror}") from error
    return rules


def _check(entry: Rule | Site) -> None:
    try:
        read_header(entry.terms())
    except ValueError as error:
        where = entry.path if isinstance(entry, Rule) else entry.url
        raise ValueError(f"{RULES}, {where!r}: {str(error).removeprefix('front matter, ')}") from error
