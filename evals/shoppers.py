"""Shoppers who answer: what they want, what they know and say when asked, when they are content, when they give up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

Answer = dict[str, Any]


class Fact(BaseModel):
    """Something a shopper knows: said where an answer's words fit `when`, a regular expression."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: str
    say: str

    @field_validator("when")
    @classmethod
    def _readable(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"`when` is no regular expression: {error}") from error
        return value


class Shopper(BaseModel):
    """A shopper by script. What is not asked for is not said; nothing is said a third time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    goal: str
    """What they want, in words: for a model that plays them, and for whoever reads a report."""
    opens: str
    proof: str = ""
    """What they say when identity is asked for."""
    to_quote: str = ""
    """What they say to a quote."""
    facts: tuple[Fact, ...] = ()
    content: str = ""
    """Words after which they are content; empty: when what they said yes or no to was carried out or taken back."""
    persists: tuple[str, ...] = ()
    """What they say, one after the other, when no answer has brought them further."""
    patience: int = 7
    """Messages after which they give up."""

    def next_line(self, given: Sequence[Answer], said: Sequence[str]) -> str | None:
        """What they write next; None: they are content, or give up."""
        if not given:
            return self.opens
        if len(given) >= self.patience or self.is_content(given[-1]):
            return None
        left = [line for line in self.persists if line not in said]
        wanted = [self._asked(given[-1]), *left]
        return next((line for line in wanted if line and list(said).count(line) < 2), None)

    def is_content(self, answer: Answer) -> bool:
        """Whether an answer gave them what they came for."""
        if self.content:
            return re.search(self.content, answer["answer"], re.IGNORECASE) is not None
        return any(action["status"] in ("done", "cancelled") for action in answer["actions"])

    def _asked(self, answer: Answer) -> str:
        if any(action["status"] == "needs_confirmation" for action in answer["actions"]):
            return self.to_quote
        if any(call["status"] == "missing" for call in answer["tool_calls"]) and self.proof:
            return self.proof
        facts = [fact.say for fact in self.facts if re.search(fact.when, answer["answer"], re.IGNORECASE)]
        return facts[0] if facts else ""


def told_of(shopper: Shopper) -> str:
    """A shopper in words, for a model that plays them."""
    facts = "\n".join(f"- {fact.say}" for fact in shopper.facts)
    return (
        f"You play a shopper who writes to an online shop's assistant. What you want: {shopper.goal}\n"
        f"You say these only when asked:\n{facts}\n- to prove who you are: {shopper.proof or 'you cannot'}\n"
        f"- to a quote: {shopper.to_quote or 'you wait'}\nWrite the shopper's next message in the language of:"
        f" “{shopper.opens}”. One or two sentences. Where you have what you want, or see that you will not get it,"
        " write only: DONE"
    )
