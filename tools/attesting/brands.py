"""Names of brands in a text: the product's own, others' that are known, and strangers in a brand's place."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib.resources import files

from knowledge.known_words import LANGUAGES, is_word
from tools.attesting.attested import Ground

Span = tuple[int, int]

_CAMEL = re.compile(r"(?<![\w-])[A-Z][a-z]+[A-Z][A-Za-z]+(?![\w-])")
"""A name written like GadgetMaster."""
_LATIN = re.compile(r"(?<![A-Za-z-])[A-Z][a-z]{3,}(?![A-Za-z-])")
"""A name in a text of another script."""
_CAPITAL = re.compile(r"(?<=[^\W\d_][ ,])\s?([A-Z][^\W\d_A-Z]{3,})(?![\w-])")
"""A word with a capital inside a sentence."""
_NAME = re.compile(r"(?<=[^.!?\n•*-] )(?<![^\W_])[A-Z][^\W\d_]{3,}(?![^\W_])")
"""A word with a capital inside a text: at the beginning of a sentence every word has one."""
_OTHER_SCRIPTS = frozenset({"ar", "ja", "zh-CN", "zh", "ko", "th", "ru"})
_SMALL_WRITTEN = frozenset({"en", "es", "fr", "pt-BR", "pt", "it", "id", "nl", "pl", "tr", "vi"})
"""Languages that write a capital inside a sentence for names alone."""

_WORDS = re.compile(r"[^\W_]+")

_COMPARED = re.compile(
    r"(?:(?i:better than|just like|similar to|alternative to|replacement for|compatible with|instead of|versus|vs\.?"
    r"|unlike|besser als|statt|kompatibel mit|passend für|alternative zu|wie von|mieux que|compatible avec"
    r"|alternative à|au lieu de|mejor que|compatible con|alternativa a|en lugar de|melhor que|compatível com|em vez de"
    r"|lebih baik dari|kompatibel dengan|pengganti|seperti merek|cocok untuk))\s+([A-Z](?:[\w'&-]|\.(?=\w)){2,})"
)
"""A name behind words that compare: what it names is another's, unless the facts hold it."""


class Brands:
    """Finds brands in texts of a product. `others` are makers' names beside those known."""

    def __init__(self, ground: Ground, others: Collection[str] = (), language: str = "en") -> None:
        self._language = language
        self._ground = ground
        self._own = str(ground.facts.value("brand", "") or "")
        self._others = _others_pattern(frozenset(name for name in others if name.lower() not in ground.text))

    def spans(self, text: str) -> list[Span]:
        """Where a text names a brand: the product's own, or another."""
        pattern = rf"(?<!\w){re.escape(self._own)}(?!\w)"
        own = [match.span() for match in re.finditer(pattern, text, re.I)] if self._own else []
        return own + list(self._foreign(text))

    def strange(self, text: str, *, leads: bool) -> list[Span]:
        """Where a text names another's brand. `leads`: it is a title, whose first word is the brand's place."""
        found = list(self._foreign(text))
        compared = (m.span(1) for m in _COMPARED.finditer(text) if m.group(1).lower() not in self._ground.words)
        found += [span for span in compared if not any(start <= span[0] < end for start, end in found)]
        first = self._stranger(text) if leads else None
        if first is None or first in found or self._is_ordinary(text[slice(*first)]):
            return found
        return [*found, first]

    def unknown(self, text: str, *, leads: bool = False) -> list[Span]:
        """Where a text names what looks like a maker nobody knows: a person has to look. A word in the brand's place
        that people write is one: it may be a name, or how a title begins in another language than the facts.
        """
        first = self._stranger(text) if leads else None
        found = [first] if first and self._is_ordinary(text[slice(*first)]) else []
        found += [span for span in dict.fromkeys(self._names(text)) if not self._is_common(text[slice(*span)])]
        found += [m.span() for m in _NAME.finditer(text) if m.span() not in found and self._is_no_word(m.group())]
        told = [*self.spans(text), *self.strange(text, leads=False)] if found else []
        return [span for span in found if not any(a < span[1] and span[0] < b for a, b in told)]

    def _names(self, text: str) -> Iterator[Span]:
        yield from (match.span() for match in _CAMEL.finditer(text))
        if self._language in _OTHER_SCRIPTS:
            yield from (match.span() for match in _LATIN.finditer(text))
        if self._language in _SMALL_WRITTEN and _is_sentence(text):
            yield from (match.span(1) for match in _CAPITAL.finditer(text))

    def _is_no_word(self, word: str) -> bool:
        """Whether nobody writes a word, in a language whose words we know: it is a name, and no fact holds it."""
        language = self._language
        return language in LANGUAGES and not is_word(word, language) and not self._is_common(word)

    def _is_common(self, word: str) -> bool:
        low = word.lower()
        return low in _common(self._language) or low in self._ground.words or low.rstrip("s") in self._ground.words

    def _foreign(self, text: str) -> Iterator[Span]:
        told, places = _as_seen(text)
        known = _known_brands()
        near = {name: known[name] for name in _WORDS.findall(told.lower()) if name in known}
        for pattern in (*near.values(), *([self._others] if self._others else [])):
            for match in pattern.finditer(told):
                if not re.search(rf"(?<!\w){re.escape(match.group().lower())}(?!\w)", self._ground.text):
                    yield places[match.start()], places[match.end() - 1] + 1

    def _stranger(self, text: str) -> Span | None:
        """The first word of a title that names no brand of the facts, where it stands like a name."""
        lead = str(self._ground.facts.value("name", self._own)).split()
        named = [self._own, *lead[:1]]
        if not self._own or any(name.lower() in text.lower() for name in named):
            return None
        first = re.match(r"[A-Z][\w'&.-]+", text)
        return first.span() if first and first.group().lower() not in self._ground.words else None

    def _is_ordinary(self, said: str) -> bool:
        """Whether a word, or each part of one with hyphens, is one that people write."""
        return all(is_word(word, self._language) for word in _WORDS.findall(said))


