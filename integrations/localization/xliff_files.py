"""XLIFF 2 (and 1.2): targets beside their sources; units, notes, inline codes and other modules stay."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from integrations.localization.encoded import FileBroken
from integrations.localization.tables import ByLocale
from integrations.localization.tagged import parted
from knowledge.localizing import Rendering, Segment

NAMES = {"urn:oasis:names:tc:xliff:document:2.0": 2, "urn:oasis:names:tc:xliff:document:1.2": 1}
"""Namespaces we read and the version each is of; those of 2.1 and 2.2 are written as 2.0's."""

DONE = ("translated", "reviewed", "final", "signed-off")
_SIZE = "{urn:oasis:names:tc:xliff:sizerestriction:2.0}sizeRestriction"


class XliffFile:
    """An XLIFF file. Each locale has its own; a target that is there in its language and done is kept."""

    per_locale = True
    brands: Sequence[str] = ()

    def __init__(self, data: bytes, where: str, locales: Sequence[str], source: str) -> None:
        self._data, self._where = data, where
        self._tree = _parsed(data, where)
        root = self._tree.getroot()
        self._name = _namespace(root)
        self._version = NAMES.get(self._name, 2 if ":2." in self._name else 0)
        if not self._version or not root.tag.endswith("xliff"):
            raise FileBroken(f"{where} is no XLIFF 2 or 1.2: its root is {root.tag}.")
        spoken = root.get("srcLang") or next((one.get("source-language") for one in self._files(root)), None) or source
        there = root.get("trgLang") or next((one.get("target-language") for one in self._files(root)), None) or ""
        self.segments, self.held = list[Segment](), dict[tuple[str, str], str]()
        for key, limit, note, one in self._places(self._tree):
            source_text, target = one.find(self._tag("source")), one.find(self._tag("target"))
            self.segments.append(Segment(key, _inner(source_text), spoken, note, limit))
            if target is not None and self._is_done(one, target) and _inner(target).strip():
                own = [locale for locale in locales if there and there.casefold() in (locale.casefold(), locale[:2])]
                self.held |= {(key, locale): _inner(target) for locale in own}

    def _tag(self, name: str) -> str:
        return f"{{{self._name}}}{name}"

    def _files(self, root: Any) -> list[Any]:
        return list(root.iter(self._tag("file")))

    def _is_done(self, one: Any, target: Any) -> bool:
        state = one.get("state") if self._version == 2 else target.get("state")
        return state is None or state in DONE

    def _places(self, tree: Any) -> Iterator[tuple[str, int | None, str, Any]]:
        """Each element that holds a source to translate, with its key, its limit and what is noted for it."""
        for unit in tree.iter(self._tag("unit" if self._version == 2 else "trans-unit")):
            if _is_closed(unit):
                continue
            notes = [note for note in unit.iter(self._tag("note")) if note.text]
            told = "; ".join(
                [*filter(None, [unit.get("name") or unit.get("resname")]), *(n.text.strip() for n in notes)]
            )
            limit = unit.get(_SIZE) or unit.get("maxwidth") or ""
            inner = unit.iter(self._tag("segment")) if self._version == 2 else [unit]
            for place, one in enumerate(inner, 1):
                source = one.find(self._tag("source"))
                if source is not None and _inner(source).strip():
                    part = "" if self._version == 1 else f"#{one.get('id') or place}"
                    key = f"{_file_of(unit)}{unit.get('id')}{part}"
                    yield key, int(limit) if limit.isdecimal() else None, told, one

    def rendered(self, by_locale: ByLocale) -> dict[str, bytes]:
        """A file a locale. A source without a rendering has no target there."""
        return {locale: self._filled(locale, held) for locale, held in by_locale.items()}

    def _filled(self, locale: str, renderings: Mapping[str, Rendering]) -> bytes:
        from lxml import etree

        tree = copy.deepcopy(self._tree)
        root = tree.getroot()
        if self._version == 2:
            root.set("trgLang", locale)
        for one in self._files(root) if self._version == 1 else []:
            one.set("target-language", locale)
        for key, _, _, place in self._places(tree):
            rendering = renderings.get(key)
            self._put(place, rendering.text if rendering and not rendering.is_blocked else "")
        encoding = tree.docinfo.encoding or "UTF-8"
        written: bytes = etree.tostring(root, encoding=encoding, xml_declaration=False, with_tail=False)
        begin = re.search(rb"<(\w+:)?xliff[\s>]", self._data)
        if begin is None:  # in an encoding of two bytes a letter, such as UTF-16
            return bytes(etree.tostring(tree, encoding=encoding, xml_declaration=True))
        end = self._data.rindex(b">") + 1
        return self._data[: begin.start()] + written + self._data[end:]

    def _put(self, place: Any, text: str) -> None:
        """Put a target beside a source; without a text, take away what is there."""
        from lxml import etree

        source, target = place.find(self._tag("source")), place.find(self._tag("target"))
        filled = _element(source, text, self._tag("target")) if text else None
        if filled is None:
            if target is not None:
                _remove(target)
            if self._version == 2:
                place.set("state", "initial")
            return
        if target is not None:
            filled.attrib.update({k: v for k, v in target.attrib.items() if k != "state"})
            filled.tail = target.tail
            place.replace(target, filled)
        else:
            filled.tail, source.tail = source.tail, place.text if _is_blank(place.text) else source.tail
            source.addnext(filled)
        (place if self._version == 2 else filled).set("state", "translated")
        etree.cleanup_namespaces(filled)


