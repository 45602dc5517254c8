"""What a shopper is told while the agent works: each part of its stream as events, and how an answer closes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, ToolMessage

from assistant.confirming import unshown
from assistant.embedded.handing_over import announce
from assistant.embedded.model import WORDED
from assistant.embedded.wording import Words
from assistant.events import (
    ActionShown,
    Cards,
    Citations,
    Event,
    Identify,
    OrderShown,
    Sentence,
    Step,
    StepDone,
)
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.model_calls import tokens_of
from assistant.guardrails.outgoing import CUT
from assistant.guardrails.placeholders import Placeholders
from assistant.guardrails.rewriting import WITHHELD, Anew
from assistant.guardrails.screen import ScreenedGate
from assistant.notices import handed_over
from assistant.steps import step_words
from assistant.tracing import Withheld, note
from tools.context import Session


@dataclass
class Talk:
    """What is gathered while one turn runs."""

    session: Session
    evidence: Evidence
    gate: ScreenedGate
    started: float = field(default_factory=time.perf_counter)
    shown: list[str] = field(default_factory=list)
    messages: list[AnyMessage] = field(default_factory=list)
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)
    engine: str = ""
    speaking: str | None = None
    offers: dict[str, str] = field(default_factory=dict)
    handed_over: dict[str, Any] = field(default_factory=dict)
    proofs: set[Identify] = field(default_factory=set)


def tell(part: Any, talk: Talk) -> list[Event]:
    """What becomes of a part heard of the agent's work: a piece of text that a model writes, a whole answer of it, a
    tool's result, or what concerns the text to come.
    """
    if isinstance(part, AIMessageChunk):
        return _written(part, talk)
    if isinstance(part, AIMessage | ToolMessage):
        talk.messages.append(part)
        return _called(part, talk) if isinstance(part, AIMessage) else _told(part, talk)
    return _begun(part, talk)


def _written(chunk: AIMessageChunk, talk: Talk) -> list[Event]:
    if chunk.additional_kwargs.get(CUT):
        talk.gate.cut()
        return []
    before = list(talk.gate.finish()) if chunk.id != talk.speaking else []
    talk.speaking = chunk.id
    if chunk.text:
        talk.evidence.worded = bool(chunk.additional_kwargs.get(WORDED))
    return _shown((*before, *talk.gate.feed(chunk.text)), talk)


def _begun(part: Any, talk: Talk) -> list[Event]:
    """A served model is about to write: what the placeholders in its text stand for, or that it writes anew."""
    if isinstance(part, Anew):
        return _shown(talk.gate.anew(), talk)
    return _shown(talk.gate.begin(part), talk) if isinstance(part, Placeholders) else []


def _shown(sentences: Iterable[str], talk: Talk) -> list[Event]:
    """Sentences that may be shown at the same time are one event: what shows it keeps each before it is seen."""
    together = "".join(sentences)
    if not together:
        return []
    talk.shown.append(together)
    return [Sentence(together)]


def _called(message: AIMessage, talk: Talk) -> list[Event]:
    for name, count in tokens_of(message).items():
        talk.usage[name] = talk.usage.get(name, 0) + count
    talk.engine = str(message.response_metadata.get("model_name") or talk.engine)
    events: list[Event] = []
    for call in message.tool_calls:
        talk.asked[call["id"] or ""] = call["args"]
        events.append(Step(call["name"], step_words(call["name"], talk.session.language), call["id"] or ""))
    return events


def _told(message: ToolMessage, talk: Talk) -> list[Event]:
    told: dict[str, Any] = message.artifact if isinstance(message.artifact, dict) else {"status": "failed"}
    talk.evidence.add_told(told)
    talk.products |= {product["product_id"]: product for product in told.get("products", [])}
    arguments = talk.asked.get(message.tool_call_id, {})
    events: list[Event] = [StepDone(message.name or "", message.tool_call_id, told.get("status", "failed"), arguments)]
    if told.get("status") == "ok" and told.get("order"):
        events.append(OrderShown(told["order"], talk.session.language))
    if "email_or_postcode" in told.get("missing", []):
        proof = Identify(tuple(told["missing"]), str(told.get("order_id", "")))
        events += [proof] if proof not in talk.proofs else []  # several tools may want the same
        talk.proofs.add(proof)
    if told.get("operation_id"):
        events.append(ActionShown(told))
        talk.offers |= {told["operation_id"]: told["message"]} if told["status"] == "needs_confirmation" else {}
    if message.name == "hand_to_person" and told.get("status") == "ok":
        events.append(handed_over(told, talk.session))
        talk.handed_over = told
    return events


def tell_end(talk: Talk) -> list[Event]:
    """What closes an answer: the last sentence, the sources, the products it names."""
    events = _shown(talk.gate.finish(), talk)
    words = Words(talk.session.language)
    if not "".join(talk.shown).strip():
        events += _shown([words.say(WITHHELD)], talk)
    elif talk.gate.lacks_answer:  # what was to be written anew came to nothing
        events += _shown(["\n\n" + words.say(WITHHELD)], talk)
    owed = [*talk.offers.values()]
    if talk.handed_over and str(talk.handed_over["reference"]) not in "".join(talk.shown):
        owed.append(announce(talk.handed_over, words))
    events += _shown(unshown(owed, "".join(talk.shown)), talk)
    for failed in talk.gate.failed:
        note(Withheld(failed.text, "; ".join(failed.reasons)))
    answer = "".join(talk.shown)
    if talk.gate.citations:
        events.append(Citations(talk.gate.citations))
    named = tuple(product for product in talk.products.values() if product["name"] in answer)
    if named:
        events.append(Cards(named[:4]))
    return events
