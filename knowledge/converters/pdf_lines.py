"""The words of a PDF's page as lines in reading order: columns one after the other, rows of a table kept apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

GUTTER = 0.9
"""Em between two words that do not belong to one phrase."""

_MARKER = re.compile(r"[•‣◦▪■●○·∙–—*\uf0a7\uf0b7\uf0d8-]|\(?\d{1,3}[.)]|[a-z]\)")
_BOLD = re.compile(r"(?i)bold|black|heavy|semibold|demi|extrabold")


@dataclass(frozen=True)
class Segment:
    """Words that stand close together on one line, in points from the left and the top of the page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool


@dataclass(frozen=True)
class Line:
    """A line of a page; several segments are cells of a row. `column` is the right edge of what it stands in."""

    segments: tuple[Segment, ...]
    page: int
    column: float

    @property
    def text(self) -> str:
        """All it says."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def x0(self) -> float:
        """Its left edge."""
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        """Its right edge."""
        return self.segments[-1].x1

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(segment.top for segment in self.segments)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(segment.bottom for segment in self.segments)

    @property
    def size(self) -> float:
        """The size of its letters, to half a point."""
        return max(self.segments, key=lambda segment: len(segment.text)).size

    @property
    def bold(self) -> bool:
        """Whether every word is bold."""
        return all(segment.bold for segment in self.segments)


def page_lines(words: Sequence[dict[str, Any]], page: int) -> list[Line]:
    """Words, with their places and fonts, as lines in reading order."""
    return _in_order([_segments(row) for row in _rows(words)], page)


def _rows(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words whose middles are at one height."""
    rows: list[list[dict[str, Any]]] = []
    height = 0.0
    for word in sorted(words, key=lambda word: (word["top"] + word["bottom"], word["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and middle - height < 0.45 * max(word["size"], 4):
            rows[-1].append(word)
        else:
            rows.append([word])
            height = middle
    return [sorted(row, key=lambda word: word["x0"]) for row in rows]


def _segments(row: list[dict[str, Any]]) -> list[Segment]:
    groups = [[row[0]]]
    for word in row[1:]:
        last = groups[-1][-1]
        apart = word["x0"] - last["x1"] > GUTTER * max(word["size"], last["size"])
        if apart and not all(_MARKER.fullmatch(each["text"]) for each in groups[-1]):
            groups.append([word])
        else:
            groups[-1].append(word)
    return [_segment(group) for group in groups]


def _segment(words: list[dict[str, Any]]) -> Segment:
    largest = max(words, key=lambda word: len(word["text"]))
    return Segment(
        phrase_of(words), words[0]["x0"], max(word["x1"] for word in words), min(word["top"] for word in words),
        max(word["bottom"] for word in words), round(largest["size"] * 2) / 2,
        all(_BOLD.search(word["fontname"]) for word in words),
    )  # fmt: skip


def phrase_of(words: Sequence[dict[str, Any]]) -> str:
    """Words of one line in the order they are read: from the right where most letters are Arabic or Hebrew."""
    letters = "".join(word["text"] for word in words)
    leftward = sum(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)
    rightward = sum(unicodedata.bidirectional(letter) == "L" for letter in letters)
    if leftward > rightward:
        return " ".join(_turned(word["text"]) for word in reversed(words))
    text, edge = "", 0.0
    for word in words:
        text += (" " if text and word["x0"] - edge > 0.12 * word["size"] else "") + word["text"]
        edge = word["x1"]
    return text


def _turned(word: str) -> str:
    """A word as it is spelled, from its letters as they stand on the page; figures and Latin letters stand rightly."""
    if not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in word):
        return word
    runs = re.findall(r"[0-9A-Za-z٠-٩.,:/%-]*[0-9A-Za-z٠-٩]|.", word)
    return unicodedata.normalize("NFKC", "".join(reversed(runs)))


def _in_order(rows: list[list[Segment]], page: int) -> list[Line]:
    """Rows as lines; where they are two columns of prose, the left column before the right one."""
    found: list[Line] = []
    edge = max((row[-1].x1 for row in rows), default=0.0)
    at = 0
    while at < len(rows):
        end, gutter = _columns(rows, at)
        if end > at:
            for side in (-1, 1):
                inside = [[part for part in row if (part.x0 - gutter) * side > 0] for row in rows[at:end]]
                found += _in_order([row for row in inside if row], page)
            at = end
        else:
            found.append(Line(tuple(rows[at]), page, edge))
            at += 1
    return found


def _columns(rows: list[list[Segment]], start: int) -> tuple[int, float]:
    """Where two columns of prose that begin at a row end, and their gutter's middle; the start where there are none."""
    if len(rows[start]) < 2:
        return start, 0.0
    best = (start, 0.0)
    for left, right in zip(rows[start], rows[start][1:], strict=False):
        end, gutter = _band(rows, start, (left.x1, right.x0))
        if end > best[0] and _is_prose(rows[start:end], gutter):
            best = (end, gutter)
    return best


def _band(rows: list[list[Segment]], start: int, gap: tuple[float, float]) -> tuple[int, float]:
    """How far down a gap between columns reaches, and its middle."""
    end, (left, right) = start, gap
    for row in rows[start:]:
        middle = (left + right) / 2
        before = max([left, *(part.x1 for part in row if part.x0 < middle)])
        after = min([right, *(part.x0 for part in row if part.x0 >= middle)])
        if after - before < 0.8 * row[0].size:
            break
        left, right, end = before, after, end + 1
    return end, (left + right) / 2


def _is_prose(rows: list[list[Segment]], gutter: float) -> bool:
    """Whether both sides are prose: several lines that fill their column, not the short entries of a table."""
    for side in (-1, 1):
        parts = [[part for part in row if (part.x0 - gutter) * side > 0] for row in rows]
        widths = sorted(each[-1].x1 - each[0].x0 for each in parts if each)
        if len(widths) < 4 or widths[len(widths) // 2] < 0.7 * widths[-1]:
            return False
        if widths[-1] < 12 * rows[0][0].size or sum(len(each) > 1 for each in parts) > len(parts) // 2:
            return False
    return True
