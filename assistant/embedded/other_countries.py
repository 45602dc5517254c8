"""What the policies say of countries in general, where they state nothing for the one that was asked about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.embedded.passages import ALSO_NEAR, DOUBTFUL, is_silent, quote_passage, say_silence
from assistant.embedded.turn import Turn
from assistant.embedded.wording import OTHER_COUNTRIES, Words


def country_calls(turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """The look-up of where the shop does not ship, where the passage found is silent on a country."""
    silent = [told["country"] for told in turn.told("search_policies") if _silent(told)]
    question = Words(turn.language).say(OTHER_COUNTRIES)
    return [("search_policies", {"question": question, "country": country}) for country in silent[:1]]


def _silent(told: dict[str, Any]) -> bool:
    return any(is_silent(passage, told.get("country", "")) for passage in told.get("passages", [])[:1])


def tell_countries(turn: Turn, paragraphs: list[str], words: Words) -> Iterator[str]:
    """What that look-up found, where an answer says that nothing is stated, and it is near enough."""
    question = words.say(OTHER_COUNTRIES)
    asked = (call.told or {} for call in turn.calls if call.arguments.get("question") == question)
    for told in asked:
        unsaid = any(say_silence(told["country"], words) in text for text in paragraphs)
        best = _best(told, words.language)
        if unsaid and best and best[0]["score"] >= DOUBTFUL:
            yield quote_passage(best, question, told["country"], words)


def _best(told: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The best passage that is not silent on the country, one in the reader's language before another about as near."""
    stated = [passage for passage in told.get("passages", []) if not is_silent(passage, told["country"])]
    near = [passage for passage in stated if stated[0]["score"] - passage["score"] < ALSO_NEAR]
    return sorted(near, key=lambda passage: passage["locale"] != language)[:1]
