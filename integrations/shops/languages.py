"""In which language an export tells of its products: a name of three words says little, the whole file much."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from knowledge.language import detect_language

ENOUGH_WORDS = 8
"""A text of so many words is believed to be in another language than its file; "Desk lamp Ada" reads Indonesian."""

OWN_SCRIPT = re.compile(r"[\u0400-\u1fff\u2e80-\uffdc]")
"""Letters that are not Latin tell a language in a word or two."""


def with_languages(records: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Records of products, those that are not English with name and summary as that language's too, so that a search in
    it finds them as its own.
    """
    texts = {key: f"{record['name']}. {record['summary']}" for key, record in records.items()}
    guesses = {key: detect_language(text).language for key, text in texts.items()}
    most = next((name for name, _ in Counter(filter(None, guesses.values())).most_common(1)), "en")
    return {key: _told(record, guesses[key] or most if _says(texts[key]) else most) for key, record in records.items()}


def _says(text: str) -> bool:
    """Whether a text is enough to tell its language by itself."""
    return len(text.split()) >= ENOUGH_WORDS or bool(OWN_SCRIPT.search(text))


def _told(record: dict[str, Any], language: str) -> dict[str, Any]:
    if language == "en":
        return record
    return {**record, "names": {language: record["name"]}, "summaries": {language: record["summary"]}}
