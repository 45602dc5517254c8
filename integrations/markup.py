"""Pages made of elements. What is put into one is text unless it was made here, so no text of a shop becomes markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = frozenset(("meta", "link", "img", "input", "br", "hr"))


class Html(str):
    """Markup that was made here."""

    __slots__ = ()


Part = str | None | Iterable["Part"]


def tag(name: str, /, *parts: Part, **attributes: str | int | bool | None) -> Html:
    """An element. Attributes that are None or False are left out; `_` in a name is `-`, one at its end is dropped."""
    told = "".join(
        _attribute(key, value) for key, value in attributes.items() if value is not None and value is not False
    )
    return Html(f"<{name}{told}>" if name in VOID else f"<{name}{told}>{together(parts)}</{name}>")


def together(parts: Part) -> Html:
    """Parts one after the other; text is escaped."""
    if parts is None:
        return Html("")
    if isinstance(parts, str):
        return parts if isinstance(parts, Html) else Html(_plain(parts))
    return Html("".join(together(part) for part in parts))


def _plain(text: str) -> str:
    """A text as a page shows it; a NUL has no place in one."""
    return escape(text).replace("\0", "\ufffd")


def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{_plain(str(value))}"'