def _parsed(data: bytes, where: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser).getroottree()
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise FileBroken(f"{where}, line {line}, column {column}: {error.msg}.") from error


def _namespace(element: Any) -> str:
    return str(element.tag).partition("}")[0].lstrip("{") if "}" in str(element.tag) else ""


def _is_closed(unit: Any) -> bool:
    """Whether a unit is not to be translated, by itself or by what it stands in."""
    said = next((one.get("translate") for one in (unit, *unit.iterancestors()) if one.get("translate")), "yes")
    return bool(said == "no")


def _file_of(unit: Any) -> str:
    """The file's id before a unit's, where the document holds several."""
    file = next(one for one in unit.iterancestors() if str(one.tag).endswith("}file"))
    siblings = [one for one in file.getparent() if one.tag == file.tag]
    return f"{file.get('id') or file.get('original')}/" if len(siblings) > 1 else ""


def _tags(element: Any) -> tuple[str, str]:
    """A child element as its opening and closing tag; '' for one that holds nothing."""
    name = str(element.tag).partition("}")[2] or str(element.tag)
    told = "".join(f" {key}={quoteattr(value)}" for key, value in element.attrib.items())
    holds = len(element) or element.text
    return (f"<{name}{told}>", f"</{name}>") if holds else (f"<{name}{told}/>", "")


def _inner(element: Any) -> str:
    """What an element holds: its text, with the tags of its children as they are called."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            begin, end = _tags(child)
            parts += [begin, _inner(child) if end else "", end]
        parts.append(child.tail or "")
    return "".join(parts)


def _element(source: Any, text: str, tag: str) -> Any | None:
    """A target with a text in it and the inline codes of its source; None where it does not have them all."""
    from lxml import etree

    inline = [child for child in source.iter() if child is not source and isinstance(child.tag, str)]
    known = {_tags(child)[0]: child for child in inline}
    parts = parted(text, [mark for child in inline for mark in _tags(child) if mark])
    if parts is None:
        return None
    target = etree.Element(tag, {k: v for k, v in source.attrib.items() if k.endswith("}space")}, nsmap=source.nsmap)
    current = target
    for place, part in enumerate(parts):
        if place % 2 == 0:
            _append_text(current, part)
        elif part.startswith("</"):
            current = current.getparent()
        else:
            child = etree.SubElement(current, known[part].tag, dict(known[part].attrib))
            current = current if part.endswith("/>") else child
    return target


def _append_text(element: Any, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _is_blank(text: str | None) -> bool:
    return bool(text) and not (text or "").strip()


def _remove(element: Any) -> None:
    """Take an element away; the space behind it stays before what follows."""
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = element.tail
    parent.remove(element)
