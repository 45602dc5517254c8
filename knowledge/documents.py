"""Documents become passages: pieces small enough to cite, whole enough to be understood alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import frontmatter
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from knowledge.countries import countries_in
from knowledge.language import detect_language
from knowledge.locales import match_language
from knowledge.markets import EU, market_code
from knowledge.sections import pieces, sections


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
        values = value if isinstance(value, list) else re.split("[,;]", value) if isinstance(value, str) else [value]
        # YAML reads Norway's code as the word no
        said = ["NO" if market is False else str(market) for market in values if market not in (None, "")]
        for market in said:
            if not market_code(market):
                raise ValueError(f"{market!r} is neither an ISO country code, like DE, nor EU")
        return [market_code(market) for market in said]

    @field_validator("audience", mode="before")
    @classmethod
    def _widest(cls, value: Any) -> str:
        values = value if isinstance(value, list) else [value or "shopper"]
        for entry in values:
            if entry not in ("shopper", "operator", "marketer"):
                raise ValueError(f"{entry!r} is neither shopper nor operator")
        return "shopper" if "shopper" in values else "operator"

    @field_validator("id", "title", "url", mode="before")
    @classmethod
    def _text(cls, value: Any) -> str:
        return "" if value is None else str(value)

    @field_validator("locale", mode="before")
    @classmethod
    def _language(cls, value: Any) -> str:
        # YAML reads Norwegian's code as the word no
        said = "no" if value is False else str(value or "").strip().replace("_", "-")
        if said and not _LOCALE.fullmatch(said):
            raise ValueError(f"{value!r} is no language as in de or en-GB")
        return said

    @model_validator(mode="after")
    def _in_order(self) -> Header:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError(f"it ends, on {self.valid_until}, before it begins, on {self.valid_from}")
        return self


_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")

_PATH = re.compile(r"[^\n>]{1,80}(?: > [^\n>]{1,80})+")
_WORDS = re.compile(r"(?=.*[^\W\d_]{3})[^\W\d_]+(?:[-_. ][^\W\d_]+)*")


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
        above = " – ".join(dict.fromkeys((*self._titles, *self.heading)))
        return f"{above}\n{self.text}" if above else self.text

    @property
    def label(self) -> str:
        """What the passage is called in one phrase, '' for nothing: what a path like 'Home > Kitchen > Mugs' ends in,
        else its last heading, else its title; a product's goes with its name.
        """
        if self.is_path:
            return self.text.rpartition(" > ")[2]
        if self.kind == "product":
            return " – ".join((self.title, *self.heading[-1:]))
        return next(iter((*reversed(self.heading), *self._titles)), "")

    @property
    def is_path(self) -> bool:
        """Whether it is a catalogue path like 'Home > Kitchen > Mugs' and nothing else."""
        return " > " in self.text and bool(_PATH.fullmatch(self.text))

    @property
    def _titles(self) -> tuple[str, ...]:
        """The title, unless it is only a file's name that says nothing, like 'doc_0042'."""
        nameless = self.title == self.document.rpartition("/")[2] and not _WORDS.fullmatch(self.title)
        return () if nameless or not self.title else (self.title,)


_NO_HEADER = re.compile(r"---\n\s*---\s*(\n|$)")
"""Front matter that states nothing."""


def split_header(text: str) -> tuple[dict[str, Any], str]:
    """The front matter of a Markdown text and what follows it. Raises ValueError."""
    try:
        post = frontmatter.loads(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise ValueError(f"the front matter is not valid YAML{line}: check colons, quotes and indents") from error
    except (ValueError, TypeError) as error:
        raise ValueError(f"the front matter cannot be read: {error}") from error
    if text.startswith("---\n") and not post.metadata and not _NO_HEADER.match(text):
        raise ValueError("the front matter is not closed by a line '---', or is not a list of 'name: value'")
    return post.metadata, post.content


def read_header(values: Mapping[str, Any]) -> Header:
    """A header of these values. Raises ValueError that names the wrong one."""
    try:
        return Header.model_validate(values)
    except ValidationError as error:
        raise ValueError(f"front matter, {fault_of(error)}") from error


def fault_of(error: ValidationError) -> str:
    """The first fault of what somebody wrote, in words: where it stands and what is wrong."""
    first = error.errors()[0]
    where, said = ".".join(str(part) for part in first["loc"]), first["msg"].removeprefix("Value error, ")
    if first["type"].startswith("date"):
        said = f"{first['input']!s:.40} is no day as in 2026-11-30"
    if first["type"] == "extra_forbidden":
        said = "there is no such entry"
    return f"{where}: {said}" if where else said


def sound(passage: Passage) -> Passage:
    """The passage without lone surrogates (half an emoji in an export), which no database takes."""
    texts: dict[str, Any] = {name: value for name, value in vars(passage).items() if isinstance(value, str)}
    try:
        "".join([*texts.values(), *passage.heading]).encode()
    except UnicodeEncodeError:
        clean: dict[str, Any] = {name: value.encode("utf-8", "replace").decode() for name, value in texts.items()}
        heading = tuple(text.encode("utf-8", "replace").decode() for text in passage.heading)
        return replace(passage, heading=heading, **clean)
    return passage


def cut_document(header: Header, body: str, stem: str) -> Iterator[Passage]:
    """A document's passages; `stem` names it where its header does not."""
    locale = header.locale and (match_language(header.locale) or header.locale)
    if not locale:
        locale = detect_language(body[:2000]).language or "en"
    found = list(sections(body))
    title = header.title or next((section.headings[0] for section in found if section.headings), _name_of(stem))
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


def _name_of(stem: str) -> str:
    """A file's name as a title: 'help/shipping-times' → 'shipping times'."""
    name = stem.rpartition("/")[2]
    return re.sub(r"[-_.]+", " ", name).strip() if _WORDS.fullmatch(name) else name


def expand_markets(markets: tuple[str, ...]) -> list[str]:
    """Market codes with the group EU spelled out, for filtering by a shopper's country."""
    spelled = [country for market in markets for country in (sorted(EU) if market == "EU" else [market])]
    return list(dict.fromkeys(spelled))