def _as_seen(text: str) -> tuple[str, Sequence[int]]:
    """A text as a reader sees it, and where each of its letters stands: nothing invisible, and Latin letters for those
    of other scripts that look like them.
    """
    if text.isascii():
        return text, range(len(text))
    places = [place for place, letter in enumerate(text) if unicodedata.category(letter) != "Cf"]
    seen = "".join(text[place] for place in places)
    return (seen.translate(_ALIKE) if _ALIEN.search(seen) else seen), places


_ALIEN = re.compile("[\u0370-\u058f]")
_ALIKE = str.maketrans(
    "АВЕЅКМНОРСТХІЈаеоурсхіјѕԁһӏкΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορν", "ABESKMHOPCTXIJaeoypcxijsdhlkABEZHIKMNOPTYXaopv"
)


def _is_sentence(text: str) -> bool:
    """Whether most words are small, so that a capital means something."""
    long = re.findall(r"[^\W\d_]{4,}", text)
    return len(long) >= 4 and sum(word[0].islower() for word in long) >= 0.7 * len(long)


@cache
def _common(language: str) -> frozenset[str]:
    """Words with a capital that name no maker: places, languages, months and days, and those of our list."""
    from babel import Locale

    held = Locale.parse(language.replace("-", "_"))
    names = [*held.territories.values(), *held.languages.values()]
    names += [name for calendar in (held.months, held.days) for name in calendar["format"]["wide"].values()]
    words = [word for name in [*names, *_table()["common"]] for word in re.findall(r"[^\W\d_]+", name.lower())]
    return frozenset(words)


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads((files("knowledge.facts") / "brands.toml").read_text("utf-8"))


@cache
def _known_brands() -> dict[str, re.Pattern[str]]:
    """Patterns of known brands by their first word, so that most texts need no look at all of them."""
    table = _table()
    written: dict[str, list[str]] = {}
    for names, flag in ((table["names"], "(?i:"), (table["proper"], "(?:")):
        for name in names:
            written.setdefault(_WORDS.findall(name.lower())[0], []).append(rf"(?<![\w-]){flag}{re.escape(name)})(?!\w)")
    return {first: re.compile("|".join(sorted(patterns, key=len, reverse=True))) for first, patterns in written.items()}


def names_pattern(names: Collection[str], flags: int) -> re.Pattern[str]:
    """A pattern that finds any of some names, the longest first, where they stand as words."""
    longest = sorted(names, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w-]){re.escape(name)}(?!\w)" for name in longest), flags)


@cache
def _others_pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    return names_pattern(names, 0) if names else None
