"""What words of other languages mean in English, so that a catalogue's English path is found by its words, too.

`dictionary.npz` holds the commonest words of ten languages as hashes, and the English phrases each may mean, made by
`scripts/ship_dictionary.py` from dictionaries of FreeDict (of Wiktionary and of JMdict) and from CC-CEDICT, all under
CC BY-SA; so is the file.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np

LANGUAGES = frozenset({"de", "es", "fr", "id", "it", "ja", "pl", "pt", "tr", "zh"})
"""Languages whose words are known."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")
_MOST = 500
"""Characters of a text that are looked at."""
_LONGEST = 8
"""Characters of the longest word looked for in a script without spaces."""
_SHORTEST = 3
"""Letters that are left of a word when its ending is cut, and that part of a compound has."""
_ENDINGS = ("", "e", "o", "a", "en")
"""What a word may end in where an inflected form has something else."""
_CUT = {"tr": 5}
"""Letters of the longest ending; 3 elsewhere."""
_COMPOUND = 60
"""Letters of the longest compound."""
_JOINTS = ("", "s", "n", "en", "es")
"""What German puts between the parts of a compound."""
_PLAIN = str.maketrans("äöü", "aou")

_SMALL = "a an and as at by for from in is of on or the to with without"
"""English words that say nothing of the matter; what means one is left out."""

Phrase = tuple[str, ...]
"""Words of an English phrase."""


def meanings(text: str, language: str) -> tuple[tuple[Phrase, ...], ...]:
    """For each word of a text, the English phrases it may mean, likeliest first; a word that is not known means itself.
    Empty for a language that is not known.
    """
    spoken, spelled = language.partition("-")[0], unicodedata.normalize("NFKC", text[:_MOST]).casefold()
    if spoken not in LANGUAGES:
        return ()
    told = [meant for word in _WORD.findall(spelled) for meant in _meant(word, spoken)]
    return tuple(meant for meant in told if meant[0][0] not in _SMALL.split())


@lru_cache(maxsize=8192)
def _meant(word: str, language: str) -> list[tuple[Phrase, ...]]:
    if "\u3040" <= word[0] <= "\u9fff":
        return [told for piece in _pieces(word, language) if (told := _told(piece, language))]
    if known := _inflected(word, language):
        return [known]
    parts = _parts(word) if language == "de" and len(word) <= _COMPOUND else []
    return parts or [((word,),)]


def _inflected(word: str, language: str) -> tuple[Phrase, ...]:
    """What a word means, or one it may be a form of."""
    for cut in range(_CUT.get(language, 3) + 1):
        stem = word[: len(word) - cut]
        if len(stem) < _SHORTEST and cut:
            break
        for ending in _ENDINGS if cut else ("",):
            for form in dict.fromkeys((stem + ending, stem.translate(_PLAIN) + ending)):
                if told := _told(form, language):
                    return told
    return ()


@lru_cache(maxsize=1024)
def _parts(word: str) -> list[tuple[Phrase, ...]]:
    """What the parts of a German compound mean, its last part as long as can be."""
    for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
        last = _inflected(word[at:], "de")
        first = _first(word[:at]) if last else []
        if first:
            return [*first, last]
    return []


def _first(part: str) -> list[tuple[Phrase, ...]]:
    """What the front of a compound means."""
    for joint in _JOINTS:
        stem = part.removesuffix(joint)
        for form in (stem, f"{stem}e", f"{stem}en"):
            if len(stem) >= _SHORTEST and (told := _told(form, "de")):
                return [told]
    return _parts(part)


def _pieces(text: str, language: str) -> list[str]:
    """A text without spaces cut into the fewest words, most of them known."""
    best: list[tuple[int, int, list[str]]] = [(0, 0, [])]
    for end in range(1, len(text) + 1):
        ways = []
        for start in range(max(0, end - _LONGEST), end):
            piece = text[start:end]
            strange = not _told(piece, language)
            if not strange or len(piece) == 1:
                unknown, count, before = best[start]
                ways.append((unknown + strange, count + 1, [*before, piece]))
        best.append(min(ways, key=lambda way: way[:2]))
    return best[-1][2]


def _told(word: str, language: str) -> tuple[Phrase, ...]:
    return _dictionary().told(f"{language} {word}")


@dataclass(frozen=True)
class _Dictionary:
    words: np.ndarray
    meanings: np.ndarray
    phrases: tuple[Phrase, ...]

    def told(self, word: str) -> tuple[Phrase, ...]:
        wanted = crc32(word.encode("utf-8", "replace"))
        place = int(self.words.searchsorted(wanted))
        if place == len(self.words) or int(self.words[place]) != wanted:
            return ()
        return tuple(self.phrases[number - 1] for number in self.meanings[place].tolist() if number)


@cache
def _dictionary() -> _Dictionary:
    import numpy as np

    with (files("knowledge") / "dictionary.npz").open("rb") as file, np.load(file) as held:
        phrases = held["phrases"].tobytes().decode().split("\n")
        return _Dictionary(held["words"], held["meanings"], tuple(tuple(phrase.split(" ")) for phrase in phrases))
