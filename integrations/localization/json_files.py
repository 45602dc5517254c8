"""JSON and JSON Lines: texts are put in place of texts, or beside them; every other byte stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from integrations.localization.columns import BRANDS, is_text_key
from integrations.localization.encoded import Encoded, FileBroken
from integrations.localization.tables import ByLocale, numbered
from knowledge.localizing import Rendering, Segment

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(frozen=True)
class Held:
    """A text of a JSON file: its path, its key, the text, and where its quoted form stands."""

    path: str
    key: str
    text: str
    start: int
    end: int


def texts_of(source: str) -> Iterator[Held]:
    """Every string value of a JSON text that was read without fault, with its path ('items[2].title')."""
    path: list[str | int] = []
    is_key = False
    for token in _TOKEN.finditer(source):
        mark = token.group()
        if mark in "{[":
            path.append("" if mark == "{" else 0)
            is_key = mark == "{"
        elif mark in "}]":
            path.pop()
        elif mark == ",":
            is_key = isinstance(path[-1], str)
            path[-1] = "" if is_key else int(path[-1]) + 1
        elif mark == ":":
            is_key = False
        elif mark.startswith('"') and is_key:
            path[-1] = json.loads(mark, strict=False)
        elif mark.startswith('"'):
            key = next((part for part in reversed(path) if isinstance(part, str)), "")
            yield Held(_written(path), key, json.loads(mark, strict=False), token.start(), token.end())


def _written(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _chosen(source: str, wanted: Sequence[str]) -> list[Held]:
    names = {name.casefold() for name in wanted}
    return [
        held for held in texts_of(source)
        if held.text.strip() and (held.key.casefold() in names if wanted else is_text_key(held.key, held.text))
    ]  # fmt: skip


def _numbered(texts: Sequence[Held]) -> list[Held]:
    """Texts under paths of their own."""
    paths = numbered([one.path for one in texts])
    return [replace(one, path=path) for one, path in zip(texts, paths, strict=True)]


def _loaded(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FileBroken(f"{where}, line {error.lineno}, column {error.colno}: {error.msg}.") from error
    except RecursionError as error:
        raise FileBroken(f"{where} is nested too deep.") from error


def _string(text: str, source: str) -> str:
    """A text as JSON writes it: in ASCII where the file is."""
    return json.dumps(text, ensure_ascii=source.isascii() and "\\u" in source)


class JsonFile:
    """A JSON file. Each locale has its own, with renderings in place of the texts."""

    per_locale = True
    brands: Sequence[str] = ()

    def __init__(self, held: Encoded, where: str, wanted: Sequence[str], source: str) -> None:
        self._held, self.held = held, dict[tuple[str, str], str]()
        _loaded(held.text, where)
        self._texts = _numbered(_chosen(held.text, wanted))
        if wanted and not self._texts:
            raise FileBroken(f"{where} has no text under {', '.join(map(repr, wanted))}.")
        self.brands = [one.text for one in texts_of(held.text) if BRANDS.match(one.key)]
        self.segments = [Segment(one.path, one.text, source, one.key) for one in self._texts]

    def rendered(self, by_locale: ByLocale) -> dict[str, bytes]:
        """A file a locale. A text without a rendering is empty there."""
        return {locale: self._held.bytes_of(self._filled(held)) for locale, held in by_locale.items()}

    def _filled(self, renderings: Mapping[str, Rendering]) -> str:
        source, parts, end = self._held.text, list[str](), 0
        for one in self._texts:
            rendering = renderings.get(one.path)
            text = rendering.text if rendering and not rendering.is_blocked else ""
            parts += [source[end : one.start], _string(text, source)]
            end = one.end
        return "".join([*parts, source[end:]])


class JsonLinesFile:
    """JSON Lines: an object a line, to which a value per text and locale is added."""

    per_locale = False

    def __init__(self, held: Encoded, where: str, wanted: Sequence[str], locales: Sequence[str], source: str) -> None:
        self._held, self._locales, self.brands = held, locales, list[str]()
        self._lines = held.text.splitlines(keepends=True)
        self._texts: dict[int, list[Held]] = {}
        self._known: dict[int, dict[str, object]] = {}
        for number, line in enumerate(self._lines, 1):
            if line.strip():
                self._read(number, line, f"{where}, line {number}", wanted)
        if wanted and not any(self._texts.values()):
            raise FileBroken(f"{where} has no text under {', '.join(map(repr, wanted))}.")
        names = {one.path.split("[")[0] for held_ones in self._texts.values() for one in held_ones}
        self._several = len(names) > 1
        self.segments = [Segment(f"{number}:{one.path}", one.text, source, one.key)
                         for number, held_ones in self._texts.items() for one in held_ones]  # fmt: skip
        self.held = self._standing()

    def _read(self, number: int, line: str, where: str, wanted: Sequence[str]) -> None:
        record = _loaded(line, where)
        if not isinstance(record, dict):
            raise FileBroken(f"{where} is no object.")
        ours = {name for locale in self._locales for key in ("", *record) for name in _names(key, locale)}
        self._known[number] = record
        chosen = _chosen(line, wanted)
        self._texts[number] = [one for one in chosen if one.path.split("[")[0] not in ours and "." not in one.path]
        if len({one.path for one in self._texts[number]}) < len(self._texts[number]):
            raise FileBroken(f"{where} holds the same key twice; give one of them another name.")
        self.brands += [one.text for one in texts_of(line) if BRANDS.match(one.key) and one.text not in self.brands]

    def _name(self, path: str, locale: str) -> str:
        name = path.split("[")[0]
        return f"{name}_{locale}" if self._several else locale

    def _standing(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for number, texts in self._texts.items():
            for one in texts:
                for locale in self._locales:
                    told = self._known[number].get(self._name(one.path, locale))
                    if isinstance(told, str) and told.strip() and "[" not in one.path:
                        found[f"{number}:{one.path}", locale] = told
        return found

    def rendered(self, by_locale: ByLocale) -> dict[str, bytes]:
        """The file with its renderings, under ''."""
        lines = [self._longer(number, line, by_locale) for number, line in enumerate(self._lines, 1)]
        return {"": self._held.bytes_of("".join(lines))}

    def rows_of(self, data: bytes) -> list[list[str]]:
        """The objects of the file as it was written, as rows under the names of their values."""
        records = [json.loads(line) for line in self._held.text_of(data).splitlines() if line.strip()]
        names = list(dict.fromkeys(name for record in records for name in record))
        shown = [[_shown(record.get(name)) for name in names] for record in records]
        return [names, *shown]

    def _longer(self, number: int, line: str, by_locale: ByLocale) -> str:
        added: dict[str, str | list[str]] = {}
        for locale in self._locales:
            for one in self._texts.get(number, ()):
                rendering = by_locale.get(locale, {}).get(f"{number}:{one.path}")
                text = rendering.text if rendering and not rendering.is_blocked else ""
                name = self._name(one.path, locale)
                if "[" in one.path:
                    entries = added.setdefault(name, [])
                    assert isinstance(entries, list)  # noqa: S101
                    entries.append(text)
                else:
                    added[name] = text
        return _with(line, added, self._known.get(number, {}))


def _shown(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _with(line: str, added: Mapping[str, str | list[str]], known: Mapping[str, object]) -> str:
    """A line with more values at its end; one that is there is replaced where it is empty."""
    new = {name: value for name, value in added.items() if name not in known}
    empty = {name: value for name, value in added.items() if name in known and not known[name] and value}
    if empty:
        parts, end = list[str](), 0
        for one in texts_of(line):
            if one.path in empty and not one.text:
                parts += [line[end : one.start], json.dumps(empty[one.path], ensure_ascii=False)]
                end = one.end
        line = "".join([*parts, line[end:]])
    if not new:
        return line
    told = json.dumps(new, ensure_ascii=line.isascii() and "\\u" in line)[1:-1]
    close = line.rindex("}")
    before = line[:close].rstrip()
    return f"{before}{'' if before.endswith('{') else ', '}{told}{line[close:]}"


def _names(key: str, locale: str) -> tuple[str, ...]:
    return (f"{key}_{locale}",) if key else (locale,)
