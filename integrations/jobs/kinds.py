"""The kinds of jobs, an entry each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from integrations.jobs.listings import Listings

if TYPE_CHECKING:
    from integrations.jobs.means import Means
    from knowledge.jobs import Work

KINDS: Mapping[str, Callable[[Means], Work]] = {"listings": Listings}
"""By its name, how the work of a kind is made."""


def works(means: Means) -> dict[str, Work]:
    """The work of every kind."""
    return {kind: make(means) for kind, make in KINDS.items()}
