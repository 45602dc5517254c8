"""What an embedding server answered: vectors that may be used, or in words what is wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from knowledge.embeddings import Vectors

MALFORMED = (
    "answered with something that is no list of vectors. Is OPENAI_BASE_URL the address of an OpenAI-compatible API (it"
    " mostly ends in /v1), and does that server give embeddings?"
)


def read_rows(answer: Any, count: int) -> Vectors | str:
    """The vectors of an answer in the order asked, unit length; or in words what is wrong with it."""
    try:
        entries = sorted(answer.data, key=lambda entry: entry.index)
        rows = np.array([entry.embedding for entry in entries], dtype=np.float64)
    except (AttributeError, TypeError, ValueError):
        return MALFORMED
    if [entry.index for entry in entries] != list(range(count)):
        return (
            f"answered {len(entries)} of {count} texts, or numbered them wrongly. Try again; else try another server."
        )
    if rows.ndim != 2:
        return MALFORMED
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        return "gave a vector that is no direction (not a number, infinite or all zero). Look into its log."
    unit: Vectors = (rows / lengths).astype(np.float32)
    return unit


def explain(error: Exception, model: str) -> str:
    """What became of a request, in words. Nothing the server said is repeated: it may quote the key or the texts."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    if isinstance(error, APITimeoutError):
        return "did not answer in time. Is it busy, or still loading the model? Try again in a minute."
    if isinstance(error, APIConnectionError):
        return "cannot be reached or broke off. Is it running, and is OPENAI_BASE_URL its address?"
    if not isinstance(error, APIStatusError):
        return MALFORMED
    status = error.status_code
    told = STATUSES.get(status) or ("failed. Look into its log, or try again later." if status >= 500 else MALFORMED)
    return told.format(model=model) + f" (HTTP status {status})"


_LONG = "refused the texts. Is {model} an embedding model, and does it take texts as long as your passages?"
_KEY = "does not accept the key. Check OPENAI_API_KEY, and what that key may use."
STATUSES = {
    400: _LONG, 413: _LONG, 422: _LONG, 401: _KEY, 403: _KEY,
    404: "has no embedding model {model}. Check the name in DRAGOMAN_EMBEDDER and the address in OPENAI_BASE_URL.",
    429: "takes no more requests now. Wait a while, or see whether the account's quota is used up.",
}  # fmt: skip
"""What the refusals of a server mean, and what to do."""
