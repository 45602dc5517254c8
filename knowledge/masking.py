"""Personal data taken out of what shoppers wrote, before it is kept: what stands for it says what it was."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Collection

from knowledge.personal import Kind, find_personal

LABELS: dict[Kind, str] = {
    "email": "[e-mail]", "link": "[link]", "account": "[IBAN]", "id": "[ID number]", "card": "[card]",
    "ip": "[IP address]", "address": "[address]", "phone": "[phone]", "order": "[order number]",
}  # fmt: skip


def mask_personal(text: str, keep: Collection[Kind] = ()) -> str:
    """The text with e-mail addresses, links, bank accounts, numbers of persons, cards, streets, phone numbers, IP
    addresses and order numbers replaced by what they are, in square brackets; kinds to keep stay as they are.

    Digits of any script count as digits. Sums of money and dates stay. Names and towns are not recognised.
    """
    parts, end = [], 0
    for found in find_personal(text):
        if found.kind not in keep:
            parts += [text[end : found.start], LABELS[found.kind]]
            end = found.end
    return "".join([*parts, text[end:]])


class MaskedLog(logging.Formatter):
    """Lines of a log, exceptions with their causes too, without personal data; numbers of orders, links and the
    addresses of machines stay, for whoever looks for a fault needs them.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return mask_personal(super().format(record), keep=("order", "link", "ip"))


def one_line(text: str, most: int = 1000) -> str:
    """What a person typed as one line of visible text, at most so many characters."""
    shown = "".join(letter if _is_visible(letter) else " " for letter in text[: 8 * most])
    line = " ".join(shown.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_visible(letter: str) -> bool:
    """Joiners shape Arabic letters and emoji; all else that cannot be seen hides or disturbs."""
    return letter in "\u200c\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
