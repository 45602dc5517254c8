"""PO: translations are put in their places; comments, order and every other line stay as they are."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from integrations.localization.encoded import Encoded, FileBroken
from integrations.localization.tables import ByLocale
from knowledge.localizing import Rendering, Segment

_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*"((?:[^"\\]|\\.)*)"\s*')
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass
class Entry:
    """An entry: its parts by keyword, the lines its translation stands on, its flags and notes."""

    number: int
    parts: dict[str, str] = field(default_factory=dict)
    start: int = -1
    end: int = -1
    flags: int = -1
    notes: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def is_plural(self) -> bool:
        """Whether it has plural forms."""
        return "msgid_plural" in self.parts


@cache
def plural_forms(locale: str) -> tuple[str, list[str]]:
    """gettext's Plural-Forms of a locale, and the CLDR category of each form ('one', 'few', ...) in their order."""
    from babel import Locale
    from babel.messages.plurals import get_plural

    parsed = Locale.parse(locale.replace("-", "_"))
    told = get_plural(parsed)
    index, categories = gettext.c2py(told.plural_expr), dict[int, str]()
    for count in range(200):
        categories.setdefault(index(count), parsed.plural_form(count))
    ordered = [categories.get(place, "other") for place in range(told.num_plurals)]
    return f"nplurals={told.num_plurals}; plural={told.plural_expr};", ordered if len(ordered) > 1 else ["other"]


class PoFile:
    """A catalogue. Each locale has its own; a translation that is there in its language is kept."""

    per_locale = True
    brands: Sequence[str] = ()

    def __init__(self, held: Encoded, where: str, locales: Sequence[str], source: str) -> None:
        self._held, self._source = held, source
        self._lines = held.text.splitlines(keepends=True)
        self._entries = _read(self._lines, where)
        head = next((one for one in self._entries if not one.parts.get("msgid")), None)
        self._head = head
        said = re.search(r"^Language:\s*(\S+)", head.parts.get("msgstr", "") if head else "", re.MULTILINE)
        self._language = said.group(1).replace("_", "-") if said else ""
        self._texts = [one for one in self._entries if one.parts.get("msgid")]
        self.segments = [segment for one in self._texts for segment in self._of(one, ["other"])]
        self.held = {key: text for locale in locales if self._is_own(locale) for key, text in self._standing(locale)}

    def segments_for(self, locale: str) -> list[Segment]:
        """The texts; one that has plural forms in each that the locale has."""
        return [segment for one in self._texts for segment in self._of(one, plural_forms(locale)[1])]

    def _of(self, entry: Entry, forms: Sequence[str]) -> list[Segment]:
        note = "; ".join([*filter(None, [entry.parts.get("msgctxt", "")]), *entry.notes])
        if not entry.is_plural:
            return [Segment(str(entry.number), entry.parts["msgid"], self._source, note)]
        return [
            Segment(f"{entry.number}[{form}]", entry.parts["msgid" if form == "one" else "msgid_plural"], self._source,
                    note, form=form) for form in forms
        ]  # fmt: skip

    def _is_own(self, locale: str) -> bool:
        return self._language.casefold() in (locale.casefold(), locale.split("-")[0].casefold())

    def _standing(self, locale: str) -> list[tuple[tuple[str, str], str]]:
        found = []
        for entry in self._texts:
            names = {"": "msgstr"}
            if entry.is_plural:
                names = {f"[{form}]": f"msgstr[{place}]" for place, form in enumerate(plural_forms(locale)[1])}
            found += [((f"{entry.number}{form}", locale), entry.parts[name]) for form, name in names.items()
                      if entry.parts.get(name) and not entry.fuzzy]  # fmt: skip
        return found

    def rendered(self, by_locale: ByLocale) -> dict[str, bytes]:
        """A catalogue a locale. A text without a rendering has no translation there."""
        return {locale: self._held.bytes_of(self._filled(locale, held)) for locale, held in by_locale.items()}

    def _filled(self, locale: str, renderings: Mapping[str, Rendering]) -> str:
        lines = list(self._lines)
        end = "\r\n" if "\r\n" in self._held.text else "\n"
        for entry in self._texts:
            texts = self._translations(entry, locale, renderings)
            lines[entry.start : entry.end] = [*(name + " " + _quoted(text, end) + end for name, text in texts.items()),
                                              *[""] * (entry.end - entry.start - len(texts))]  # fmt: skip
            _keep_length(lines, len(self._lines), entry)
            if entry.fuzzy and entry.flags >= 0 and all(texts.values()):
                lines[entry.flags] = _without_fuzzy(lines[entry.flags])
        if self._head:
            told = "msgstr " + _quoted(_head(self._head.parts["msgstr"], locale), end, several=True) + end
            lines[self._head.start] = told
            lines[self._head.start + 1 : self._head.end] = [""] * (self._head.end - self._head.start - 1)
        return "".join(lines)

    def _translations(self, entry: Entry, locale: str, renderings: Mapping[str, Rendering]) -> dict[str, str]:
        def text(id_: str) -> str:
            held = renderings.get(id_)
            return held.text if held and not held.is_blocked else ""

        if not entry.is_plural:
            return {"msgstr": text(str(entry.number))}
        forms = [text(f"{entry.number}[{form}]") for form in plural_forms(locale)[1]]
        whole = forms if all(forms) else [""] * len(forms)  # a catalogue with some of the forms shows the wrong ones
        return {f"msgstr[{place}]": form for place, form in enumerate(whole)}


