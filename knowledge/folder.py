"""A folder of documents as sources: Markdown and everything the converters read, with what `sources.toml` adds."""

from __future__ import annotations

import fnmatch
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.converters.convert import CONVERTERS, MOST_BYTES, convert
from knowledge.documents import Header, Passage, cut_document, read_header, split_header
from knowledge.sources import Source, digest_of

TEXTS = {".md", ".markdown", ".txt"}
"""Read as they are; what they say of themselves stands in front matter."""

STATED = {*TEXTS, ".csv", ".tsv"}
"""Files whose own words about themselves outweigh the rules; a saved page or a PDF only gives hints."""

RULES = "sources.toml"

READER = "3"
"""Raised whenever the same file would be read otherwise, so that it is read again."""


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
        """Whether a file, by its path in the folder, is meant: 'de/*' is every file below 'de'."""
        return fnmatch.fnmatchcase(name, self.path)


class Site(BaseModel):
    """An entry [[sitemap]] of sources.toml: pages to fetch, and what is true of them."""

    model_config = ConfigDict(extra="forbid")

    url: str
    allow: list[str] = []
    deny: list[str] = []
    locale: str | None = None
    markets: list[str] | str | None = None
    audience: str | None = None


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
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ValueError(f"{RULES}, {where}: {fault['msg']}") from error
    return rules


def _check(entry: Rule | Site) -> None:
    try:
        read_header(_terms(entry))
    except ValueError as error:
        where = entry.path if isinstance(entry, Rule) else entry.url
        raise ValueError(f"{RULES}, {where!r}: {str(error).removeprefix('front matter, ')}") from error


def _terms(rule: Rule | Site) -> dict[str, Any]:
    terms = rule.model_dump(exclude_none=True)
    if isinstance(rule, Site):
        return {name: terms[name] for name in ("locale", "markets", "audience") if name in terms}
    return {name: value for name, value in terms.items() if name != "path"}


def folder_sources(folder: Path, prefix: str = "") -> Iterator[Source]:
    """Every file under a folder, named by its path there after a prefix. Hidden ones and the rules are passed over.

    Raises FileNotFoundError where there is no such folder, ValueError where its rules cannot be read.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"no such folder: {folder}")
    rules = read_rules(folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.as_posix() != RULES and not any(part.startswith(".") for part in name.parts):
            terms: dict[str, Any] = {}
            for rule in rules.source:
                if rule.fits(name.as_posix()):
                    terms |= _terms(rule)
            yield file_source((Path(prefix) / name).as_posix(), path, terms)


def site_terms(site: Site) -> dict[str, Any]:
    """What is true of all pages of a sitemap."""
    return _terms(site)


def file_source(name: str, path: Path, terms: Mapping[str, Any], hints: Mapping[str, Any] | None = None) -> Source:
    """A file as a source. `terms` are the rules' words about it, `hints` what is known where neither speaks."""
    try:
        digest = digest_of(READER, name, repr(sorted(terms.items())), repr(hints), _bytes(path))
    except (OSError, ValueError) as error:
        return Source(name, "", _fault(error))
    return Source(name, digest, lambda: read_file(name, path, terms, hints or {}))


def _fault(error: Exception) -> Any:
    def read() -> list[Passage]:
        raise error

    return read


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES:,} bytes")
    return path.read_bytes()


def read_file(name: str, path: Path, terms: Mapping[str, Any], hints: Mapping[str, Any]) -> list[Passage]:
    """One file as passages. Raises ValueError that says what is wrong with it."""
    suffix = path.suffix.lower()
    if suffix not in TEXTS and suffix not in CONVERTERS:
        raise ValueError(f"not a kind of document we read ({', '.join(sorted({*TEXTS, *CONVERTERS}))})")
    data = _bytes(path)
    parts = [split_header(_text(data))] if suffix in TEXTS else [(c.header, c.body) for c in convert(path.name, data)]
    stem = name[: -len(path.suffix)]
    passages: list[Passage] = []
    for number, (own, body) in enumerate(parts, 1):
        named = stem if len(parts) == 1 else f"{stem}-{number}"
        passages += cut_document(_header(own, terms, hints, suffix in STATED), body, named)
    if not passages:
        raise ValueError("there is nothing in it but headings")
    return _numbered(passages) if len(parts) > 1 else passages


def _numbered(passages: list[Passage]) -> list[Passage]:
    """Passages of a table whose rows may share an id: numbered on, as one document."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    numbered = []
    for passage in passages:
        own = (passage.document, passage.locale)
        numbered.append(replace(passage, number=counts[own]))
        counts[own] += 1
    return numbered


def _header(own: Mapping[str, Any], terms: Mapping[str, Any], hints: Mapping[str, Any], stated: bool) -> Header:
    said = {name: value for name, value in own.items() if value not in (None, "", [])}
    return read_header({**hints, **terms, **said} if stated else {**hints, **said, **terms})


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from error
    if "\x00" in text:
        raise ValueError("binary, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")
