"""Questions about a country: what is off topic there, and what the policies say where they state nothing for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from assistant.embedded.handing_over import OFFER
from assistant.embedded.passages import DOUBTFUL, is_silent, quote_passage, say_silence, speaks_of_all
from assistant.embedded.quotes import told_for
from assistant.embedded.router import Route
from assistant.embedded.slots import lexicon
from assistant.embedded.task import CERTAIN, SURE, Task
from assistant.embedded.turn import Turn
from assistant.embedded.wording import OTHER_COUNTRIES, Words
from knowledge.countries import without_countries

MATTERS = (
    ("delivery", "words"), ("actions", "return"), ("actions", "refund"), ("actions", "withdraw"),
    ("actions", "exchange"), ("facts", "warranty_months"), ("scams", "fees"),
)  # fmt: skip
"""Words of the lexicon that tell of what a shop has rules for."""


def country_calls(turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """The look-up of where the shop does not ship, where what was found tells nothing of a country."""
    silent = [told["country"] for told in turn.told("search_policies") if _silent(told)]
    question = Words(turn.language).say(OTHER_COUNTRIES)
    return [("search_policies", {"question": question, "country": country}) for country in silent[:1]]


def _silent(told: dict[str, Any]) -> bool:
    first = told.get("passages", [])[:1]
    return any(is_silent(passage, told.get("country", "")) for passage in first) or _unstated(told)


def _unstated(told: dict[str, Any]) -> bool:
    """Whether no policy names the country asked about, and none found speaks of all countries."""
    passages = told.get("passages", [])
    return bool(told.get("unnamed")) and not any(speaks_of_all(passage) for passage in passages)


def asks_delivery(text: str, language: str) -> bool:
    """Whether a text asks what is delivered, not what is sent back."""
    words, lower = lexicon(language), text.casefold()
    return words.find(lower, "delivery", "words") >= 0 and words.find(lower, "actions", "return") < 0


def read_abroad(text: str, language: str, sure: float, route: Callable[[str, str], Route]) -> tuple[str, float]:
    """What a message is that is off topic by the look of it, and names a country: one that speaks of a shop's matters
    asks about them; one that is off topic without its country too is so for certain.
    """
    words, lower = lexicon(language), text.casefold()
    if any(words.find(lower, section, key) >= 0 for section, key in MATTERS):
        return "policy_question", SURE
    elsewhere = route(without_countries(text, language) or text, language)
    return "out_of_scope", {"out_of_scope": CERTAIN, "policy_question": elsewhere.chance("out_of_scope")}.get(
        elsewhere.best, sure
    )


def unstated_country(task: Task, turn: Turn) -> str:
    """The country of a question that no policy states anything for, or ''."""
    told = told_for("search_policies", "question", task, turn) or {}
    return task.slots.country if task.slots.country == told.get("country") and _unstated(told) else ""


def tell_countries(turn: Turn, paragraphs: list[str], words: Words) -> Iterator[str]:
    """What that look-up found, where an answer says that nothing is stated, and it is near enough."""
    question = words.say(OTHER_COUNTRIES)
    asked = (call.told or {} for call in turn.calls if call.arguments.get("question") == question)
    for told in asked:
        unsaid = any(say_silence(told["country"], words) in text for text in paragraphs)
        best = [passage for passage in told.get("passages", []) if not is_silent(passage, told["country"])][:1]
        if unsaid and best and best[0]["score"] >= DOUBTFUL:
            yield quote_passage(best, question, told["country"], words)
        if unsaid:
            yield words.say(OFFER)
