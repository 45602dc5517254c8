"""Documents become passages: pieces small enough to cite, whole enough to be understood alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from knowledge.countries import countries_in
from knowledge.language import detect_language
from knowledge.locales import match_language
from knowledge.markets import EU
from knowledge.sections import pieces, sections

SUFFIXES = {".md", ".markdown", ".txt"}
"""Files read as documents."""

MAX_DOCUMENT = 5_000_000
"""Bytes; a larger file is not a document but a mistake."""


class DocumentProblem(BaseModel):
    """A file that could not be read as a document, and why."""

    path: str
    problem: str


class Header(BaseModel):
    """Front matter of a document (DESIGN 10). Unknown keys are kept out of the way, not refused."""

    model_config = ConfigDict(extra="ignore")

    id: str = ""
    title: str = ""
    locale: str = ""
    markets: list[str] = []
    audience: str = "shopper"
    valid_from: date | None = None
    valid_until: date | None = None
    url: str = ""

    @field_validator("markets", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> list[str]:
        values = value if isinstance(value, list) else [value] if value is not None else []
        # YAML reads Norway's code as the word no
        codes = ["NO" if market is False else market for market in values]
        if not all(isinstance(code, str) for code in codes):
            raise ValueError("a list of ISO country codes, or EU")
        return [str(code).upper() for code in codes]

    @field_validator("audience", mode="before")
    @classmethod
    def _widest(cls, value: Any) -> str:
        values = value if isinstance(value, list) else [value or "shopper"]
        if not all(entry in ("shopper", "operator", "marketer") for entry in values):
            raise ValueError("shopper or operator")
        return "shopper" if "shopper" in values else "operator"

    @field_validator("id", "title", "locale", "url", mode="before")
    @classmethod
    def _text(cls, value: Any) -> str:
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Passage:
    """A citable piece of a document.

    `start` and `end` are character offsets into the document's body, `heading` the path of headings above it,
    `markets` ISO codes (empty: everywhere), `about` the countries its heading names, `kind` policy or product.
    """

    document: str
    title: str
    text: str
    locale: str
    heading: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    markets: tuple[str, ...] = ()
    audience: str = "shopper"
    valid_from: date | None = None
    valid_until: date | None = None
    url: str = ""
    kind: str = "policy"
    product_id: str = ""
    about: tuple[str, ...] = ()
    number: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """Stable while the passage is: document, locale, place and a hash of all it says, its terms included."""
        said = repr([value for name, value in vars(self).items() if name != "number"])
        digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]
        return f"{self.document}@{self.locale}#{self.number}-{digest}"

    @property
    def searchable(self) -> str:
        """What is embedded and indexed: the passage under its headings, so that neither is lost."""
        above = " – ".join(dict.fromkeys((self.title, *self.heading)))
        return f"{above}\n{self.text}" if above else self.text


def read_folder(folder: Path) -> tuple[list[Passage], list[DocumentProblem]]:
    """Every document under a folder as passages, and the files that could not be read.

    Raises FileNotFoundError where the folder does not exist.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"no such folder: {folder}")
    passages: list[Passage] = []
    problems: list[DocumentProblem] = []
    seen: dict[tuple[str, str], str] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            read = read_document(path, folder)
            own = (read[0].document, read[0].locale)
            if own in seen:
                raise ValueError(f"the same id and locale as {seen[own]}")
            seen[own] = str(path.relative_to(folder))
            passages += read
        except (ValueError, OSError) as error:
            problems.append(DocumentProblem(path=str(path.relative_to(folder)), problem=str(error)))
    return passages, problems


def read_document(path: Path, folder: Path) -> list[Passage]:
    """One file as passages. Raises ValueError that says what is wrong with the file."""
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"not a kind of document we read ({', '.join(sorted(SUFFIXES))})")
    if path.stat().st_size > MAX_DOCUMENT:
        raise ValueError(f"larger than {MAX_DOCUMENT:,} bytes")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from error
    if "\x00" in text:
        raise ValueError("binary, not text")
    header, body = _split_header(text)
    passages = list(_passages(header, body, path.relative_to(folder).with_suffix("").as_posix()))
    if not passages:
        raise ValueError("there is nothing in it but headings")
    return passages


def _split_header(text: str) -> tuple[Header, str]:
    try:
        post = frontmatter.loads(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise ValueError(f"the front matter is not valid YAML{line}: check colons, quotes and indents") from error
    except (ValueError, TypeError) as error:
        raise ValueError(f"the front matter cannot be read: {error}") from error
    if text.startswith("---\n") and not post.metadata:
        raise ValueError("the front matter is not closed by a line '---', or is not a list of 'name: value'")
    try:
        return Header.model_validate(post.metadata), post.content
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"front matter, {where}: {first['msg']}") from error


def _passages(header: Header, body: str, stem: str) -> Iterator[Passage]:
    locale = header.locale and (match_language(header.locale) or header.locale)
    if not locale:
        locale = detect_language(body[:2000]).language or "en"
    found = list(sections(body))
    title = header.title or next((section.headings[0] for section in found if section.headings), stem)
    number = 0
    for section in found:
        for start, end in pieces(section, body):
            headings = tuple(heading for heading in section.headings if heading != title)
            yield Passage(
                document=header.id or stem, title=title, text=section.text(body, start, end), locale=locale,
                heading=headings, start=start, end=end, markets=tuple(header.markets), audience=header.audience,
                valid_from=header.valid_from, valid_until=header.valid_until, url=header.url, number=number,
                about=tuple(countries_in(headings[-1], locale)) if headings else (),
            )  # fmt: skip
            number += 1


def expand_markets(markets: tuple[str, ...]) -> list[str]:
    """Market codes with the group EU spelled out, for filtering by a shopper's country."""
    spelled = [country for market in markets for country in (sorted(EU) if market == "EU" else [market])]
    return list(dict.fromkeys(spelled))
