"""What stands for personal data in what a served model reads and writes: <EMAIL_1>, <CARD_1>, ..."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from knowledge.personal import Found, Kind, find_personal

NAMES: dict[Kind, str] = {
    "email": "EMAIL", "phone": "PHONE", "address": "ADDRESS", "ip": "IP", "account": "ACCOUNT", "card": "CARD",
    "id": "ID",
}  # fmt: skip
"""Kinds that no served model sees. Order numbers and links stay: tools need them, and they name no person."""

_PLACEHOLDER = re.compile(rf"<\s?((?:{'|'.join(NAMES.values())})_\d{{1,4}})\s?>", re.IGNORECASE)
BEGUN = re.compile(r"<\s?(?:[A-Z]{1,7}(?:_\d{0,4}\s?)?)?$", re.IGNORECASE)
"""What may be the beginning of a placeholder, at the end of a text that streams."""


class Placeholders:
    """The personal data of one conversation, numbered by kind as first met: the same texts in the same order give the
    same placeholders, so nothing has to be kept. `known` are values that look personal and are not, such as numbers
    of orders and parcels.
    """

    def __init__(self, known: Collection[str] = ()) -> None:
        self._known = known
        self._values: dict[str, str] = {}
        self._names: dict[tuple[Kind, str], str] = {}

    def mask(self, text: str) -> str:
        """The text with each piece of personal data replaced by its placeholder."""
        parts, end = [], 0
        for one in _personal(text):
            value = text[one.start : one.end]
            if value not in self._known:
                parts += [text[end : one.start], self._name(one.kind, value)]
                end = one.end
        return "".join([*parts, text[end:]])

    def restore(self, text: str, spare: Collection[Kind] = ()) -> str:
        """The text with placeholders replaced by what they stand for; kinds to spare, and unknown ones, stay."""
        spared = {NAMES[kind] for kind in spare}

        def value(match: re.Match[str]) -> str:
            name = match[1].upper()
            return match[0] if name.split("_")[0] in spared else self._values.get(name, match[0])

        return _PLACEHOLDER.sub(value, text)

    def counts(self) -> dict[str, int]:
        """How many different pieces of each kind are masked."""
        return dict(Counter(kind for kind, _ in self._names))

    def _name(self, kind: Kind, value: str) -> str:
        key = (kind, value.casefold())
        if key not in self._names:
            self._names[key] = f"{NAMES[kind]}_{sum(held == kind for held, _ in self._names) + 1}"
            self._values[self._names[key]] = value
        return f"<{self._names[key]}>"


@lru_cache(4096)
def _personal(text: str) -> tuple[Found, ...]:
    """Kept for a while: each call of a model reads the whole conversation again."""
    return tuple(one for one in find_personal(text) if one.kind in NAMES)
