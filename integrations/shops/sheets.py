"""A CSV file as people export it: its rows by heading, and which heading means what."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from integrations.shops.exports import ExportUnreadable
from knowledge.converters.tables import read_table

MOST_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Sheet:
    """A table: its name, its headings, and of each row the line it stands on and its cells by heading."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def column(self, heading: str) -> list[str]:
        """Every cell of a column that is not empty."""
        return [row[heading] for _, row in self.rows if row.get(heading)]


def read_sheet(path: Path) -> Sheet:
    """A CSV file, whatever its delimiter and character set; the marks of Excel are no part of it. Raises
    ExportUnreadable that names the line.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ExportUnreadable(f"{path.name} is larger than {MOST_BYTES // 2**20} MB: split it")
        (_, headings), *rows = read_table(path.read_bytes())
    except ValueError as error:
        raise ExportUnreadable(f"{path.name} {error}") from error
    headings = _told_apart(headings)
    return Sheet(path.name, tuple(headings), tuple(
        (line, {heading: cell for heading, cell in zip(headings, cells, strict=True) if heading and cell})
        for line, cells in rows
    ))  # fmt: skip


def _told_apart(headings: list[str]) -> list[str]:
    """Headings with a number where there are several of one name."""
    before = [headings[:position].count(heading) for position, heading in enumerate(headings)]
    return [
        f"{heading} {times + 1}" if heading and times else heading
        for heading, times in zip(headings, before, strict=True)
    ]


def plain(heading: str) -> str:
    """A heading without what people write in so many ways: case, accents, brackets, signs."""
    folded = unicodedata.normalize("NFKD", re.sub(r"[(\[].*?[)\]]", " ", heading).casefold().replace("ß", "ss"))
    return " ".join(re.sub(r"[\W_]+", " ", "".join(c for c in folded if not unicodedata.combining(c))).split())


@cache
def meanings() -> dict[str, Any]:
    """What is known of columns (columns.toml)."""
    return tomllib.loads((files("integrations.shops") / "columns.toml").read_text("utf-8"))


def columns_of(sheet: Sheet, kind: str, named: Mapping[str, str]) -> dict[str, str]:
    """Which column holds which field of a product or an order; `named` says it for those that cannot be guessed. Raises
    ExportUnreadable where it names a field or column that is not there.
    """
    known = {field: headings for field, headings in meanings()[kind].items() if isinstance(headings, list)}
    found = _found(sheet.headings, known)
    for field, heading in named.items():
        if field not in known:
            continue
        if heading not in sheet.headings:
            raise ExportUnreadable(f"{sheet.name} has no column {heading!r}; it has: {_listed(sheet.headings)}")
        found[field] = heading
    return found


def options_of(sheet: Sheet) -> dict[str, str]:
    """Columns that tell variants of one product apart, by option."""
    return _found(sheet.headings, meanings()["product"]["options"])


def facts_in(sheet: Sheet) -> dict[str, str]:
    """Columns of facts that have a name of ours, by that name."""
    return _found(sheet.headings, meanings()["product"]["facts"])


def _found(headings: Collection[str], known: Mapping[str, list[str]]) -> dict[str, str]:
    held: dict[str, str] = {}
    for heading in headings:
        held.setdefault(plain(heading), heading)
    wanted = {field: (held[key] for key in map(plain, names) if key in held) for field, names in known.items()}
    return {field: heading for field, names in wanted.items() if (heading := next(names, "")) and heading}


def fields_of(kind: str) -> list[str]:
    """The fields a column can be said to hold."""
    return [field for field, headings in meanings()[kind].items() if isinstance(headings, list)]


def lacking(sheet: Sheet, kind: str, field: str) -> ExportUnreadable:
    """The error for a file without a column it cannot be read without."""
    names = ", ".join(meanings()[kind][field][:4])
    return ExportUnreadable(
        f"{sheet.name} has no column for the {kind}'s {field}. Its columns are: {_listed(sheet.headings)}."
        f' Call one of them {names}, or say which it is: --column "{field}=YOUR HEADING"'
    )


def _listed(headings: Collection[str]) -> str:
    shown = [heading for heading in headings if heading][:20]
    return ", ".join(repr(heading) for heading in shown) or "none"
