"""A cleaned page as Markdown, block by block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from knowledge.converters.cells import is_data, table_blocks
from knowledge.converters.phrases import BLOCKS, line, lines, phrase, words

DEEPEST = 100
"""Elements inside each other; what is deeper keeps its words and loses its form."""

_SECTIONS = ".//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//details|.//table|.//dl"
_LISTED = re.compile(r"(- |\d+\. )")
_NOT_PROSE = re.compile(r"(- |\d+\. |#{1,6} |\||```|>)")


@dataclass
class Outline:
    """The level of the last heading, under which an accordion's headings stand."""

    level: int = 1


def page_blocks(roots: list[Any]) -> list[str]:
    """The blocks of Markdown of a page's content."""
    outline = Outline()
    found = []
    for root in roots:
        _flatten(root)
        _open_up(root)
        found += _blocks(root, outline)
    return found


def _flatten(root: Any) -> None:
    """Words below the deepest level as text, so that no nesting can exhaust the stack."""
    level, deep = [root], 0
    while level:
        deep += 1
        if deep > DEEPEST:
            for element in level:
                text = " ".join(element.itertext())
                for child in list(element):
                    element.remove(child)
                element.text = text
            return
        level = [child for element in level for child in element if isinstance(child.tag, str)]


def _open_up(root: Any) -> None:
    """An element of a line that holds blocks (a link around a card) becomes a block itself."""
    for element in list(root.iter(*BLOCKS)):
        above = element.getparent() if element is not root else None
        while above is not None and above is not root and above.tag not in BLOCKS:
            above.tag = "div"
            above = above.getparent()


def _blocks(element: Any, outline: Outline) -> list[str]:
    found: list[str] = []
    run = [element.text or ""]
    for child in element:
        if child.tag in BLOCKS:
            found += lines("".join(run))
            found += _block(child, outline)
            run = []
        else:
            run.append(phrase(child))
        run.append(child.tail or "")
    return found + lines("".join(run))


def _block(element: Any, outline: Outline) -> list[str]:
    tag = element.tag
    if re.fullmatch(r"h[1-6]", tag):
        return _heading(element, int(tag[1]), outline)
    if tag == "table":
        return table_blocks(element) if is_data(element) else _blocks(element, outline)
    written = {"ul": _listed, "ol": _listed, "menu": _listed, "dir": _listed, "dl": _defined, "details": _unfolded}
    return written.get(tag, _other)(element, outline)


def _other(element: Any, outline: Outline) -> list[str]:
    if element.tag == "pre":
        return _fenced(element)
    if element.tag == "blockquote":
        return [re.sub(r"^", "> ", block, flags=re.M) for block in _blocks(element, outline)]
    return _blocks(element, outline)


def _heading(element: Any, level: int, outline: Outline) -> list[str]:
    outline.level = level
    text = line(words(element, marked=False))
    return [f"{'#' * level} {text}"] if text else []


def _unfolded(element: Any, outline: Outline) -> list[str]:
    """An accordion: its summary is a heading one level under the heading it stands below."""
    above = outline.level
    summary = element.find("summary")
    found: list[str] = []
    if summary is not None:
        own = next((int(inner.tag[1]) for inner in summary.iter("h1", "h2", "h3", "h4", "h5", "h6")), above + 1)
        found = _heading(summary, min(own, 6), outline)
        summary.drop_tree()
    found += _blocks(element, outline)
    outline.level = above
    return found


def _listed(element: Any, outline: Outline) -> list[str]:
    if element.xpath(_SECTIONS):  # a list of questions: its headings must stay headings
        return _blocks(element, outline)
    items: list[str] = []
    start = element.get("start", "1")
    number = int(start) if element.tag == "ol" and re.fullmatch(r"\d{1,6}", start) else 1
    for child in element:
        parts = _blocks(child, outline) if child.tag in BLOCKS - {"ul", "ol"} else _loose(child, outline)
        marker = f"{number}. " if element.tag == "ol" else "- "
        if parts and child.tag in ("ul", "ol") and items:
            items[-1] += "\n" + _indented(parts, "  ")
        elif parts:
            items.append(marker + _indented(parts, " " * len(marker)).lstrip())
            number += 1
    return ["\n".join(items)] if items else []


def _loose(child: Any, outline: Outline) -> list[str]:
    """What stands in a list without being an item of it."""
    return _listed(child, outline) if child.tag in ("ul", "ol") else lines(phrase(child))


def _indented(parts: list[str], indent: str) -> str:
    text = parts[0]
    for part in parts[1:]:
        text += ("\n" if _LISTED.match(part) else "\n\n") + part
    return re.sub(r"^(?=.)", indent, text, flags=re.M)


def _defined(element: Any, outline: Outline) -> list[str]:
    """Terms and what they mean: a term in bold before its meaning, a heading where it is one on the page."""
    found: list[str] = []
    term = ""
    for child in [inner for part in element for inner in (part if part.tag == "div" else [part])]:
        parts = _blocks(child, outline)
        if child.tag == "dt":
            found += [term] if term else []
            name = line(words(child, marked=False))
            term = "" if parts and parts[0].startswith("#") else f"**{name}**" * bool(name)
            found += parts if not term else []
            continue
        if term and parts and not _NOT_PROSE.match(parts[0]):
            parts[0] = f"{term}{' ' if term[-3] in '?:.!？：。！؟' else ': '}{parts[0]}"
        elif term:
            found.append(term)
        term = ""
        found += parts
    return [*found, term] if term else found


def _fenced(element: Any) -> list[str]:
    text = "".join(element.itertext()).strip("\n").replace("```", "'''")
    return [f"```\n{text}\n```"] if text.strip() else []
