"""What `/dragoman NAME` can do beside asking and looking up: an entry a capability, joined where a home is opened."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from integrations.slack.people import Colleague


@dataclass(frozen=True)
class Progress:
    """How far a long job is; shown in one message that updates."""

    done: int
    total: int
    words: str = ""


@dataclass(frozen=True)
class Result:
    """What came of it: readable in Slack, and as a file where there is more; `more` are further files by name."""

    title: str
    text: str
    file_name: str = ""
    file: bytes = b""
    findings: tuple[str, ...] = field(default_factory=tuple)
    more: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Capability:
    """One thing that can be asked for: how it is used, who may, and the work, which tells its progress and ends with a
    result. `run` raises ValueError in words for what it cannot read; so does `run_file`, which takes a sheet that came
    with a message (what was said, the file's name and bytes).
    """

    name: str
    usage: str
    run: Callable[[str], AsyncIterator[Progress | Result]]
    may: Callable[[Colleague], bool] = lambda who: who.staff or who.is_marketer
    run_file: Callable[[str, str, bytes], AsyncIterator[Progress | Result]] | None = None


PLANNED = {
    "listing": "listing SKU MARKETPLACE LOCALE: a draft listing with its findings",
    "localize": "localize LOCALES: a file's texts in other languages",
    "claims": "claims TEXT: which claims may not be made",
}
"""Capabilities that are expected; one that is not joined says so."""
