"""Served models by one client, under one budget: as the chain a conversation asks, or each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from integrations.models import Bounds, Manner, open_chain, open_served_model

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from langchain_core.language_models import BaseChatModel

    from integrations.models.budget import Budget
    from integrations.models.chain import ModelChain
    from integrations.models.client import Client

MOST_OF_A_TASK = 24_000
"""Most tokens of a task that is no conversation: a product's facts and what was written so far."""


@dataclass(frozen=True)
class Serving:
    """The models' names in the order they are asked, and what they share."""

    names: Sequence[str]
    client: Client
    budget: Budget
    bounds: Bounds
    tools: Manner = "native"

    def chain(self, last: BaseChatModel) -> ModelChain:
        """The models in turn, then one that always answers."""
        return open_chain(self.names, self.client, last, self.budget, self.bounds, self.tools)

    def writers(self) -> list[tuple[str, BaseChatModel]]:
        """Each model by its name, for work that is no conversation."""
        return self._writers

    @cached_property
    def _writers(self) -> list[tuple[str, BaseChatModel]]:
        bounds = Bounds(max(self.bounds.history, MOST_OF_A_TASK), self.bounds.answer)
        return [(name, open_served_model(name, self.client, bounds)) for name in self.names]


def open_serving(told: Any, book: Any, stack: AsyncExitStack) -> Serving:
    """The models as the settings tell them, their connection until the stack is left, and what they may take in a turn
    and a day, of which `book` keeps account.
    """
    from integrations.models import Server
    from integrations.models.budget import Budget, Limits
    from integrations.models.client import Client
    from integrations.models.tokens import seed_token_cache

    seed_token_cache(told.home / "tokens")
    turn, day = (told.turn_calls, told.turn_tokens, told.turn_usd), (told.day_calls, told.day_tokens, told.day_usd)
    budget = Budget(Limits(*turn), Limits(*day), book)
    client = Client(Server(told.openai_base_url, told.openai_api_key, told.model_timeout))
    stack.push_async_callback(client.close)
    bounds = Bounds(told.history_tokens, told.answer_tokens)
    return Serving(told.served_models, client, budget, bounds, told.model_tools)
