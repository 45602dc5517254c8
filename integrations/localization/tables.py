"""A table's texts as segments, and the columns their renderings stand in: one a text and locale."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.localization.columns import BRANDS, CONTEXTS, LIMITS, is_text_column
from integrations.localization.encoded import FileBroken
from knowledge.localizing import Rendering, Segment

_TAG = re.compile(r"[a-z]{2}([-_][A-Za-z]{2,4}){0,2}")

ByLocale = Mapping[str, Mapping[str, Rendering]]
"""Renderings by locale and segment."""


@dataclass(frozen=True)
class Column:
    """A column renderings stand in: its heading, its text's column, its locale, and its place where it is there."""

    name: str
    text: int
    locale: str
    place: int | None


@dataclass
class Grid:
    """Headings and rows of a table. `numbers` are the rows' numbers in the file, `sheet` what they stand in."""

    names: list[str]
    rows: list[list[str]]
    numbers: list[int]
    sheet: str = ""
    texts: list[int] = field(default_factory=list)

    def choose(self, wanted: Sequence[str], locales: Sequence[str], source: str, where: str) -> None:
        """Take the wanted columns as texts, or find them; a column that is called by the source's locale is one.
        Raises FileBroken for a heading that is not there.
        """
        lower, single = [_bare(name) for name in self.names], numbered(self.names, _bare)
        if wanted:
            unknown = [name for name in wanted if name.strip().casefold() not in lower]
            if unknown:
                raise FileBroken(f"{where} has no column {unknown[0]!r}; it has {', '.join(filter(None, self.names))}.")
            self.texts = [place for name in dict.fromkeys(map(_bare, wanted))
                          for place, own in enumerate(lower) if own == name]  # fmt: skip
            self._number(single)
            return
        targets = {_plain(target) for locale in locales for name in ("", *single) for target in _targets(name, locale)}
        own = {source.casefold(), source.split("-")[0].casefold()}
        self.texts = [
            place for place, name in enumerate(self.names)
            if _plain(name) in own
            or (_plain(name) not in targets and not _is_tag(name) and is_text_column(name, self.column(place)))
        ]  # fmt: skip
        self._number(single)

    def _number(self, numbered: Sequence[str]) -> None:
        """Call texts under equal headings by different names: a rendering is found by its text's name."""
        for place in self.texts:
            self.names[place] = numbered[place]

    def column(self, place: int) -> list[str]:
        """The values of a column."""
        return [row[place] if place < len(row) else "" for row in self.rows]

    def segments(self, locale: str) -> list[Segment]:
        """A segment for each cell of a text column that holds something."""
        context, limit = self._by(CONTEXTS), self._by(LIMITS)
        return [
            Segment(
                self.id(line, place), row[place], locale,
                ": ".join(filter(None, (self.names[place], _cell(row, context)))), _number(_cell(row, limit)),
            )
            for line, row in enumerate(self.rows) for place in self.texts if _cell(row, place).strip()
        ]  # fmt: skip

    def id(self, line: int, place: int) -> str:
        """What a cell is called: sheet, row and column as a person finds them."""
        return f"{self.sheet + '!' if self.sheet else ''}{self.numbers[line]}:{self.names[place]}"

    def brands(self) -> list[str]:
        """The names of makers in it, which are never translated."""
        held = [value.strip() for place, name in enumerate(self.names) if BRANDS.match(name.strip())
                for value in self.column(place)]  # fmt: skip
        return [value for value in dict.fromkeys(held) if value]

    def columns(self, locales: Sequence[str]) -> list[Column]:
        """The columns renderings stand in: those that are there, else new ones at the end."""
        known = {_plain(name): place for place, name in enumerate(self.names) if place not in self.texts}
        found = []
        for text in self.texts:
            for locale in locales:
                names = _targets(self.names[text] if len(self.texts) > 1 else "", locale)
                names += _targets(self.names[text], locale)
                place = next((known[_plain(name)] for name in names if _plain(name) in known), None)
                found.append(Column(self.names[place] if place is not None else names[0], text, locale, place))
        return found

    def held(self, locales: Sequence[str]) -> dict[tuple[str, str], str]:
        """What already stands in the renderings' columns, by segment and locale."""
        return {
            (self.id(line, column.text), column.locale): row[column.place]
            for column in self.columns(locales) if column.place is not None
            for line, row in enumerate(self.rows) if _cell(row, column.place).strip()
        }  # fmt: skip

    def rendered(self, line: int, column: Column, by_locale: ByLocale) -> str:
        """What stands in a rendering's cell: nothing where it may not be published."""
        rendering = by_locale.get(column.locale, {}).get(self.id(line, column.text))
        return rendering.text if rendering and not rendering.is_blocked else ""

    def _by(self, pattern: re.Pattern[str]) -> int:
        return next((place for place, name in enumerate(self.names) if pattern.match(name.strip())), -1)


def _targets(name: str, locale: str) -> list[str]:
    return [f"{name}_{locale}", f"{name} ({locale})"] if name else [locale]


def numbered(names: Sequence[str], alike: Callable[[str], str] = str) -> list[str]:
    """Names of their own; one that stands there before has a number, like 'title (2)'. `alike` tells which are one."""
    found, taken, seen = list[str](), set(map(alike, names)), set[str]()
    for name in names:
        own, count = name, 2
        while alike(own) in (seen if own is name else seen | taken):
            own, count = f"{name} ({count})".strip(), count + 1
        seen.add(alike(own))
        found.append(own)
    return found


def _bare(name: str) -> str:
    return name.strip().casefold()


def _plain(name: str) -> str:
    return name.strip().replace("_", "-").casefold()


def _is_tag(name: str) -> bool:
    """Whether a heading is a locale or a language by itself."""
    return _TAG.fullmatch(name.strip()) is not None


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if 0 <= place < len(row) else ""


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() else None
