"""What may enter: a message is text of a sensible size."""

import unicodedata

from assistant.guardrails.hidden import visible

MOST_LETTERS = 4000
"""Longest message answered; a longer one is not a question."""


class MessageRefused(ValueError):
    """The message cannot be answered as it is; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def admit(message: str) -> str:
    """The message, cleaned of characters that only hide things. Raises MessageRefused (empty, too_long, not_text)."""
    if len(message) > MOST_LETTERS:
        raise MessageRefused("too_long")
    controls = sum(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c not in "\n\r\t" for c in message)
    if controls * 10 > len(message):
        raise MessageRefused("not_text")
    cleaned = visible(message.replace("\r", ""))
    if not any(not c.isspace() for c in cleaned):
        raise MessageRefused("empty")
    return cleaned.strip()
