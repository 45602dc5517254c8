"""One turn as the embedded model sees it: the message, what its tools have said so far, and what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.embedded.wording import asides

MOST_LATELY = 4
"""Messages back in which something said still holds."""
REWRITE = "rewrite"
"""Marks messages (in their additional_kwargs) that ask a model to write sentences anew: no part of the conversation."""

LEFT_OPEN = "left_open"
"""Marks an answer (in its additional_kwargs) with the request that it asks the shopper to complete."""

ASKED = {"search_policies": "question", "hand_to_person": "reason"}
"""Tools that take what was asked in words, and what they call it."""

IDENTITY_TOOLS = ("show_order", "list_orders", "return_options", "refund_status", "identify_customer")


@dataclass(frozen=True)
class Call:
    """A tool call and, once it has run, what it told. `told` is the tool's artifact."""

    name: str
    arguments: dict[str, Any]
    told: dict[str, Any] | None = None

    @property
    def status(self) -> str:
        """ok, none, missing, refused; 'failed' where the tool broke; '' before it has run."""
        return "" if self.told is None else str(self.told.get("status", "failed"))


@dataclass(frozen=True)
class Past:
    """What the conversation was about before this turn, read from what tools returned, not from what was said.

    `left_open` is the request that our last answer asked the shopper to complete: its intent, text and order. `said`
    are the shopper's messages with their languages, `answer` is what we said last. `shown` are the products that a call
    told and the answer named, call by call; `shows_products`: the last answer named some.
    """

    calls: tuple[Call, ...] = ()
    last_calls: tuple[Call, ...] = ()
    left_open: dict[str, Any] = field(default_factory=dict)
    said: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    shown: tuple[list[dict[str, Any]], ...] = ()
    shows_products: bool = False

    @property
    def lately(self) -> tuple[tuple[str, str], ...]:
        """The newest messages, the last one first: what was said there still holds."""
        return self.said[: -MOST_LATELY - 1 : -1]

    @property
    def products(self) -> list[dict[str, Any]]:
        """Products shown last."""
        return self.products_of(1)

    def products_of(self, least: int) -> list[dict[str, Any]]:
        """The products shown last of those times when at least so many were."""
        return next((list(products) for products in reversed(self.shown) if len(products) >= least), [])

    @property
    def shows_order(self) -> bool:
        """Whether an order was shown in the turn before."""
        return any(call.name == "show_order" and call.status == "ok" for call in self.last_calls)

    @property
    def speaks_of_order(self) -> bool:
        """Whether the turn before was about one order."""
        told = [call.told or {} for call in self.last_calls]
        return any(held.get("order") or held.get("order_id") for held in told)

    @property
    def country(self) -> str:
        """The country the policy question of the turn before was about, or ''."""
        named = [call.arguments.get("country", "") for call in self.last_calls if call.name == "search_policies"]
        return str(named[-1]) if named else ""

    @property
    def order_id(self) -> str:
        """The order spoken of last."""
        for call in reversed(self.calls):
            order = (call.told or {}).get("order") or {}
            found = order.get("order_id") or (call.told or {}).get("order_id")
            if found:
                return str(found)
        return ""

    @property
    def market(self) -> str:
        """The country that the order spoken of in the turn before ships to, or ''."""
        orders = [(call.told or {}).get("order") or {} for call in self.last_calls]
        return str(next((order["market"] for order in orders if order.get("market")), ""))

    @property
    def question(self) -> str:
        """The policy question asked in the turn before, or what a person was asked for; '' for neither."""
        asked = [str(call.arguments.get(ASKED[call.name], "")) for call in self._asked]
        return asked[-1] if asked else ""

    @property
    def earlier_question(self) -> str:
        """The last policy question of any turn, as it was looked up; '' where there was none."""
        asked = [str(call.arguments.get("question", "")) for call in self.calls if call.name == "search_policies"]
        ours = frozenset(chain.from_iterable(asides(language) for language in {spoken for _, spoken in self.said}))
        return next((question for question in reversed(asked) if question not in ours), "")

    @property
    def _asked(self) -> list[Call]:
        """The calls of the turn before for what the shopper asked; those we made of our own accord only where there are
        no others: a fault that was told of is what goes on.
        """
        ours = asides(self.said[-1][1]) if self.said else frozenset()
        asked = [call for call in self.last_calls if call.name in ASKED]
        return [call for call in asked if call.arguments.get(ASKED[call.name]) not in ours] or asked

    @property
    def topic(self) -> str:
        """The title of the policy that was found for that question, or the question where none was."""
        told = [call.told or {} for call in self._asked if call.name == "search_policies"]
        titles = [passage["title"] for passage in (told[-1].get("passages") or [] if told else [])]
        return str(titles[0]) if titles else self.question

    @property
    def waiting_for_identity(self) -> Call | None:
        """The call of the turn before that could not go on without identity."""
        for call in reversed(self.last_calls):
            if call.name in IDENTITY_TOOLS and call.status in ("missing", "refused"):
                return call
        return None


