"""Characters that nobody sees, and that carry what nobody should say: taken out of all that comes in."""

import re
import unicodedata

_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0e\U000e0100-\U000e01ef]"
    "|\ufe0f{2,}|[\u200c\u200d]{2,}"
)
"""Fillers, blanks and variation selectors, and joiners in a row: one joiner shapes letters, many spell a message."""


def visible(text: str) -> str:
    """The text without characters that show nothing: format and tag characters, selectors, private and unassigned."""
    if text.isascii() and text.isprintable():
        return text
    shown = (c for c in text if c in "\n\r\t\u200c\u200d" or unicodedata.category(c) not in _HIDDEN)
    return _BLANK.sub("", "".join(shown))


_HIDDEN = ("Cc", "Cf", "Co", "Cn", "Cs")
