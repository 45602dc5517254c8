"""Whether a translation is in its language: by script, by letters, and by the language detector `eldc`, beside which
`py3langid` stands where it has no wheel.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

from knowledge.findings import Finding
from tools.localization.found import found
from tools.localization.marks import Marked

_SCRIPTS = (
    ("latin", "\u0041-\u024f\u1e00-\u1eff"), ("cyrillic", "\u0400-\u052f"), ("greek", "\u0370-\u03ff"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f"), ("hebrew", "\u0590-\u05ff"), ("devanagari", "\u0900-\u097f"),
    ("bengali", "\u0980-\u09ff"), ("tamil", "\u0b80-\u0bff"), ("thai", "\u0e00-\u0e7f"), ("kana", "\u3040-\u30ff"),
    ("hangul", "\uac00-\ud7af\u1100-\u11ff"), ("han", "\u3400-\u9fff"), ("georgian", "\u10a0-\u10ff"),
    ("armenian", "\u0530-\u058f"),
)  # fmt: skip
_SCRIPT = re.compile("|".join(f"(?P<{name}>[{letters}])" for name, letters in _SCRIPTS))
_OWN = {
    "ar": ("arabic",), "fa": ("arabic",), "ur": ("arabic",), "he": ("hebrew",), "th": ("thai",), "ko": ("hangul",),
    "ja": ("kana", "han"), "zh": ("han",), "ru": ("cyrillic",), "uk": ("cyrillic",), "bg": ("cyrillic",),
    "be": ("cyrillic",), "mk": ("cyrillic",), "sr": ("cyrillic", "latin"), "hi": ("devanagari",), "mr": ("devanagari",),
    "bn": ("bengali",), "ta": ("tamil",), "el": ("greek",), "ka": ("georgian",), "hy": ("armenian",),
}  # fmt: skip
"""Scripts a language is written in; all others in Latin letters."""
_CODES = {"nb": "no", "nn": "no", "id": "ms", "iw": "he", "fil": "tl", "in": "ms"}
"""Tags to the detector's languages: it knows Malay, not Indonesian; Norwegian as one."""
_KIN = {"no": {"nn"}, "hr": {"bs"}, "sr": {"bs", "hr"}, "ms": {"jv"}, "pt": {"gl"}, "bs": {"hr", "sr"}}
"""What the detector cannot tell from a language."""
_CHINESE = frozenset("的是您我你们們这這请請吗嗎为為此将將没沒")
"""Signs of Chinese prose that Japanese does not use by themselves."""
_WORDY = re.compile(r"[^\W\d_]{4}|[^\W\d_]{2,}\W+[^\W\d_]{3,}")
"""More than units and signs: a longer word, or two."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def check_language(source: Marked, target: Marked, locale: str) -> Iterator[Finding]:
    """A translation in a language other than its locale's. Words it shares with the source are left out: names,
    loan words.
    """
    prose, letters = own_words(source, target)
    if not letters:
        return
    seems = strange(prose, locale)
    if seems:
        told = f"This does not look like {_named(locale)}" + (f" but like {_named(seems)}." if seems != "?" else ".")
        yield found("language", told, f"Translate it into {_named(locale)}.", (0, len(target.text)), target.text)


def own_words(source: Marked, target: Marked) -> tuple[str, int]:
    """The target's prose without the source's words, and how many letters that has."""
    theirs = set(source.words)
    kept = " ".join(word for word in _WORD.findall(target.prose) if word.lower() not in theirs)
    return kept, sum(character.isalpha() for character in kept)


def strange(prose: str, locale: str) -> str:
    """The language a text seems to be in, where that is not the locale's; '?' where only its script says so, '' where
    it may well be the locale's.
    """
    parts = locale.replace("_", "-").split("-")
    language, scripts = parts[0].lower(), Counter(_scripts_of(prose))
    own = _OWN.get(language, ("latin",))
    if "Latn" in parts:
        own = ("latin",)
    if not scripts:
        return ""
    foreign = _foreign_script(scripts, own, bool(_WORDY.search(prose)))
    if foreign:
        return foreign
    if language == "zh":
        return _other_chinese(prose, parts)
    if language == "ja":
        return "" if scripts["kana"] else _chinese_signs(prose)
    if not {"latin", "cyrillic", "arabic"} & set(own):
        return ""
    return _detected(prose, language, scripts)


def _scripts_of(prose: str) -> list[str]:
    return [str(match.lastgroup) for match in _SCRIPT.finditer(prose)]


def _foreign_script(scripts: Counter[str], own: tuple[str, ...], wordy: bool) -> str:
    """What a text's script alone says: Latin letters among others are names or units, unless words are all there is."""
    letters, mine = scripts.total(), sum(scripts[name] for name in own)
    latin = 0 if "latin" in own else scripts["latin"]
    alien = letters - mine - latin
    if own == ("han",) and alien:
        return "ja" if scripts["kana"] else "?"
    if alien > 0.3 * letters:
        return "ja" if scripts["kana"] else "?"
    if latin and wordy and (not mine or (latin > 20 and latin > 0.7 * letters)):
        return "?"
    return ""


