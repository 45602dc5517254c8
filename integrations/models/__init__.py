"""Chat models: those behind OpenAI-compatible servers, in the order they are asked, then the embedded one."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import SecretStr

    from integrations.models.budget import Budget
    from integrations.models.chain import ModelChain
    from integrations.models.client import Client


Manner = Literal["native", "schema", "auto"]
"""How a model is brought to call tools: by itself, by a schema, or as one trial call shows."""


@dataclass(frozen=True)
class Server:
    """Where served models are: the address ('' for OpenAI's own), the key, and the longest silence in seconds."""

    base_url: str
    api_key: SecretStr
    timeout_s: float = 60.0


@dataclass(frozen=True)
class Bounds:
    """The most tokens that are sent of a conversation, and that an answer may have (0: as the server likes)."""

    history: int = 8000
    answer: int = 0


def open_chain(
    names: Sequence[str],
    client: Client,
    last: BaseChatModel,
    budget: Budget,
    bounds: Bounds = Bounds(),
    tools: Manner = "native",
) -> ModelChain:
    """Models of a server in the order they are asked, then `last`, which always answers. Tokens are counted where the
    server reports none, so the token cache must be seeded.
    """
    from integrations.models.chain import Link, ModelChain, Patience

    links = [Link(name, _calling_tools(open_served_model(name, client, bounds), tools, last)) for name in names]
    return ModelChain(links=links, last=last, budget=budget, patience=Patience())


def open_served_model(name: str, client: Client, bounds: Bounds = Bounds()) -> BaseChatModel:
    """A model behind an OpenAI-compatible API, by the chat completions route. It does not try again by itself."""
    from integrations.models.fitting import History
    from integrations.models.served import ServedModel
    from integrations.models.tokens import count_tokens

    count = functools.partial(count_tokens, model=name)
    return ServedModel(
        model_name=name, client=client, history=History(bounds.history, count), count=count,
        longest_s=3 * client.silence_s, most_written=bounds.answer,
    )  # fmt: skip


def _calling_tools(model: BaseChatModel, manner: Manner, code: BaseChatModel) -> BaseChatModel:
    """A model that calls tools, by a schema where it does not by itself."""
    if manner == "native":
        return model
    from integrations.models.routed import RoutedModel

    return RoutedModel(inner=model, code=code, manner=manner)
