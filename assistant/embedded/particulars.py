"""Whether a question about a product asks for something particular, or for the product as a whole."""

from __future__ import annotations

from assistant.embedded.slots import lexicon
from tools.product_names import words_of


def asks_particulars(question: str, name: str, language: str) -> bool:
    """Whether a question says more than the product's name and that it is asked about: 'can you engrave the lamp?',
    but not 'tell me about the lamp'.
    """
    words, left = lexicon(language), question.casefold()
    if asks_of_whole(question, language):
        return False
    for key in ("pronouns", "empty"):
        left = words.without(left, "followup", key)
    for word in words_of(name):
        left = left.replace(word, " ") if len(word) > 1 else left
    return any(len(word) > 3 or word > "\u2e80" for word in words_of(left))


def asks_of_whole(text: str, language: str) -> bool:
    """Whether a text asks to be told about something, whatever there is to tell: 'tell me about …', 'details of …'."""
    return lexicon(language).find(text.casefold(), "followup", "whole") >= 0
