"""Personal data and secrets taken out of a text before it is kept: what stands for it says what it was."""

from __future__ import annotations

import re
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


_SECRET = re.compile(
    r"\b(?:sk|pk|rk|whsec|ghp|gho|glpat|xox[abposr]|xapp)[-_](?:[A-Za-z0-9]+[-_]){0,6}[A-Za-z0-9_-]{8,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r"|\bAKIA[A-Z0-9]{12,}"
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"
    r"|(?<=bearer )[\w.~+/=-]{8,}"
    r"|(?:(?<=api_key)|(?<=apikey)|(?<=api-key)|(?<=password)|(?<=secret)|(?<=token))[\"']?\s?[=:]\s?[\"']?[^\s\"',;&]{6,}",
    re.IGNORECASE,
)
"""Keys of services as they are given out, signed tokens, passwords in addresses, and what stands behind such a name."""


_MAY_OPEN = re.compile(r"[-_:=]|eyJ|AKIA|bearer ", re.IGNORECASE)
"""What stands in all of these, and is found sooner."""


def mask_secrets(text: str, known: Collection[str] = ()) -> str:
    """The text without what opens something: secrets known by their value, and what looks like a key or a password."""
    for value in known:
        if value:
            text = text.replace(value, "[secret]")
    return _SECRET.sub("[secret]", text) if _MAY_OPEN.search(text) else text


def one_line(text: str, most: int = 1000) -> str:
    """What a person typed as one line of visible text, at most so many characters."""
    line = " ".join(text[: 8 * most].split())
    if not line.isprintable():
        line = " ".join("".join(letter if _is_visible(letter) else " " for letter in line).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_visible(letter: str) -> bool:
    """Joiners shape Arabic letters and emoji; all else that cannot be seen hides or disturbs."""
    return letter in "\u200c\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
