"""Where saved pages stand: a file for each address, and pages.json, which says what each file is."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError, field_validator

NAME = "pages.json"

_PLAIN = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/)*(?:[a-z0-9][a-z0-9_-]*)?")
_RESERVED = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d|index)(?:/|$)")
"""Names some systems keep for devices, and our own for a path that ends in a slash."""


class Page(BaseModel):
    """A saved page. `file` is its place in the folder; `lastmod` is the sitemap's word and `charset` that of the
    answer's header, "" where there is none; `fetched_at` is when its bytes came, in UTC; `sha256` is of those bytes.
    """

    url: str
    file: str
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    lastmod: str = ""
    fetched_at: AwareDatetime
    sha256: str

    @field_validator("file")
    @classmethod
    def _inside(cls, value: str) -> str:
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts or len(path.parts) < 2:
            raise ValueError("a place inside the folder")
        return value

    def intact(self, folder: Path) -> bool:
        """Whether the file still holds what came from the site."""
        try:
            return hashlib.sha256((folder / self.file).read_bytes()).hexdigest() == self.sha256
        except OSError:
            return False

    def surely_same(self, lastmod: str) -> bool:
        """Whether the sitemap says nothing changed. A bare day says so only once it has passed everywhere on Earth."""
        if not lastmod or lastmod != self.lastmod:
            return False
        try:
            return date.fromisoformat(lastmod) + timedelta(days=1) < self.fetched_at.date()
        except ValueError:
            return True  # a point in time, not a day

    def conditions(self) -> dict[str, str]:
        """Headers that ask for the page only if it is another than this one."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


_PAGES = TypeAdapter(list[Page])


def read_manifest(folder: Path) -> dict[str, str]:
    """The address each saved file came from, by the file's place in the folder ("host/path.html").

    Empty where nothing was saved yet. Raises ValueError where pages.json cannot be read.
    """
    return {page.file: page.url for page in read_pages(folder) if (folder / page.file).is_file()}


def read_pages(folder: Path) -> list[Page]:
    """The pages saved in a folder, by pages.json. Raises ValueError where it cannot be read."""
    try:
        return _PAGES.validate_json((folder / NAME).read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, ValidationError) as error:
        said = f"{folder / NAME} cannot be read; delete it, and the next run saves every page again"
        raise ValueError(said) from error


def write_pages(folder: Path, pages: Iterable[Page]) -> None:
    """Write pages.json whole or not at all."""
    rows = [page.model_dump(mode="json") for page in sorted(pages, key=lambda page: page.url)]
    write_file(folder / NAME, json.dumps(rows, ensure_ascii=False, indent=1).encode())


def write_file(path: Path, body: bytes) -> None:
    """Write a file whole or not at all, its folder too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def content_type(header: str) -> tuple[str, str]:
    """The kind and the charset a Content-Type header names, in small letters; "" for what it does not name."""
    message = Message()
    message["Content-Type"] = header
    return message.get_content_type() if "/" in header else "", (message.get_content_charset() or "")[:40]


def file_of(url: str, suffix: str) -> str:
    """The place of a page's file, the same in every run: host/path.html, or host/words~digest.html where the path
    alone would not do (a query, capitals, dots, other scripts, too long). No two addresses share a place.
    """
    host = urlsplit(url).netloc.replace(":", "+")
    page = url.partition("://")[2]
    path = page.partition("/")[2]
    if _PLAIN.fullmatch(path) and not _RESERVED.search(path) and len(path) <= 100:
        return f"{host}/{path}{'' if path and path[-1] != '/' else 'index'}{suffix}"
    words = unicodedata.normalize("NFKC", unquote(urlsplit(url).path)).lower()
    readable = re.sub(r"\W+", "-", words).strip("-_")[:50] or "page"  # 50 letters of any script fit a file's name
    return f"{host}/{readable}~{hashlib.sha256(page.encode()).hexdigest()[:16]}{suffix}"
