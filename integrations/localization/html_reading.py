"""Where the texts of a page stand: block by block with the tags inside, and attributes that are shown."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from integrations.localization.columns import holds_text
from integrations.localization.tagged import VOID, name_of

INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr",
))  # fmt: skip
CLOSED = frozenset((
    "script", "style", "code", "pre", "kbd", "samp", "textarea", "svg", "math", "template", "noscript",
))  # fmt: skip
"""Tags whose insides are no text of ours."""

PLAIN = frozenset(("title", "option"))
"""Tags that can hold no others."""

SHOWN = ("alt", "title", "placeholder", "aria-label")
META = re.compile(r"^(description|keywords|(og|twitter):(title|description|image:alt|site_name))$", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A text of a page: its key, where its source stands, the tags inside, and whether it is an attribute's value."""

    key: str
    text: str
    start: int
    end: int
    tags: tuple[str, ...] = ()
    inside: str = ""

    @property
    def is_attribute(self) -> bool:
        """Whether it is the value of an attribute."""
        return "@" in self.key


class Reader(HTMLParser):
    """Reads a page into places, by offsets."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source, self.places = source, list[Place]()
        self._lines = [0, *(match.end() for match in re.finditer(r"\n", source))]
        self._open: list[str] = []
        self._closed_at: int | None = None
        self._run: list[tuple[int, int, str]] = []
        self.html_tag: tuple[int, int] | None = None
        self.feed(source)
        self.close()
        self._end_run()

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start, raw = self._here(), self.get_starttag_text() or ""
        if tag not in INLINE:
            self._end_run()
        if self._closed_at is None:
            self._attributes(tag, dict(attrs), start, raw)
        if tag == "html":
            self.html_tag = (start, start + len(raw))
        if tag not in VOID:
            self._open.append(tag)
        closed = (
            tag in CLOSED or dict(attrs).get("translate") == "no" or "notranslate" in (dict(attrs).get("class") or "")
        )
        if closed and tag not in VOID and self._closed_at is None:
            self._closed_at = len(self._open)
        if tag in INLINE:
            self._run.append((start, start + len(raw), "closed" if self._closed_at else "tag"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._close(tag)

    def handle_endtag(self, tag: str) -> None:
        start = self._here()
        if tag in INLINE:
            end = self.source.index(">", start) + 1
            self._run.append((start, end, "closed" if self._closed_at else "tag"))
        else:
            self._end_run()
        self._close(tag)

    def _close(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open and self._open.pop() != tag:
            pass
        if self._closed_at is not None and len(self._open) < self._closed_at:
            self._closed_at = None

    def handle_data(self, data: str) -> None:
        self._text(len(data))

    def handle_entityref(self, name: str) -> None:
        start = self._here()
        self._text(len(name) + 1 + (self.source[start + len(name) + 1 : start + len(name) + 2] == ";"))

    handle_charref = handle_entityref

    def handle_comment(self, data: str) -> None:
        self._end_run()

    def _text(self, length: int) -> None:
        start = self._here()
        if self.source[start : start + 2] == "&#":
            length = self.source.find(";", start) + 1 - start if ";" in self.source[start : start + 12] else length + 1
        self._run.append((start, start + length, "closed" if self._closed_at is not None else "text"))

    def _end_run(self) -> None:
        run, self._run = self._run, []
        if any(kind == "text" and holds_text(html.unescape(self.source[a:b])) for a, b, kind in run):
            self._place(_trimmed(run, self.source))

    def _place(self, run: list[tuple[int, int, str]]) -> None:
        if not run:
            return
        parts, tags = list[str](), list[str]()
        for start, end, kind in _joined(run):
            raw = self.source[start:end]
            parts.append(html.unescape(raw) if kind == "text" else raw)
            if kind != "text":
                tags.append(raw)
        text = re.sub(r"\s*\n\s*", " ", "".join(parts))
        left, right = len(text) - len(text.lstrip(" \t\r\n")), len(text) - len(text.rstrip(" \t\r\n"))
        start, end = run[0][0], run[-1][1]
        raw = self.source[start:end]
        start += len(raw) - len(raw.lstrip(" \t\r\n")) if run[0][2] == "text" else 0
        end -= len(raw) - len(raw.rstrip(" \t\r\n")) if run[-1][2] == "text" else 0
        inside = next((tag for tag in reversed(self._open) if tag not in INLINE), "body")
        self._add(inside, text[left : len(text) - right], start, end, tuple(tags))

    def _attributes(self, tag: str, told: Mapping[str, str | None], start: int, raw: str) -> None:
        names = [name for name in SHOWN if told.get(name)]
        if tag == "meta" and META.match(told.get("name") or told.get("property") or ""):
            names = ["content"]
        elif tag == "input" and told.get("type") in ("submit", "button", "reset"):
            names = [*names, "value"]
        for name in names:
            found = re.search(rf"""\b{name}\s*=\s*("([^"]*)"|'([^']*)'|([^\s>"']+))""", raw, re.IGNORECASE)
            group = next((number for number in (2, 3, 4) if found and found.group(number)), 0)
            if found and group and holds_text(html.unescape(found.group(group))):
                text = html.unescape(found.group(group))
                self._add(f"{tag}@{name}", text, start + found.start(group), start + found.end(group), ())

    def _add(self, name: str, text: str, start: int, end: int, tags: tuple[str, ...]) -> None:
        key = f"{self.source.count(chr(10), 0, start) + 1}:{name}"
        twice = sum(place.key.partition("~")[0] == key for place in self.places)
        self.places.append(Place(f"{key}~{twice + 1}" if twice else key, text, start, end, tags, name))


def _trimmed(run: list[tuple[int, int, str]], source: str) -> list[tuple[int, int, str]]:
    """A run without blanks, and without tags that stand around the whole of it or hold nothing at its ends."""
    while True:
        while run and run[0][2] == "text" and not source[run[0][0] : run[0][1]].strip():
            run = run[1:]
        while run and run[-1][2] == "text" and not source[run[-1][0] : run[-1][1]].strip():
            run = run[:-1]
        if not run:
            return run
        first, last = (source[one[0] : one[1]] if one[2] == "tag" else "" for one in (run[0], run[-1]))
        if first and name_of(first) in VOID:
            run = run[1:]
        elif last and not last.startswith("</") and name_of(last) in VOID:
            run = run[:-1]
        elif first and not first.startswith("</") and last == f"</{name_of(first)}>" and _around(run, source):
            run = run[1:-1]
        else:
            return run


def _joined(run: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """A run whose closed pieces that touch are one: '<code>x</code>' is kept whole."""
    joined = list[tuple[int, int, str]]()
    for piece in run:
        if joined and joined[-1][2] == piece[2] == "closed":
            joined[-1] = (joined[-1][0], piece[1], "closed")
        else:
            joined.append(piece)
    return joined


def _around(run: list[tuple[int, int, str]], source: str) -> bool:
    """Whether the first tag of a run is closed by its last."""
    depth = 0
    for place, (start, end, kind) in enumerate(run):
        tag = source[start:end] if kind == "tag" else ""
        if tag and name_of(tag) not in VOID:
            depth += -1 if tag.startswith("</") else 1
        if depth == 0 and place < len(run) - 1:
            return False
    return True