def _keep_length(lines: list[str], length: int, entry: Entry) -> None:
    """Longer translations stand on the lines of the old ones, so that places of other entries stay true."""
    over = len(lines) - length
    if over > 0:
        joined = "".join(lines[entry.start : entry.end + over])
        lines[entry.start : entry.end + over] = [joined, *[""] * (entry.end - entry.start - 1)]


def _read(lines: Sequence[str], where: str) -> list[Entry]:
    entries, entry, keyword = list[Entry](), Entry(1), ""
    for place, line in enumerate(lines):
        plain = line.strip()
        begins = plain.startswith(("#", "msgctxt", "msgid ", 'msgid"'))
        if not plain or (begins and entry.end >= 0):
            if entry.parts:
                entries.append(entry)
                entry = Entry(len(entries) + 1)
            keyword = ""
        if plain.startswith("#"):
            _comment(entry, plain, place)
        elif plain:
            keyword = _part(entry, keyword, plain, place, where)
    entries += [entry] if entry.parts else []
    faulty = next((one for one in entries if "msgid" not in one.parts or one.end < 0), None)
    if faulty or not entries:
        raise FileBroken(f"{where}, entry {faulty.number if faulty else 1}: msgid or msgstr is missing.")
    return entries


def _part(entry: Entry, keyword: str, plain: str, place: int, where: str) -> str:
    found = _LINE.fullmatch(plain)
    if found is None or not (found.group(1) or keyword):
        raise FileBroken(f"{where}, line {place + 1} is no line of a PO file: {plain[:60]!r}.")
    keyword = found.group(1) or keyword
    if keyword.startswith("msgstr"):
        entry.start = place if entry.start < 0 else entry.start
        entry.end = place + 1
    text = _ESCAPE.sub(lambda escape: _MEANT.get(escape.group(1), escape.group(1)), found.group(2))
    entry.parts[keyword] = entry.parts.get(keyword, "") + text
    return keyword


def _comment(entry: Entry, plain: str, place: int) -> None:
    if plain.startswith("#,"):
        entry.flags, entry.fuzzy = place, "fuzzy" in plain
    elif plain.startswith("#."):
        entry.notes.append(plain[2:].strip())


def _without_fuzzy(line: str) -> str:
    flags = [flag for flag in line.strip()[2:].split(",") if flag.strip() and flag.strip() != "fuzzy"]
    return f"#,{','.join(flags)}{line[len(line.rstrip()) :]}" if flags else ""


def _quoted(text: str, end: str, several: bool = False) -> str:
    def quote(part: str) -> str:
        escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'.replace("\r", "\\r")

    pieces = text.splitlines(keepends=True) if several or "\n" in text.rstrip("\n") else [text]
    return quote(pieces[0]) if len(pieces) == 1 and not several else end.join(['""', *map(quote, pieces)])


def _head(text: str, locale: str) -> str:
    """The heading of a locale's catalogue."""
    told = {"Language": locale.replace("-", "_"), "Plural-Forms": plural_forms(locale)[0]}
    lines = text.splitlines()
    for name, value in told.items():
        place = next((n for n, line in enumerate(lines) if line.startswith(f"{name}:")), len(lines))
        lines[place : place + 1] = [f"{name}: {value}"]
    return "".join(f"{line}\n" for line in lines)
