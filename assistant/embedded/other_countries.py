"""Questions about a country: what is off topic there, and what the policies say where they state nothing for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from assistant.embedded.handing_over import OFFER
from assistant.embedded.passages import DOUBTFUL, is_silent, nearest_to, quote_passage, say_silence, speaks_of_all
from assistant.embedded.router import Route
from assistant.embedded.slots import lexicon
from assistant.embedded.task import CERTAIN, SURE, Task
from assistant.embedded.turn import Turn
from assistant.embedded.wording import OTHER_COUNTRIES, Words
from knowledge.countries import countries_in, origins_in, without_countries

MOST_FURTHER = 2
"""Countries that are looked up beside the first one a question names."""

MATTERS = (
    ("delivery", "words"), ("actions", "return"), ("actions", "refund"), ("actions", "withdraw"),
    ("actions", "exchange"), ("facts", "warranty_months"), ("scams", "fees"),
)  # fmt: skip
"""Words of the lexicon that tell of what a shop has rules for."""


def country_calls(turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """The look-ups for what else a question names as where to deliver; and of where the shop does not ship, where what
    was found tells nothing of a country.
    """
    asked = [call.arguments for call in turn.calls if call.name == "search_policies" and call.told]
    further = [call for told in asked[:1] for call in _further_calls(str(told["question"]), turn.language)]
    silent = [told["country"] for told in turn.told("search_policies") if _silent(told)]
    question = Words(turn.language).say(OTHER_COUNTRIES)
    return [*further, *(("search_policies", {"question": question, "country": country}) for country in silent[:1])]


def _further_calls(question: str, language: str) -> list[tuple[str, dict[str, Any]]]:
    named, origins = countries_in(question, language), origins_in(question, language)
    others = [code for code in named if code != "EU" and code not in origins][1 : 1 + MOST_FURTHER]
    calls = [("search_policies", {"question": question, "country": country}) for country in others]
    return calls if asks_delivery(question, language) else []


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


def unstated_countries(task: Task, turn: Turn) -> list[str]:
    """The countries of a question that no policy states anything for."""
    return [told["country"] for told in _told_of(task, turn) if _unstated(told)]


def further_passages(task: Task, turn: Turn) -> Iterator[dict[str, Any]]:
    """What was found for the countries of a question beside the first, where anything is stated for them."""
    told = _told_of(task, turn)
    yield from (found for found in told if found["country"] != task.slots.country and not _unstated(found))


def _told_of(task: Task, turn: Turn) -> list[dict[str, Any]]:
    """What was told for the countries that a task names."""
    calls = [call for call in turn.calls if call.name == "search_policies" and call.arguments.get("country")]
    told = [call.told for call in calls if call.arguments["question"] == task.text and call.told]
    return [found for found in told if found.get("country")] if task.slots.country else []


def tell_countries(turn: Turn, paragraphs: list[str], words: Words) -> Iterator[str]:
    """What that look-up found, where an answer says that nothing is stated, and it is near enough."""
    question = words.say(OTHER_COUNTRIES)
    asked = (call.told or {} for call in turn.calls if call.arguments.get("question") == question)
    for told in asked:
        unsaid = any(say_silence(told["country"], words) in text for text in paragraphs)
        stated = [passage for passage in told.get("passages", []) if not is_silent(passage, told["country"])]
        best = nearest_to(words.language, stated)
        if unsaid and best and best[0]["score"] >= DOUBTFUL:
            yield quote_passage(best, question, told["country"], words)
        if unsaid:
            yield words.say(OFFER)
