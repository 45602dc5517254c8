"""HTML: texts are put in place of texts; all other markup stays as it is."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from integrations.localization.encoded import Encoded, FileBroken
from integrations.localization.html_reading import PLAIN, Place, Reader
from integrations.localization.tables import ByLocale
from integrations.localization.tagged import parted
from knowledge.locales import locales as known_locales
from knowledge.localizing import Rendering, Segment


class HtmlFile:
    """A page. Each locale has its own, with its language and direction said."""

    per_locale = True
    brands: Sequence[str] = ()

    def __init__(self, held: Encoded, where: str, source: str) -> None:
        self._held, self._source = held, source
        self._read = Reader(held.text)
        if not re.search(r"<\w", held.text):
            raise FileBroken(f"{where} is no HTML: it has no tag.")
        self._places = sorted(self._read.places, key=lambda place: place.start)
        self.segments = [Segment(place.key, place.text, source, place.inside) for place in self._places]
        self.held: dict[tuple[str, str], str] = {}

    def rendered(self, by_locale: ByLocale) -> dict[str, bytes]:
        """A page a locale. A text without a rendering stays, marked with its language and data-untranslated."""
        return {locale: self._bytes(self._filled(locale, held)) for locale, held in by_locale.items()}

    def _bytes(self, text: str) -> bytes:
        """What the encoding lacks is written as a character reference."""
        return self._held.mark + text.encode(self._held.encoding, "xmlcharrefreplace")

    def _filled(self, locale: str, renderings: Mapping[str, Rendering]) -> str:
        source, parts, end = self._held.text, list[str](), 0
        for place in self._places:
            rendering = renderings.get(place.key)
            written = _written(place, rendering.text) if rendering and not rendering.is_blocked else None
            written = self._marked(place) if written is None else written
            parts += [source[end : place.start], written]
            end = place.end
        page = "".join([*parts, source[end:]])
        return _in_locale(page, self._read.html_tag, locale)

    def _marked(self, place: Place) -> str:
        raw = self._held.text[place.start : place.end]
        if place.is_attribute or place.inside in PLAIN:
            return raw
        return f'<span lang="{html.escape(self._source)}" data-untranslated>{raw}</span>'


def _written(place: Place, text: str) -> str | None:
    if place.is_attribute:
        return html.escape(text, quote=True)
    parts = parted(text, place.tags)
    if parts is None:
        return None
    return "".join(part if at % 2 else html.escape(part, quote=False) for at, part in enumerate(parts))


def _in_locale(page: str, tag: tuple[int, int] | None, locale: str) -> str:
    """A page that says its language and the direction it is read in."""
    if tag is None:
        return page
    raw = re.sub(
        r"""\s(lang|dir|xml:lang)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", "", page[tag[0] : tag[1]], flags=re.IGNORECASE
    )
    known = known_locales().get(locale)
    rtl = known.direction == "rtl" if known else locale[:2] in ("ar", "he", "fa", "ur")
    said = f' lang="{locale}"' + (' dir="rtl"' if rtl else "")
    return page[: tag[0]] + raw[:5] + said + raw[5:] + page[tag[1] :]
