"""Links and pictures: a tool's text cannot carry data out in one, and what is shown leads only where the shop does."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

_IMAGE = re.compile(r"!\[([^\]\n\"]{0,300})\]\s?(?:\([^)\n\"\\]{0,2000}\)?|\[[^\]\n\"\\]{0,100}\])")
_LINK = re.compile(r"\[([^\]\n]{0,300})\]\([ ]*<?([^)\s>]{0,2000})[^)\n]{0,300}\)?")
_CITE = re.compile(r"[^\s\[\]#]+#\d+")
_END = r"\s\"'<>()\[\]{}\\^`|"
_URL = re.compile(
    rf"(?:(?:https?:|ftp:)?//|www\.)[^{_END}]+|(?<![\w@./-])(?:[a-z0-9-]{{1,63}}\.){{1,6}}[a-z]{{2,24}}/[^{_END}]+",
    re.IGNORECASE,
)
_LEADING = re.compile(r"[<\[/]|www\.", re.IGNORECASE)
"""Without one of these there is no link, picture or element in a text."""
_QUERY = re.compile(rf"((?:https?:|ftp:)?//[^?#{_END}]+)[?#][^\s\"'<>)\\]*", re.IGNORECASE)
_ACTIVE = re.compile(rf"(?:javascript|vbscript)\s*:[^{_END}]*|data:[\w/+.-]{{0,60}}[;,][^{_END}]*", re.IGNORECASE)
_LOADS = re.compile(
    r"<\s*/?\s*(?:img|image|iframe|script|style|link|object|embed|form|input|meta|svg|video|audio|source|base|a)\b"
    r"[^<>]{0,500}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>?")


def defuse_links(text: str) -> str:
    """A tool's text without what loads or carries data: pictures become their description, addresses lose what
    stands behind `?` and `#`, elements of HTML that load or lead somewhere go.
    """
    for pattern, instead in ((_LOADS, " "), (_IMAGE, r"\1"), (_ACTIVE, " ")):
        text = pattern.sub(instead, text)
    return _QUERY.sub(r"\1", text) if "//" in text else text


def links_of(told: dict[str, Any]) -> set[str]:
    """Addresses a tool's result gives for the shop's own pages: its fields `url`, and those its passages name."""
    passages = json.dumps(told.get("passages", []), ensure_ascii=False)
    told_of = [*told.get("passages", []), *told.get("products", [])]
    fields = {str(one["url"]) for one in told_of if isinstance(one, dict) and one.get("url")}
    return {_plain(link) for link in [*fields, *_URL.findall(passages)]}


def without_foreign_links(sentence: str, known: Collection[str]) -> str | None:
    """A sentence to show, its pictures and HTML taken out and its links to unknown addresses made plain words; None
    where it names an unknown address itself. An address is known only whole: one letter more may carry data out.
    """

    if not _LEADING.search(sentence):
        return sentence

    def kept(match: re.Match[str]) -> str:
        if _plain(match[2]) in known:
            return match[0]
        return f"[{match[1]}]" if _CITE.fullmatch(match[1]) else match[1]

    shown = _LINK.sub(kept, _IMAGE.sub(r"\1", _TAG.sub("", sentence)))
    return shown if all(_plain(link) in known for link in _URL.findall(shown)) else None


def _plain(link: str) -> str:
    """An address without the marks of the sentence around it."""
    return link.rstrip(".,;:!?。，、؟*_~").rstrip("/")
