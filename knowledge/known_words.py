"""Whether a word is one that people write: what is none, with a capital, is most likely a name.

`known_words.npz` holds hashes of 459,000 words of English, German, Spanish, French, Portuguese and Indonesian, made by
`scripts/ship_words.py` from the word frequencies of wordfreq (Robyn Speer and others, data under CC BY-SA 4.0; so are
the hashes).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np

LANGUAGES = frozenset({"de", "en", "es", "fr", "id", "pt", "pt-BR"})
_ENDING = re.compile(r"(?:es|en|er|em|e|n|s|ed|ing|ly|ern)$")
_BOUND = re.compile(r"^(?:ber|ter|pem|pen|per|pe|ke|di|men|mem|me|se)|(?:nya|kan|an|i)$")
"""What Indonesian joins to a word, before and behind."""
_SHORTEST = 4


@lru_cache(maxsize=8192)
def is_word(text: str, language: str) -> bool:
    """Whether a word, an inflected form of one, or in German a compound of some is known. A word of any of the
    languages counts in each: titles borrow. Words of three letters and fewer always count.
    """
    word = text.casefold()
    if len(word) < _SHORTEST or _known(word) or _known(_ENDING.sub("", word)):
        return True
    if language == "id":
        return _known(_BOUND.sub("", word))
    return language == "de" and _is_compound(word)


def _known(word: str) -> bool:
    return len(word) >= _SHORTEST and _held(word)


def _held(key: str) -> bool:
    held, wanted = _hashes(), crc32(key.encode())
    place = int(held.searchsorted(wanted))
    return place < len(held) and int(held[place]) == wanted


def _is_compound(word: str) -> bool:
    """Whether a word can be cut into common German ones, joined as German joins them."""
    shortest = _SHORTEST - (len(word) > 8)
    cuts = range(shortest, len(word) - shortest + 1)
    return any(_is_part(word[:at]) and (_is_part(word[at:]) or _is_compound(word[at:])) for at in cuts)


def _is_part(part: str) -> bool:
    forms = {part, _ENDING.sub("", part), f"{part}e", f"{part}en", part.removesuffix("s")}
    return any(_held(f"de {form}") for form in forms if len(form) >= _SHORTEST - 1)


@cache
def _hashes() -> np.ndarray:
    import numpy as np

    with (files("knowledge") / "known_words.npz").open("rb") as file, np.load(file) as held:
        return np.asarray(held["hashes"])
