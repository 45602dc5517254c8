"""What can go wrong with a served model, as one kind of error, and what is to be done about it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz

import openai
from langchain_core.exceptions import ModelAPIError
from langchain_core.messages.ai import UsageMetadata


class ModelFault(ModelAPIError):
    """A model gave no whole answer; nothing of it may be acted on. Its text is fixed: what a server says may hold keys
    and what shoppers wrote.

    `kind` says why in a word; `is_retryable` whether the same request may succeed; `after` the seconds the server asks
    to wait, if it does; `ours` whether the request itself was the fault, which says nothing about the server; `usage`
    the tokens the failed call took, where it had begun to answer.
    """

    def __init__(self, kind: str, *, retry: bool = True, after: float | None = None, ours: bool = False) -> None:
        super().__init__(f"the model gave no whole answer: {kind}")
        self.kind = kind
        self.is_retryable = retry
        self.after = after
        self.ours = ours
        self.usage: UsageMetadata | None = None


def fault_of(error: Exception) -> ModelFault:
    """What an error of the client library means. An error it should not raise (bad JSON, `choices: null`) comes of an
    answer that is not of the protocol.
    """
    if isinstance(error, ModelFault):
        return error
    if isinstance(error, openai.APITimeoutError | TimeoutError):
        return ModelFault("timeout", retry=False)
    if isinstance(error, openai.APIConnectionError):
        return ModelFault("connection")
    if isinstance(error, openai.APIError):
        return _reported(error)
    return ModelFault("protocol")


def _reported(error: openai.APIError) -> ModelFault:
    """What a server reported, by status or in the middle of a stream."""
    said = f"{error.code} {error.type} {error.message}"
    if "insufficient_quota" in said:
        return ModelFault("quota", retry=False)
    if "context_length_exceeded" in said or "context window" in said:
        return ModelFault("too_long", retry=False, ours=True)
    if not isinstance(error, openai.APIStatusError):
        return ModelFault("error_in_stream")
    after = _retry_after(error.response.headers)
    if error.status_code == 429:
        return ModelFault("rate_limit", after=after)
    if error.status_code in (408, 409) or error.status_code >= 500:
        return ModelFault("server", after=after)
    return ModelFault("refused", retry=False, ours=error.status_code in (400, 413, 422))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds a server asks to wait, as milliseconds, seconds or a date; None where it does not say."""
    for name, each in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / each
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    date = parsedate_tz(headers.get("retry-after", ""))
    return max(0.0, mktime_tz(date) - time.time()) if date else None
