"""A folder of documents as sources: Markdown and everything the converters read, with what `sources.toml` adds."""

from __future__ import annotations

import fnmatch
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.converters.convert import CONVERTERS, MOST_BYTES, convert
from knowledge.documents import Header, Passage, cut_document, read_header, split_header
from knowledge.folder_rules import RULES, Rule, read_rules
from knowledge.sources import Source, digest_of

TEXTS = {".md", ".markdown", ".txt"}
"""Read as they are; what they say of themselves stands in front matter."""

STATED = {*TEXTS, ".csv", ".tsv"}
"""Files whose own words about themselves outweigh the rules; a saved page or a PDF only gives hints."""

PASSED_OVER = (".*", "~$*", "Thumbs.db", "desktop.ini", "robots.txt", "sitemap*.xml", "sitemap*.xml.gz")
"""Names of what lies in folders, saved sites and shares without being a document; a folder's, of all that is in it."""

READER = "4"
"""Raised whenever the same file would be read otherwise, so that it is read again."""


def folder_sources(folder: Path, prefix: str = "") -> Iterator[Source]:
    """Every file under a folder, named by its path there after a prefix; folders that cannot be looked into and rules
    that fit no file are sources that cannot be read, so that both are told.

    Raises FileNotFoundError where there is no such folder, ValueError where its rules cannot be read.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"no such folder: {folder}")
    rules = read_rules(folder).source
    unused = list(rules)
    closed: list[OSError] = []
    for path in sorted(_files(folder, closed)):
        name = path.relative_to(folder).as_posix()
        fitting = [rule for rule in rules if rule.fits(name)]
        unused = [rule for rule in unused if rule not in fitting]
        terms = {key: value for rule in fitting for key, value in rule.terms().items()}
        yield file_source((Path(prefix) / name).as_posix(), path, terms)
    yield from (_closed(folder, prefix, error) for error in closed)
    yield from (_unused(rule) for rule in unused)


def _files(folder: Path, closed: list[OSError]) -> Iterator[Path]:
    """Files that may be documents, behind links too, each folder once; those that cannot be opened are noted."""
    seen = set()
    for above, below, files in os.walk(folder, followlinks=True, onerror=closed.append):
        held = os.stat(above)
        known, own = (held.st_dev, held.st_ino) in seen, Path(above)
        seen.add((held.st_dev, held.st_ino))
        below[:] = [] if known else sorted(name for name in below if not _is_passed_over(name))
        for name in [] if known else files:
            if not _is_passed_over(name) and own / name != folder / RULES:
                yield own / name


def _is_passed_over(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in PASSED_OVER)


def _closed(folder: Path, prefix: str, error: OSError) -> Source:
    name = Path(prefix) / Path(error.filename).relative_to(folder)
    return _unreadable(name.as_posix(), ValueError(f"this folder cannot be looked into: {error.strerror}"))


def _unused(rule: Rule) -> Source:
    said = "fits no file here, so it holds for none; 'staff/*' is every file below staff"
    return _unreadable(f"{RULES}, {rule.path!r}", ValueError(said))


def file_source(name: str, path: Path, terms: Mapping[str, Any], hints: Mapping[str, Any] | None = None) -> Source:
    """A file as a source. `terms` are the rules' words about it, `hints` what is known where neither speaks."""
    try:
        name.encode()
        digest = digest_of(READER, name, repr(sorted(terms.items())), repr(hints), _bytes(path))
    except UnicodeEncodeError:
        said = os.fsencode(name).decode("utf-8", "backslashreplace")
        return _unreadable(said, ValueError("its name is not UTF-8: rename it"))
    except (OSError, ValueError) as error:
        return _unreadable(name, error)
    return Source(name, digest, lambda: read_file(name, path, terms, hints or {}))


def _unreadable(name: str, error: Exception) -> Source:
    """A source that says why it cannot be read."""

    def read() -> list[Passage]:
        raise error

    return Source(name, "", read)


def _bytes(path: Path) -> bytes:
    if not path.exists():
        raise ValueError("a link to nothing")
    if not path.is_file():
        raise ValueError("not a file that can be read")
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
        raise ValueError(f"not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    if "\x00" in text:
        raise ValueError("binary, not text; a text is to be saved as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")
