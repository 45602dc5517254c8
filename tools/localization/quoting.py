"""Quotation marks as a locale sets them, outside tags."""

from __future__ import annotations

import re

from knowledge.locales import nearest_locale

_SPAN = r"[^\"“”„«»「」]*"
_QUOTED = re.compile(
    rf"“({_SPAN})”|„({_SPAN})[“”]|«[\u00a0\u202f ]?({_SPAN}?)[\u00a0\u202f ]?»|「({_SPAN})」"
    rf"|(?<![\w=])\"({_SPAN})\"(?![\w>])"
)
_TAG = re.compile(r"<[^<>]*>")
_NARROW = "\u202f"


def quoted(text: str, locale: str) -> str:
    """A text with its pairs of quotation marks as the locale sets them; an inch sign or a lone mark stays."""
    meant = nearest_locale(locale)
    if meant is None:
        return text
    begin, end, *_ = meant.conventions.quotes
    if meant.locale == "fr-FR":
        begin, end = begin + _NARROW, _NARROW + end
    parts, last = [], 0
    for tag in _TAG.finditer(text):
        parts += [_set(text[last : tag.start()], begin, end), tag.group()]
        last = tag.end()
    return "".join([*parts, _set(text[last:], begin, end)])


def _set(text: str, begin: str, end: str) -> str:
    return _QUOTED.sub(lambda match: begin + next(part for part in match.groups() if part is not None) + end, text)
