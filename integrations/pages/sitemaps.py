"""Sitemaps: the pages a site says it has, in XML, nested, packed, or as a plain list."""

from __future__ import annotations

import gzip
import io
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from integrations.pages.web import Web, WebProblem, address, host_of
from knowledge.documents import DocumentProblem

MOST_PAGES = 50_000
MOST_SITEMAPS = 50

MOST_BYTES = 50_000_000
"""Bytes of one sitemap, unpacked: what the protocol allows."""


MOST_WORDS = 10_000
"""Letters kept of one tag, about; an address is shorter."""


@dataclass
class Sitemap:
    """What a site lists. `pages` maps address to last change, as the site words it ("" where it does not say);
    `whole` is false where a part of the list could not be had, so that what is missing may still be there.
    """

    pages: dict[str, str] = field(default_factory=dict)
    problems: list[DocumentProblem] = field(default_factory=list)
    whole: bool = True

    def miss(self, url: str, problem: str) -> None:
        """Name a part of the list that could not be had."""
        self.problems.append(DocumentProblem(path=url, problem=problem))
        self.whole = False


@dataclass
class _Lists:
    """What one file lists: other sitemaps, and pages with their last change."""

    sitemaps: list[str] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)


def read_sitemap(source: str, web: Web) -> Sitemap:
    """The pages under a sitemap's address or file, in its order; `web` is opened to their hosts.

    Raises ValueError where the sitemap itself cannot be read. Pages of other hosts and unreadable nested sitemaps
    are named as problems.
    """
    try:
        lists = _of_site(source, web) if "://" in source else _of_file(Path(source), web)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ValueError(f"the sitemap {source} cannot be read: {reason}. What was saved before is kept") from error
    sitemap = Sitemap()
    waiting, seen = [lists], {source}
    while waiting:
        lists = waiting.pop(0)
        _add_pages(sitemap, lists, web.hosts)
        waiting += _nested(sitemap, lists, web, seen)
    return sitemap


def _of_site(source: str, web: Web) -> _Lists:
    source = address(source)
    web.hosts.add(host_of(source))
    return read_lists(web.file(source, MOST_BYTES))


def _of_file(path: Path, web: Web) -> _Lists:
    if not path.is_file():
        raise ValueError("there is no such file (an address begins with https://)")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES:,} bytes")
    lists = read_lists(path.read_bytes())
    for url in [*lists.sitemaps, *(url for url, _ in lists.pages)]:
        try:
            web.hosts.add(host_of(address(url)))
        except WebProblem:
            continue  # named when it is looked at
    return lists


def _nested(sitemap: Sitemap, lists: _Lists, web: Web, seen: set[str]) -> list[_Lists]:
    found = []
    for url in lists.sitemaps:
        if url in seen:
            continue
        if len(seen) >= MOST_SITEMAPS:
            sitemap.miss(url, f"more than {MOST_SITEMAPS} sitemaps; this one and what follows is not read")
            break
        seen.add(url)
        try:
            found.append(read_lists(web.file(address(url), MOST_BYTES)))
        except ValueError as error:
            sitemap.miss(url, f"this part of the sitemap cannot be read: {error}")
    return found


def _add_pages(sitemap: Sitemap, lists: _Lists, hosts: set[str]) -> None:
    refused: dict[str, list[str]] = defaultdict(list)
    for text, changed in lists.pages:
        try:
            url = address(text)
        except WebProblem as problem:
            refused[str(problem)].append(text[:200])
            continue
        if host_of(url) not in hosts:
            refused[f"on another host than the sitemap; sync the sitemap of {host_of(url)} for it"].append(url)
        elif len(sitemap.pages) >= MOST_PAGES and url not in sitemap.pages:
            sitemap.miss(url, f"more than {MOST_PAGES:,} pages; this one and what follows is not read")
            break
        else:
            sitemap.pages.setdefault(url, changed)
    for reason, urls in refused.items():
        more = f" (and {len(urls) - 1} more)" if urls[1:] else ""
        sitemap.problems.append(DocumentProblem(path=urls[0], problem=reason + more))


def read_lists(body: bytes) -> _Lists:
    """What a sitemap's bytes list, packed or not. Raises ValueError where they are not a sitemap."""
    body = _unpacked(body) if body.startswith(b"\x1f\x8b") else body
    body = body.lstrip(b" \t\r\n") if not body.startswith(b"\xef\xbb\xbf") else body[3:].lstrip()
    if body.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return _read_xml(body)
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
    lists = _Lists(pages=[(line, "") for line in lines if line and not line.startswith("#")])
    if not any(line.lower().startswith(("http://", "https://")) for line, _ in lists.pages):
        raise ValueError("neither XML nor a list of addresses, one a line")
    return lists


def _unpacked(body: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            body = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("packed with gzip, but damaged") from error
    if len(body) > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES:,} bytes when unpacked")
    return body


def _read_xml(body: bytes) -> _Lists:
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.text, reader.doctype
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise ValueError(f"not well-formed XML in line {error.lineno}") from error
    except LookupError as error:
        raise ValueError(f"in a character set we do not know: {error}") from error
    return reader.lists


class _Reader:
    """Hears a sitemap read and keeps what it lists; loc and lastmod of images and videos stand elsewhere."""

    def __init__(self) -> None:
        self.lists = _Lists()
        self._path: list[str] = []
        self._entry: dict[str, str] = {}
        self._prefix = ""
        self._text = ""

    def doctype(self, *_: object) -> None:
        """Entities are declared in a DOCTYPE, so none is read."""
        raise ValueError("it has a DOCTYPE, which a sitemap has not (is it a web page?)")

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """A tag opens."""
        if not self._path:
            self._prefix, _, name = tag.rpartition(":")
            if name not in ("urlset", "sitemapindex"):
                raise ValueError(f"its first tag is <{tag[:40]}>, not <urlset> or <sitemapindex>")
        self._path.append(tag.removeprefix(f"{self._prefix}:"))
        self._text = ""

    def text(self, text: str) -> None:
        """Letters between tags."""
        self._text += text if len(self._text) < MOST_WORDS else ""

    def end(self, _tag: str) -> None:
        """A tag closes: a sitemap's or page's entry is complete with it."""
        path = self._path[1:]
        self._path.pop()
        if len(path) == 2 and path[1] in ("loc", "lastmod"):
            self._entry[path[1]] = self._text.strip()
        elif path == ["sitemap"] and self._entry.get("loc"):
            self.lists.sitemaps.append(self._entry["loc"])
        elif path == ["url"] and self._entry.get("loc"):
            self.lists.pages.append((self._entry["loc"], self._entry.get("lastmod", "")))
        if len(path) == 1:
            self._entry = {}
