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
    from integrations.models.chain import ModelChain, Patience

CONNECT_S = 5.0
"""Longest wait for a connection: a server that is not there is known soon."""


@dataclass(frozen=True)
class Server:
    """Where served models are: the address ('' for OpenAI's own), the key, and the longest silence in seconds."""

    base_url: str
    api_key: SecretStr
    timeout_s: float = 60.0
    tools: Literal["native", "schema", "auto"] = "native"
    """How its models come to call tools; see RoutedModel."""


def open_chain(
    names: Sequence[str], server: Server, last: BaseChatModel, budget: Budget, patience: Patience | None = None
) -> ModelChain:
    """Models of a server in the order they are asked, then `last`, which always answers. Tokens are counted where the
    server reports none, so the token cache must be seeded.
    """
    from integrations.models.chain import Link, ModelChain, Patience

    links = [Link(name, _calling_tools(open_served_model(name, server), server.tools)) for name in names]
    return ModelChain(links=links, last=last, budget=budget, patience=patience or Patience())


def open_served_model(name: str, server: Server) -> BaseChatModel:
    """A model behind an OpenAI-compatible API, by the chat completions route. It does not try again by itself."""
    import openai
    from pydantic import SecretStr

    from integrations.models.served import ServedModel
    from integrations.models.tokens import count_tokens

    key = server.api_key if server.api_key.get_secret_value() else SecretStr("none")
    return ServedModel(
        model=name, base_url=server.base_url or None, api_key=key, max_retries=0, stream_usage=True,
        use_responses_api=False, timeout=openai.Timeout(server.timeout_s, connect=min(CONNECT_S, server.timeout_s)),
        stream_chunk_timeout=server.timeout_s, longest_s=3 * server.timeout_s,
        count=functools.partial(count_tokens, model=name),
    )  # fmt: skip


def _calling_tools(model: BaseChatModel, manner: Literal["native", "schema", "auto"]) -> BaseChatModel:
    """A model that calls tools, by a schema where it does not by itself."""
    if manner == "native":
        return model
    from integrations.models.routed import RoutedModel

    return RoutedModel(inner=model, manner=manner)