@dataclass(frozen=True)
class Turn:
    """The message to answer, and the calls made for it so far, in rounds."""

    text: str
    language: str
    market: str
    calls: tuple[Call, ...] = ()
    past: Past = field(default_factory=Past)
    first: bool = True

    def told(self, name: str) -> list[dict[str, Any]]:
        """What a tool has told in this turn, call by call."""
        return [call.told for call in self.calls if call.name == name and call.told is not None]


def begun(messages: Sequence[BaseMessage]) -> int:
    """The place of the last message that is the shopper's, or asks to write anew; 0 where there is none."""
    return max((at for at, message in enumerate(messages) if isinstance(message, HumanMessage)), default=0)


def read_turn(messages: Sequence[BaseMessage]) -> Turn:
    """The turn that a list of messages ends in."""
    messages = [message for message in messages if not message.additional_kwargs.get(REWRITE)]
    starts = [i for i, message in enumerate(messages) if isinstance(message, HumanMessage)]
    if not starts:
        return Turn("", "en", "")
    last = messages[starts[-1]]
    before = list(_calls(messages[: starts[-1]]))
    recent = list(_calls(messages[starts[-2] : starts[-1]])) if len(starts) > 1 else []
    said, answered = last.additional_kwargs, messages[: starts[-1]]
    shown = [_shown(messages[a:b]) for a, b in pairwise(starts)]
    return Turn(
        text=last.text, language=said.get("language", "en"), market=said.get("market", ""),
        calls=tuple(_calls(messages[starts[-1] :])), first=len(starts) == 1,
        past=Past(
            tuple(before), tuple(recent), _left_open(answered), _said(messages, starts[:-1]), _answer(answered),
            tuple(products for of_turn in shown for products in of_turn), bool(shown and shown[-1]),
        ),
    )  # fmt: skip


def _said(messages: Sequence[BaseMessage], starts: Sequence[int]) -> tuple[tuple[str, str], ...]:
    return tuple((messages[i].text, messages[i].additional_kwargs.get("language", "en")) for i in starts)


def _shown(messages: Sequence[BaseMessage]) -> list[list[dict[str, Any]]]:
    """The products that the calls of a turn told and its answer names: what was only looked up was never seen."""
    answer = "\n".join(message.text for message in messages if isinstance(message, AIMessage))
    told = [(call.told or {}).get("products") or [] for call in _calls(messages)]
    return [
        named
        for products in told
        if (named := [product for product in products if str(product.get("name", "")) in answer])
    ]


def _left_open(messages: Sequence[BaseMessage]) -> dict[str, Any]:
    last = messages[-1] if messages else None
    return dict(last.additional_kwargs.get(LEFT_OPEN) or {}) if isinstance(last, AIMessage) else {}


def _answer(messages: Sequence[BaseMessage]) -> str:
    last = messages[-1] if messages else None
    return last.text.rstrip() if isinstance(last, AIMessage) else ""


def _calls(messages: Sequence[BaseMessage]) -> Iterator[Call]:
    results = {message.tool_call_id: message for message in messages if isinstance(message, ToolMessage)}
    for message in messages:
        for call in message.tool_calls if isinstance(message, AIMessage) else []:
            result = results.get(call["id"] or "")
            told = result.artifact if result and isinstance(result.artifact, dict) else None
            broken = {"status": "failed"} if result and told is None else None
            yield Call(call["name"], call["args"], told or broken)


_SENTENCE = re.compile(r"(?<=[.!?;؟])\s+(?=\S)|(?<=[。！？；\n])\s*(?=\S)")
_LETTER = re.compile(r"\w")


def split_clauses(text: str, joiners: Sequence[str]) -> list[str]:
    """A message cut into what may be separate questions: at ends of sentences and before joining words."""
    sentences = [part.strip() for part in _SENTENCE.split(text) if _LETTER.search(part)]
    pattern = "|".join(re.escape(joiner) for joiner in sorted(joiners, key=len, reverse=True))
    if not pattern:
        return sentences
    cut = re.compile(pattern, re.IGNORECASE)
    return [part.strip(" ,") for sentence in sentences for part in cut.split(sentence) if _LETTER.search(part)]


def split_sentences(text: str) -> list[str]:
    """A message cut at the ends of its sentences only."""
    return split_clauses(text, ())