def _other_chinese(prose: str, parts: list[str]) -> str:
    """Simplified signs in a traditional text, or the other way: signs only one of the two has."""
    traditional = bool({"TW", "HK", "MO", "Hant", "tw", "hk"} & set(parts))
    simple = sum(_only_in(sign, "gb2312", "big5") for sign in prose)
    complex_ = sum(_only_in(sign, "big5", "gb2312") for sign in prose)
    if traditional:
        return "zh-CN" if simple > complex_ else ""
    return "zh-TW" if complex_ > simple else ""


@lru_cache(maxsize=4096)
def _only_in(sign: str, here: str, there: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" and _has(sign, here) and not _has(sign, there)


def _has(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeError:
        return False
    return True


def _chinese_signs(prose: str) -> str:
    return "zh-CN" if any(map(_is_chinese, prose)) else ""


def _is_chinese(sign: str) -> bool:
    return sign in _CHINESE or (sign >= "\u4e00" and not _has(sign, "shift_jis"))


MARGIN, SHORT, ALONE = 0.15, 1.5, 0.15
"""How much likelier another language must be, how much more of that one letter asks, and one word (a compound). Of
human texts in 38 locales 0.2 % seem foreign at this, and of texts in a wrong language 98 %.
"""


def _detected(prose: str, language: str, scripts: Counter[str]) -> str:
    letters = scripts.total()
    if letters < 4:
        return ""
    code = "hr" if language == "sr" and scripts["latin"] > scripts["cyrillic"] else _CODES.get(language, language)
    scores = _detector()(prose)
    kin = {code} | _KIN.get(code, set())
    mine = max(scores.get(name, 0.0) for name in kin)
    other, name = max(((score, name) for name, score in scores.items() if name not in kin), default=(0.0, ""))
    odd = _odd_letters(prose, "hr" if code == "hr" else language)
    asked = MARGIN + SHORT / letters + (0 if " " in prose else ALONE)
    return name if other - mine + 0.2 * min(2, odd) > asked else ""


def _odd_letters(prose: str, language: str) -> int:
    """Letters of the language's script that its alphabet does not have."""
    alphabet = _alphabets().get(language)
    if alphabet is None:
        return 0
    script, letters = alphabet
    text = unicodedata.normalize("NFC", prose.lower())
    return sum(match.lastgroup == script and match.group() not in letters for match in _SCRIPT.finditer(text))


@cache
def _alphabets() -> dict[str, tuple[str, frozenset[str]]]:
    table = tomllib.loads((files("tools.localization.checks") / "alphabets.toml").read_text("utf-8"))
    plain = "abcdefghijklmnopqrstuvwxyz"
    return {
        language: (script, frozenset(letters + (plain if script == "latin" else "")))
        for script, languages in table.items() for language, letters in languages.items()
    }  # fmt: skip


@cache
def _detector() -> Callable[[str], dict[str, float]]:
    """Scores of the likeliest languages. An own instance: the conversation's is restricted to languages it serves."""
    try:
        import eldc
    except ImportError:
        return _slow_detector()
    eldc.init()
    own = eldc.instance()
    own.set_scores(eldc.MAX_SCORES)
    return lambda text: {str(code): float(score) for code, score in dict(own.detect_details(text).scores).items()}


def _slow_detector() -> Callable[[str], dict[str, float]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return lambda text: {_CODES.get(code, code): float(score) for code, score in identifier.rank(text)[:20]}


def _named(locale: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(locale.replace("-", "_")).get_display_name("en"))
    except (UnknownLocaleError, ValueError):
        return locale
