"""What of a conversation is sent: no more tokens than the budget, the last turn first. Pinned facts go in the notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from langchain_core.messages import BaseMessage, SystemMessage, ToolMessage

from assistant.memory.keeping import split
from integrations.models.faults import ModelFault

LEAST_TOKENS = 200
"""A conversation is not trimmed below this."""

BYTES_A_TOKEN = 2
"""Fewest bytes of a token, over a whole conversation in any language: a text below needs no counting."""


class History:
    """Fits conversations into `most_tokens`, or into less where the model was found to take less."""

    def __init__(self, most_tokens: int, count: Callable[[str], int]) -> None:
        self._most = most_tokens
        self._count = lru_cache(4096)(count)

    def fit(self, messages: Sequence[BaseMessage]) -> list[BaseMessage]:
        """The messages that are sent: the instructions, then turns, oldest left out first, calls and their results
        together. Of a last turn that is too long alone, the results are cut.
        """
        system = [message for message in messages[:1] if isinstance(message, SystemMessage)]
        _, turns = split(messages[len(system) :])  # type: ignore[arg-type]
        if not turns or self._fits(turns):
            return [*system, *(message for turn in turns for message in turn)]
        while len(turns) > 1 and self._tokens(turns) > self._most:
            turns = turns[1:]
        return [*system, *(message for turn in turns for message in self._cut(turn))]

    def learn(self, fault: ModelFault, messages: Sequence[BaseMessage]) -> bool:
        """Where a model found what was sent too long, bound it to half from now on; says whether that makes a
        difference for these messages.
        """
        if fault.kind != "too_long":
            return False
        sent = self.fit(messages)
        tokens = self._tokens([sent[1:]])
        self._most = max(LEAST_TOKENS, min(tokens, fault.limit or tokens) // 2)
        return self._tokens([self.fit(messages)[1:]]) < tokens

    def _fits(self, turns: Sequence[Sequence[BaseMessage]]) -> bool:
        size = sum(len(message.text.encode()) for turn in turns for message in turn)
        return size <= self._most * BYTES_A_TOKEN or self._tokens(turns) <= self._most

    def _tokens(self, turns: Sequence[Sequence[BaseMessage]]) -> int:
        return sum(self._count(message.text) for turn in turns for message in turn)

    def _cut(self, turn: Sequence[BaseMessage]) -> list[BaseMessage]:
        """A turn whose results have no more than their share of what is too long for the budget."""
        results = [message for message in turn if isinstance(message, ToolMessage)]
        tokens = self._tokens([turn])
        if tokens <= self._most or not results:
            return list(turn)
        told = self._tokens([results])
        share = max(0.1, 1 - (tokens - self._most) / told)
        return [_shorter(message, share) if isinstance(message, ToolMessage) else message for message in turn]


def _shorter(message: ToolMessage, share: float) -> ToolMessage:
    """A result cut to a share of its length, its fence closed."""
    fence = "\n</data>"
    inside = message.text.removesuffix(fence)
    closing = fence if len(inside) < len(message.text) else ""
    return message.model_copy(update={"content": f"{inside[: int(len(inside) * share)]}…{closing}"})
