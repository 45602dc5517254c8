"""What can go wrong with a served model, as one kind of error, and what is to be done about it."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz

from langchain_core.exceptions import ModelAPIError
from langchain_core.messages.ai import UsageMetadata

FIELDS = ("stream_options", "max_completion_tokens", "max_tokens", "tools")
"""What we send that some servers refuse; an answer without it is still an answer."""

_TOO_LONG = re.compile(r"context_length_exceeded|context (?:window|length|size)|exceed_context_size|prompt is too long")
_NO_TOOLS = re.compile(
    r"\btools?\b[\s\S]{0,40}(?:not support|unsupported|requires|not enabled)"
    r"|not support[\s\S]{0,20}\btools?\b|function calling (?:is )?not"
)
_LIMIT = re.compile(r"(?:context (?:length|window|size)|n_ctx)[^\d]{0,30}(\d{3,7})")


class ModelFault(ModelAPIError):
    """A model gave no whole answer; nothing of it may be acted on. Its text is fixed: what a server says may hold keys
    and what shoppers wrote.

    `kind` says why in a word; `is_retryable` whether the same request may succeed; `after` the seconds the server asks
    to wait, if it does; `ours` whether the request itself was the fault, which says nothing about the server; `usage`
    the tokens the failed call took, where it had begun to answer; `field` which of our FIELDS the server refused;
    `limit` the tokens the model takes, where the server told.
    """

    def __init__(self, kind: str, *, retry: bool = True, after: float | None = None, ours: bool = False) -> None:
        super().__init__(f"the model gave no whole answer: {kind}")
        self.kind = kind
        self.is_retryable = retry
        self.after = after
        self.ours = ours
        self.usage: UsageMetadata | None = None
        self.field = ""
        self.limit = 0


def fault_of(error: Exception) -> ModelFault:
    """What an error means. One we do not know comes of an answer that is not of the protocol."""
    if isinstance(error, ModelFault):
        return error
    if isinstance(error, TimeoutError):
        return ModelFault("timeout", retry=False)
    return ModelFault("connection" if isinstance(error, OSError) else "protocol")


def reported(said: str, status: int = 0, headers: Mapping[str, str] | None = None) -> ModelFault:
    """What a server reported: by status, or in the middle of a stream (status 0)."""
    if "insufficient_quota" in said:
        return ModelFault("quota", retry=False)
    if _TOO_LONG.search(said):
        return _too_long(said)
    if not status:
        return ModelFault("error_in_stream")
    after = _retry_after(headers or {})
    if status == 429:
        return ModelFault("rate_limit", after=after)
    if status in (408, 409) or (status >= 500 and not _NO_TOOLS.search(said)):
        return ModelFault("server", after=after)
    return _refused(said, status)


def _too_long(said: str) -> ModelFault:
    fault = ModelFault("too_long", retry=False, ours=True)
    limit = _LIMIT.search(said)
    fault.limit = int(limit[1]) if limit else 0
    return fault


def _refused(said: str, status: int) -> ModelFault:
    fault = ModelFault("refused", retry=False, ours=status in (400, 413, 422))
    named = (field for field in FIELDS[:-1] if field in said)
    fault.field = "tools" if _NO_TOOLS.search(said) else next(named, "")
    return fault


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
