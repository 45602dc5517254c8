"""What became of an action, told to a person in their language, with the passage that states the rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.ranking import Hit
from knowledge.service.words import placeholders
from tools.actions.clerk import IDENTITY
from tools.actions.outcome import Outcome
from tools.actions.speech import Speech, quote_lines
from tools.results import describe_passage

Cite = Callable[[str], Hit | None]
"""Finds the passage a rule names as 'document#number'; None where no document states it, or not for this reader."""


@dataclass(frozen=True)
class Telling:
    """An outcome in words. `message` says all of it, the quote line by line; `hit` is the passage that states the rule,
    or None; `text` is the message and where the rule is stated.
    """

    message: str
    text: str
    hit: Hit | None = None

    @property
    def passage(self) -> dict[str, Any] | None:
        """The passage as tools hand passages over."""
        return describe_passage(self.hit) if self.hit else None


def tell_outcome(
    outcome: Outcome, action: str, locale: str, cite: Cite,
    arguments: Mapping[str, Any] | None = None, language: str = "",
) -> Telling:  # fmt: skip
    """Tell an outcome in a language (default: the locale's), figures as the locale writes them. `arguments` are the
    request's, for what its quote does not say: the order, a new address, the end of a pause.
    """
    speech = Speech(language, locale)
    hit = cite(outcome.passage) if outcome.passage and _states(outcome) else None
    lines = _told(outcome, action, arguments or {}, speech)
    if hit is None and outcome.text and outcome.status == "denied" and _states(outcome):
        lines.append(speech.say("status.stated", text=outcome.text))
    message = "\n".join(line for line in lines if line)
    if hit is None:
        return Telling(message, message)
    title = " – ".join(dict.fromkeys([hit.passage.title, *hit.passage.heading]))
    return Telling(message, "\n".join([message, speech.say("status.cited", title=title)]), hit)


def _states(outcome: Outcome) -> bool:
    """Whether the outcome's passage states the rule that decided. Who is refused for not being the owner reads the
    same for every order, so nothing is cited; and no passage stands for what people or the clock decided.
    """
    if outcome.status == "denied":
        return outcome.check not in IDENTITY and (bool(outcome.check) or not _is_special(outcome.rule))
    return outcome.status in ("needs_confirmation", "needs_approval")


def _is_special(rule: str) -> bool:
    return Speech("en").text(f"special.{rule}") is not None


def _told(outcome: Outcome, action: str, arguments: Mapping[str, Any], speech: Speech) -> list[str]:
    """The lines of a message. Why a person must approve is never told: limit and review read the same."""
    if outcome.status == "denied":
        return [_refusal(outcome, speech)]
    if outcome.status == "invalid":
        return [speech.say("status.invalid")]
    order = _order(outcome, arguments)
    titled = _named(f"actions.{action}", order, speech)
    if outcome.status == "unknown":
        return [titled, speech.say("status.unknown")]
    details = [*_details(arguments, speech), *(quote_lines(outcome.quote, speech) if outcome.quote else [])]
    if outcome.status == "done":
        return [_named(f"done.{action}", order, speech), *details]
    if outcome.status == "needs_approval":
        return [titled, *details, speech.say("status.needs_approval")]
    asked = "status.changed" if outcome.check == "changed" else "status.needs_confirmation"
    return [speech.say(asked), titled, *details, speech.say("status.confirm")]


def _order(outcome: Outcome, arguments: Mapping[str, Any]) -> str:
    held = outcome.order.order_id if outcome.order else ""
    return str(arguments.get("order_id") or outcome.quote.get("order_id") or held)


def _named(key: str, order: str, speech: Speech) -> str:
    return speech.say(key, order=order) if speech.text(key) else ""


def _details(arguments: Mapping[str, Any], speech: Speech) -> list[str]:
    """What the request says and its quote does not."""
    found = []
    if arguments.get("until"):
        found.append(speech.say("status.until", day=speech.day(arguments["until"])))
    if arguments.get("address1"):
        parts = [arguments.get(part) for part in ("address1", "address2", "zip", "city", "state", "country")]
        address = ", ".join(" ".join(str(part).split()) for part in parts if part)
        found.append(speech.say("status.address", address=address))
    return found


def _refusal(outcome: Outcome, speech: Speech) -> str:
    """Why not: by the rule's check with its figures; in general where they are not known any more."""
    if outcome.check in IDENTITY:
        return speech.say("identity.refused")
    if not outcome.check and _is_special(outcome.rule):
        return speech.say(f"special.{outcome.rule}")
    slots = _slots(outcome.figures, speech)
    full, plain = speech.text(f"denied.{outcome.check}"), speech.text(f"denied_plain.{outcome.check}")
    if full and placeholders(full) <= slots.keys():
        return full.format(**slots)
    return (plain if outcome.figures else None) or speech.say("status.denied")


def _slots(figures: Mapping[str, Any], speech: Speech) -> dict[str, str]:
    """Figures of a refusal as they are written; those that are empty, or have no word, are left out."""
    given = {name: value for name, value in figures.items() if value}
    written: dict[str, Callable[[Any], str]] = {
        "status": lambda value: speech.text(f"states.{value}") or "",
        "allowed": lambda value: speech.series([speech.text(f"reasons.{reason}") or reason for reason in value], "or"),
        "sources": lambda value: speech.series([speech.method(source) for source in value], "or"),
        "items": lambda value: speech.series(list(dict.fromkeys(value))),
        "amount": lambda value: speech.money(value, str(figures.get("currency", ""))),
        "last_day": speech.day, "next_dispatch": speech.day, "days": speech.number,
    }  # fmt: skip
    slots = {name: written[name](value) for name, value in given.items() if name in written}
    if "days" in given:
        slots["length"] = speech.unit(given["days"], "duration-day")
    return {name: text for name, text in slots.items() if text}
