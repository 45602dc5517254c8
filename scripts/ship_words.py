"""Makes knowledge/known_words.npz anew from the word frequencies of wordfreq (`pip install wordfreq` first).

python -m scripts.ship_words
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

RAREST = {"en": 1.95, "de": 1.95, "es": 1.95, "fr": 1.95, "pt": 1.95, "id": 1.0}
"""The least Zipf frequency a word is kept at; the Indonesian list is short."""
COMMON = 10**-6.4
"""The least share of a German word that compounds are made of."""
PART = re.compile(r"[a-zà-ÿœ]{3,}")
WORD = re.compile(r"[a-zà-ÿœ]{4,}")


def main() -> None:
    """Write the hashes of the words of every language."""
    from wordfreq import get_frequency_dict  # type: ignore[import-not-found,unused-ignore]

    kept: set[str] = set()
    for language, rarest in RAREST.items():
        held: dict[str, Any] = get_frequency_dict(language, "best")
        kept |= {word for word, share in held.items() if share >= 10 ** (rarest - 9) and WORD.fullmatch(word)}
    german: dict[str, Any] = get_frequency_dict("de", "best")
    kept |= {f"de {word}" for word, share in german.items() if share >= COMMON and PART.fullmatch(word)}
    hashes = np.unique(np.array([crc32(word.encode()) for word in kept], dtype=np.uint32))
    path = Path(__file__).parents[1] / "knowledge" / "known_words.npz"
    np.savez_compressed(path, hashes=hashes)
    print(f"{len(hashes)} words, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
