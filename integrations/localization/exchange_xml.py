"""Memory as TMX 1.4 and terms as TBX, in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from integrations.database.translations import TermEntry
from integrations.localization.encoded import FileBroken
from knowledge.localizing import Translation

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def tag_of(tag: str) -> str:
    """A language tag as we write it: 'de-DE' for 'DE_de'."""
    parts = tag.strip().replace("_", "-").split("-")
    rest = [part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part for part in parts[1:]]
    return "-".join([parts[0].casefold(), *rest])


def _tree(data: bytes, name: str, roots: Sequence[str]) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise FileBroken(f"{name}, line {line}, column {column}: {error.msg}.") from error
    if etree.QName(root).localname not in roots:
        raise FileBroken(f"{name} is no {roots[0]} file: its root is {etree.QName(root).localname}.")
    return root


def _named(element: Any, *names: str) -> list[Any]:
    """The elements under one that are called so, in whatever namespace."""
    return [one for one in element.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] in names]


def read_tmx(data: bytes, name: str, source_locale: str) -> list[Translation]:
    """The translations of a TMX file. Raises FileBroken."""
    root = _tree(data, name, ("tmx",))
    header = next(iter(_named(root, "header")), None)
    spoken = tag_of((header.get("srclang") if header is not None else "") or source_locale)
    spoken = tag_of(source_locale) if spoken == "*all*" else spoken
    found = []
    for unit in _named(root, "tu"):
        own = tag_of(unit.get("srclang") or spoken)
        texts = {tag_of(v.get(XML_LANG) or v.get("lang") or ""): "".join(_named(v, "seg")[0].itertext())
                 for v in _named(unit, "tuv") if _named(v, "seg")}  # fmt: skip
        key = own if own in texts else next((tag for tag in texts if tag.split("-")[0] == own.split("-")[0]), "")
        by = unit.get("changeid") or unit.get("creationid") or name
        found += [
            Translation(texts[key], text, tag, key, "person", by) for tag, text in texts.items() if key and tag != key
        ]
    return found


def write_tmx(translations: Sequence[Translation]) -> bytes:
    """Translations as a TMX 1.4 file."""
    from lxml import etree

    root = etree.Element("tmx", version="1.4")
    etree.SubElement(root, "header", {
        "creationtool": "dragoman", "creationtoolversion": "1", "segtype": "block", "o-tmf": "dragoman",
        "adminlang": "en", "srclang": "*all*", "datatype": "plaintext",
    })  # fmt: skip
    body = etree.SubElement(root, "body")
    for one in translations:
        unit = etree.SubElement(body, "tu", srclang=one.source_locale, **({"creationid": one.by} if one.by else {}))
        for tag, text in ((one.source_locale, one.source), (one.locale, one.target)):
            etree.SubElement(etree.SubElement(unit, "tuv", {XML_LANG: tag}), "seg").text = _legal(text)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _legal(text: str) -> str:
    """A text without the letters XML cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or ord(letter) >= 32)


USAGES = {"preferredTerm": "use", "admittedTerm": "use", "deprecatedTerm": "avoid", "supersededTerm": "avoid",
          "preferredTerm-admn-sts": "use", "admittedTerm-admn-sts": "use", "deprecatedTerm-admn-sts": "avoid",
          "supersededTerm-admn-sts": "avoid"}  # fmt: skip
KEEP = "do not translate"


def read_tbx(data: bytes, name: str, source_locale: str) -> list[TermEntry]:
    """The terms of a TBX file (2019, or the martif of before). Raises FileBroken."""
    root, found = _tree(data, name, ("tbx", "martif")), list[TermEntry]()
    for concept in _named(root, "conceptEntry", "termEntry"):
        notes = [
            note.text.strip() for note in concept if note.tag.rpartition("}")[2] in ("note", "descrip") and note.text
        ]
        terms = [
            (tag_of(section.get(XML_LANG) or section.get("lang") or ""), term)
            for section in _named(concept, "langSec", "langSet")
            for term in _named(section, "termSec", "tig", "ntig")
        ]
        own = [term for tag, term in terms if tag.split("-")[0] == source_locale.split("-")[0]]
        if not own:
            continue
        source, note = _word(own[0]), "; ".join(text for text in notes if text != KEEP)
        if KEEP in notes:
            found.append(TermEntry(source, "", "", source_locale, "keep", "approved", note, name))
        found += [TermEntry(source, _word(term), tag, source_locale, _usage(term), "approved", note, name)
                  for tag, term in terms if term not in own]  # fmt: skip
    return [entry for entry in found if entry.source]


def _word(section: Any) -> str:
    return "".join(_named(section, "term")[0].itertext()).strip() if _named(section, "term") else ""


def _usage(section: Any) -> str:
    said = [one.text for one in _named(section, "termNote", "administrativeStatus") if one.text in USAGES]
    return USAGES[said[0]] if said else "use"


def write_tbx(entries: Sequence[TermEntry]) -> bytes:
    """Terms as a TBX-Basic file."""
    from lxml import etree

    space = "urn:iso:std:iso:30042:ed-2"
    root = etree.Element(f"{{{space}}}tbx", {"type": "TBX-Basic", "style": "dca", XML_LANG: "en"}, nsmap={None: space})
    head = etree.SubElement(root, f"{{{space}}}tbxHeader")
    described = etree.SubElement(etree.SubElement(head, f"{{{space}}}fileDesc"), f"{{{space}}}sourceDesc")
    etree.SubElement(described, f"{{{space}}}p").text = "dragoman"
    body = etree.SubElement(etree.SubElement(root, f"{{{space}}}text"), f"{{{space}}}body")
    add: Callable[..., Any] = lambda parent, tag, **told: etree.SubElement(parent, f"{{{space}}}{tag}", **told)  # noqa: E731
    for number, (source, spoken) in enumerate(dict.fromkeys((one.source, one.source_locale) for one in entries), 1):
        held = [one for one in entries if (one.source, one.source_locale) == (source, spoken)]
        concept = add(body, "conceptEntry", id=f"c{number}")
        notes = [
            *(one.note for one in held[:1] if one.note),
            *([KEEP] if any(one.kind == "keep" for one in held) else []),
        ]
        for note in notes:
            add(concept, "note").text = _legal(note)
        terms = [(spoken, source, "use"), *((one.locale, one.target, one.kind) for one in held if one.kind != "keep")]
        sections = {tag: etree.SubElement(concept, f"{{{space}}}langSec", {XML_LANG: tag}) for tag, _, _ in terms}
        for tag, text, kind in terms:
            term = add(sections[tag], "termSec")
            add(term, "term").text = _legal(text)
            status = "preferredTerm-admn-sts" if kind == "use" else "deprecatedTerm-admn-sts"
            add(term, "termNote", type="administrativeStatus").text = status
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
