"""The character set of text that does not say: the one in which its words are spelled as those of some language."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

_SURE, _LIKELY = 0.9, 0.6
"""Part of the words that a reading must spell rightly; and Windows-1252 where no other does."""

_ENOUGH = 24
"""Bytes beyond ASCII that tell the stricter of two readings from chance."""

_SAMPLE, _LONGEST = 40_000, 4_000
"""Bytes that are looked at, and of one line."""

_BETWEEN, _BEFORE, _AFTER = "’´–—·…،؛؟־\xad\u200c-\u200f", "‘’“”„‚«»‹›¿¡©№¼½¾•", "‘“”«»‹›®™"
_OUR = "[^\\W\\d_²³¹ºªµ]"
_SIGNS = re.compile(
    rf"(?<=m)[²³](?!{_OUR})|(?<=\d)[°ºª]|(?<=\b[nNM])[°ºª]|°(?=[CFK])|(?<=\d)[€£]|µ(?=[mglsFAV])|[{_BETWEEN}]"
    rf"|(?<!{_OUR})[{_BEFORE}]|[{_AFTER}](?!{_OUR})|(?<!{_OUR})[€£¥§°±×÷²³¹ºª†‡¦µ‰](?!{_OUR})"
)
"""Signs that stand where signs stand, and not where a letter is misread as one."""

_WORD = re.compile(r"[^\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\s]+")
_RUN = re.compile(r"[^\x00-\x7f\s–—…•·]{4,}")

_WESTERN = {
    "äöüßéèàêç": "", "àâæçéèêëîïôœùûü": "", "áéíóúüñ": "ñ(?![aeiouáéíóú])",
    "áàâãçéêíóôõúü": "õ(?!e)|ã(?![oeis]|$)", "àèéìíòóù": "", "æøåéèêòóô": "", "äöåõüšž": "õ$", "áéíóúýþæöð": "",
    "ëïéèêöüáíóúôç": "", "àçèéíïòóúü": "",
}  # fmt: skip
"""Letters beyond ASCII of the languages of Windows-1252, and where one of them never writes its own."""

_NOT_WESTERN = "[ìù](?=\\w)|[âî]$|ç(?![aouàâãáóôõòúûù]|$)|è(?=[aeiouyáéíóúý])"
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüß")
_SYLLABLE = "[เ-ไ]?[ก-ฮ][ัิ-ฺ็-๎]{0,3}[ะาำๅ]?[ๆฯ]?"


@dataclass(frozen=True)
class Reading:
    """A character set and the languages written in it: each says whether it spells a word so."""

    charset: str
    words: Callable[[str], list[str]]
    languages: tuple[Callable[[str], object], ...]


def charset_of(data: bytes) -> str:
    """The character set of bytes that are not UTF-8, "" where none is sure; Windows-1252 before all others."""
    lines = list(_lines(data))
    western, *others = _readings()
    able = [each for each in others if _spelled(each, lines) >= _SURE and _better(each, western, lines)]
    if not able:
        return western.charset if _spelled(western, lines, mixed=True) >= _LIKELY else ""
    letters = sum(byte > 127 for line in lines for byte in line)
    alike = len({tuple(_text(line, each) for line in lines) for each in able}) == 1
    return able[0].charset if alike or letters >= _ENOUGH else ""


def _better(reading: Reading, other: Reading, lines: list[bytes]) -> bool:
    """Whether a reading spells more of what another reads otherwise; a foreign name or two do not count for much."""
    apart = [line for line in lines if _text(line, reading) != _text(line, other)]
    few = len(apart) < 3 and _spelled(other, lines) >= _SURE
    return not few and _spelled(reading, apart) > _spelled(other, apart) + 1 - _SURE


def _lines(data: bytes) -> Iterator[bytes]:
    """The first lines that hold more than ASCII."""
    left = _SAMPLE
    for row in io.BytesIO(data):
        for line in row.splitlines():
            if not line[:_LONGEST].isascii():
                left -= len(line[:_LONGEST])
                yield line[:_LONGEST]
        if left < 0:
            return


def _spelled(reading: Reading, lines: list[bytes], mixed: bool = False) -> float:
    """The part of the words beyond ASCII that a reading spells rightly: each line in one language, or `mixed`."""
    right = total = 0
    for line in lines:
        text = _text(line, reading)
        if not text:
            return 0.0
        words = reading.words(text)
        total += len(words)
        if mixed:
            right += sum(any(spells(word) for spells in reading.languages) for word in words)
        elif any(all(map(spells, words)) for spells in reading.languages):
            right += len(words)
    return right / total if total else 1.0


def _text(line: bytes, reading: Reading) -> str:
    """A line in a reading, "" where it is none; a long one may be cut within a letter."""
    try:
        return codecs.getincrementaldecoder(reading.charset)().decode(line)
    except UnicodeDecodeError:
        return ""


def _words(text: str) -> list[str]:
    """Words with letters beyond ASCII, and what no sign or word explains."""
    bare = [re.sub(r"\d+", "", word) for word in _WORD.findall(_SIGNS.sub(" ", text))]
    return [word for word in bare if not word.isascii()]


def _latin_words(text: str) -> list[str]:
    """The same, and runs of letters beyond ASCII, which no Latin word has."""
    return [*_RUN.findall(text), *_words(text)]


def _runs(text: str) -> list[str]:
    """All letters beyond ASCII as one word; between two letters of a Latin word they are one that nobody spells."""
    return [*re.findall(r"[a-z][^\x00-\x7f]{1,2}[a-z]", text), re.sub(r"[\x00-\x7f]", "", text)]


def _latin(alphabets: Mapping[str, str], never: str = "") -> tuple[Callable[[str], object], ...]:
    """Languages by their letters beyond those of English, each with what it never writes, and what none of them does. A
    word of two letters and more has an English one too.
    """
    found = []
    for letters, own in alphabets.items():
        small, great = f"a-z{letters}", f"A-Z{letters.upper().replace('SS', '')}"
        wrong = "".join(f"(?!.*({form}))" for form in (never, own) if form)
        form = rf"(?=.*[A-Za-z]|.$){wrong}(([a-z]{{0,2}}[{great}])?[{small}]+|[{great}]+)"
        found.append(re.compile(form).fullmatch)
    return tuple(found)


def _formed(word: str) -> tuple[Callable[[str], object], ...]:
    return (re.compile(word).fullmatch,)


def _within(charset: str, first: int, last: int, others: str = "") -> tuple[Callable[[str], object], ...]:
    """Words mostly of letters whose first byte in a character set lies between two, the common ones."""

    known = re.compile(rf"[\u3000-\u303f\uff01-\uff60…—–·“”‘’{others}]")

    def common(letter: str) -> bool:
        coded = letter.encode(charset, "ignore")
        return bool(known.fullmatch(letter)) or (len(coded) == 2 and first <= coded[0] <= last)

    return (lambda word: sum(map(common, word)) >= 0.8 * len(word),)


@cache
def _readings() -> tuple[Reading, ...]:
    """What tables are saved in: Windows-1252, then the surest first."""
    western, central = _latin(_WESTERN, _NOT_WESTERN), _latin(dict.fromkeys(_CENTRAL, ""))
    return (
        Reading("cp1252", _latin_words, western),
        Reading("cp932", _runs, _within("cp932", 0x88, 0x98, "\u3041-\u30ff")),
        Reading("cp949", _runs, _within("euc_kr", 0xB0, 0xC8)),
        Reading("gb18030", _runs, _within("gb2312", 0xB0, 0xD7)),
        Reading("big5", _runs, _within("big5", 0xA4, 0xC6)),
        Reading("cp874", _words, _formed(f"({_SYLLABLE})+")),
        Reading("cp1255", _words, _formed("(?!.*[ךםןףץ][א-ת])[א-ת][\u05b0-\u05bdא-תװ-״]*")),
        Reading("cp1256", _words, _formed("[ء-غـ-\u0652پچژگک]+")),
        Reading("cp1253", _words, _formed("(?!.*ς.)([Α-ΫΆΈ-Ώ]?[ά-ία-ώ]+|[Α-ΫΆΈ-Ώ]+)")),
        Reading("cp1251", _words, _formed("[А-ЯЁЂ-ЏҐ]?[а-яёђ-џґ]+|[А-ЯЁЂ-ЏҐ]+")),
        Reading("cp1250", _latin_words, central),
        Reading("iso8859_2", _latin_words, central),
        Reading("cp1254", _latin_words, _latin({"çğıİöşüâîû": ""})),
        Reading("cp1257", _latin_words, _latin({"ąčęėįšųūž": "", "āčēģīķļņšūž": ""})),
        Reading("iso8859_15", _latin_words, western),
    )
