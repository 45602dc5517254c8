"""Personal data taken out of what shoppers wrote, before it is kept: what stands for it says what it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Letters and digits of scripts that put spaces between words: in the others an address ends where a word begins."""

_EMAIL = re.compile(
    rf"(?:{_LETTER}|[._%+'-]){{1,64}}\s?(?:@|[(\[]\s?at\s?[)\]])\s?(?:(?:{_LETTER}|-){{1,63}}\.)+{_LETTER}{{1,63}}",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_IBAN = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|[ -][A-Z0-9]{4}(?:[ -](?=[A-Z]*\d)[A-Z0-9]{1,4}){2,7})(?![A-Z0-9])",
    re.IGNORECASE,
)
_IP = re.compile(
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE
)
_LONG = re.compile(r"(?<![\d+])\d(?:[ -]?\d){12,18}(?!\d)")
_PHONE = re.compile(
    r"(?<![\d.,])\+?[ ]?\(?\d{1,5}\)?(?:[ ./-]{0,2}\(?\d{1,8}\)?){1,7}(?:[ ]?(?:x|ext\.?)[ ]?\d{1,5})?(?![\d%])"
)
_ORDER = re.compile(
    r"(?<![A-Z0-9])#?[A-Z]{1,4}-?\d{4,}(?:-\d+)*(?![A-Z0-9])|#[A-Z]{0,2}\d{3,}|(?<![\d.,])\d{5,}(?![.,]\d)",
    re.IGNORECASE,
)

_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})|\d{4}([./-])\d{1,2}\2\d{1,2}|\d{4}[-–/]\d{4}")
_SIGN = r"[€$£¥₹﷼円元]|R\$|Rp|rb|ribu|juta|IDR|EUR|USD|GBP|JPY|CNY|RMB|BRL|SAR|AED|CHF|euros?|dollars?|yen|reais|rupiah"
_PRICE_BEFORE = re.compile(rf"(?:{_SIGN})\s?$", re.IGNORECASE)
_PRICE_AFTER = re.compile(rf"\s?(?:{_SIGN}|ريال|درهم|万|块)", re.IGNORECASE)


def mask_personal(text: str) -> str:
    """The text with e-mail addresses, links, bank accounts, cards, phone numbers, IP addresses and order numbers
    replaced by `[e-mail]`, `[link]`, `[IBAN]`, `[card]`, `[phone]`, `[IP address]` and `[order number]`.

    Digits of any script count as digits. Sums of money and dates stay. Names and postal addresses are not recognised.
    """
    for pattern, label, holds in _KINDS:
        text = _mask(text, pattern, label, holds)
    return text


def one_line(text: str, most: int = 1000) -> str:
    """What a person typed as one line of visible text, at most so many characters."""
    shown = "".join(letter if _is_visible(letter) else " " for letter in text[: 8 * most])
    line = " ".join(shown.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_visible(letter: str) -> bool:
    """Joiners shape Arabic letters and emoji; all else that cannot be seen hides or disturbs."""
    return letter in "\u200c\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _mask(text: str, pattern: re.Pattern[str], label: str, holds: Callable[[str, re.Match[str]], bool]) -> str:
    """The text with each match replaced; found on a copy of the same length with plain digits and signs."""
    plain = "".join(map(_plain, text))
    parts, end = [], 0
    for match in pattern.finditer(plain):
        if holds(plain, match):
            lead = len(match[0]) - len(match[0].lstrip())
            trail = len(match[0].rstrip())
            parts += [text[end : match.start() + lead], label]
            end = match.start() + trail
    return "".join([*parts, text[end:]])


def _plain(letter: str) -> str:
    """A digit of any script, a full-width letter or sign, as ASCII; one letter for one, so that places agree."""
    if letter.isascii():
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    if "\uff01" <= letter <= "\uff5e":
        return chr(ord(letter) - 0xFEE0)
    return "-" if letter in "‐‑‒–—−ー" else " " if letter in "\u3000\u00a0\u202f" else letter


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match[0])


def _is_price(plain: str, match: re.Match[str]) -> bool:
    before = plain[max(0, match.start() - 8) : match.start()]
    return bool(_PRICE_BEFORE.search(before) or _PRICE_AFTER.match(plain, match.end()))


def _is_card(_: str, match: re.Match[str]) -> bool:
    """Whether the last digit proves the others (Luhn), or they stand in fours as on a card."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(_digits(match)))]
    fours = re.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}", match[0])
    return bool(fours) or sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _is_phone(plain: str, match: re.Match[str]) -> bool:
    """Whether digits in groups are a phone number, rather than a date, a sum, sizes or one plain number."""
    said = match[0].strip()
    if not 7 <= len(_digits(match)) <= 17 or _DATE.fullmatch(said) or _is_price(plain, match):
        return False
    begins = said.startswith(("+", "0", "("))
    groups = re.findall(r"\d+", said)
    pairs = len(groups) > 3 and re.fullmatch(r"[\d.-]+", said)
    return begins or bool(pairs) or (len(groups) > 1 and max(map(len, groups)) >= 3)


def _is_order(plain: str, match: re.Match[str]) -> bool:
    return not match[0].isdecimal() or not _is_price(plain, match)


def _always(_: str, __: re.Match[str]) -> bool:
    return True


_KINDS = (
    (_EMAIL, "[e-mail]", _always), (_LINK, "[link]", _always), (_IBAN, "[IBAN]", _always),
    (_LONG, "[card]", _is_card), (_IP, "[IP address]", _always), (_PHONE, "[phone]", _is_phone),
    (_ORDER, "[order number]", _is_order),
)  # fmt: skip
"""In this order: what is told apart best goes first."""
